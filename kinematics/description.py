"""A robot's geometry and limits, read from `robots/*.toml` and checked field by field.

Pure Python: the supervisor uses it. The files speak degrees, as data sheets do; what leaves this module is SI.
"""

import math
from functools import cache
from importlib import resources
from typing import Annotated, Literal

import msgspec

# msgspec rejects NaN and infinities as soon as a bound is given.
Finite = Annotated[float, msgspec.Meta(ge=-1e6, le=1e6)]
Positive = Annotated[float, msgspec.Meta(gt=0.0, le=1e6)]
NotNegative = Annotated[float, msgspec.Meta(ge=0.0, le=1e6)]
Vector = tuple[Finite, Finite, Finite]


class DescriptionError(ValueError):
    """A robot description that cannot be used; the text names the file, the field, the bound and the remedy."""


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What every table of a robot file has in common: unknown fields are errors."""


class DriveModel(_File, frozen=True):
    """What the simulated drives know of one link and its motor. Assumed where the robot's file says so.

    `com_m` is the centre of mass in the link's own DH frame; `effort_max` is in N m or N.
    """

    mass_kg: Positive
    com_m: Vector
    inertia_kg_m2: tuple[Positive, Positive, Positive]
    armature: NotNegative
    damping: NotNegative
    effort_max: Positive
    brake: bool


class _JointFile(_File, frozen=True):
    name: str
    kind: Literal["revolute", "prismatic"]
    alpha_deg: Finite
    a_m: Finite
    d_m: Finite
    theta_deg: Finite
    # Degrees for revolute joints, metres for prismatic ones; per second in radians or metres.
    position_min: Finite
    position_max: Finite
    home: Finite
    velocity_max: Positive
    acceleration_max: Positive
    drive: DriveModel


class TipLimits(_File, frozen=True):
    """What the tip may do, per second. `stop_*` bound the deceleration of every stop."""

    speed_max_m_s: Positive
    acceleration_max_m_s2: Positive
    stop_deceleration_m_s2: Positive
    angular_speed_max_rad_s: Positive
    angular_acceleration_max_rad_s2: Positive
    stop_angular_deceleration_rad_s2: Positive
    wrist_depth_min_m: NotNegative


class _JawFile(_File, frozen=True):
    position_min_deg: Finite
    position_max_deg: Finite
    velocity_max_rad_s: Positive
    acceleration_max_rad_s2: Positive
    drive: DriveModel


class _MountFile(_File, frozen=True):
    name: str
    p_WB_m: Vector
    rpy_WB_deg: Vector


class Servo(_File, frozen=True):
    """The drives' position loop: a critically damped spring about the setpoint, in rad/s."""

    natural_frequency_rad_s: Positive
    damping_ratio: Positive


class Shaft(_File, frozen=True):
    """The instrument's shaft, from the remote centre to the wrist.

    Its last `exempt_m` before the wrist may come near to another arm's: instruments meet at their tips.
    """

    diameter_m: Positive
    exempt_m: NotNegative


class Wall(_File, frozen=True):
    """A plane in the world W that tips and wrists stay on one side of: (p - point_W_m) . normal_W >= 0."""

    name: str
    point_W_m: Vector
    normal_W: Vector


class _RobotFile(_File, frozen=True):
    name: str
    title: str
    source: str
    command_space: Literal["tip_pose"]
    kernel: Literal["psm"]
    R_6T: tuple[Vector, Vector, Vector]
    joint: list[_JointFile]
    tip: TipLimits
    jaw: _JawFile
    servo: Servo
    shaft: Shaft
    wall: Annotated[tuple[Wall, ...], msgspec.Meta(min_length=1)]
    mount: list[_MountFile]


class Joint(msgspec.Struct, frozen=True):
    """One joint: a row of the modified DH table (Craig) and its limits, in rad or m."""

    name: str
    prismatic: bool
    alpha_rad: float
    a_m: float
    d_m: float
    theta_rad: float
    position_min: float
    position_max: float
    velocity_max: float
    acceleration_max: float
    home: float
    drive: DriveModel


class Jaw(msgspec.Struct, frozen=True):
    """The instrument's jaw, its opening angle in rad."""

    position_min: float
    position_max: float
    velocity_max: float
    acceleration_max: float
    drive: DriveModel


class Mount(msgspec.Struct, frozen=True):
    """Where an arm's base B stands in the world W that the surgeon sees. `R_WB` is row by row."""

    name: str
    p_WB_m: tuple[float, float, float]
    R_WB: tuple[tuple[float, float, float], ...]


class RobotDescription(msgspec.Struct, frozen=True):
    """All that the stack knows of a robot. The tip frame T stands at the last DH frame's origin, turned by `R_6T`."""

    name: str
    title: str
    source: str
    command_space: str
    kernel: str
    joints: tuple[Joint, ...]
    R_6T: tuple[tuple[float, float, float], ...]
    tip: TipLimits
    jaw: Jaw
    servo: Servo
    shaft: Shaft
    walls: tuple[Wall, ...]
    mounts: tuple[Mount, ...]


def robot_names() -> tuple[str, ...]:
    """Names of the robots that ship with farhand, sorted."""
    files = resources.files("kinematics").joinpath("robots").iterdir()
    return tuple(sorted(file.name.removesuffix(".toml") for file in files if file.name.endswith(".toml")))


