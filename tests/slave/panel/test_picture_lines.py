"""The engineers' figures in a terminal: 80 columns, whatever is known."""

import pytest

from protocol.messages import FreezeClass, Mode
from slave.panel.link_view import LinkWatch
from slave.panel.picture import Arm, Link, Picture, picture_of
from slave.panel.picture_lines import picture_lines, status_of
from tests.slave.panel.scene import AUTHORITY_NOW, NOW, late, seen


def text(shown):
    return "\n".join("".join(word for word, _ in line) for line in picture_lines(NOW, shown, LinkWatch()))


@pytest.mark.parametrize("mode", Mode)
def test_every_mode_fits_a_terminal_and_is_named(mode):
    shown = text(picture_of(seen(mode, culprit="x" * 150)))
    assert ("NO POWER" if mode is Mode.SAFE else mode.value) in shown
    assert max(map(len, shown.splitlines())) <= 80
    assert len(shown.splitlines()) <= 24
    for word in ("loop age 95 ms", "packet loss 0.1 %", "outer wrist yaw", "theatre-2", "left: -21.0, 13.0, -142.0 mm"):
        assert word in shown


def test_what_is_not_known_is_not_made_up():
    shown = text(Picture(mode=Mode.FROZEN, freeze_class=FreezeClass.LINK, culprit="why", link=Link(), arms=(Arm("1"),)))
    assert "why: why" in shown
    assert "1: nothing is told of its tip" in shown
    assert "surgeon" not in shown


def test_a_silent_supervisor_is_unknown_and_named():
    assert "UNKNOWN" in text(picture_of(seen(authority=late(AUTHORITY_NOW))))
    line = status_of(picture_of(seen(authority=late(AUTHORITY_NOW))))
    assert line.startswith("UNKNOWN | silent for")


def test_the_status_is_one_line():
    line = status_of(picture_of(seen(Mode.FROZEN, FreezeClass.ARM, culprit="drives: without power")))
    assert line == "FROZEN | drives: without power | owner: the surgeon | loop age 95 ms"
