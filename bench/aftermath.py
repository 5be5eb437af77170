"""What arms do whose drives are dead or hang: computed, for simulated drives are the arms' encoders too.

Of real arms anybody could watch the tips go on. Here nature goes on without the cabinet: from what it measured last, in
the same MuJoCo arms, with the torque gone at once, the windings shorted, and brakes that springs close in their time.
"""

import numpy as np

from bench.fault_rig import Sample
from kinematics.description import RobotDescription
from kinematics.reference import Chain
from protocol.clock import NS_PER_MS, NS_PER_S
from protocol.records import Measured
from slave.plants.mujoco_drives import BRAKE_CLOSING_NS, SUBSTEP_NS
from slave.plants.servoed_model import ServoedModel

SAMPLE_NS = NS_PER_MS


def aftermath(told: Measured, robot: RobotDescription, seconds: float) -> list[Sample]:
    """Where the tips go, in their arms' bases, after the cabinet died with the account `told`."""
    arms = ServoedModel(robot, SUBSTEP_NS / NS_PER_S)
    arms.engage()
    arms.position[:] = np.concatenate([arm.position for arm in told.arms])
    arms.velocity[:] = np.concatenate([arm.velocity for arm in told.arms])
    arms.release()
    arms.unlock()
    chain, axes = Chain(robot), len(robot.joints) + 1
    samples = []
    for after_ns in range(SUBSTEP_NS, round(seconds * NS_PER_S), SUBSTEP_NS):
        if after_ns == BRAKE_CLOSING_NS:
            arms.lock()
        arms.integrate()
        if after_ns % SAMPLE_NS == 0:
            joints = arms.position.reshape(-1, axes).tolist()
            samples.append(Sample(told.stamp_ns + after_ns, tuple([chain.posture(arm).p for arm in joints])))
    return samples
