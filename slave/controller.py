"""The controller's tick: from the newest command to a setpoint that passed the gate. Pure: handed the time.

It moves an arm only while the supervisor says FOLLOWING, a short while ago, and a command came, a short while ago; or
as the local staff jog, while the supervisor says so.
"""

from typing import NamedTuple

from kinematics.arm import Arm
from kinematics.posture import FastChain
from protocol.echo import LoopAge, loop_age
from protocol.messages import Command, FreezeClass, Mode, TipPose
from protocol.records import Accepted, Authority, Jog, Measured
from safety.gate import Gate, GatedSetpoint, Refusal
from safety.limits import Limits, LinkLimits
from slave.arm import ArmTick, MountedArm
from slave.clearance import Clearance


class Seen(NamedTuple):
    """What one tick reads: the newest record of each cell, None before the first."""

    now_ns: int
    authority: Authority | None
    accepted: Accepted | None
    measured: Measured | None


class Decision(NamedTuple):
    """What one tick decided, under the permit of `generation`.

    `adrift`: the arms go where plant and drives lead them, and the setpoint is set to where they are.
    `setpoint` is None until the arms have been seen; `refusal` is the gate's, or empty, and `refusal_class` the
    class of the freeze that it asks for.
    """

    setpoint: GatedSetpoint | None
    generation: int
    arms: tuple[ArmTick, ...]
    mode: Mode
    slowed: bool
    adrift: bool
    sequence: int
    sent_ns: int
    age: LoopAge | None
    refusal: str
    refusal_class: FreezeClass


def _is_adrift(measured: Measured) -> bool:
    """Whether the arms go where drives and plant lead them, and not to our setpoints."""
    return measured.holding or measured.tripped or bool(measured.fault) or not measured.powered


