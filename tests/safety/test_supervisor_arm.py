"""What the supervisor does when arms, drives or processes are not well, and its self-test."""

import msgspec
import pytest

from protocol.clock import NS_PER_MS
from protocol.messages import Action, FreezeClass, Mode, Owner
from protocol.records import ArmMeasured, ArmSetpoint, Grant, Setpoint
from tests.safety.patient import ARM, HOME, STILL, World, again, in_local


def test_nothing_is_permitted_before_the_staff_have_reset_and_the_test_has_passed():
    world = World()
    assert world.tick(100) is Mode.SAFE
    assert not world.permit.power
    assert world.tick(1, Action.GIVE) is Mode.SAFE
    world.tick(1, Action.RESET)
    assert (world.authority.testing, world.permit.power) == (True, True)
    grants = set()
    while world.authority.testing:
        world.tick()
        grants.add((world.permit.grant, world.permit.generation == 0))
    assert grants == {(Grant.NONE, False), (Grant.HOLD, True)}
    assert world.authority.mode is Mode.LOCAL
    assert world.permit.grant is Grant.NONE


def test_a_plant_that_ignores_a_lapse_never_gets_a_permit():
    world = World()
    world.tick(5)
    world.measured_changes = {"permitted": True, "following": True, "lapsed": False, "generation": 0}
    world.tick(1, Action.RESET)
    world.measured_changes = {}
    world.tick(30)
    world.measured_changes = {"permitted": True, "following": True, "lapsed": False, "generation": 0}
    assert world.tick(300) is Mode.SAFE
    assert "self-test" in world.authority.culprit
    assert not world.permit.power


def test_a_trip_of_the_drives_is_told_with_their_time():
    world = in_local()
    world.measured_changes = {"tripped": True}
    assert world.tick() is Mode.FROZEN
    told = "drives: their watchdog tripped, no setpoint for over 50 ms (limit 50 ms)"
    assert world.authority.culprit == told


@pytest.mark.parametrize(
    ("cell", "changes", "ticks", "culprit"),
    [
        ("measured_changes", {"fault": "motor 3 is hot"}, 1, "drives: motor 3 is hot"),
        ("measured_changes", {"tripped": True}, 1, "watchdog"),
        ("measured_changes", {"lapsed": True}, 1, "permit: lapsed, not renewed for over 20 ms (limit 20 ms"),
        ("measured_changes", {"stamp_ns": 1}, 1, "drives: last measured"),
        ("measured_changes", {"stamp_ns": 2 * 10**12}, 1, "drives: last measured"),
        ("measured_changes", {"limits_hash": 7}, 1, "plant: its limits are 7"),
        ("measured_changes", {"arms": (ARM,)}, 1, "drives: 1 arms (limit 2)"),
        ("measured_changes", {"step": 3}, 1, "drives: was started anew"),
        ("measured_changes", {"tick": 10**6}, 52, "plant: no progress for 51 ms (limit 50 ms)"),
        ("report_changes", {"stamp_ns": 1}, 1, "controller: last reported"),
        ("report_changes", {"tick": 10**6}, 52, "controller: no progress for 51 ms"),
        ("report_changes", {"limits_hash": 7}, 1, "controller: its limits are 7"),
        ("report_changes", {"refusal": "arm 0: jaw step"}, 1, "gate: arm 0: jaw step"),
    ],
)
def test_an_arm_that_is_not_well_stops_and_needs_the_staff(following, cell, changes, ticks, culprit):
    setattr(following, cell, changes)
    following.tick(ticks - 1)
    assert following.authority.mode is Mode.FOLLOWING
    assert following.tick() is Mode.FROZEN
    assert culprit in following.authority.culprit
    assert following.authority.freeze_class is FreezeClass.ARM
    assert following.permit.grant is Grant.NONE
    setattr(following, cell, {})
    following.tick(5)
    assert again(following) is Mode.FROZEN, "an engage does not lift it"
    assert following.tick(1, Action.RELEASE) is Mode.READY
    assert again(following) is Mode.FOLLOWING


def test_a_fault_that_stands_cannot_be_released(following):
    following.measured_changes = {"fault": "motor 3 is hot"}
    following.tick()
    assert following.tick(5, Action.RELEASE) is Mode.FROZEN


def test_a_trip_that_an_acknowledgement_does_not_end_freezes_again(following):
    following.measured_changes = {"tripped": True}
    following.tick()
    resets = following.permit.resets
    assert following.tick(1, Action.RELEASE) is Mode.READY
    assert following.permit.resets == resets + 1
    assert following.tick(52) is Mode.FROZEN


