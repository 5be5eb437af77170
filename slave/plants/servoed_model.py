"""The physics of all arms, and the motors in it: servo, torque limits, shorted windings, brakes. No notion of time.

The servo is computed torque (`servo.pyx`), clipped to what the motors give; M and h are MuJoCo's own, so what the servo
knows of the arm is exact. Every number is assumed.
"""

from typing import TypeAlias

import mujoco
import numpy as np
from numpy.typing import NDArray

from kinematics.description import Jaw, Joint, RobotDescription
from slave.plants.model import build_model
from slave.plants.servo import Servo

Vector: TypeAlias = NDArray[np.float64]
Joints: TypeAlias = tuple[float, ...]
"""One number a joint of an arm in the order of the description, then the jaw's."""

SHORTED_WINDING_S = 0.01
"""Time constant in which a rotor comes to rest with its windings shorted: the damping without power. Assumed."""

RUNAWAY = 20.0
"""A joint at so many times its speed limit is no motion that a motor made: the simulation has failed."""


class ServoedModel:
    """Arms at home with closed brakes at first. Vectors hold arm after arm, joints then jaw, in rad or m.

    `position`, `velocity`, `effort`: the state, and the torque in force. `wanted_position`, `wanted_velocity`: what the
    servo works towards, for the caller to write in place.
    """

    def __init__(self, description: RobotDescription, timestep_s: float) -> None:
        axes: tuple[Joint | Jaw, ...] = (*description.joints, description.jaw)
        arms = len(description.mounts)
        self._model = build_model(description, timestep_s)
        self._data = mujoco.MjData(self._model)
        self.position: Vector = self._data.qpos
        self.velocity: Vector = self._data.qvel
        self.effort: Vector = self._data.qfrc_applied
        self.position[:] = [*(joint.home for joint in description.joints), description.jaw.position_min] * arms
        self.wanted_position, self.wanted_velocity = self.position.copy(), np.zeros(len(axes) * arms)

        servo = description.servo
        self._acceleration, self._inertial = np.zeros_like(self.position), np.zeros_like(self.position)
        self._servo = Servo(
            servo.natural_frequency_rad_s**2,
            2.0 * servo.damping_ratio * servo.natural_frequency_rad_s,
            position=self.position,
            velocity=self.velocity,
            wanted_position=self.wanted_position,
            wanted_velocity=self.wanted_velocity,
            acceleration=self._acceleration,
            inertial=self._inertial,
            bias=self._data.qfrc_bias,
            effort=self.effort,
            effort_max=np.array([axis.drive.effort_max for axis in axes] * arms),
            speed_max=RUNAWAY * np.array([axis.velocity_max for axis in axes] * arms),
        )
        self._damping_powered = self._model.dof_damping.copy()
        self._damping_shorted = self._damping_powered + self._model.dof_armature / SHORTED_WINDING_S
        self._braked = self._model.eq_obj1id.copy()
        self.release()

    def unlock(self) -> None:
        """Open the brakes."""
        self._data.eq_active[:] = False

    def lock(self) -> None:
        """Close every brake where its joint stands."""
        self._model.eq_data[:, 0] = self.position[self._braked]
        self._data.eq_active[:] = True

    def engage(self) -> None:
        """Open the brakes; from now on `integrate_servoed` moves the arms."""
        self.unlock()
        self._model.dof_damping[:] = self._damping_powered

    def release(self) -> None:
        """Take the torque away and close every brake where its joint stands; the other joints are damped."""
        self.effort[:] = 0.0
        self._model.dof_damping[:] = self._damping_shorted
        self.lock()

    def integrate(self) -> None:
        """One step in time without a servo."""
        mujoco.mj_step(self._model, self._data)

    def integrate_servoed(self) -> None:
        """One step in time under the servo."""
        mujoco.mj_step1(self._model, self._data)
        self._servo.accelerate()
        mujoco.mj_mulM(self._model, self._data, self._inertial, self._acceleration)
        self._servo.exert()
        mujoco.mj_step2(self._model, self._data)

    def measured_js(self, axes: slice, counts: float) -> tuple[Joints, Joints, Joints]:
        """Position as encoders of so many counts a unit tell it, velocity and effort of some neighbouring axes."""
        return self._servo.measured_js(axes.start, axes.stop, counts)

    def is_sound(self) -> bool:
        """Whether every speed is possible; false for NaN too. Positions are sums of speeds, and so as finite."""
        return self._servo.is_sound()

    def restore(self, position: Vector) -> None:
        """Forget the state; stand still at `position`, released."""
        mujoco.mj_resetData(self._model, self._data)
        self.position[:] = position
        self.release()