class Controller:
    """All arms of one patient. `dt_s` is how far setpoints advance at a tick: a late tick slows motion, never leaps."""

    def __init__(self, arm: Arm, limits: Limits, lease_ns: int, dt_s: float) -> None:
        mounts = arm.description.mounts
        self._arms = tuple(MountedArm(arm, mount, limits) for mount in mounts)
        # By compiled kinematics, which are not the planner's. The plant's gate judges by the reference, but for the
        # link's cap and lag, of which it knows nothing.
        self._gate = Gate(arm.description, limits, FastChain)
        self._jog_m_s = limits.people.jog_m_s
        self._lease_ns = lease_ns
        self._pause_ns = limits.link.silence.pause_ns if isinstance(limits.link, LinkLimits) else None
        self._dt_s = dt_s
        self._session = 0
        self._started = False
        self._adrift = False
        self._clearance = Clearance(arm.description, dt_s)
        self._refusal: Refusal | None = None
        self._refused_at_stop = 0

    def tick(self, seen: Seen) -> Decision:
        """See the arms, let each follow its hand or rest, and ask the gate."""
        if not self._see(seen):
            return Decision(None, 0, (), Mode.SAFE, False, True, 0, 0, None, "", FreezeClass.NONE)
        self._recover(seen.authority)
        authority = self._authority_in_force(seen)
        command = None if authority is None else self._command_to_follow(seen, authority)
        self._clearance.step(self._gate.spare_m)
        for number, arm in enumerate(self._arms):
            if authority is None:
                arm.close()
                arm.rest(self._dt_s)
            elif authority.mode is Mode.PAUSED:
                arm.pause()
                arm.rest(self._dt_s)
            elif authority.jog is not None and authority.mode is Mode.LOCAL and authority.jog.arm == number:
                self._jog(arm, authority.jog)
            else:
                self._follow(arm, number, command, authority)
        return self._decide(self._pass_gate(seen.authority), seen)

    def _jog(self, arm: MountedArm, jog: Jog) -> None:
        if self._adrift:
            arm.rest(self._dt_s)
        else:
            arm.jog(jog, self._dt_s)

    def _follow(self, arm: MountedArm, number: int, command: Command | None, authority: Authority) -> None:
        hand = self._hand_to_follow(arm, number, command, authority)
        if hand is None:
            arm.rest(self._dt_s)
        elif not self._adrift:
            arm.point(hand)
            if self._has_room(arm, number):
                arm.follow(hand.jaw_rad, self._dt_s, authority.speed_cap_m_s)
            else:
                arm.hinder(hand.jaw_rad, self._dt_s)

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
        moved = [arm.stand_at_measured() for arm in self._arms]
        if any(moved):
            self._gate.restart()

    def _recover(self, authority: Authority | None) -> None:
        """Begin anew once the supervisor has frozen us for the gate's refusal."""
        if self._refusal is None or authority is None:
            return
        # Without power nothing follows: there the question is asked anew at every tick, as arms are moved by hand.
        by_hand = self._refusal.freeze_class is FreezeClass.MASTER
        over = authority.mode is Mode.SAFE or (by_hand and authority.mode is not Mode.FOLLOWING)
        if over or authority.stop_number > self._refused_at_stop:
            if not by_hand:
                self._stand()
                self._gate.restart()
            self._refusal = None

    def _has_room(self, arm: MountedArm, number: int) -> bool:
        goal = arm.goal_cp
        if not self._clearance.is_inside(goal[0]):
            return False
        if not self._clearance.tight:
            return True
        return self._clearance.opens(number, goal, tuple(each.setpoint_cp for each in self._arms))

    def _authority_in_force(self, seen: Seen) -> Authority | None:
        """The supervisor's word, while the arms may move by it: no older than a permit could be."""
        authority = seen.authority
        if self._refusal is not None or authority is None:
            return None
        return authority if -self._lease_ns < seen.now_ns - authority.stamp_ns < self._lease_ns else None

    def _command_to_follow(self, seen: Seen, authority: Authority) -> Command | None:
        """The newest command, if the arms may move by it now."""
        accepted = seen.accepted
        if (
            accepted is None
            or authority.mode is not Mode.FOLLOWING
            or (self._pause_ns is not None and seen.now_ns - accepted.accepted_ns >= self._pause_ns)
            or accepted.command.authority_epoch != authority.authority_epoch
        ):
            return None
        if accepted.command.session != self._session:
            self._session = accepted.command.session
            for arm in self._arms:
                arm.close()
        return accepted.command

    @staticmethod
    def _hand_to_follow(arm: MountedArm, number: int, command: Command | None, authority: Authority) -> TipPose | None:
        """This arm's hand, if it is engaged in the epoch that the supervisor has opened."""
        if command is None or number >= min(len(command.hands), len(authority.open_epochs)):
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
        if self._refusal is not None and self._refusal.freeze_class is not FreezeClass.MASTER:
            return self._gate.hold()
        cap_m_s = 0.0
        if authority is not None:
            cap_m_s = authority.speed_cap_m_s if authority.jog is None else self._jog_m_s
        wishes, lags = tuple(arm.wish() for arm in self._arms), tuple(arm.lag() for arm in self._arms)
        passed = self._gate.check(wishes, self._dt_s, cap_m_s, lags)
        if isinstance(passed, Refusal) and passed.freeze_class is FreezeClass.MASTER:
            # The hand went too far, the setpoints are sound: from here on the arms come to rest along their way.
            self._refuse(passed, authority)
            passed = self._gate.check(wishes, self._dt_s, cap_m_s, ())
        if isinstance(passed, Refusal):
            self._refuse(passed, authority)
            return self._gate.hold()
        return passed

    def _refuse(self, refusal: Refusal, authority: Authority | None) -> None:
        self._refusal = refusal
        # Frozen already, no further stop will be counted that could end it: then it ends with the next tick.
        frozen = authority is not None and authority.mode is Mode.FROZEN
        self._refused_at_stop = 0 if authority is None else authority.stop_number - frozen

    def _decide(self, setpoint: GatedSetpoint | None, seen: Seen) -> Decision:
        command = None if seen.accepted is None else seen.accepted.command
        return Decision(
            setpoint=setpoint,
            generation=0 if seen.authority is None else seen.authority.generation,
            arms=tuple(arm.tell() for arm in self._arms),
            mode=Mode.SAFE if seen.authority is None else seen.authority.mode,
            adrift=self._adrift,
            slowed=seen.authority is not None and seen.authority.slowed,
            sequence=0 if command is None else command.sequence,
            sent_ns=0 if command is None else command.sent_ns,
            age=None if command is None else loop_age(seen.now_ns, command.received_ns, command.shown_ns),
            refusal="" if self._refusal is None else str(self._refusal),
            refusal_class=FreezeClass.NONE if self._refusal is None else self._refusal.freeze_class,
        )
