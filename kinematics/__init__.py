"""Kinematics of the arms: geometry and limits as data, a readable reference, and the same compiled.

What is compiled is imported on first use: the supervisor takes `kinematics.reference` and `kinematics.description`
alone, and so never runs the code that it checks.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kinematics.arm import Arm, Solution, load_robot
    from kinematics.axis import AxisFollower
    from kinematics.description import robot_names
    from kinematics.motion import Follower
    from kinematics.status import Status

__all__ = ["Arm", "AxisFollower", "Follower", "Solution", "Status", "load_robot", "robot_names"]

_HOME = {
    "Arm": "kinematics.arm",
    "AxisFollower": "kinematics.axis",
    "Follower": "kinematics.motion",
    "Solution": "kinematics.arm",
    "Status": "kinematics.status",
    "load_robot": "kinematics.arm",
    "robot_names": "kinematics.description",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401  (what a module's attribute is, only its name tells)
    if name not in _HOME:
        raise AttributeError(f"module 'kinematics' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)
