"""What must hold of what the drives are told, from one order to the next: limits, openings, lag, stops, jaws.

Poses are those of the orders, through the reference kinematics; the rules about the hand take it from the command.
"""

import math
from typing import NamedTuple

from bench.world.cells import Cells
from bench.world.words import BrokenError
from bench.world.world import World
from kinematics.description import Jaw, Joint
from kinematics.reference import Posture, norm, subtract, turned_rad
from protocol.messages import Mode, TipPose
from protocol.pose import angle_rad, conjugate, multiply, scaled
from protocol.records import ArmSetpoint
from safety.geometry import ArmGeometry, Reach
from safety.return_way import commanded_cp

OPENING_M = 2.5e-5
"""The specification's 0.02 mm, and rounding."""
JAW_STOPS_RAD = 0.2
"""At 12 rad/s, with 400 rad/s2 of deceleration, a jaw that was opening stops within this."""

TICK_S = 0.001
TIP_BRAKES = 1.11
TURN_BRAKES = 1.31
"""The gate's own slack over the tip's decelerations: a joint limit that bends a path may ask for more than planned."""
STOP_SLACK_M = 0.0005
STOP_SLACK_RAD = 0.0175
"""The specification's half millimetre; of a turn it names none: a degree."""
JAW_MEETS_RAD_S = math.radians(36.0) * 1.01
JAW_NEAR_RAD = math.radians(4.0)
"""The specification's 2 degrees, and the way of a jaw at full speed in the 3 ms that an order may be under way."""
CAP_SLACK_M_S = 0.016
CAP_FALLS_M_S2 = 2.5
"""A cap that falls comes into force no faster than an arm slows down with while it follows."""


class _Arm:
    """What is remembered of one arm's plan."""

    def __init__(self) -> None:
        self.plan: tuple[float, ...] | None = None
        self.reach: Reach | None = None
        self.velocity: tuple[float, ...] = ()
        self.tip_velocity = (0.0, 0.0, 0.0)
        self.turn_rad_s = 0.0
        self.gained_m_s = 0.0
        self.cap_m_s = math.inf
        self.tick = self.ticks = 0
        self.opened = 0
        self.last: _Last | None = None
        self.jaw_max = 0.0
        self.jaw_met = False
        self.jaw_epoch = 0
        self.jaw_speed = 0.0
        self.straight = False
        self.far_ticks = 0


class _Last(NamedTuple):
    """An arm at the moment of the last accepted command: where its setpoint was, how fast, and how far behind."""

    accepted_ns: int
    posture: Posture
    allowed_m: float
    allowed_rad: float