@pytest.mark.parametrize(
    ("moved", "ticks", "mode"),
    [(0.0009, 100, Mode.READY), (0.0011, 3, Mode.SAFE)],
)
def test_an_arm_that_holds_and_moves_loses_its_power(ready, moved, ticks, mode):
    ready.tick(300)
    insertion = HOME[2] + moved
    arm = msgspec.structs.replace(ARM, position=(*HOME[:2], insertion, *HOME[3:]))
    ready.measured_changes = {"arms": (arm, arm)}
    ready.tick(ticks)
    assert ready.authority.mode is mode
    if mode is Mode.SAFE:
        assert "standstill" in ready.authority.culprit
        assert not ready.permit.power
        assert ready.authority.calling


def test_a_supervisor_that_was_held_up_latches(following):
    following.now_ns += 30 * NS_PER_MS
    assert following.tick() is Mode.FROZEN
    assert "supervisor: held up for 31 ms (limit 20 ms)" in following.authority.culprit
    assert again(following) is Mode.FROZEN


def test_a_stop_at_the_drives_makes_safe_and_only_a_reset_leads_back(following):
    following.measured_changes = {"stopped": True, "powered": False}
    assert following.tick() is Mode.SAFE
    assert "STOP + POWER OFF" in following.authority.culprit
    assert (following.authority.owner, following.permit.power) == (Owner.LOCAL, False)
    assert following.tick(5, Action.RELEASE, Action.GIVE, Action.TAKE) is Mode.SAFE
    following.measured_changes = {}
    assert following.tick(300, Action.RESET) is Mode.LOCAL
    assert following.permit.grant is Grant.NONE


def test_power_that_goes_by_itself_makes_safe(following):
    following.measured_changes = {"powered": False}
    assert following.tick() is Mode.SAFE
    assert "without power" in following.authority.culprit


def test_before_the_plant_has_spoken_nothing_is_judged_by_it():
    world = World()
    world.has_measured = False
    assert world.tick(100) is Mode.SAFE


def test_an_arm_that_does_not_go_where_it_is_told_stops(following):
    following.setpoint_arm = ArmSetpoint((*HOME[:2], HOME[2] + 0.003, *HOME[3:]), STILL)
    assert following.tick(40) is Mode.FOLLOWING
    following.tick(20)
    assert following.authority.mode is Mode.FROZEN
    assert "tracking error 3 mm (limit 2 mm)" in following.authority.culprit


def test_the_self_test_is_over_when_it_has_passed_and_when_it_has_failed(world):
    assert world.authority.testing is False
    world = World()
    world.tick(5)
    world.tick(1, Action.RESET)
    assert world.authority.testing is True
    world.measured_changes = {"permitted": True}
    world.tick(5)
    assert world.authority.mode is Mode.SAFE
    assert world.authority.testing is False


def test_an_arm_that_sags_is_noticed_though_the_controller_is_dead(following):
    following.has_report = True
    stamp_ns = following.now_ns
    following.report_changes = {"stamp_ns": stamp_ns}
    assert following.tick(60) is Mode.FROZEN
    assert "controller" in following.authority.culprit
    following.tick(250)
    assert following.authority.mode is Mode.FROZEN
    for sag in range(200):
        low = (*HOME[:2], HOME[2] + 2e-5 * sag, *HOME[3:])
        following.measured_changes = {"arms": (ArmMeasured(low, STILL, STILL), ARM)}
        if following.tick() is Mode.SAFE:
            break
    assert following.authority.mode is Mode.SAFE
    assert "standstill" in following.authority.culprit


def test_an_arm_that_moves_in_the_self_test_is_noticed():
    world = World()
    world.tick(5)
    world.tick(1, Action.RESET)
    world.measured_changes = {"following": False}
    world.tick(250)
    assert world.authority.testing
    for sag in range(200):
        low = (*HOME[:2], HOME[2] + 2e-5 * sag, *HOME[3:])
        world.measured_changes = {"following": False, "arms": (ArmMeasured(low, STILL, STILL), ARM)}
        world.tick()
        if not world.authority.testing:
            break
    assert "standstill" in world.authority.culprit
    assert not world.permit.power


def test_setpoints_of_too_few_arms_do_not_end_the_supervisor(following):
    following.setpoint_arm = ArmSetpoint(HOME, STILL)
    observe = following.supervisor.step

    def step(seen):
        return observe(msgspec.structs.replace(seen, setpoint=Setpoint(seen.now_ns, 1, 1, ())))

    following.supervisor.step = step
    assert following.tick(3) is Mode.FOLLOWING
