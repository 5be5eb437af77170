"""What the plant passes on to the drives, and what it does not."""

import msgspec
import pytest

from kinematics.description import load_description
from protocol.clock import NS_PER_MS
from protocol.records import ArmMeasured, ArmSetpoint, Grant, Setpoint, Verb
from safety.gate import GatedSetpoint
from safety.limits import load_limits
from slave.plants.guard import PlantGuard
from tests.protocol import samples

ROBOT = load_description("psm")
LIMITS = load_limits("laparoscopic")
LEASE_NS = LIMITS.process.lease_ns
HOME = (*(joint.home for joint in ROBOT.joints), 0.5)
STILL = (0.0,) * 7
REST = ArmSetpoint(HOME, STILL)
NOW = 10**12
ARM = ArmMeasured(HOME, STILL, STILL)
MEASURED = msgspec.structs.replace(samples.MEASURED, stamp_ns=NOW, arms=(ARM, ARM))
GENERATION = samples.PERMIT.generation
HALF_A_SECOND = 500 * NS_PER_MS


def permit(now_ns, **changes):
    """A living one, unless `changes` say otherwise."""
    alive = msgspec.structs.replace(samples.PERMIT, stamp_ns=now_ns, expires_ns=now_ns + LEASE_NS)
    return msgspec.structs.replace(alive, **changes)


def fresh(now_ns, measured=MEASURED):
    return msgspec.structs.replace(measured, stamp_ns=now_ns)


def setpoint(tick, now_ns=NOW, arm=REST):
    return Setpoint(now_ns, tick, GENERATION, (arm, REST))


def moved(joint, to, velocity=0.0):
    position, speed = list(HOME), [0.0] * 7
    position[joint], speed[joint] = HOME[joint] + to, velocity
    return ArmSetpoint(tuple(position), tuple(speed))


def measured_at(joint, offset, velocity=0.0):
    position, speed = list(HOME), [0.0] * 7
    position[joint], speed[joint] = HOME[joint] + offset, velocity
    return msgspec.structs.replace(MEASURED, arms=(ArmMeasured(tuple(position), tuple(speed), STILL), ARM))


@pytest.fixture
def guard():
    guard = PlantGuard(ROBOT, LIMITS, LEASE_NS, 0.001)
    assert guard.holding
    assert isinstance(guard.decide(NOW, MEASURED, setpoint(1), permit(NOW)), GatedSetpoint)
    assert not guard.holding
    return guard


def test_each_setpoint_is_passed_once(guard):
    assert guard.decide(NOW, MEASURED, setpoint(1), permit(NOW)) is None
    assert isinstance(guard.decide(NOW, MEASURED, setpoint(2), permit(NOW)), GatedSetpoint)


def test_without_setpoints_the_drives_hold_and_the_staff_are_told(guard):
    late = NOW + LIMITS.process.setpoint_life_ns
    assert guard.decide(late - 1, fresh(late), setpoint(1), permit(late - 1)) is None
    assert guard.decide(late, fresh(late), setpoint(1), permit(late)) is Verb.HOLD
    assert guard.holding
    assert "no setpoint for 60 ms (limit 60 ms)" in guard.fault


def test_a_leap_is_not_passed_and_is_named(guard):
    assert guard.decide(NOW, MEASURED, setpoint(2, arm=moved(0, 0.1)), permit(NOW)) is Verb.HOLD
    assert "outer_yaw" in guard.fault
    assert guard.holding


def test_a_controller_that_stands_anew_where_the_arms_stand_is_joined_again_and_is_no_fault(guard):
    """It read that the plant held in the very tick in which the plant, held up by the host, rejoined."""
    sagged, anew = measured_at(0, 0.001), moved(0, 0.001)
    assert guard.decide(NOW, sagged, setpoint(2, arm=anew), permit(NOW)) is Verb.HOLD
    assert guard.fault == ""
    assert guard.holding
    assert isinstance(guard.decide(NOW, sagged, setpoint(3, arm=anew), permit(NOW)), GatedSetpoint)


@pytest.mark.parametrize(
    ("measured", "arm"),
    [
        (MEASURED, moved(0, 0.005)),
        (measured_at(0, 0.001, velocity=0.05), moved(0, 0.001)),
        (measured_at(0, 0.001), moved(0, 0.001, velocity=0.07)),
        (MEASURED, moved(6, 0.3)),
    ],
)
def test_a_leap_that_is_no_standing_where_the_arms_stand_is_a_fault(guard, measured, arm):
    assert guard.decide(NOW, measured, setpoint(2, arm=arm), permit(NOW)) is Verb.HOLD
    assert "plant's gate" in guard.fault