@cache
def load_description(name: str) -> RobotDescription:
    """Read and check the robot called `name`. Raises DescriptionError, which lists the known names."""
    if name not in robot_names():
        raise DescriptionError(f"unknown robot {name!r}; known are: {', '.join(robot_names())}")
    text = resources.files("kinematics").joinpath("robots", f"{name}.toml").read_text(encoding="utf-8")
    return parse_description(text, where=f"{name}.toml")


def parse_description(text: str, where: str) -> RobotDescription:
    """Check a robot file's text. Raises DescriptionError, which names `where`, the field and the bound."""
    try:
        file = msgspec.toml.decode(text, type=_RobotFile)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise DescriptionError(f"{where}: {error}") from error
    joints = tuple(_joint(row, where) for row in file.joint)
    if len(joints) < 1:
        raise DescriptionError(f"{where}: no [[joint]] table; a robot has at least one joint")
    if len(names := {joint.name for joint in joints}) != len(joints):
        raise DescriptionError(f"{where}: joint names must differ; found {sorted(names)}")
    _check_rotation(file.R_6T, f"{where}: R_6T")
    return RobotDescription(
        name=file.name,
        title=file.title,
        source=file.source,
        command_space=file.command_space,
        kernel=file.kernel,
        joints=joints,
        R_6T=file.R_6T,
        tip=_tip(file.tip, where),
        jaw=_jaw(file.jaw, where),
        servo=file.servo,
        shaft=file.shaft,
        walls=tuple(_wall(wall, where) for wall in file.wall),
        mounts=tuple(Mount(m.name, m.p_WB_m, _rotation_of_rpy(m.rpy_WB_deg)) for m in file.mount),
    )


def _joint(row: _JointFile, where: str) -> Joint:
    if not row.position_min <= row.home <= row.position_max or row.position_min >= row.position_max:
        raise DescriptionError(
            f"{where}: joint {row.name!r}: wants position_min <= home <= position_max and min < max,"
            f" has {row.position_min}, {row.home}, {row.position_max}"
        )
    prismatic = row.kind == "prismatic"
    unit = 1.0 if prismatic else math.radians(1.0)
    return Joint(
        name=row.name,
        prismatic=prismatic,
        alpha_rad=math.radians(row.alpha_deg),
        a_m=row.a_m,
        d_m=row.d_m,
        theta_rad=math.radians(row.theta_deg),
        position_min=row.position_min * unit,
        position_max=row.position_max * unit,
        velocity_max=row.velocity_max,
        acceleration_max=row.acceleration_max,
        home=row.home * unit,
        drive=row.drive,
    )


def _tip(tip: TipLimits, where: str) -> TipLimits:
    for stop, follow in (
        ("stop_deceleration_m_s2", "acceleration_max_m_s2"),
        ("stop_angular_deceleration_rad_s2", "angular_acceleration_max_rad_s2"),
    ):
        if getattr(tip, stop) < getattr(tip, follow):
            raise DescriptionError(
                f"{where}: tip.{stop} = {getattr(tip, stop)} is below tip.{follow} = {getattr(tip, follow)};"
                f" a stop must brake at least as hard as motion accelerates: raise it or lower {follow}"
            )
    return tip


def _wall(wall: Wall, where: str) -> Wall:
    length = math.hypot(*wall.normal_W)
    if abs(length - 1.0) > 1e-9:
        raise DescriptionError(f"{where}: wall {wall.name!r}: normal_W has the length {length}; make it 1")
    return wall


def _jaw(jaw: _JawFile, where: str) -> Jaw:
    if jaw.position_min_deg >= jaw.position_max_deg:
        raise DescriptionError(
            f"{where}: jaw.position_min_deg = {jaw.position_min_deg} must be below"
            f" position_max_deg = {jaw.position_max_deg}"
        )
    return Jaw(
        position_min=math.radians(jaw.position_min_deg),
        position_max=math.radians(jaw.position_max_deg),
        velocity_max=jaw.velocity_max_rad_s,
        acceleration_max=jaw.acceleration_max_rad_s2,
        drive=jaw.drive,
    )


def _check_rotation(R: tuple[Vector, ...], what: str) -> None:
    for i in range(3):
        for j in range(3):
            dot = sum(x * y for x, y in zip(R[i], R[j], strict=True))
            if abs(dot - (i == j)) > 1e-9:
                raise DescriptionError(f"{what}: rows {i} and {j} are not orthonormal (their product is {dot})")
    (a, b, c), (d, e, f), z = R
    if z[0] * (b * f - c * e) + z[1] * (c * d - a * f) + z[2] * (a * e - b * d) < 0.0:
        raise DescriptionError(f"{what}: a reflection, not a rotation (its determinant is -1); turn one axis round")


def _rotation_of_rpy(rpy_deg: Vector) -> tuple[tuple[float, float, float], ...]:
    """Rz(yaw) Ry(pitch) Rx(roll), row by row."""
    (cr, sr), (cp, sp), (cy, sy) = ((math.cos(math.radians(x)), math.sin(math.radians(x))) for x in rpy_deg)
    return (
        (cy * cp, cy * sp * sr - sy * cr, cy * sp * cr + sy * sr),
        (sy * cp, sy * sp * sr + cy * cr, sy * sp * cr - cy * sr),
        (-sp, cp * sr, cp * cr),
    )
