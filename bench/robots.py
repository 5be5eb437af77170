"""The robots as tables: what `farhand robots` prints."""

import math
from collections.abc import Iterator

from rich.table import Table

from kinematics.description import Joint, load_description, robot_names


def robot_tables() -> Iterator[Table]:
    """One table a robot."""
    for name in robot_names():
        robot = load_description(name)
        tip = robot.tip
        table = Table(
            title=f"{name}: {robot.title}",
            title_justify="left",
            caption=f"tip at most {tip.speed_max_m_s} m/s, {tip.acceleration_max_m_s2} m/s2,"
            f" {tip.angular_speed_max_rad_s} rad/s; arms: {', '.join(mount.name for mount in robot.mounts)}",
            caption_justify="left",
        )
        table.add_column("joint")
        for title in ("from", "to", "home", "speed, 1/s", "acceleration, 1/s2"):
            table.add_column(title, justify="right")
        for joint in robot.joints:
            table.add_row(joint.name, *_limits(joint))
        yield table


def _limits(joint: Joint) -> tuple[str, ...]:
    unit, scale = ("m", 1.0) if joint.prismatic else ("deg", math.degrees(1.0))
    places = (joint.position_min, joint.position_max, joint.home)
    speeds = (joint.velocity_max, joint.acceleration_max)
    base = "m" if joint.prismatic else "rad"
    return (*(f"{place * scale:.4g} {unit}" for place in places), *(f"{speed:.4g} {base}" for speed in speeds))
