"""What a surgeon's console is told when its session opens. Pure."""

from kinematics.description import RobotDescription
from protocol.messages import Welcome
from safety.limits import Limits


def welcome_of(robot: RobotDescription, limits: Limits, tick_hz: int) -> Welcome:
    """The robot, its arms and the limits in force; the session's number is the desk's to fill in."""
    return Welcome(
        version=1,
        session=0,
        state_key="",
        robot=robot.name,
        arms=tuple(mount.name for mount in robot.mounts),
        tick_hz=tick_hz,
        jaw_min_rad=robot.jaw.position_min,
        jaw_max_rad=robot.jaw.position_max,
        procedure=limits.procedure,
        limits=limits.named(),
        limits_hash=limits.hash,
        blind_ns=limits.master.blind_ns,
    )
