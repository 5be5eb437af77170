"""What one who watches over the network sees: what has come, and that nothing comes."""

import pytest

from protocol.clock import NS_PER_MS, NS_PER_S
from protocol.codec import encode
from protocol.figures import StopLine
from protocol.messages import FreezeClass, Mode
from slave.figures import Told, figures_of
from slave.panel.power_view import power_view
from slave.panel.surgeon_view import surgeon_view
from slave.panel.watching import SILENT_NS, Drawer, Watched, heard
from tests.protocol.samples import STATE
from tests.slave.panel.scene import (
    AUTHORITY_NOW,
    CLOSED,
    COMMAND_NOW,
    DRIVES,
    LIMITS,
    NOW,
    QUALITY,
    ROBOT,
    late,
    replace,
    seen,
)

FAR = 77 * NS_PER_S
"""Another host's clock."""


def figures(**changes):
    snapshot = seen(**changes)
    told = Told(snapshot.session, snapshot.accepted, snapshot.authority, snapshot.measured, QUALITY)
    return figures_of(NOW + 5 * NS_PER_MS, "psm", "laparoscopic", told)


def watched(*messages, now_ns=FAR):
    known = Watched(now_ns, now_ns)
    for message in messages:
        known = heard(known, encode(message))
    return known


def test_states_and_figures_together_are_the_panels_picture():
    shown = Drawer().picture(watched(replace(STATE, mode=Mode.FOLLOWING, slowed=True), figures()))
    assert (shown.mode, shown.slowed) == (Mode.FOLLOWING, True)
    assert (shown.surgeon.name, shown.surgeon.device) == ("theatre-2", "spacemouse")
    assert shown.link.loop_age_ns == 95 * NS_PER_MS
    assert (shown.link.packet_loss, shown.link.effective_loss) == (COMMAND_NOW.packet_loss, QUALITY.effective_loss)
    assert shown.limits == LIMITS
    assert shown.robot is ROBOT
    assert shown.power.permitted
    assert shown.power.line is StopLine.NONE
    assert [arm.name for arm in shown.arms] == ["left", "right"]
    assert shown.arms[0].position == (*STATE.arms[0].measured_jp, STATE.arms[0].jaw_rad)


def test_a_state_alone_is_shown_and_nothing_is_made_up():
    shown = Drawer().picture(watched(replace(STATE, culprit="why", freeze_class=FreezeClass.ARM, mode=Mode.FROZEN)))
    assert (shown.mode, shown.culprit) == (Mode.FROZEN, "why")
    assert shown.power is None
    assert shown.link.loop_age_ns is None
    assert shown.robot is None


def test_states_that_stop_coming_are_told_and_the_last_one_is_not_shown_as_if_it_were_now():
    known, drawer = watched(STATE, figures()), Drawer()
    assert drawer.picture(known._replace(now_ns=FAR + SILENT_NS)).mode is Mode.READY
    shown = drawer.picture(known._replace(now_ns=FAR + SILENT_NS + 1))
    assert shown.mode is None
    assert "no state for 0.5 s" in shown.parts[0].why.english


def test_figures_that_stop_coming_are_not_shown_beside_states_of_now():
    known, drawer = watched(STATE, figures()), Drawer()
    later = known._replace(now_ns=FAR + NS_PER_S, state_ns=FAR + NS_PER_S)
    assert drawer.picture(later).power is not None
    shown = drawer.picture(later._replace(now_ns=FAR + NS_PER_S + 1))
    assert shown.mode is Mode.READY
    assert (shown.power, shown.link.loop_age_ns, shown.surgeon.name, shown.limits) == (None, None, "", None)
    assert shown.arms[0].brakes == ()
    assert surgeon_view(shown).who.english == "not known", "that nobody is connected would be another matter"


@pytest.mark.parametrize("measured", [None, late(DRIVES)], ids=["never", "silent"])
def test_of_drives_that_say_nothing_neither_power_nor_line_is_told(measured):
    shown = Drawer().picture(watched(STATE, figures(measured=measured)))
    assert shown.power is None
    assert power_view(shown).line.english == "hard-wired stop: unknown"


def test_of_a_session_without_commands_no_jitter_is_told():
    link = Drawer().picture(watched(STATE, figures(accepted=None))).link
    assert (link.jitter_ns, link.longest_gap_ns, link.effective_loss) == (None, None, None)


def test_that_nothing_ever_came_says_what_to_look_at():
    shown = Drawer().picture(watched()._replace(now_ns=FAR + 3 * NS_PER_S))
    assert shown.mode is None
    assert "key trusted" in shown.parts[0].why.english


def test_how_long_a_mode_has_been_is_counted_from_when_it_was_seen_to_begin():
    drawer, known = Drawer(), watched(STATE)
    drawer.picture(known)
    known = known._replace(now_ns=FAR + NS_PER_S, state_ns=FAR + NS_PER_S)
    assert drawer.picture(known).for_ns == NS_PER_S
    frozen = heard(known, encode(replace(STATE, mode=Mode.FROZEN, freeze_class=FreezeClass.LINK)))
    assert drawer.picture(frozen).for_ns == 0


def test_limits_that_are_not_ours_are_not_drawn():
    other = replace(figures(), limits_hash=1)
    assert Drawer().picture(watched(STATE, other)).limits is None
    unknown = replace(figures(), robot="r2d2", procedure="dentistry")
    shown = Drawer().picture(watched(STATE, unknown))
    assert (shown.limits, shown.robot) == (None, None)
    assert [arm.name for arm in shown.arms] == ["1", "2"]


def test_a_frame_that_cannot_be_read_changes_nothing_but_the_count():
    known = watched(STATE, figures())
    after = heard(heard(known, b"nonsense"), encode(COMMAND_NOW))
    assert after._replace(refused=0, why="") == known
    assert after.refused == 2


def test_figures_without_a_session_or_a_command_are_figures_still():
    bare = figures_of(
        NOW, "psm", "laparoscopic", Told(replace(seen().session, number=0), None, AUTHORITY_NOW, None, QUALITY)
    )
    assert (bare.surgeon, bare.silence_ns, bare.seen_age_ns, bare.powered) == ("", None, None, False)
    parked = figures(measured=replace(DRIVES, brakes=CLOSED))
    assert "parked" in power_view(Drawer().picture(watched(STATE, parked))).power.english
