"""What must hold at every tick, whatever happens: judged by where the arms truly are and by what was said, not by how.

Positions are those of the drives' own encoders, through the reference kinematics; the controller's account of itself is
looked at only where the rule is about it. Each rule that is broken ends the story with its name.
"""

import math
from copy import copy
from operator import is_

from bench.world.cells import Cells
from bench.world.plan_checks import PlanChecks
from bench.world.words import BrokenError, Words
from bench.world.world import World
from kinematics.reference import norm, subtract
from protocol.clock import NS_PER_MS, NS_PER_S
from protocol.messages import Mode
from protocol.records import Authority, Grant, Measured, Verb
from safety.geometry import ArmGeometry, Reach, Walls, distance_m

STOP_NS = 130 * NS_PER_MS
"""From the last valid permit to rest: what sees it, 67 ms of deceleration at most, the servo settling."""
REST_M_S = 0.004
HOLDING = (Mode.LOCAL, Mode.READY, Mode.PAUSED, Mode.FROZEN)
TRANSIT_NS = 4 * NS_PER_MS
"""How long a word of the supervisor is under way to the drives, and their doing back to the cells."""


class _Arm:
    """What is remembered of one arm."""

    def __init__(self) -> None:
        self.reach: Reach | None = None
        self.speeds: list[float] = []
        self.held_at: Reach | None = None
        self.stamp_ns = 0


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
        self._plans = PlanChecks(world)
        self._roomy: list[Reach | None] = []
        self._permitted_ns = 0
        self._watchdog_ns = world.limits.process.watchdog_ns
        self._follows_on_ns = self._watchdog_ns + 2 * TRANSIT_NS
        self._energy_press_at_stop = 0
        self._energy_ok_ns = self._ordered_ns = 0
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
            self._plans.step(number, cells, self._before)
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
        reach = self._geometry[number].reach(position)
        before, arm.reach = arm.reach, reach
        # Drives that were held up make up for it in one tick: what that tick shows is of the time before.
        woke = told.stamp_ns - arm.stamp_ns > TRANSIT_NS
        arm.stamp_ns = told.stamp_ns
        if before is None or not told.powered or woke:
            arm.speeds.clear()
            arm.held_at = None
            return
        # An arm at rest reads the same at every tick, and its reach is the same object.
        arm.speeds.append(0.0 if reach is before else norm(subtract(reach.posture.p, before.posture.p)) * 1e3)
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
        fresh = now_ns - told.stamp_ns <= TRANSIT_NS
        if fresh and told.following and now_ns - self._permitted_ns > self._follows_on_ns:
            raise BrokenError("permit", "the drives follow without one")
        self._judge_hold(number, arm, authority, reach)

    def _judge_hold(self, number: int, arm: _Arm, authority: Authority, reach: Reach) -> None:
        """An arm that must hold and has had its time stands where it stood, or loses its power."""
        settle_ns = self._world.limits.arm.settle_ns + 20 * NS_PER_MS
        plant_holds = self._world.cells.measured is not None and self._world.cells.measured.holding
        holds = plant_holds or (authority.mode in HOLDING and authority.jog is None)
        age_ns = self._world.now_ns - max(authority.entered_ns, self._released_ns)
        if not holds:
            self._released_ns = self._world.now_ns
        # Through the plant the arms are seen: while it is dead nobody can know, which HAZARDS names, and drives that
        # hung along with it may only now come to rest.
        measured = self._world.cells.measured
        unseen_ns = self._world.now_ns - (0 if measured is None else measured.stamp_ns)
        seen = unseen_ns <= TRANSIT_NS
        if unseen_ns > self._world.limits.process.progress_ns:
            self._released_ns = self._world.now_ns
        if not (holds and seen) or age_ns < settle_ns or self._world.now_ns - authority.stamp_ns > TRANSIT_NS:
            arm.held_at = None
            return
        if arm.held_at is None:
            arm.held_at = reach
        moved_m = 0.0 if reach is arm.held_at else norm(subtract(reach.posture.p, arm.held_at.posture.p))
        if moved_m > self._world.limits.arm.standstill_m * 1.5:
            raise BrokenError("standstill", f"arm {number} moved {moved_m * 1e3:.2f} mm while it should hold")

    def _judge_room(self) -> None:
        reaches = [arm.reach for arm in self._arms]
        if self._roomy and all(map(is_, reaches, self._roomy)):
            return
        for number, reach in enumerate(reaches):
            if reach is None:
                continue
            inside_m, wall = self._walls.inside_by_m(reach.posture)
            if inside_m < -self._world.limits.arm.wall_slack_m:
                raise BrokenError("walls", f"arm {number} is {-inside_m * 1e3:.1f} mm beyond the {wall}")
            for other in reaches[:number]:
                if other is not None and distance_m(other.shaft_W_m, reach.shaft_W_m) < self._axes_apart_m - 0.0005:
                    raise BrokenError("shafts", f"arm {number} is too near to another")
        self._roomy = reaches

    def _judge_energy(self, told: Measured, cells: Cells) -> None:
        now_ns, accepted, ruling = self._world.now_ns, cells.accepted, cells.ruling
        if accepted is None or ruling is None:
            if told.energy:
                raise BrokenError("energy", "on without a command")
            return
        press = accepted.command.energy
        fresh = now_ns - accepted.accepted_ns <= self._world.limits.process.progress_ns + TRANSIT_NS
        # A supervisor that was held up sees press and engage at once: a press that only we saw before met no stop.
        if ruling.authority.mode is not Mode.FOLLOWING and ruling is not self._before.ruling:
            self._energy_press_at_stop = max(self._energy_press_at_stop, press)
        if ruling.authority.mode is Mode.FOLLOWING and fresh and press > self._energy_press_at_stop:
            self._energy_ok_ns = now_ns
        if cells.session.number != self._before.session.number:
            self._energy_press_at_stop = 0
        # A supervisor that is dead lets it go on until its permit has lapsed, a plant that is dead until the drives'
        # watchdog has tripped; drives that hang tell nothing of now.
        order, until_ns = cells.order, self._energy_ok_ns + self._world.lease_ns
        if order is not self._before.order:
            self._ordered_ns = now_ns
        elif order is not None and order.verb is Verb.SERVO and now_ns - self._ordered_ns > TRANSIT_NS:
            until_ns = max(until_ns, min(self._ordered_ns, until_ns) + self._watchdog_ns)
        fresh_account = now_ns - told.stamp_ns <= TRANSIT_NS
        if told.energy and fresh_account and now_ns > until_ns + 2 * TRANSIT_NS:
            raise BrokenError("energy", f"on in {ruling.authority.mode}, press {press}")