def test_a_skipped_setpoint_is_no_leap_but_after_a_stall_the_arms_must_first_stand(guard):
    gained = ROBOT.joints[0].acceleration_max * 0.002
    two_ticks = moved(0, 0.5 * gained * 0.002, velocity=gained)
    assert isinstance(guard.decide(NOW, MEASURED, setpoint(3, arm=two_ticks), permit(NOW)), GatedSetpoint)
    assert guard.decide(NOW, MEASURED, setpoint(9, arm=two_ticks), permit(NOW)) is Verb.HOLD
    assert guard.holding
    assert guard.fault == "", "a stall is a hold, not a fault"


@pytest.mark.parametrize(
    ("measured", "arm", "joins"),
    [
        (MEASURED, REST, True),
        (MEASURED, moved(0, 0.0, velocity=0.01), False),
        (MEASURED, moved(0, 0.005), False),
        (MEASURED, moved(2, 0.001), False),
        (measured_at(0, 0.0, velocity=0.05), REST, False),
        (measured_at(2, -0.002), REST, False),
        (measured_at(6, 0.3), REST, True),
        (measured_at(0, 0.001, velocity=0.01), REST, True),
    ],
)
def test_after_a_hold_setpoints_are_passed_only_where_still_arms_stand(guard, measured, arm, joins):
    assert guard.decide(NOW, MEASURED, setpoint(20), permit(NOW)) is Verb.HOLD
    assert isinstance(guard.decide(NOW, measured, setpoint(21, arm=arm), permit(NOW)), GatedSetpoint) == joins
    assert guard.holding is not joins


def test_a_fault_is_told_until_setpoints_have_rested_for_half_a_second(guard):
    guard.decide(NOW, MEASURED, setpoint(2, arm=moved(0, 0.1)), permit(NOW))
    now, tick = NOW, 3
    while guard.fault:
        now, tick = now + NS_PER_MS, tick + 1
        assert guard.decide(now, fresh(now), setpoint(tick, now), permit(now)) is Verb.HOLD or not guard.fault
    assert now - NOW == HALF_A_SECOND


def test_power_is_the_permits_to_say_and_moves_nothing(guard):
    off = msgspec.structs.replace(MEASURED, powered=False)
    assert guard.decide(NOW, off, setpoint(2), permit(NOW)) is Verb.POWER_ON
    assert guard.holding
    assert guard.decide(NOW, MEASURED, setpoint(2), permit(NOW, power=False)) is Verb.POWER_OFF
    assert guard.decide(NOW, off, setpoint(3), permit(NOW, power=False)) is Verb.POWER_OFF
    assert PlantGuard(ROBOT, LIMITS, LEASE_NS, 0.001).decide(NOW, off, setpoint(1), None) is Verb.POWER_OFF


def test_drives_that_do_not_answer_get_no_setpoint(guard):
    now = NOW + 5 * NS_PER_MS
    assert isinstance(guard.decide(now, MEASURED, setpoint(2, now), permit(now)), GatedSetpoint)
    assert guard.decide(now + 1, MEASURED, setpoint(3, now), permit(now + 1)) is Verb.HOLD
    assert guard.holding


@pytest.mark.parametrize("wrong", [{"fault": "hot"}, {"tripped": True}, {"stopped": True}])
def test_what_latched_is_acknowledged_only_when_the_permit_says_so_and_until_it_is_seen(guard, wrong):
    latched = msgspec.structs.replace(MEASURED, **wrong)
    for _ in range(3):
        assert guard.decide(NOW, latched, setpoint(2), permit(NOW)) is Verb.HOLD
    for _ in range(3):
        assert guard.decide(NOW, latched, setpoint(2), permit(NOW, resets=1)) is Verb.REARM
    assert guard.decide(NOW, MEASURED, setpoint(2), permit(NOW, resets=1)) is not Verb.REARM
    assert guard.decide(NOW, latched, setpoint(3), permit(NOW, resets=1)) is Verb.HOLD, "a new trip needs a new one"


def test_drives_that_never_spoke_get_nothing_but_a_hold(guard):
    assert guard.decide(NOW, None, setpoint(2), permit(NOW)) is Verb.HOLD
    assert guard.holding


@pytest.mark.parametrize(
    "changes",
    [
        {"grant": Grant.NONE},
        {"expires_ns": NOW},
        {"expires_ns": NOW + LEASE_NS + 1},
        {"stamp_ns": NOW + 1},
        {"generation": GENERATION - 1},
        {"generation": 0},
    ],
)
def test_without_a_living_permit_nothing_is_passed_on(guard, changes):
    assert guard.decide(NOW, MEASURED, setpoint(2), permit(NOW, **changes)) is Verb.HOLD
    assert guard.holding


def test_a_lapsed_permit_stays_lapsed_until_a_newer_generation_lives(guard):
    late = NOW + LEASE_NS
    assert guard.decide(late, fresh(late), setpoint(2, late), permit(NOW)) is Verb.HOLD
    assert guard.permit.lapsed
    assert guard.decide(late, fresh(late), setpoint(3, late), permit(late)) is Verb.HOLD, "renewed too late"
    newer = permit(late, generation=GENERATION + 1)
    assert guard.decide(late, fresh(late), setpoint(4, late), newer) is Verb.HOLD, "planned under the old one"
    planned = msgspec.structs.replace(setpoint(5, late), generation=GENERATION + 1)
    assert isinstance(guard.decide(late, fresh(late), planned, newer), GatedSetpoint)
    assert not guard.permit.lapsed


