"""Room for the arms, kept before the gate must refuse: away from the walls, and the shafts apart. Pure.

A surgeon who pushes an instrument against a wall or the other instrument shall feel it stop, not trip the arms. What
may not be reached leaves the setpoint where it is, and is told as LIMITED.
"""

from kinematics.description import RobotDescription
from kinematics.reference import dot
from protocol.pose import Pose, Vector, add, norm, rotate, scaled, subtract
from safety.geometry import Walls, distance_m

WALL_MARGIN_M = 0.001
GAP_MARGIN_M = 0.0015
BRAKING_M_S2 = 4.0
"""With which two shafts that close on each other are stopped: less than half of what the tips can, for shafts turn
about their remote centres while tips move."""
OPENS_BY_M = 1e-5
STEP_M = 0.001
"""How far ahead the way of a wrist is looked at, and how far a hand must move before a vetoed way is tried again."""
VETO_M = 0.0012


class Clearance:
    """What one robot's arms may do next, from the gate's own figures and where the hands point."""

    def __init__(self, robot: RobotDescription, dt_s: float) -> None:
        self._walls = Walls(robot.walls)
        self._wrist_to_tip_m = robot.joints[-1].a_m
        # The wrist keeps the walls too, and stands no farther from the tip than this.
        self._wall_margin_m = WALL_MARGIN_M + self._wrist_to_tip_m
        self._exempt_m = robot.shaft.exempt_m
        self._remote_centres = tuple(mount.p_WB_m for mount in robot.mounts)
        self._dt_s = dt_s
        self._spare_m: float | None = None
        self.tight = self._vetoing = False
        self._vetoed: dict[int, Vector] = {}

    def step(self, spare_m: float) -> None:
        """How much farther apart than they must be the shafts were with the last setpoints."""
        closing_m_s = 0.0 if self._spare_m is None else max(0.0, (self._spare_m - spare_m) / self._dt_s)
        # An arm that went on because its way seemed to open the gap, and closed it: its way is not what it seemed.
        self._vetoing = self.tight and closing_m_s > 0.0 and spare_m < VETO_M
        self._spare_m = spare_m
        self.tight = spare_m < GAP_MARGIN_M + closing_m_s * closing_m_s / (2.0 * BRAKING_M_S2)

    def is_inside(self, tip_W_m: Vector) -> bool:
        """Whether a goal leaves the walls room for the wrist behind it."""
        return self._walls.tip_inside_by_m(tip_W_m) >= self._wall_margin_m

    def opens(self, number: int, goal: Pose, setpoints: tuple[Pose, ...]) -> bool:
        """Whether arm `number`, on its way from its setpoint to `goal`, makes room between its shaft and the others'.

        All poses in W.
        """
        if self._vetoing:
            self._vetoed[number] = goal[0]
        vetoed = self._vetoed.get(number)
        if vetoed is not None and norm(subtract(goal[0], vetoed)) < STEP_M:
            return False
        self._vetoed.pop(number, None)
        wrists = tuple(self._wrist(arm, pose) for arm, pose in enumerate(setpoints))
        way = subtract(self._wrist(number, goal), wrists[number])
        length = norm(way)
        step = scaled(way, STEP_M / length) if length > STEP_M else way
        now, then = self._shaft(number, wrists[number]), self._shaft(number, add(wrists[number], step))
        others = [self._shaft(arm, wrist) for arm, wrist in enumerate(wrists) if arm != number]
        return all(distance_m(then, other) > distance_m(now, other) + OPENS_BY_M for other in others)

    def _wrist(self, number: int, tip: Pose) -> Vector:
        """Where the wrist of a tip is: behind it, in the plane of the remote centre and the last axis (the tip's x)."""
        p_m, q = tip
        from_centre = subtract(p_m, self._remote_centres[number])
        x = rotate(q, (1.0, 0.0, 0.0))
        across = subtract(from_centre, scaled(x, dot(from_centre, x)))
        return subtract(p_m, scaled(across, self._wrist_to_tip_m / max(norm(across), 1e-9)))

    def _shaft(self, number: int, wrist: Vector) -> tuple[Vector, Vector]:
        centre = self._remote_centres[number]
        along = subtract(wrist, centre)
        length = norm(along)
        return centre, add(centre, scaled(along, max(0.0, length - self._exempt_m) / max(length, 1e-9)))
