"""What is shown is what is known: of the dead nothing, of the living all."""

import pytest

from protocol.clock import NS_PER_MS
from protocol.messages import FreezeClass, Mode, Owner
from protocol.records import NO_SESSION
from slave.panel.picture import picture_of
from tests.slave.panel.scene import AUTHORITY_NOW, DRIVES, INTAKE, LIMITS, REPORT, late, replace, seen


def test_a_healthy_patients_side_is_shown_whole():
    shown = picture_of(seen(Mode.FOLLOWING, slowed=True))
    assert (shown.mode, shown.owner, shown.slowed) == (Mode.FOLLOWING, Owner.REMOTE, True)
    assert shown.for_ns == 2 * 10**9 + 5 * NS_PER_MS
    assert shown.surgeon.name == "theatre-2"
    assert shown.link.link_age_ns == 65 * NS_PER_MS
    assert shown.link.seen_age_ns == 95 * NS_PER_MS
    assert shown.link.loop_age_ns == 95 * NS_PER_MS
    assert shown.link.silence_ns == 5 * NS_PER_MS
    assert (shown.link.packet_loss, shown.link.effective_loss) == (0.001, 0.002)
    assert shown.limits is LIMITS
    assert shown.power.permitted
    assert [arm.name for arm in shown.arms] == ["left", "right"]
    assert shown.arms[0].position == DRIVES.arms[0].position
    assert shown.arms[0].tip_W_m == REPORT.arms[0].measured_p_W_m


def test_a_freeze_has_its_culprit():
    shown = picture_of(seen(Mode.FROZEN, FreezeClass.LINK, culprit="no command for 250 ms (limit 250 ms)"))
    assert (shown.freeze_class, shown.culprit) == (FreezeClass.LINK, "no command for 250 ms (limit 250 ms)")


def test_slowed_is_told_of_motion_only():
    assert not picture_of(seen(Mode.READY, slowed=True)).slowed


def test_of_a_silent_supervisor_the_last_word_is_not_believed():
    old = replace(late(AUTHORITY_NOW, ms=1000), mode=Mode.FOLLOWING, culprit="x")
    shown = picture_of(seen(authority=old))
    assert shown.mode is None
    assert shown.owner is None, "who had the arms need not have them any more"
    assert shown.culprit == ""
    assert shown.for_ns == 1005 * NS_PER_MS
    assert shown.link.good_ns is None
    assert picture_of(seen(authority=None)).mode is None


def test_the_drives_are_believed_while_they_speak_and_nothing_is_told_of_them_afterwards():
    assert picture_of(seen(measured=late(DRIVES))).power is not None
    assert not picture_of(seen(measured=late(DRIVES))).power.permitted, "a dead plant permits nothing"
    assert picture_of(seen(drives=late(DRIVES))).power is None


@pytest.mark.parametrize("drives", [None, late(DRIVES)], ids=["never", "silent"])
def test_of_silent_drives_neither_joints_nor_brakes_nor_tips_are_told_whoever_repeats_them(drives):
    for arm in picture_of(seen(drives=drives)).arms:
        assert (arm.position, arm.brakes, arm.tip_W_m, arm.lag_m) == ((), (), None, None)


def test_of_a_dead_controller_neither_tip_nor_lag_is_told():
    shown = picture_of(seen(report=late(REPORT)))
    assert shown.arms[0].tip_W_m is None
    assert shown.arms[0].lag_m is None
    assert shown.arms[0].position == DRIVES.arms[0].position


def test_of_a_dead_gateway_no_quality_is_told():
    shown = picture_of(seen(intake=late(INTAKE, ms=800)))
    assert shown.link.effective_loss is None
    assert shown.link.seen_age_ns is not None


def test_commands_of_another_session_tell_nothing():
    shown = picture_of(seen(session=replace(seen().session, number=99)))
    assert shown.link.loop_age_ns is None
    assert picture_of(seen(session=NO_SESSION)).surgeon.name == ""
