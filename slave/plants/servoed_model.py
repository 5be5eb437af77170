"""The physics of all arms, and the motors in it: servo, torque limits, shorted windings, brakes. No notion of time.

The servo is computed torque, tau = M(q) (wn^2 e + 2 zeta wn de/dt) + h(q, dq/dt), Craig's section 10.5, clipped to what
the motors give; M and h are MuJoCo's own, so what the servo knows of the arm is exact. Every number is assumed.
"""

import mujoco
import numpy as np

from kinematics.description import Jaw, Joint, RobotDescription
from slave.plants.follower import Vector
from slave.plants.model import build_model

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
        self._bias: Vector = self._data.qfrc_bias
        self.position[:] = [*(joint.home for joint in description.joints), description.jaw.position_min] * arms
        self.wanted_position, self.wanted_velocity = self.position.copy(), np.zeros(len(axes) * arms)

        servo = description.servo
        self._stiffness = servo.natural_frequency_rad_s**2
        self._damping = 2.0 * servo.damping_ratio * servo.natural_frequency_rad_s
        self._effort_max = np.array([axis.drive.effort_max for axis in axes] * arms)
        self._effort_min = -self._effort_max
        self._damping_powered = self._model.dof_damping.copy()
        self._damping_shorted = self._damping_powered + self._model.dof_armature / SHORTED_WINDING_S
        self._runaway = RUNAWAY * np.array([axis.velocity_max for axis in axes] * arms)
        self._surely_sound = float(self._runaway.min()) ** 2
        self._braked = self._model.eq_obj1id.copy()
        self._acceleration, self._scratch = np.zeros_like(self.position), np.zeros_like(self.position)
        self.release()

    def engage(self) -> None:
        """Open the brakes; from now on `integrate_servoed` moves the arms."""
        self._data.eq_active[:] = False
        self._model.dof_damping[:] = self._damping_powered

    def release(self) -> None:
        """Take the torque away and close every brake where its joint stands; the other joints are damped."""
        self.effort[:] = 0.0
        self._model.dof_damping[:] = self._damping_shorted
        self._model.eq_data[:, 0] = self.position[self._braked]
        self._data.eq_active[:] = True

    def integrate(self) -> None:
        """One step in time without a servo."""
        mujoco.mj_step(self._model, self._data)

    def integrate_servoed(self) -> None:
        """One step in time under the servo. All in place: this is most of what a step costs beside the physics."""
        mujoco.mj_step1(self._model, self._data)
        wanted, scratch = self._acceleration, self._scratch
        np.subtract(self.wanted_velocity, self.velocity, out=wanted)
        wanted *= self._damping
        np.subtract(self.wanted_position, self.position, out=scratch)
        scratch *= self._stiffness
        wanted += scratch
        mujoco.mj_mulM(self._model, self._data, scratch, wanted)
        scratch += self._bias
        np.minimum(scratch, self._effort_max, out=scratch)
        np.maximum(scratch, self._effort_min, out=self.effort)
        mujoco.mj_step2(self._model, self._data)

    def is_sound(self) -> bool:
        """Whether every speed is possible; false for NaN too. Positions are sums of speeds, and so as finite."""
        if float(self.velocity.dot(self.velocity)) < self._surely_sound:
            return True
        np.abs(self.velocity, out=self._scratch)
        return bool((self._scratch < self._runaway).all())

    def restore(self, position: Vector) -> None:
        """Forget the state; stand still at `position`, released."""
        mujoco.mj_resetData(self._model, self._data)
        self.position[:] = position
        self.release()
