"""Commands for a follower, and what its setpoints did, judged from outside: from positions and times alone."""

from dataclasses import dataclass

import numpy as np

from kinematics import Follower, reference
from kinematics.arm import Arm
from tests.kinematics.poses import Floats, working_range


def pose_at(arm: Arm, q):
    pose = reference.forward(arm.description, [float(x) for x in q])
    return pose.p, reference.quaternion_of(pose.R)


def ticks(kind: str, count: int, rng: np.random.Generator) -> Floats:
    fixed = {"1 ms": 1e-3, "5 ms": 5e-3, "0.2 ms": 2e-4}
    return rng.uniform(2e-4, 5e-3, count) if kind == "varying" else np.full(count, fixed[kind])


def commands(arm: Arm, kind: str, reach: float, dts: Floats, rng: np.random.Generator):
    """Where to start, and one pose a tick; the last third holds still. `reach` is a part of the joints' whole range.

    "beyond" steps to poses outside the limits too; "edge" does its steps along the limits.
    """
    low, high = working_range(arm)
    start = rng.uniform(low, high)
    if kind == "edge":
        start = np.where(rng.random(6) < 0.5, np.where(rng.random(6) < 0.5, low, high), start)
    frequency, phase = rng.uniform(1.0, 40.0, 6), rng.uniform(0.0, 6.0, 6)
    q, pose, poses, time = start, pose_at(arm, start), [], 0.0
    for k, dt in enumerate(dts):
        time += dt
        if k < len(dts) * 2 // 3:
            moved = q
            if kind in ("steps", "edge", "beyond") and rng.random() < 0.015:
                moved = start + rng.normal(size=6) * (high - low) * reach
            elif kind == "walk":
                moved = q + rng.normal(size=6) * (high - low) * 0.003 * reach
            elif kind == "sinusoids":
                moved = start + 0.2 * reach * (high - low) * np.sin(frequency * time + phase)
            if moved is not q:
                q = moved if kind == "beyond" else np.clip(moved, low, high)
                pose = pose_at(arm, q)
        poses.append(pose)
    return start, poses


def follow(follower: Follower, poses, dts, speed_cap=0.2) -> Floats:
    """Joint positions before and after every tick, (k + 1, 6)."""
    positions = [follower.setpoint_jp]
    for (p, q), dt in zip(poses, dts, strict=True):
        follower.servo_cp(p, q, float(dt), speed_cap)
        positions.append(follower.setpoint_jp)
    return np.array(positions)


def stop(follower: Follower, dts) -> Floats:
    """Joint positions before and after every tick of stopping, (k + 1, 6)."""
    positions = [follower.setpoint_jp]
    for dt in dts:
        follower.stop(float(dt))
        positions.append(follower.setpoint_jp)
    return np.array(positions)


@dataclass(frozen=True)
class Motion:
    """What was done, as shares of what is allowed: all at most 1 but for the sampling, see `judge`."""

    joint_speed: float
    joint_acceleration: float
    beyond_joint_limits: float
    tip_speed: float
    tip_angular_speed: float
    tip_acceleration: float
    tip_angular_acceleration: float


def judge(arm: Arm, Q: Floats, dts: Floats, speed_cap: float = 0.2) -> Motion:
    """Judge joint positions (k + 1, 6) at the ends of ticks (k,), from rest.

    Joint acceleration is constant over a tick, so two positions and the speed before give the speed after. The tip's
    acceleration is the change of its velocity over a tick: up to `acceleration_max` (5 m/s2) ahead and sideways, up to
    `stop_deceleration` (10 m/s2) backwards, on the ellipse in between.
    """
    qd = np.zeros_like(Q)
    for k, dt in enumerate(dts):
        qd[k + 1] = 2.0 * (Q[k + 1] - Q[k]) / dt - qd[k]
    twist = np.array([arm.jacobian(q) @ v for q, v in zip(Q, qd, strict=True)])
    tip = arm.description.tip
    v, w = twist[:, :3], twist[:, 3:]
    return Motion(
        joint_speed=float((np.abs(qd) / arm.velocity_max).max()),
        joint_acceleration=float((np.abs(np.diff(qd, axis=0) / dts[:, None]) / arm.acceleration_max).max()),
        beyond_joint_limits=float(np.maximum(Q - arm.position_max, arm.position_min - Q).max()),
        tip_speed=float(np.linalg.norm(v, axis=1).max()) / min(tip.speed_max_m_s, speed_cap),
        tip_angular_speed=float(np.linalg.norm(w, axis=1).max()) / tip.angular_speed_max_rad_s,
        tip_acceleration=_share(v, dts, tip.acceleration_max_m_s2, tip.stop_deceleration_m_s2),
        tip_angular_acceleration=_share(
            w, dts, tip.angular_acceleration_max_rad_s2, tip.stop_angular_deceleration_rad_s2
        ),
    )


def _share(v: Floats, dts: Floats, ahead: float, behind: float) -> float:
    a = np.diff(v, axis=0) / dts[:, None]
    speed = np.linalg.norm(v[:-1], axis=1)
    along = np.where(speed > 1e-9, (a * v[:-1]).sum(axis=1) / np.maximum(speed, 1e-9), 0.0)
    across = np.maximum((a * a).sum(axis=1) - along**2, 0.0)
    limit = np.where(along < 0.0, np.clip(speed / dts, ahead, behind), ahead)
    return float(np.sqrt(across / ahead**2 + (along / limit) ** 2).max())
