import subprocess
import sys

import pytest

from protocol import desktop
from tests.tree import ROOT

SCREEN = {"DISPLAY": ":7"}


@pytest.fixture
def answering(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desktop, "_loads", lambda _file: True)
    monkeypatch.setattr(desktop, "_answers", lambda display: display == ":7")


def test_set_up_is_told_every_package_by_a_bare_python() -> None:
    """Before anything is installed: isolated, or our modules would stand before Python's own of the same names."""
    asked = [sys.executable, "-I", str(ROOT / "protocol" / "desktop.py"), "all"]
    told = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.split()
    assert told == list(desktop.PACKAGES)
    assert {"libegl1", "libxcb-cursor0", "xvfb", "fonts-noto-cjk", "libgl1-mesa-dri"} <= set(told)
    assert len(told) == len(set(told))


def test_a_library_that_does_not_load_is_named_by_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desktop, "_loads", lambda file: file != "libEGL.so.1")
    assert desktop.missing_libraries() == ("libegl1",)
    said = desktop.no_window(SCREEN)
    assert "this system lacks libegl1" in said
    assert "apt-get install libegl1" in said
    assert "libegl1" in desktop.missing_packages()


def test_a_library_that_no_system_has_does_not_load() -> None:
    assert not desktop._loads("libfarhand-none.so.9")


def test_what_keeps_the_screen_lit_is_set_up_and_no_window_fails_for_want_of_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(desktop, "_loads", lambda file: file != desktop.LIT_FILE)
    assert desktop.LIT in desktop.missing_packages()
    assert desktop.missing_libraries() == ()


def test_a_host_without_a_display_is_told_so(answering: None) -> None:
    assert "DISPLAY" in desktop.no_window({})
    assert desktop.no_window(SCREEN) == ""
    assert desktop.no_window({"WAYLAND_DISPLAY": "wayland-0"}) == ""
    assert "nothing answers at DISPLAY=:8" in desktop.no_window({"DISPLAY": ":8"})


def test_a_display_answers_while_it_is_there(display: str) -> None:
    assert desktop._answers(display)
    assert desktop._answers(f"{display}.0")


@pytest.mark.parametrize("display", ["", ":", ":x", ":64999", "127.0.0.1:59000", "nowhere.invalid:0"])
def test_a_display_that_is_not_there_does_not_answer(display: str) -> None:
    assert not desktop._answers(display)


def test_programs_drivers_and_fonts_are_missed_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desktop, "_loads", lambda _file: True)
    monkeypatch.setattr(desktop, "_DRIVERS", ("/nowhere/*.so",))
    monkeypatch.setattr(desktop, "_FONT_FOLDERS", ("/nowhere",))
    monkeypatch.setattr(desktop.shutil, "which", lambda _program: None)
    assert set(desktop.missing_packages()) == {
        "libgl1-mesa-dri", "fonts-dejavu-core", "fonts-noto-cjk", "xvfb", "alsa-utils",
    }  # fmt: skip