def test_a_setpoint_of_another_generation_is_no_news_and_soon_a_hold(guard):
    newer = permit(NOW, generation=GENERATION + 1)
    for tick in range(2, 7):
        assert guard.decide(NOW, MEASURED, setpoint(tick), newer) is None
    assert guard.decide(NOW, MEASURED, setpoint(7), newer) is Verb.HOLD


def test_the_self_tests_permit_lets_nothing_move():
    guard = PlantGuard(ROBOT, LIMITS, LEASE_NS, 0.001)
    test = permit(NOW, generation=0, grant=Grant.HOLD, resets=1)
    assert isinstance(guard.decide(NOW, MEASURED, setpoint(1), test), GatedSetpoint)
    assert guard.decide(NOW, MEASURED, setpoint(2, arm=moved(0, 1e-6, velocity=0.002)), test) is Verb.HOLD


def test_energy_passes_only_under_a_permit_to_move(guard):
    guard.decide(NOW, MEASURED, setpoint(2), permit(NOW, energy=True))
    assert guard.permit.energy
    guard.decide(NOW, MEASURED, setpoint(3), permit(NOW, energy=True, grant=Grant.NONE))
    assert not guard.permit.energy


def test_a_stream_that_starved_must_rest_anew(guard):
    guard.decide(NOW, MEASURED, setpoint(2, arm=moved(0, 0.1)), permit(NOW))
    guard.decide(NOW + HALF_A_SECOND, fresh(NOW + HALF_A_SECOND), setpoint(3, NOW), permit(NOW + HALF_A_SECOND))
    now = NOW + HALF_A_SECOND + 1
    assert guard.decide(now, fresh(now), setpoint(4, now), permit(now)) is Verb.HOLD
    assert guard.fault


def test_a_jaw_that_moves_is_no_rest_to_join_and_no_fault(guard):
    assert guard.decide(NOW, MEASURED, setpoint(20), permit(NOW)) is Verb.HOLD
    gripping = ArmSetpoint(HOME, (*STILL[:6], 0.6))
    assert guard.decide(NOW, MEASURED, setpoint(21, arm=gripping), permit(NOW)) is Verb.HOLD
    assert guard.fault == ""


def test_brakes_close_when_the_permit_lets_them_and_open_before_anything_is_passed(guard):
    closed = msgspec.structs.replace(MEASURED, brakes=((True, False), (False, False)))
    resting = permit(NOW, grant=Grant.NONE, park=True)
    assert guard.decide(NOW, MEASURED, setpoint(2), resting) is Verb.PARK
    assert guard.holding
    assert guard.decide(NOW, closed, setpoint(3), resting) is Verb.PARK
    granted = permit(NOW, generation=GENERATION + 1)
    planned = msgspec.structs.replace(setpoint(4), generation=GENERATION + 1)
    assert guard.decide(NOW, closed, planned, granted) is Verb.HOLD
    assert isinstance(guard.decide(NOW, MEASURED, planned, granted), GatedSetpoint)


def test_a_stop_pressed_in_the_very_tick_of_an_acknowledgement_is_not_acknowledged(guard):
    """A RELEASE that meets a STOP must not undo it; the RESET that comes after it does."""
    tripped = msgspec.structs.replace(MEASURED, tripped=True)
    both = msgspec.structs.replace(MEASURED, tripped=True, stopped=True)
    released, reset = ({"resets": guard.permit.resets + more} for more in (1, 2))
    assert guard.decide(NOW, tripped, setpoint(2), permit(NOW)) is Verb.HOLD
    for _ in range(3):
        assert guard.decide(NOW, both, setpoint(3), permit(NOW, generation=GENERATION + 1, **released)) is Verb.HOLD
    assert guard.decide(NOW, both, setpoint(4), permit(NOW, generation=GENERATION + 2, **reset)) is Verb.REARM


def test_what_is_acknowledged_is_rearmed_until_it_is_gone(guard):
    tripped = msgspec.structs.replace(MEASURED, tripped=True)
    assert guard.decide(NOW, tripped, setpoint(2), permit(NOW)) is Verb.HOLD
    released = permit(NOW, resets=guard.permit.resets + 1)
    assert guard.decide(NOW, tripped, setpoint(3), released) is Verb.REARM
    assert guard.decide(NOW, tripped, setpoint(4), released) is Verb.REARM
    assert guard.decide(NOW, MEASURED, setpoint(5), released) is not Verb.REARM


def test_a_permit_to_move_closes_no_brakes(guard):
    assert guard.decide(NOW, MEASURED, setpoint(2), permit(NOW, park=True)) is not Verb.PARK