class PlanChecks:
    """The rules about plans, over one world. `step` for each arm after each of its ticks. Raises BrokenError."""

    def __init__(self, world: World) -> None:
        self._world = world
        robot = world.arm.description
        self._robot = robot
        self._geometry = tuple(ArmGeometry(robot, mount) for mount in robot.mounts)
        self._axes: tuple[Joint | Jaw, ...] = (*robot.joints, robot.jaw)
        self._arms = tuple(_Arm() for _ in robot.mounts)

    def step(self, number: int, cells: Cells, was: Cells) -> None:
        """Judge one arm's new order, if there is one; `was`: the cells a tick ago."""
        arm, order, setpoint = self._arms[number], cells.order, cells.setpoint
        if order is None or not order.arms or setpoint is None or order is was.order:
            if order is not None and not order.arms:
                arm.plan = arm.reach = None
                arm.velocity, arm.jaw_speed = (), 0.0
            return
        plan = order.arms[number].position
        reach = self._geometry[number].reach(plan)
        before, arm.plan = arm.plan, plan
        reach_before, arm.reach = arm.reach, reach
        if before is None or reach_before is None:
            arm.tick, arm.ticks, arm.tip_velocity = setpoint.tick, 0, (0.0, 0.0, 0.0)
            return
        # A setpoint advances by a tick's worth at each of the controller's ticks, however late these come.
        ticks = max(1, setpoint.tick - arm.tick)
        arm.tick = setpoint.tick
        self._judge_joints(number, arm, before, order.arms[number], ticks)
        speed_m_s = self._judge_tip(number, arm, reach, reach_before, ticks)
        self._judge_cap(number, arm, cells, speed_m_s, ticks)
        self._judge_hand(number, arm, cells, reach, reach_before, speed_m_s)
        self._judge_jaw(number, arm, cells)

    def _judge_joints(self, number: int, arm: _Arm, before: tuple[float, ...], plan: ArmSetpoint, ticks: int) -> None:
        """Ranges, speeds and accelerations; these of orders that follow each other, for in a gap may lie a stop."""
        last, arm.velocity = arm.velocity, plan.velocity
        for i, axis in enumerate(self._axes):
            was, now = before[i], plan.position[i]
            if not axis.position_min - 1e-6 <= now <= axis.position_max + 1e-6:
                raise BrokenError("joint range", f"arm {number}: {now}")
            if abs(now - was) > axis.velocity_max * 1.001 * ticks * TICK_S:
                raise BrokenError("joint speed", f"arm {number}: {(now - was) / ticks / TICK_S:.3f} per s")
            gained = (plan.velocity[i] - last[i]) / TICK_S if ticks == 1 and last else 0.0
            if abs(gained) > axis.acceleration_max * 1.001:
                raise BrokenError("joint acceleration", f"arm {number}: axis {i} by {gained:.1f} per s2")
            # What moves is what was said to move: velocities tell the truth about positions.
            strays = (now - was) / TICK_S - 0.5 * (plan.velocity[i] + last[i]) if ticks == 1 and last else 0.0
            if abs(strays) > axis.acceleration_max * TICK_S:
                raise BrokenError("joint speed", f"arm {number}: axis {i} moves {strays:.3f} per s beside what it says")

    def _judge_tip(self, number: int, arm: _Arm, reach: Reach, before: Reach, ticks: int) -> float:
        """Speeds and accelerations, of any direction. Returns the speed."""
        tip, per_s = self._robot.tip, 1.0 / (ticks * TICK_S)
        velocity = scaled(subtract(reach.posture.p, before.posture.p), per_s)
        speed_m_s = norm(velocity)
        arm.gained_m_s = norm(subtract(velocity, arm.tip_velocity))
        if speed_m_s > tip.speed_max_m_s * 1.03:
            raise BrokenError("tip speed", f"arm {number}: {speed_m_s:.3f} m/s planned")
        turn_rad_s = turned_rad(reach.posture, before.posture) * per_s
        if turn_rad_s > tip.angular_speed_max_rad_s * 1.03:
            raise BrokenError("tip speed", f"arm {number}: {turn_rad_s:.3f} rad/s planned")
        if ticks == arm.ticks == 1:
            gained = arm.gained_m_s / TICK_S
            if gained > TIP_BRAKES * tip.stop_deceleration_m_s2:
                raise BrokenError("tip acceleration", f"arm {number}: {gained:.1f} m/s2 planned")
            gained = abs(turn_rad_s - arm.turn_rad_s) / TICK_S
            if gained > TURN_BRAKES * tip.stop_angular_deceleration_rad_s2:
                raise BrokenError("tip acceleration", f"arm {number}: {gained:.1f} rad/s2 planned")
        arm.tip_velocity, arm.turn_rad_s, arm.ticks = velocity, turn_rad_s, ticks
        return speed_m_s

    def _judge_cap(self, number: int, arm: _Arm, cells: Cells, speed_m_s: float, ticks: int) -> None:
        """The tip goes no faster than the link lets it, or than a jog may be."""
        if cells.ruling is None:
            return
        authority = cells.ruling.authority
        cap_m_s = authority.speed_cap_m_s if authority.jog is None else self._world.limits.people.jog_m_s
        fallen_m_s = arm.cap_m_s - CAP_FALLS_M_S2 * ticks * TICK_S
        arm.cap_m_s = min(max(cap_m_s, fallen_m_s), self._robot.tip.speed_max_m_s)
        if speed_m_s > arm.cap_m_s * 1.03 + CAP_SLACK_M_S:
            raise BrokenError("speed cap", f"arm {number}: {speed_m_s:.3f} m/s planned, {arm.cap_m_s:.3f} allowed")

    def _judge_hand(
        self, number: int, arm: _Arm, cells: Cells, reach: Reach, reach_before: Reach, speed_m_s: float
    ) -> None:
        """The rules about the hand's command: old epochs, openings, lag, and how far an arm goes after the last one."""
        accepted, report = cells.accepted, cells.report
        if accepted is None or report is None or cells.ruling is None:
            return
        state, authority = report.arms[number], cells.ruling.authority
        if authority.mode is Mode.PAUSED or (cells.measured is not None and cells.measured.holding):
            arm.straight = False
        if authority.mode in (Mode.LOCAL, Mode.SAFE):
            arm.last = None
        if authority.mode is not Mode.FOLLOWING or not state.following or number >= len(accepted.command.hands):
            self._judge_after(number, arm, reach)
            return
        hand = accepted.command.hands[number]
        moves = speed_m_s > 1e-5
        if moves and hand.engaged and state.opened_epoch != authority.open_epochs[number]:
            raise BrokenError(
                "epoch", f"arm {number} moves by epoch {state.opened_epoch}, open is {authority.open_epochs[number]}"
            )
        if state.opened_epoch != arm.opened:
            arm.opened, arm.straight, arm.far_ticks = state.opened_epoch, True, 0
            # An arm that has not come to rest since the last epoch goes on as it went; that is no step.
            step_m = arm.gained_m_s * arm.ticks * TICK_S
            astray_m = norm(subtract(state.base_p_W_m, reach_before.posture.p))
            holding = cells.measured is not None and cells.measured.holding
            if max(step_m, astray_m) > OPENING_M and not (holding or self._creeps(number)):
                raise BrokenError("opening", f"arm {number}: a step of {max(step_m, astray_m) * 1e3:.4f} mm")
        if not isinstance(hand, TipPose) or state.reach or not hand.engaged:
            arm.last, arm.straight = None, False
            return
        if hand.clutch_epoch != state.opened_epoch:
            return
        if arm.last is None or arm.last.accepted_ns != accepted.accepted_ns:
            goal_p, goal_q = commanded_cp(hand, state)
            behind_m = norm(subtract(goal_p, reach.posture.p))
            behind_rad = angle_rad(multiply(goal_q, conjugate(state.setpoint_q_W)))
            tip, people = self._robot.tip, self._world.limits.people
            allowed_m = (
                min(behind_m, people.lag_m * 1.5) + speed_m_s**2 / (2.0 * tip.stop_deceleration_m_s2) + STOP_SLACK_M
            )
            braking_rad = arm.turn_rad_s**2 / (2.0 * tip.stop_angular_deceleration_rad_s2)
            allowed_rad = min(behind_rad, people.lag_rad * 1.5) + braking_rad + STOP_SLACK_RAD
            arm.last = _Last(accepted.accepted_ns, reach.posture, allowed_m, allowed_rad)
            self._judge_lag(number, arm, behind_m, behind_rad)
        self._judge_after(number, arm, reach)

    def _judge_lag(self, number: int, arm: _Arm, behind_m: float, behind_rad: float) -> None:
        """An arm whose way back is not being closed slowly is never left far behind for long."""
        people = self._world.limits.people
        far = arm.straight and (behind_m > people.lag_m * 1.2 or behind_rad > people.lag_rad * 1.2)
        arm.far_ticks = arm.far_ticks + 1 if far else 0
        if arm.far_ticks > 10:
            turned_deg = math.degrees(behind_rad)
            raise BrokenError("lag", f"arm {number}: {behind_m * 1e3:.1f} mm, {turned_deg:.0f} deg behind the hand")

    def _creeps(self, number: int) -> bool:
        """Whether this arm's servo has lost its reference: where that takes the arm, its setpoints set out again."""
        creep = self._world.story.creep
        return creep is not None and creep.arm == number and self._world.now_ns >= creep.begin_ns

    def _judge_after(self, number: int, arm: _Arm, reach: Reach) -> None:
        if self._creeps(number):
            arm.last = None
        if arm.last is None:
            return
        gone_m = norm(subtract(reach.posture.p, arm.last.posture.p))
        if gone_m > arm.last.allowed_m:
            raise BrokenError(
                "stop distance", f"arm {number} went {gone_m * 1e3:.2f} mm on, {arm.last.allowed_m * 1e3:.2f} allowed"
            )
        gone_rad = turned_rad(reach.posture, arm.last.posture)
        if gone_rad > arm.last.allowed_rad:
            raise BrokenError(
                "stop distance", f"arm {number} turned {gone_rad:.4f} rad on, {arm.last.allowed_rad:.4f} allowed"
            )

    def _judge_jaw(self, number: int, arm: _Arm, cells: Cells) -> None:
        """Jaws keep their grip: what they were told never opens them but for the surgeon's hand or a jog of the jaw.

        After an opening they meet the hand slowly.
        """
        order, accepted, report = cells.order, cells.accepted, cells.report
        if order is None or cells.ruling is None:
            return
        mode, jaw = cells.ruling.authority.mode, order.arms[number].position[-1]
        before, arm.jaw_speed = arm.jaw_speed, abs(order.arms[number].velocity[-1])
        if mode in (Mode.PAUSED, Mode.FROZEN, Mode.READY):
            if jaw > arm.jaw_max + JAW_STOPS_RAD:
                raise BrokenError("jaw", f"arm {number}: told to open by {jaw - arm.jaw_max:.3f} rad in {mode}")
        else:
            arm.jaw_max = jaw
        if mode is not Mode.FOLLOWING or accepted is None or report is None or not report.arms[number].following:
            return
        if report.arms[number].opened_epoch != arm.jaw_epoch:
            arm.jaw_epoch, arm.jaw_met = report.arms[number].opened_epoch, False
        hand = accepted.command.hands[number] if number < len(accepted.command.hands) else None
        arm.jaw_met |= isinstance(hand, TipPose) and abs(hand.jaw_rad - jaw) < JAW_NEAR_RAD
        if not arm.jaw_met and arm.jaw_speed > max(JAW_MEETS_RAD_S, before):
            raise BrokenError("jaw", f"arm {number}: at {arm.jaw_speed:.2f} rad/s before it has met the hand")
