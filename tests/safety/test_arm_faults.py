"""What the watch over the patient's side tells the machine, step by step, with the machine as a test says."""

import msgspec
import pytest

from protocol.clock import NS_PER_MS
from protocol.messages import FreezeClass, Mode, Owner
from protocol.records import ArmMeasured, Report, Setpoint
from safety.arm_faults import ArmFaults
from safety.modes import Event, Machine
from tests.protocol.samples import ARM_STATE, MEASURED
from tests.safety.patient import HOME, LEASE_NS, LIMITS, ROBOT, STILL

NOW = 10**12
LIMIT_NS = LIMITS.process.progress_ns
LOCAL = Machine(Mode.LOCAL, Owner.LOCAL, NOW, 7, 40, power=True, resets=1)
SAFE = msgspec.structs.replace(LOCAL, mode=Mode.SAFE)
FOLLOWING = msgspec.structs.replace(LOCAL, mode=Mode.FOLLOWING, owner=Owner.REMOTE, granted=True)
INSERTION = 2


class Side:
    """A healthy side under `machine`, of which a test changes what it likes. Arms slide at `speed_m_s`."""

    def __init__(self, machine):
        self.machine = machine
        self.now_ns = NOW
        self.faults = ArmFaults(ROBOT, LIMITS, LEASE_NS, NOW)
        self.count = 0
        self.at = HOME
        self.measured, self.report = {}, {}

    def step(self, ms=1, speed_m_s=0.0, **machine):
        """One look after so many ms."""
        self.now_ns += ms * NS_PER_MS
        self.count += 1
        self.machine = msgspec.structs.replace(self.machine, **machine)
        self.at = (*self.at[:INSERTION], self.at[INSERTION] + speed_m_s * ms * 1e-3, *self.at[INSERTION + 1 :])
        measured = msgspec.structs.replace(
            MEASURED,
            stamp_ns=self.now_ns,
            step=self.count,
            tick=self.count,
            limits_hash=LIMITS.hash,
            arms=(ArmMeasured(self.at, STILL, STILL),) * 2,
        )
        report = Report(self.now_ns, self.count, 0, 1, 1, "", FreezeClass.NONE, LIMITS.hash, (ARM_STATE,) * 2)
        return self.faults.step(
            self.now_ns,
            self.machine,
            msgspec.structs.replace(measured, **self.measured),
            Setpoint(self.now_ns, self.count, 1, ()),
            msgspec.structs.replace(report, **self.report),
        )

    def slide(self, ticks, speed_m_s, **machine):
        """All events of so many ms of sliding."""
        events = {}
        for _ in range(ticks):
            events.update(self.step(1, speed_m_s, **machine).events)
        return events


def test_a_side_that_is_well_is_told_so():
    assert Side(LOCAL).step() == ({}, True, True)


