"""Joints and poses that several tests draw."""

import math

import numpy as np
from numpy.typing import NDArray

from kinematics.arm import Arm

Floats = NDArray[np.float64]


def working_range(arm: Arm) -> tuple[Floats, Floats]:
    """The joint limits, with the wrist no nearer to the remote centre than the tip's limits allow."""
    low, high = arm.position_min.copy(), arm.position_max.copy()
    joints = arm.description.joints
    low[2] = max(low[2], arm.description.tip.wrist_depth_min_m - joints[2].d_m - joints[3].d_m)
    return low, high


def random_joints(arm: Arm, count: int, seed: int) -> Floats:
    low, high = working_range(arm)
    return np.random.default_rng(seed).uniform(low, high, (count, len(low)))


def rotation_errors(T_a: Floats, T_b: Floats) -> Floats:
    """Angles in rad between the rotations of two stacks of poses, exact for small ones."""
    R = np.swapaxes(T_a[:, :3, :3], 1, 2) @ T_b[:, :3, :3]
    sines = np.stack([R[:, 2, 1] - R[:, 1, 2], R[:, 0, 2] - R[:, 2, 0], R[:, 1, 0] - R[:, 0, 1]], axis=1)
    return np.arctan2(np.linalg.norm(sines, axis=1), np.trace(R, axis1=1, axis2=2) - 1.0)


def rotation_about(axis: str, angle: float) -> Floats:
    """Homogeneous matrix of a rotation about x or z."""
    c, s = math.cos(angle), math.sin(angle)
    rows = {"x": [[1, 0, 0], [0, c, -s], [0, s, c]], "z": [[c, -s, 0], [s, c, 0], [0, 0, 1]]}
    T = np.eye(4)
    T[:3, :3] = rows[axis]
    return T
