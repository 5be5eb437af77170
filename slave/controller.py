"""The controller's tick: from the newest command to a setpoint that passed the gate. Pure: handed the time.

It moves an arm only while the supervisor says FOLLOWING, a short while ago, and a command came, a short while ago.
"""

from typing import NamedTuple

from kinematics.arm import Arm
from protocol.echo import LoopAge, loop_age
from protocol.messages import Command, Mode, TipPose
from protocol.records import Accepted, Authority, Measured
from safety.gate import Gate, GatedSetpoint, Refusal
from safety.limits import Limits
from slave.arm import ArmTick, MountedArm


class Seen(NamedTuple):
    """What one tick reads: the newest record of each cell, None before the first."""

    now_ns: int
    authority: Authority | None
    accepted: Accepted | None
    measured: Measured | None


class Decision(NamedTuple):
    """What one tick decided. `setpoint` is None until the arms have been seen; `refusal` is the gate's, or empty."""

    setpoint: GatedSetpoint | None
    arms: tuple[ArmTick, ...]
    mode: Mode
    sequence: int
    sent_ns: int
    age: LoopAge | None
    refusal: str


def _is_adrift(measured: Measured) -> bool:
    """Whether the arms go where drives and plant lead them, and not to our setpoints."""
    return measured.holding or measured.tripped or bool(measured.fault) or not measured.powered


class Controller:
    """All arms of one patient. `dt_s` is how far setpoints advance at a tick: a late tick slows motion, never leaps."""

    def __init__(self, arm: Arm, limits: Limits, dt_s: float) -> None:
        mounts = arm.description.mounts
        self._arms = tuple(MountedArm(arm, mount, limits.opening_tracking_error_m) for mount in mounts)
        self._gate = Gate(arm.description, len(mounts))
        self._limits = limits
        self._dt_s = dt_s
        self._session = 0
        self._started = False
        self._adrift = False
        self._refusal: Refusal | None = None
        self._refused_at_stop = 0

    def tick(self, seen: Seen) -> Decision:
        """See the arms, let each follow its hand or rest, and ask the gate."""
        if not self._see(seen):
            return Decision(None, (), Mode.LOCAL, 0, 0, None, "")
        self._recover(seen.authority)
        command = self._command_to_follow(seen)
        for number, arm in enumerate(self._arms):
            hand = self._hand_to_follow(arm, number, command, seen.authority)
            if hand is None:
                arm.rest(self._dt_s)
            elif not self._adrift:
                arm.follow(hand, self._dt_s, seen.authority.speed_cap_m_s if seen.authority else 0.0)
        return self._decide(self._pass_gate(seen.authority), seen)

    def _see(self, seen: Seen) -> bool:
        """Take in where the arms are; False until they have been seen. Setpoints begin where the arms stand."""
        if seen.measured is not None and len(seen.measured.arms) == len(self._arms):
            for arm, measured in zip(self._arms, seen.measured.arms, strict=True):
                arm.see(measured)
                if not self._started:
                    arm.begin()
            self._started = True
            self._adrift = _is_adrift(seen.measured)
            if self._adrift:
                self._stand()
        return self._started

    def _stand(self) -> None:
        """Set out from where the arms are: the drives stopped them on a way of their own, and a leap would follow."""
        self._gate.restart()
        for arm in self._arms:
            arm.stand_at_measured()

    def _recover(self, authority: Authority | None) -> None:
        """Begin anew once the supervisor has frozen us for the gate's refusal."""
        if self._refusal is not None and authority is not None and authority.stop_number > self._refused_at_stop:
            self._refusal = None
            self._stand()

    def _command_to_follow(self, seen: Seen) -> Command | None:
        """The newest command, if the arms may move by it now."""
        authority, accepted = seen.authority, seen.accepted
        if (
            self._refusal is not None
            or authority is None
            or accepted is None
            or authority.mode is not Mode.FOLLOWING
            or seen.now_ns - authority.stamp_ns > self._limits.authority_life_ns
            or seen.now_ns - accepted.accepted_ns >= self._limits.silence_freeze_ns
            or accepted.command.authority_epoch != authority.authority_epoch
        ):
            return None
        if accepted.command.session != self._session:
            self._session = accepted.command.session
            for arm in self._arms:
                arm.close()
        return accepted.command

    @staticmethod
    def _hand_to_follow(
        arm: MountedArm, number: int, command: Command | None, authority: Authority | None
    ) -> TipPose | None:
        """This arm's hand, if it is engaged in the epoch that the supervisor has opened."""
        if command is None or authority is None or number >= min(len(command.hands), len(authority.open_epochs)):
            arm.close()
            return None
        hand = command.hands[number]
        if not isinstance(hand, TipPose) or not hand.engaged or hand.clutch_epoch != authority.open_epochs[number]:
            arm.close()
            return None
        if arm.open_epoch != hand.clutch_epoch:
            arm.open(hand)
        return hand

    def _pass_gate(self, authority: Authority | None) -> GatedSetpoint | None:
        if self._refusal is not None:
            return self._gate.hold()
        passed = self._gate.check(tuple(arm.wish() for arm in self._arms), self._dt_s)
        if isinstance(passed, Refusal):
            self._refusal = passed
            self._refused_at_stop = 0 if authority is None else authority.stop_number
            return self._gate.hold()
        return passed

    def _decide(self, setpoint: GatedSetpoint | None, seen: Seen) -> Decision:
        command = None if seen.accepted is None else seen.accepted.command
        return Decision(
            setpoint=setpoint,
            arms=tuple(arm.tell() for arm in self._arms),
            mode=Mode.LOCAL if seen.authority is None else seen.authority.mode,
            sequence=0 if command is None else command.sequence,
            sent_ns=0 if command is None else command.sent_ns,
            age=None if command is None else loop_age(seen.now_ns, command.received_ns, command.shown_ns),
            refusal="" if self._refusal is None else str(self._refusal),
        )
