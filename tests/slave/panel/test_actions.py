"""What can be pressed now, and why not: stops always, all else only where it can do something."""

import pytest

from protocol.messages import Action, FreezeClass, Mode, Owner
from protocol.records import NO_SESSION, Jog
from slave.panel.actions import ALWAYS, by_hand, jog_refusal, refusal
from slave.panel.parts import NOTHING
from slave.panel.press import STOP
from slave.panel.snapshot import free_by_hand, shaft_axis
from tests.slave.panel.scene import AUTHORITY_NOW, DRIVES, REPORT, ROBOT, late, replace, seen

RELEASE, GIVE, RESET, ATTEND = (action.value for action in (Action.RELEASE, Action.GIVE, Action.RESET, Action.ATTEND))
MODES = [
    (mode, freeze_class)
    for mode in Mode
    for freeze_class in (FreezeClass if mode is Mode.FROZEN else [FreezeClass.NONE])
]


def can(what, snapshot):
    return refusal(snapshot, what) == NOTHING


@pytest.mark.parametrize(("mode", "freeze_class"), MODES)
@pytest.mark.parametrize("dead", [(), ("authority",), ("report",), ("drives",), ("authority", "report", "measured")])
def test_what_stops_can_be_pressed_in_every_mode_and_whoever_is_dead(mode, freeze_class, dead):
    snapshot = seen(mode, freeze_class, **dict.fromkeys(dead))
    assert set(ALWAYS) == {Action.FREEZE.value, Action.TAKE.value, STOP}
    assert all(can(what, snapshot) for what in ALWAYS)


@pytest.mark.parametrize(("mode", "freeze_class"), MODES)
def test_each_press_that_starts_something_can_be_made_in_its_own_modes_alone(mode, freeze_class):
    snapshot = seen(mode, freeze_class)
    assert can(RELEASE, snapshot) == (mode is Mode.FROZEN and freeze_class in (FreezeClass.LOCAL, FreezeClass.ARM))
    assert can(GIVE, snapshot) == (mode is Mode.LOCAL)
    assert can(RESET, snapshot) == (mode is Mode.SAFE)
    assert not can(ATTEND, snapshot)
    assert (jog_refusal(snapshot) == NOTHING) == (mode is Mode.LOCAL)


@pytest.mark.parametrize("mode", [Mode.LOCAL, Mode.SAFE, Mode.FROZEN])
def test_a_call_is_answered_where_it_can_be_and_before_that_nothing_is_jogged(mode):
    snapshot = seen(mode, FreezeClass.LINK if mode is Mode.FROZEN else FreezeClass.NONE, calling=True)
    assert can(ATTEND, snapshot) == (mode is not Mode.FROZEN)
    assert jog_refusal(snapshot) != NOTHING


@pytest.mark.parametrize("what", [RELEASE, GIVE, RESET, ATTEND])
def test_a_silent_supervisor_hears_nothing_whatever_it_said_last(what):
    for mode in Mode:
        snapshot = seen(authority=late(replace(AUTHORITY_NOW, mode=mode, calling=True)))
        assert "silent" in refusal(snapshot, what).english
        assert "silent" in jog_refusal(snapshot).english


def test_with_the_controller_dead_the_jog_says_so_and_release_by_hand_is_offered():
    snapshot = seen(Mode.LOCAL, report=late(REPORT))
    assert "controller is dead" in jog_refusal(snapshot).english
    free = free_by_hand(ROBOT)
    assert free == ("outer roll", "outer wrist pitch", "outer wrist yaw", "jaw")
    offered = by_hand(snapshot, free).english
    assert "after STOP + POWER OFF" in offered
    assert all(name in offered for name in free)
    without_power = seen(Mode.SAFE, report=late(REPORT))
    assert "By hand now" in by_hand(without_power, free).english
    drives = late(without_power.drives)
    silent = by_hand(seen(Mode.SAFE, report=late(REPORT), drives=drives), free).english
    assert "after STOP + POWER OFF" in silent, "the last word of dead drives is not believed"
    assert "nothing" in by_hand(snapshot, ()).english
    assert by_hand(seen(Mode.LOCAL), free) == NOTHING


@pytest.mark.parametrize("field", ["report", "measured", "drives"])
def test_an_arm_with_a_dead_part_is_neither_given_nor_released_nor_jogged(field):
    old = late(REPORT if field == "report" else DRIVES)
    assert not can(GIVE, seen(Mode.LOCAL, **{field: old}))
    assert not can(RELEASE, seen(Mode.FROZEN, FreezeClass.ARM, **{field: old}))
    assert jog_refusal(seen(Mode.LOCAL, **{field: old})) != NOTHING


def test_an_arm_is_given_to_a_living_console_only():
    session = seen().session
    for changed in (None, NO_SESSION, replace(session, silent=True), replace(session, revoked=True)):
        assert not can(GIVE, seen(Mode.LOCAL, session=changed))
    assert not can(GIVE, seen(Mode.LOCAL, jog=Jog(0, 2, 1)))


def test_while_the_self_test_runs_nothing_is_started():
    for what in (RELEASE, GIVE, RESET, ATTEND):
        assert "self-test" in refusal(seen(Mode.SAFE, testing=True), what).english


def test_a_freeze_in_local_hands_is_released_there():
    snapshot = seen(Mode.FROZEN, FreezeClass.LOCAL, owner=Owner.LOCAL)
    assert can(RELEASE, snapshot)
    assert "RELEASE first" in jog_refusal(snapshot).english


def test_the_shafts_axis_is_the_one_that_slides():
    assert shaft_axis(ROBOT) == 2
    without = ROBOT.joints[:2] + ROBOT.joints[3:]
    assert shaft_axis(replace(ROBOT, joints=without)) is None
