"""The supervisor's judgement at one tick: from what the cells say to who may do what. Pure: handed the time.

It believes nobody's account of himself: the arms are judged by what the drives measure, the controller by its progress.
"""

import msgspec

from protocol.fields import clipped
from protocol.messages import Action, Mode, Rest
from protocol.records import Accepted, Authority, Measured, Report, Session
from safety import modes
from safety.engage import Nonces, may_open
from safety.limits import Limits

HANDS_MAX = 4
REST_TEXT = {
    Rest.DEVICE_LOST: "the surgeon's input device is gone",
    Rest.DEVICE_STALE: "the surgeon's input device gave nothing new for 100 ms",
    Rest.CONSOLE_LOST: "the surgeon's console paints nothing",
    Rest.STATE_LOST: "the surgeon's side receives no state",
}


class Observation(msgspec.Struct, frozen=True):
    """What one tick reads: the newest record of each cell (None before the first) and the staff's new presses."""

    now_ns: int
    session: Session | None
    accepted: Accepted | None
    report: Report | None
    measured: Measured | None
    actions: tuple[Action, ...]
    fresh_nonce: int
    """A random number, used if a new nonce is due."""


class Supervisor:
    """The machine, the nonces that an engage may carry, and which clutch epochs are in use."""

    def __init__(self, limits: Limits, speed_cap_m_s: float, now_ns: int) -> None:
        self.machine = modes.start(now_ns)
        self._limits = limits
        self._speed_cap_m_s = speed_cap_m_s
        self._nonces = Nonces(limits.engage_life_ns)
        self._open_epochs: dict[int, int] = {}
        self._used_epochs: dict[int, int] = {}
        self._session_number = 0
        self._given_to = 0
        self._session_seen_ns = now_ns
        self._stepped_ns = now_ns
        self._tick = 0
        self._authority = self._state_authority(now_ns)

    def step(self, seen: Observation) -> Authority:
        """Judge one tick. The result is streamed whether or not it changed."""
        self._tick += 1
        self._follow_session(seen)
        engage = self._hear_hands(seen)
        arm_fault = self._arm_fault(seen)
        silence_ns = self._silence_ns(seen)
        before = self.machine
        facts = modes.Facts(
            now_ns=seen.now_ns,
            session_alive=seen.session is not None and seen.session.number != 0,
            session_absent_ns=seen.now_ns - self._session_seen_ns,
            silence_ns=silence_ns,
            engage_heard=engage,
            any_hand_engaged=bool(self._open_epochs),
            arms_ready=self._arms_ready(seen) and not arm_fault,
            stranger=self._session_number not in (0, self._given_to),
            arm_fault=arm_fault,
            master_fault=self._master_fault(seen),
            give=Action.GIVE in seen.actions,
            take=Action.TAKE in seen.actions,
            freeze=Action.FREEZE in seen.actions,
            release=Action.RELEASE in seen.actions,
        )
        self.machine = modes.step(before, facts, self._limits)
        if self.machine.owner is not before.owner:
            self._given_to = self._session_number
        if self.machine.mode is not before.mode or self.machine.stop_number != before.stop_number:
            self._change_mode(before)
        self._stepped_ns = seen.now_ns
        if self._nonces.due(seen.now_ns):
            self._nonces.issue(seen.now_ns, seen.fresh_nonce)
        self._authority = self._state_authority(seen.now_ns)
        return self._authority

    def _follow_session(self, seen: Observation) -> None:
        number = 0 if seen.session is None else seen.session.number
        if number != 0:
            self._session_seen_ns = seen.now_ns
        if number != self._session_number:
            self._session_number = number
            # Another surgeon's console may count its clutch epochs from where it likes.
            self._used_epochs.clear()
            self._open_epochs.clear()

    def _hear_hands(self, seen: Observation) -> bool:
        """Keep track of the hands' epochs; True when one was rightly opened at this tick."""
        accepted = seen.accepted
        if accepted is None or accepted.command.session != self._session_number:
            return False
        heard = False
        mode = self.machine.mode
        hands = accepted.command.hands[: self._arms(seen)]
        # A hand that is no longer spoken of is no longer engaged.
        self._open_epochs = {number: epoch for number, epoch in self._open_epochs.items() if number < len(hands)}
        hearing = mode in (Mode.READY, Mode.FOLLOWING) or (
            mode is Mode.FROZEN and self.machine.freeze_class in modes.BY_SURGEON
        )
        for number, hand in enumerate(hands):
            if self._open_epochs.get(number) == hand.clutch_epoch and hand.engaged:
                continue
            self._open_epochs.pop(number, None)
            used = self._used_epochs.get(number, 0)
            if hearing and may_open(hand, accepted.command, self._authority, used):
                self._open_epochs[number] = hand.clutch_epoch
                heard = True
            self._used_epochs[number] = max(used, hand.clutch_epoch)
        return heard

    def _change_mode(self, before: modes.Machine) -> None:
        if self.machine.mode is not Mode.FOLLOWING:
            self._open_epochs.clear()
        if self.machine.mode in (Mode.FROZEN, Mode.LOCAL) or self.machine.owner is not before.owner:
            # What the console showed before this moment is out of date: no press made upon it moves the arm.
            self._nonces.void()

    @staticmethod
    def _arms(seen: Observation) -> int:
        return 0 if seen.measured is None else len(seen.measured.arms)

    @staticmethod
    def _arms_ready(seen: Observation) -> bool:
        return seen.report is not None and seen.measured is not None and seen.measured.powered

    def _silence_ns(self, seen: Observation) -> int | None:
        if seen.accepted is None or seen.accepted.command.session != self._session_number:
            return None
        return seen.now_ns - seen.accepted.accepted_ns

    def _arm_fault(self, seen: Observation) -> str:
        """What is wrong with drives or controller; '' when nothing is, or when they have not started yet."""
        measured, report = seen.measured, seen.report
        limit_ns = self._limits.authority_life_ns
        held_up_ns = seen.now_ns - self._stepped_ns
        in_use = self.machine.mode in (Mode.READY, Mode.FOLLOWING)
        if in_use and held_up_ns > limit_ns:
            return f"supervisor: held up for {held_up_ns / 1e6:.0f} ms (limit {limit_ns / 1e6:.0f} ms)"
        if measured is not None:
            if in_use and not measured.powered:
                return "drives: without power"
            if measured.fault or measured.tripped:
                return f"drives: {measured.fault or 'their watchdog tripped'}"
            if seen.now_ns - measured.stamp_ns > limit_ns:
                return f"drives: silent for more than {limit_ns / 1e6:.0f} ms"
        if report is not None:
            if report.refusal:
                return f"gate: {report.refusal}"
            if seen.now_ns - report.stamp_ns > limit_ns:
                return f"controller: silent for more than {limit_ns / 1e6:.0f} ms"
        return ""

    @staticmethod
    def _master_fault(seen: Observation) -> str:
        return "" if seen.accepted is None else REST_TEXT.get(seen.accepted.command.rest, "")

    def _state_authority(self, now_ns: int) -> Authority:
        machine = self.machine
        return Authority(
            stamp_ns=now_ns,
            tick=self._tick,
            owner=machine.owner,
            mode=machine.mode,
            entered_ns=machine.entered_ns,
            authority_epoch=machine.authority_epoch,
            stop_number=machine.stop_number,
            nonces=self._nonces.alive(now_ns),
            open_epochs=tuple(self._open_epochs.get(hand, 0) for hand in range(HANDS_MAX)),
            speed_cap_m_s=self._speed_cap_m_s,
            culprit=clipped(machine.culprit),
        )
