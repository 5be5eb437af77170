"""`farhand console` as a person types it, where no window can be opened."""

import pytest

from tests.command_line import MARKED, nothing_is_left, run, state_home

__all__ = ["nothing_is_left", "state_home"]

pytestmark = pytest.mark.live


@pytest.fixture(autouse=True)
def no_display(monkeypatch):
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delitem(MARKED, name, raising=False)


def test_without_a_display_it_says_so_and_what_to_do_instead():
    done = run("console")
    assert done.returncode == 2
    assert "no window" in done.stderr
    assert "farhand master --stand-ins" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_display_that_does_not_answer_is_said_and_nothing_is_left(monkeypatch):
    monkeypatch.setitem(MARKED, "DISPLAY", ":977")
    done = run("console")
    assert done.returncode == 2
    assert "window" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--connect", "nowhere"), "HOST:PORT"),
        (("--scale", "3"), "--scale 3.0 is outside"),
        (("--language", "xx"), "there are: en, zh_CN"),
        (("--theme", "pink"), "there are: dark, light"),
        (("--carrier", "1.2.3.4@-"), "is no host"),
    ],
)
def test_bad_options_are_one_line(arguments, says):
    done = run("console", *arguments)
    assert done.returncode == 2
    assert says in done.stderr
    assert "Traceback" not in done.stderr
