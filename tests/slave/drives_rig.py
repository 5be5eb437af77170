"""The simulated drives on a bench: arms at a chosen configuration, a clock turned by hand, straight paths of a tip."""

from collections.abc import Iterator, Sequence

import msgspec
import numpy as np

from kinematics import reference
from kinematics.description import RobotDescription, load_description
from slave.plants.mujoco_drives import MujocoDrives
from slave.plants.servoed_model import Vector

MS = 1_000_000
WATCHDOG_S = 0.04

CONFIGURATIONS = {
    "psm": (
        (0.0, 0.0, 0.12, 0.0, 0.0, 0.0),
        (0.6, -0.4, 0.15, 1.2, 0.5, -0.6),
        (-0.8, 0.5, 0.20, -2.0, -0.7, 0.4),
        (0.3, 0.7, 0.23, 3.5, 0.9, 0.9),
    ),
    "psm_si": (
        (0.0, 0.0, 0.07, 0.0, 0.0, 0.0),
        (0.6, -0.4, 0.10, 1.2, 0.5, -0.6),
        (-0.8, 0.5, 0.15, -2.0, -0.7, 0.4),
        (0.3, 0.7, 0.18, 3.5, 0.9, 0.9),
    ),
}


def robot_at(name: str, q: Sequence[float]) -> RobotDescription:
    """The robot, with `q` for its home: the drives begin there."""
    description = load_description(name)
    joints = tuple(msgspec.structs.replace(j, home=x) for j, x in zip(description.joints, q, strict=True))
    return msgspec.structs.replace(description, joints=joints)


def tip(description: RobotDescription, q: Sequence[float]) -> reference.Pose:
    return reference.forward(description, q[: len(description.joints)])


def jacobian(description: RobotDescription, q: Vector) -> Vector:
    return np.array(reference.jacobian(description, q.tolist()), dtype=np.float64)


def joints_of(description: RobotDescription, wanted: reference.Pose, q_near: Sequence[float] | Vector) -> Vector:
    """Newton's method on the reference kinematics: near enough always, and no code of the arm's inverse in it."""
    q = np.array(q_near[: len(description.joints)], dtype=float)
    for _ in range(8):
        pose = reference.forward(description, q.tolist())
        R_error = np.array(wanted.R) @ np.array(pose.R).T
        (_, a, b), (c, _, d), (e, f, _) = R_error
        turn = 0.5 * np.array((f - d, b - e, c - a))
        error = np.concatenate([np.subtract(wanted.p, pose.p), turn])
        if np.abs(error).max() < 1e-12:
            break
        q += np.linalg.solve(jacobian(description, q), error)
    return q


def straight_path(
    description: RobotDescription, q_start: Sequence[float], direction: Sequence[float], speed: float, length: float
) -> Iterator[tuple[Vector, Vector, Vector]]:
    """Per ms: joints, their speeds, and the tip's place, along a line at up to `speed`, speeding up at 5 m/s2."""
    start = tip(description, q_start)
    unit = np.array(direction) / np.linalg.norm(direction)
    q, along, v = np.array(q_start, dtype=float), 0.0, 0.0
    while along < length:
        v_next = min(v + 5.0e-3, speed)
        along, v = along + 0.5 * (v + v_next) * 1e-3, v_next
        place = np.array(start.p) + unit * along
        q = joints_of(description, reference.Pose(tuple(place), start.R), q)
        rates = np.linalg.solve(jacobian(description, q), np.concatenate([unit * v, np.zeros(3)]))
        yield q, rates, place


class Bench:
    """Drives under power, with an arm to look at and a clock."""

    def __init__(self, description: RobotDescription) -> None:
        self.description = description
        self.now_ns = 5_000 * MS
        self.drives = MujocoDrives(description, WATCHDOG_S, self.now_ns)
        self.jaw = self.position[-1]

    @property
    def position(self) -> tuple[float, ...]:
        return self.drives.measured_js(0)[0]

    @property
    def tip_m(self) -> Vector:
        return np.array(tip(self.description, self.position).p)

    def powered(self) -> "Bench":
        self.drives.power_on()
        return self

    def pass_ms(self, count: int = 1) -> None:
        for _ in range(count):
            self.now_ns += MS
            self.drives.step(self.now_ns)

    def servo(self, q: Sequence[float] | Vector, rates: Sequence[float] | Vector = (0.0,) * 6) -> None:
        self.drives.servo_jp(0, (*q, self.jaw), (*rates, 0.0), self.now_ns)
