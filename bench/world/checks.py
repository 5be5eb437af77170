"""What must hold at every tick, whatever happens: judged by where the arms truly are and by what was said, not by how.

Positions are those of the drives' own encoders, through the reference kinematics; the controller's account of itself is
looked at only where the rule is about it. Each rule that is broken ends the story with its name.
"""

import math
from copy import copy
from typing import NamedTuple

from bench.world.words import BrokenError, Words
from bench.world.world import Cells, World
from kinematics.description import Jaw, Joint
from kinematics.reference import norm, subtract, turned_rad
from protocol.clock import NS_PER_MS, NS_PER_S
from protocol.messages import Mode, TipPose
from protocol.pose import angle_rad, conjugate, multiply
from protocol.records import Authority, Grant, Measured
from safety.geometry import ArmGeometry, Reach, Walls, distance_m
from safety.return_way import commanded_cp

STOP_NS = 130 * NS_PER_MS
"""From the last valid permit to rest: what sees it, 67 ms of deceleration at most, the servo settling."""
REST_M_S = 0.004
TRANSIT_NS = 4 * NS_PER_MS
"""How long a word of the supervisor is under way to the drives, and their doing back to the cells."""
OPENING_M = 2.5e-5
"""The specification's 0.02 mm, and rounding."""
JAW_STOPS_RAD = 0.2
"""At 12 rad/s, with 400 rad/s2 of deceleration, a jaw that was opening stops within this."""


class _Arm:
    """What is remembered of one arm."""

    def __init__(self) -> None:
        self.position: tuple[float, ...] = ()
        self.reach: Reach | None = None
        self.speeds: list[float] = []
        self.held_at: tuple[float, float, float] | None = None
        self.plan: tuple[float, ...] | None = None
        self.plan_reach: Reach | None = None
        self.plan_speed = 0.0
        self.plan_tick = self.plan_ticks = 0
        self.opened = 0
        self.last: _Last | None = None
        self.jaw_max = 0.0
        self.straight = False
        self.far_ticks = 0
        self.stamp_ns = 0


class _Last(NamedTuple):
    """An arm at the moment of the last accepted command: where its setpoint was, how fast, and how far behind."""

    accepted_ns: int
    p: tuple[float, float, float]
    allowed_m: float