def test_trips_count_again_once_an_acknowledgement_has_had_its_time():
    side = Side(LOCAL)
    side.step(40)
    side.measured = {"tripped": True}
    assert side.step(10, resets=2).events == {}
    assert side.step(LIMIT_NS // NS_PER_MS).events == {}
    told = "drives: their watchdog tripped, no setpoint for over 50 ms (limit 50 ms)"
    assert side.step().events == {Event.ARM_TRIP: told}


def test_a_hand_that_left_its_arm_behind_makes_the_controller_no_less_watched():
    side = Side(LOCAL)
    side.report = {"refusal": "LAG: arm 0", "refusal_class": FreezeClass.MASTER}
    assert side.step() == ({}, True, True)
    side.report |= {"stamp_ns": NOW, "tick": 1}
    side.step(40)
    verdict = side.step(20)
    assert verdict.events == {Event.ARM_TRIP: "controller: last reported 61 ms ago (limit 50 ms)"}
    assert not verdict.healthy


@pytest.mark.parametrize(("ms", "faulty"), [(19, False), (20, True)])
def test_a_supervisor_that_was_held_up_for_a_lease_let_its_permit_lapse(ms, faulty):
    side = Side(FOLLOWING)
    side.step()
    held_up = {Event.ARM_TRIP: "supervisor: held up for 20 ms (limit 20 ms)"} if faulty else {}
    assert side.step(ms).events == held_up


@pytest.mark.parametrize(("last_tick_ms", "silent"), [(25, "drives"), (26, "plant")])
def test_drives_that_fall_silent_are_told_from_a_plant_that_does(last_tick_ms, silent):
    side = Side(LOCAL)
    side.measured = {"stamp_ns": NOW, "tick": 4}
    side.step(30)
    side.measured = {"stamp_ns": NOW, "tick": 5}
    side.step(1)
    verdict = side.step(last_tick_ms)
    ago_ms = 31 + last_tick_ms
    assert verdict.events[Event.ARM_TRIP] == f"{silent}: last measured {ago_ms} ms ago (limit 50 ms)"


def test_arms_that_follow_or_are_jogged_or_have_no_power_may_move():
    settled_ms = LIMITS.arm.settle_ns // NS_PER_MS + 1
    for machine in (FOLLOWING, msgspec.structs.replace(LOCAL, jogging=True, granted=True)):
        side = Side(machine)
        assert side.slide(settled_ms, 0.0) == {}
        assert side.slide(200, 0.01) == {}
    side = Side(SAFE)
    side.measured = {"powered": False}
    assert side.slide(settled_ms + 200, 0.01) == {}


@pytest.mark.parametrize("machine", [FOLLOWING, msgspec.structs.replace(LOCAL, jogging=True, granted=True)])
def test_where_the_plant_still_holds_arms_must_stand_though_they_may_move(machine):
    settled_ms = LIMITS.arm.settle_ns // NS_PER_MS + 1
    side = Side(machine)
    side.measured = {"holding": True}
    assert side.slide(settled_ms, 0.01) == {}
    assert set(side.slide(200, 0.01)) == {Event.STANDSTILL_FAULT}


def test_an_engage_gives_an_arm_that_stood_and_is_still_held_no_new_way_to_creep():
    side = Side(msgspec.structs.replace(LOCAL, mode=Mode.READY, owner=Owner.REMOTE))
    side.measured = {"holding": True}
    assert side.slide(LIMITS.arm.settle_ns // NS_PER_MS + 1, 0.0) == {}
    half_m = 0.6 * LIMITS.arm.standstill_m
    slow_m_s = 0.5 * LIMITS.arm.standstill_m_s
    half_ms = round(half_m / slow_m_s * 1e3)
    assert side.slide(half_ms, slow_m_s) == {}
    events = side.slide(half_ms, slow_m_s, mode=Mode.FOLLOWING, granted=True, entered_ns=side.now_ns)
    assert set(events) == {Event.STANDSTILL_FAULT}


def test_arms_that_held_and_are_jogged_may_move():
    side = Side(LOCAL)
    settled_ms = LIMITS.arm.settle_ns // NS_PER_MS + 1
    assert side.slide(settled_ms, 0.0) == {}
    assert side.slide(200, 0.01, jogging=True, granted=True) == {}


def test_an_arm_that_moves_though_it_holds_is_no_more_than_that():
    side = Side(LOCAL)
    assert side.slide(LIMITS.arm.settle_ns // NS_PER_MS + 1, 0.0) == {}
    events = side.slide(200, 0.01)
    assert set(events) == {Event.STANDSTILL_FAULT}
    assert events[Event.STANDSTILL_FAULT].startswith("standstill: arm 0")


def test_a_stop_that_a_reset_acknowledged_is_told_again_after_its_time():
    side = Side(SAFE)
    side.measured = {"stopped": True}
    assert side.step(10, resets=2, testing=True).events == {}
    assert side.step(LIMIT_NS // NS_PER_MS).events == {}
    assert side.step().events == {Event.STOPPED: "STOP + POWER OFF"}


def test_power_that_is_gone_is_told():
    side = Side(LOCAL)
    side.measured = {"powered": False}
    assert side.step().events == {Event.STOPPED: "drives: without power"}
