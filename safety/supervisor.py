"""The supervisor's judgement at one tick: from what the cells say to who may do what. Pure: handed the time.

It believes nobody's account of himself: the arms are judged by what the drives measure, processes by their progress,
the link by the echo of stamps that were ours. The permit is renewed by the very step that made all the checks.
"""

import math
from typing import NamedTuple

import msgspec

from kinematics.description import RobotDescription
from protocol.clock import NS_PER_S
from protocol.echo import loop_age
from protocol.fields import clipped
from protocol.messages import Command, Mode, Other, Rest
from protocol.records import Accepted, Authority, Grant, Jog, Measured, Permit, Report, Session, Setpoint
from protocol.roles import Role
from safety import modes
from safety.arm_faults import ArmFaults
from safety.engage import Nonces
from safety.hands import EnergyPedal, Hands
from safety.limits import Limits
from safety.link import Level, LinkJudge, Verdict
from safety.modes import Event, Situation
from safety.permit import TEST_GENERATION, Lease
from safety.return_way import too_far
from safety.selftest import Outcome, SelfTest, SelfTestStep
from safety.session_watch import SessionWatch
from safety.staff import Staff
from safety.table import TABLE

ENGAGED = (Mode.FOLLOWING, Mode.PAUSED)
HEARING = (Mode.READY, Mode.FOLLOWING)
UPSET = (Mode.SAFE, Mode.LOCAL, Mode.FROZEN)
REST_TEXT = {
    Rest.DEVICE_LOST: "the surgeon's input device is gone",
    Rest.DEVICE_STALE: "the surgeon's input device gave nothing new for 100 ms",
    Rest.CONSOLE_LOST: "the surgeon's console paints nothing",
    Rest.STATE_LOST: "the surgeon's side receives no state",
}


class Observation(msgspec.Struct, frozen=True):
    """What one tick reads: the newest record of each cell (None before the first) and the staff's new messages."""

    now_ns: int
    session: Session | None
    accepted: Accepted | None
    report: Report | None
    setpoint: Setpoint | None
    measured: Measured | None
    staff: tuple[Other, ...]
    fresh_nonce: int
    """A random number, used if a new nonce is due."""


class Ruling(NamedTuple):
    """What one tick decided: who may do what, the permit that lets the plant go on, and the event that moved the
    machine, if one did."""

    authority: Authority
    permit: Permit
    event: Event | None