class Checks:
    """All rules, over one world. `step` after each of its ticks."""

    def __init__(self, world: World) -> None:
        self._world = world
        robot = world.arm.description
        self._robot = robot
        self._geometry = tuple(ArmGeometry(robot, mount) for mount in robot.mounts)
        self._walls = Walls(robot.walls)
        self._axes_apart_m = robot.shaft.diameter_m + world.limits.arm.shaft_gap_m
        self._arms = tuple(_Arm() for _ in robot.mounts)
        self._before: Cells = copy(world.cells)
        self._words = Words(world)
        self._permitted_ns = 0
        self._energy_press_at_stop = 0
        self._energy_ok_ns = 0
        self._held_ns: int | None = None
        self._released_ns = -NS_PER_S
        self.max_tip_m_s = 0.0

    def heard(self, messages: tuple[object, ...]) -> None:
        """What the staff press in this tick."""
        self._words.heard(messages)

    def step(self) -> None:
        """Judge the tick that has just passed. Raises BrokenError."""
        cells = self._world.cells
        told, ruling = cells.told, cells.ruling
        if told is None or ruling is None:
            return
        authority = ruling.authority
        self._note_permit(cells)
        for number, arm in enumerate(self._arms):
            self._judge_plan(number, arm, cells)
            self._judge_arm(number, arm, told, authority)
        self._judge_room()
        self._judge_energy(told, cells)
        self._words.step(tuple([arm.reach for arm in self._arms]), self._before)
        self._before = copy(cells)

    def _note_permit(self, cells: Cells) -> None:
        now_ns, permit = self._world.now_ns, cells.ruling.permit if cells.ruling else None
        alive = permit is not None and permit.grant is not Grant.NONE and now_ns < permit.expires_ns
        if alive:
            self._permitted_ns = now_ns
        if cells.told is not None and not cells.told.powered:
            # Without power the wrist sags: no motion of ours.
            self._permitted_ns = now_ns

    def _judge_arm(self, number: int, arm: _Arm, told: Measured, authority: Authority) -> None:
        now_ns = self._world.now_ns
        position = told.arms[number].position
        if not math.isfinite(sum(position)):
            raise BrokenError("finite", f"arm {number}: {position}")
        before = arm.reach
        reach = before if before is not None and position == arm.position else self._geometry[number].reach(position)
        arm.reach, arm.position = reach, position
        # Drives that were held up make up for it in one tick: what that tick shows is of the time before.
        woke = told.stamp_ns - arm.stamp_ns > TRANSIT_NS
        arm.stamp_ns = told.stamp_ns
        if before is None or not told.powered or woke:
            arm.speeds.clear()
            arm.held_at = None
            return
        arm.speeds.append(norm(subtract(reach.posture.p, before.posture.p)) * 1e3)
        if len(arm.speeds) > 8:
            arm.speeds.pop(0)
        speed_m_s = sum(arm.speeds) / len(arm.speeds)
        self.max_tip_m_s = max(self.max_tip_m_s, speed_m_s if len(arm.speeds) == 8 else 0.0)
        creeps = self._world.story.creep is not None and now_ns >= self._world.story.creep.begin_ns
        if not creeps and now_ns - self._permitted_ns > STOP_NS + 8 * NS_PER_MS and speed_m_s > REST_M_S:
            ago_ms = (now_ns - self._permitted_ns) / NS_PER_MS
            raise BrokenError(
                "permit", f"arm {number} moves at {speed_m_s:.3f} m/s, {ago_ms:.0f} ms after the last permit"
            )
        watchdog_ns = self._world.limits.process.watchdog_ns
        fresh = now_ns - told.stamp_ns <= TRANSIT_NS
        if fresh and told.following and now_ns - self._permitted_ns > watchdog_ns + 2 * TRANSIT_NS:
            raise BrokenError("permit", "the drives follow without one")
        self._judge_hold(number, arm, authority, reach)
        self._judge_jaw(number, arm, authority)

    def _judge_hold(self, number: int, arm: _Arm, authority: Authority, reach: Reach) -> None:
        """An arm that must hold and has had its time stands where it stood, or loses its power."""
        settle_ns = self._world.limits.arm.settle_ns + 20 * NS_PER_MS
        holds = authority.mode in (Mode.LOCAL, Mode.READY, Mode.PAUSED, Mode.FROZEN) and authority.jog is None
        age_ns = self._world.now_ns - max(authority.entered_ns, self._released_ns)
        if not holds:
            self._released_ns = self._world.now_ns
        if not holds or age_ns < settle_ns or self._world.now_ns - authority.stamp_ns > TRANSIT_NS:
            arm.held_at = None
            return
        if arm.held_at is None:
            arm.held_at = reach.posture.p
        moved_m = norm(subtract(reach.posture.p, arm.held_at))
        if moved_m > self._world.limits.arm.standstill_m * 1.5:
            raise BrokenError("standstill", f"arm {number} moved {moved_m * 1e3:.2f} mm while it should hold")

    def _judge_jaw(self, number: int, arm: _Arm, authority: Authority) -> None:
        """Jaws keep their grip: what they were told never opens them but for the surgeon's hand or a jog of the jaw."""
        order = self._world.cells.order
        if order is None or not order.arms:
            return
        jaw = order.arms[number].position[-1]
        if authority.mode in (Mode.PAUSED, Mode.FROZEN, Mode.READY):
            if jaw > arm.jaw_max + JAW_STOPS_RAD:
                raise BrokenError(
                    "jaw", f"arm {number}: told to open by {jaw - arm.jaw_max:.3f} rad in {authority.mode}"
                )
        else:
            arm.jaw_max = jaw

    def _judge_plan(self, number: int, arm: _Arm, cells: Cells) -> None:
        """What the drives are told, from one order to the next: limits of joints and tip, openings, lag, stops."""
        order, setpoint = cells.order, cells.setpoint
        if order is None or not order.arms or setpoint is None or order is self._before.order:
            if order is not None and not order.arms:
                arm.plan = arm.plan_reach = None
            return
        plan = order.arms[number].position
        before, reach_before = arm.plan, arm.plan_reach
        reach = reach_before if reach_before and plan == before else self._geometry[number].reach(plan)
        arm.plan, arm.plan_reach = plan, reach
        if before is None or reach_before is None:
            arm.plan_speed, arm.plan_tick = 0.0, setpoint.tick
            return
        # A setpoint advances by a tick's worth at each of the controller's ticks, however late these come.
        ticks = max(1, setpoint.tick - arm.plan_tick)
        arm.plan_tick = setpoint.tick
        speed_m_s = norm(subtract(reach.posture.p, reach_before.posture.p)) / (ticks * 1e-3)
        self._judge_limits(number, before, plan, ticks)
        if speed_m_s > self._robot.tip.speed_max_m_s * 1.03:
            raise BrokenError("tip speed", f"arm {number}: {speed_m_s:.3f} m/s planned")
        turn_rad_s = turned_rad(reach.posture, reach_before.posture) / (ticks * 1e-3)
        if turn_rad_s > self._robot.tip.angular_speed_max_rad_s * 1.03:
            raise BrokenError("tip speed", f"arm {number}: {turn_rad_s:.3f} rad/s planned")
        gained = abs(speed_m_s - arm.plan_speed) / (ticks * 1e-3)
        if gained > 1.3 * self._robot.tip.stop_deceleration_m_s2 and ticks == arm.plan_ticks == 1:
            raise BrokenError("tip acceleration", f"arm {number}: {gained:.1f} m/s2 planned")
        arm.plan_speed, arm.plan_ticks = speed_m_s, ticks
        self._judge_hand(number, arm, cells, reach, reach_before, speed_m_s)

    def _judge_limits(self, number: int, before: tuple[float, ...], plan: tuple[float, ...], ticks: int) -> None:
        axes: tuple[Joint | Jaw, ...] = (*self._robot.joints, self._robot.jaw)
        for axis, was, now in zip(axes, before, plan, strict=True):
            if not axis.position_min - 1e-6 <= now <= axis.position_max + 1e-6:
                raise BrokenError("joint range", f"arm {number}: {now}")
            if abs(now - was) > axis.velocity_max * 1.001 * ticks * 1e-3:
                raise BrokenError("joint speed", f"arm {number}: {(now - was) / ticks * 1e3:.3f} per s")

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
            step_m = norm(subtract(reach.posture.p, reach_before.posture.p))
            astray_m = norm(subtract(state.base_p_W_m, reach_before.posture.p))
            if max(step_m, astray_m) > OPENING_M and not (cells.measured and cells.measured.holding):
                raise BrokenError("opening", f"arm {number}: a step of {max(step_m, astray_m) * 1e3:.4f} mm")
        if not isinstance(hand, TipPose) or state.reach or not hand.engaged:
            arm.last, arm.straight = None, False
            return
        if hand.clutch_epoch != state.opened_epoch:
            return
        if arm.last is None or arm.last.accepted_ns != accepted.accepted_ns:
            goal_p, goal_q = commanded_cp(hand, state)
            behind_m = norm(subtract(goal_p, reach.posture.p))
            deceleration = self._robot.tip.stop_deceleration_m_s2
            allowed_m = (
                min(behind_m, self._world.limits.people.lag_m * 1.5) + speed_m_s**2 / (2 * deceleration) + 0.0005
            )
            arm.last = _Last(accepted.accepted_ns, reach.posture.p, allowed_m)
            behind_rad = angle_rad(multiply(goal_q, conjugate(state.setpoint_q_W)))
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

    def _judge_after(self, number: int, arm: _Arm, reach: Reach) -> None:
        if arm.last is None:
            return
        gone_m = norm(subtract(reach.posture.p, arm.last.p))
        if gone_m > arm.last.allowed_m:
            raise BrokenError(
                "stop distance",
                f"arm {number} went {gone_m * 1e3:.2f} mm on, {arm.last.allowed_m * 1e3:.2f} allowed",
            )

    def _judge_room(self) -> None:
        reaches = [arm.reach for arm in self._arms]
        for number, reach in enumerate(reaches):
            if reach is None:
                continue
            inside_m, wall = self._walls.inside_by_m(reach.posture)
            if inside_m < -self._world.limits.arm.wall_slack_m:
                raise BrokenError("walls", f"arm {number} is {-inside_m * 1e3:.1f} mm beyond the {wall}")
            for other in reaches[:number]:
                if other is not None and distance_m(other.shaft_W_m, reach.shaft_W_m) < self._axes_apart_m - 0.0005:
                    raise BrokenError("shafts", f"arm {number} is too near to another")

    def _judge_energy(self, told: Measured, cells: Cells) -> None:
        now_ns, accepted, ruling = self._world.now_ns, cells.accepted, cells.ruling
        if accepted is None or ruling is None:
            if told.energy:
                raise BrokenError("energy", "on without a command")
            return
        press = accepted.command.energy
        fresh = now_ns - accepted.accepted_ns <= self._world.limits.process.progress_ns + TRANSIT_NS
        if ruling.authority.mode is not Mode.FOLLOWING:
            self._energy_press_at_stop = max(self._energy_press_at_stop, press)
        if ruling.authority.mode is Mode.FOLLOWING and fresh and press > self._energy_press_at_stop:
            self._energy_ok_ns = now_ns
        if cells.session is not self._before.session:
            self._energy_press_at_stop = 0
        # A supervisor that is dead lets it go on until its permit has lapsed.
        if told.energy and now_ns - self._energy_ok_ns > self._world.lease_ns + 2 * TRANSIT_NS:
            raise BrokenError("energy", f"on in {ruling.authority.mode}, press {press}")
