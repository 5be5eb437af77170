"""What trials say together, and where the bounds come from. The trials themselves are `farhand bench faults`."""

import msgspec
import pytest

from bench import faults
from bench.aftermath import HELD_NS, aftermath
from bench.bounds import COMPUTED, bounds, harms_drives
from bench.fault_rig import Sample
from bench.faults import HARMS, Trial, result_of
from kinematics.description import load_description
from kinematics.reference import Chain
from protocol.clock import NS_PER_MS
from protocol.records import ArmMeasured
from safety.limits import load_limits
from slave.plants.mujoco_drives import BRAKE_CLOSING_NS, MujocoDrives
from tests.protocol.samples import MEASURED

PSM = load_description("psm")
LIMITS = load_limits("laparoscopic")
LEASE_NS = LIMITS.process.lease_ns
NOW = 10**12
STOPPED = Trial(
    harm="kill plant",
    valid=True,
    late_ms=0.1,
    speed_m_s=0.06,
    stood_ms=20.0,
    travel_mm=0.4,
    mode="FROZEN",
    culprit="plant: last measured 51 ms ago (limit 50 ms)",
    staff="FROZEN",
    surgeon="FROZEN",
)
FOLLOWS = msgspec.structs.replace(STOPPED, mode="FOLLOWING", culprit="", staff="FOLLOWING", surgeon="FOLLOWING")


def judged(harm, *trials, asked=None, orphans=0):
    return result_of(harm, asked or len(trials), list(trials), 0, orphans, LIMITS, LEASE_NS)


def test_trials_within_their_bounds_hold():
    result = judged("kill plant", STOPPED, STOPPED)
    assert result.holds
    assert (result.stood_ms_max, result.travel_mm_max, result.goes_on) == (20.0, 0.4, 0)
    assert result.staff == {"FROZEN": 2}


@pytest.mark.parametrize(
    "bad",
    [
        {"stood_ms": None},
        {"stood_ms": 1000.0},
        {"travel_mm": 5.0},
        {"culprit": ""},
        {"mode": "FOLLOWING", "staff": "FOLLOWING"},
    ],
)
def test_one_bad_trial_is_enough(bad):
    assert not judged("kill plant", STOPPED, msgspec.structs.replace(STOPPED, **bad)).holds


def test_too_few_trials_or_an_orphan_do_not_hold():
    assert not judged("kill plant", STOPPED, asked=2).holds
    assert not judged("kill plant", STOPPED, orphans=1).holds


def test_beside_strangers_the_arms_may_go_on_but_a_freeze_must_have_a_reason_and_stop_them():
    assert judged("flood link", FOLLOWS, STOPPED).holds
    assert judged("flood link", FOLLOWS).goes_on == 1
    assert not judged("flood link", FOLLOWS, msgspec.structs.replace(STOPPED, travel_mm=5.0)).holds
    assert not judged("cut link", FOLLOWS).holds


def test_every_harm_has_bounds_that_grow_with_the_speed():
    for harm in HARMS:
        slow, fast = bounds(harm, 0.05, LIMITS, LEASE_NS), bounds(harm, 0.2, LIMITS, LEASE_NS)
        assert 0.0 < slow[0] < fast[0]
        assert 0.5 < slow[1] < fast[1]


def test_rest_is_when_the_tips_moved_last():
    def at(ms, x_m):
        return Sample(NOW + ms * NS_PER_MS, ((x_m, 0.0, 0.0), (0.0, 0.0, 0.0)))

    begin = at(0, 0.0)
    samples = [at(ms, 1e-4 * min(ms, 30)) for ms in range(1, 200)]
    stood_ms, travel_mm = faults._until_rest(begin, samples)
    assert 30.0 <= stood_ms <= 38.0
    assert travel_mm == pytest.approx(3.0)
    never, _ = faults._until_rest(begin, [at(ms, 1e-4 * ms) for ms in range(1, 200)])
    assert never is None
    since, speed_m_s = faults._as_of(NOW + 20 * NS_PER_MS, samples)
    assert since.stamp_ns == NOW + 20 * NS_PER_MS
    assert speed_m_s == pytest.approx(0.1)


def test_arms_whose_drives_die_go_on_until_their_brakes_close():
    """Along the shaft, at 0.1 m/s, with the torque that holds them against gravity."""
    drives = MujocoDrives(PSM, 0.05, NOW)
    drives.power_on()
    drives.step(NOW + 100 * NS_PER_MS)
    arms = []
    for number in range(2):
        position, velocity, effort = drives.measured_js(number)
        arms.append(ArmMeasured(position, (0.0, 0.0, 0.1, *velocity[3:]), effort))
    samples = aftermath(msgspec.structs.replace(MEASURED, stamp_ns=NOW, arms=tuple(arms)), PSM, 0.5)
    begin = Sample(NOW, tuple([Chain(PSM).posture(arm.position).p for arm in arms]))
    stood_ms, travel_mm = faults._until_rest(begin, samples)
    bound_ms, bound_mm = bounds("kill drives" + COMPUTED, 0.1, LIMITS, LEASE_NS)
    assert (HELD_NS + BRAKE_CLOSING_NS) / NS_PER_MS <= stood_ms <= bound_ms
    # A millimetre while the torque holds; then the windings brake it, with a time constant of ten milliseconds.
    assert 1.3 < travel_mm <= bound_mm


def test_what_is_computed_of_dead_drives_is_judged_apart():
    trial = msgspec.structs.replace(STOPPED, harm="kill drives", stood_ms=0.0, travel_mm=0.0)
    assert judged("kill drives", trial).holds
    assert not judged("kill drives" + COMPUTED, msgspec.structs.replace(trial, stood_ms=60.0)).holds
    assert not judged("kill drives" + COMPUTED, msgspec.structs.replace(trial, stood_ms=None)).holds
    assert [harm for harm in HARMS if harms_drives(harm)] == ["kill drives", "stop drives", "starve drives"]