class Supervisor:
    """The machine, and all that its events are made of. Starts in SAFE."""

    def __init__(self, robot: RobotDescription, limits: Limits, lease_ns: int, now_ns: int) -> None:
        self.machine = modes.start(now_ns)
        self._limits = limits
        self._limits_hash = limits.hash
        self._lease = Lease(lease_ns)
        self._lease_ns = lease_ns
        self._arms = len(robot.mounts)
        self._link = LinkJudge(limits.link, robot.tip.speed_max_m_s)
        self._verdict = Verdict(Level.FREEZE, False, "", 0, 0.0)
        self._faults = ArmFaults(robot, limits, lease_ns, now_ns)
        self._selftest = SelfTest(lease_ns)
        self._staff = Staff(limits.people.jog_life_ns)
        self._nonces = Nonces(limits.people.engage_life_ns)
        self._hands = Hands()
        self._energy_pedal = EnergyPedal()
        self._energy = False
        self._stops_heard = 0
        self._session = SessionWatch()
        self._link_good_ns = now_ns
        self._busy_ns = self._stepped_ns = now_ns
        self._parked = False
        self._tick = 0
        self._authority = self._state_authority(now_ns, None)
        self._permit = self._state_permit(now_ns, None)

    def step(self, seen: Observation) -> Ruling:
        """Judge one tick. The ruling is streamed whether or not it changed."""
        now_ns = seen.now_ns
        self._tick += 1
        held_up = now_ns - self._stepped_ns >= self._lease_ns
        self._stepped_ns = now_ns
        if self._session.follow(seen.session):
            self._forget_session()
        if held_up:
            self._link.look_away()
        accepted = self._session.ours(seen.accepted)
        self._judge_link(now_ns, accepted)
        arms = self._faults.step(now_ns, self.machine, seen.measured, seen.setpoint, seen.report)
        events = arms.events
        test = self._selftest.step(now_ns, seen.measured) if self.machine.testing else None
        if test is not None and test.outcome is Outcome.PASSED:
            events[Event.SELFTEST_PASSED] = ""
        elif test is not None and test.outcome is Outcome.FAILED:
            events[Event.SELFTEST_FAILED] = test.culprit
        self._hear_surgeon(events, accepted, seen.report)
        self._add_timers(events, now_ns)
        if held_up:
            self._staff.hear_late(seen.staff)
        else:
            self._staff.hear(now_ns, seen.staff)
        jog = self._hear_staff(events, now_ns)
        event = self._move(events, Situation(now_ns, self._session.may_be_given, arms.arms_ready, arms.healthy))
        self._energy = self._run_energy(now_ns, accepted)
        if self._nonces.due(now_ns):
            self._nonces.issue(now_ns, seen.fresh_nonce)
        self._authority = self._state_authority(now_ns, jog if self.machine.jogging else None)
        self._permit = self._state_permit(now_ns, test)
        return Ruling(self._authority, self._permit, event)

    def _forget_session(self) -> None:
        self._hands.forget()
        self._energy_pedal.forget()
        self._link.forget()
        self._stops_heard = 0

    def _judge_link(self, now_ns: int, accepted: Accepted | None) -> None:
        if accepted is None:
            self._verdict = self._link.judge(now_ns, None, None, None)
        else:
            command = accepted.command
            age = loop_age(now_ns, command.received_ns, command.shown_ns)
            self._verdict = self._link.judge(now_ns, now_ns - accepted.accepted_ns, age, command.packet_loss)
        if self._verdict.good_ns > 0 or self.machine.mode is not Mode.READY:
            self._link_good_ns = now_ns

    def _hear_surgeon(self, events: dict[Event, str], accepted: Accepted | None, report: Report | None) -> None:
        """What the surgeon's side asks and tells; without a command of his, only that there is none."""
        events |= self._session.events(self.machine.owner)
        if accepted is None:
            if self.machine.mode in ENGAGED:
                events[Event.MASTER_TROUBLE] = "the surgeon's session ended or fell silent"
            return
        command = accepted.command
        if command.stops > self._stops_heard and self._session.session.role is Role.SURGEON:
            self._stops_heard = command.stops
            events[Event.SURGEON_STOP] = "STOP pressed by the surgeon"
        if command.rest is not Rest.NONE:
            events[Event.MASTER_TROUBLE] = REST_TEXT.get(command.rest, "the surgeon's side let go")
        mode = self.machine.mode
        good = self._verdict.good_ns >= self._limits.people.link_good_ns
        frozen_by_link = mode is Mode.FROZEN and self.machine.freeze_class in modes.BY_SURGEON
        if self._hands.hear(command, self._arms, self._authority, good and (mode in HEARING or frozen_by_link)):
            events[Event.ENGAGE] = ""
        if mode in ENGAGED:
            self._hear_motion(events, command, report)

    def _hear_motion(self, events: dict[Event, str], command: Command, report: Report | None) -> None:
        """Of an engaged surgeon: whether the link lets the motion go on."""
        level = self._verdict.level
        if level is Level.FREEZE:
            events[Event.LINK_FREEZE] = self._verdict.culprit
        elif level is Level.PAUSE:
            events[Event.SILENCE] = self._verdict.culprit
        elif self.machine.mode is Mode.PAUSED:
            arms = () if report is None else report.arms
            far = too_far(command.hands[: self._arms], arms, self._hands.open_epochs, self._limits.people)
            events[Event.BACK_FAR if far else Event.BACK_NEAR] = far
        if not self._hands.any_open:
            events[Event.PEDALS_UP] = ""
        elif report is not None:
            self._watch_lag(events, report)

    def _watch_lag(self, events: dict[Event, str], report: Report) -> None:
        people = self._limits.people
        for number, arm in enumerate(report.arms):
            if arm.following and (arm.lag_m > people.lag_m or arm.lag_rad > people.lag_rad):
                lag_deg, limit_deg = math.degrees(arm.lag_rad), math.degrees(people.lag_rad)
                events[Event.LAG] = (
                    f"LAG: arm {number} is {arm.lag_m * 1e3:.1f} mm, {lag_deg:.1f} deg behind the hand"
                    f" (limit {people.lag_m * 1e3:.0f} mm, {limit_deg:.0f} deg)"
                )

    def _add_timers(self, events: dict[Event, str], now_ns: int) -> None:
        machine, people = self.machine, self._limits.people
        in_mode_ns = now_ns - machine.entered_ns
        if machine.mode is Mode.READY and now_ns - self._link_good_ns >= people.handover_ns:
            events[Event.NO_LINK] = f"no good link for {people.handover_ns / NS_PER_S:.0f} s"
        elif machine.mode is Mode.FROZEN:
            if in_mode_ns >= people.handover_ns:
                events[Event.OVERDUE] = f"frozen for {people.handover_ns / NS_PER_S:.0f} s: {machine.culprit}"
            if in_mode_ns >= people.call_ns:
                events[Event.CALL_DUE] = ""

    def _hear_staff(self, events: dict[Event, str], now_ns: int) -> Jog | None:
        pressed = self._staff.pressed()
        if pressed is not None:
            events[pressed] = "FREEZE pressed by the local staff" if pressed is Event.FREEZE else ""
        jog = self._staff.jog(now_ns)
        if jog is not None and not self.machine.jogging:
            events[Event.JOG] = ""
        elif jog is None and self.machine.jogging:
            events[Event.JOG_ENDED] = ""
        return jog

    def _move(self, events: dict[Event, str], situation: Situation) -> Event | None:
        before, pressed = self.machine, self._staff.pressed()
        self.machine, fired = modes.step(TABLE, before, events, situation)
        if pressed is not None and (fired is None or fired >= pressed):
            self._staff.heard()
        machine = self.machine
        if machine.testing and not before.testing:
            self._selftest.start(situation.now_ns)
        if machine.owner is not before.owner:
            self._session.given()
        if machine.mode not in ENGAGED:
            self._hands.close()
        # A freeze leaves closed brakes closed: opening them because something is wrong would be the worst moment.
        rests = machine.mode is Mode.LOCAL or (machine.mode is Mode.FROZEN and self._parked)
        if machine.jogging or not rests:
            self._busy_ns = situation.now_ns
        self._parked = situation.now_ns - self._busy_ns >= self._limits.people.park_ns
        if not machine.jogging:
            self._staff.spend_jog()
        stopped = machine.mode is not before.mode or machine.stop_number != before.stop_number
        if machine.owner is not before.owner or (stopped and machine.mode in UPSET):
            # What the console showed before this moment is out of date: no press made upon it moves the arm.
            self._nonces.void()
        return fired

    def _run_energy(self, now_ns: int, accepted: Accepted | None) -> bool:
        if accepted is None:
            return False
        fresh = now_ns - accepted.accepted_ns <= self._limits.process.progress_ns
        may_run = fresh and self.machine.mode is Mode.FOLLOWING
        return self._energy_pedal.step(accepted.command.energy, may_run=may_run)

    def _state_permit(self, now_ns: int, test: SelfTestStep | None) -> Permit:
        machine = self.machine
        if test is not None and machine.testing and not test.renewed:
            return self._permit
        moves = machine.granted and not self._parked
        grant, generation = Grant.MOVE if moves else Grant.NONE, machine.generation
        if test is not None and machine.testing and test.grant is Grant.HOLD:
            grant, generation = Grant.HOLD, TEST_GENERATION
        return self._lease.permit(
            now_ns,
            grant=grant,
            generation=generation,
            power=machine.power,
            park=self._parked,
            resets=machine.resets,
            energy=self._energy,
        )

    def _state_authority(self, now_ns: int, jog: Jog | None) -> Authority:
        machine = self.machine
        return Authority(
            stamp_ns=now_ns,
            tick=self._tick,
            owner=machine.owner,
            mode=machine.mode,
            entered_ns=machine.entered_ns,
            freeze_class=machine.freeze_class,
            culprit=clipped(machine.culprit),
            calling=machine.calling,
            slowed=self._verdict.slowed,
            testing=machine.testing,
            energy=self._energy,
            authority_epoch=machine.authority_epoch,
            generation=machine.generation,
            stop_number=machine.stop_number,
            stops_heard=self._stops_heard,
            nonces=self._nonces.alive(now_ns),
            open_epochs=self._hands.open_epochs,
            jog=jog,
            link_good_ns=self._verdict.good_ns,
            speed_cap_m_s=self._verdict.speed_cap_m_s,
            limits_hash=self._limits_hash,
        )
