"""What arms do whose drives are dead or hang: computed, for simulated drives are the arms' encoders too.

Of real arms anybody could watch the tips go on. Here nature goes on without the cabinet, from what it measured last, in
the same MuJoCo arms: its last torque is held until the power stage's own watchdog takes it away; then the windings are
shorted, and brakes that springs close do so in their time.
"""

import numpy as np

from bench.fault_rig import Sample
from kinematics.description import RobotDescription
from kinematics.reference import Chain
from protocol.clock import NS_PER_MS, NS_PER_S
from protocol.records import Measured
from slave.plants.mujoco_drives import BRAKE_CLOSING_NS, SUBSTEP_NS
from slave.plants.servoed_model import ServoedModel

HELD_NS = 10 * NS_PER_MS
"""How long a power stage goes on with the last torque that it was told. Assumed: to be asked of real drives."""
SAMPLE_NS = NS_PER_MS


def aftermath(told: Measured, robot: RobotDescription, seconds: float) -> list[Sample]:
    """Where the tips go, in their arms' bases, after the cabinet died with the account `told`."""
    arms = ServoedModel(robot, SUBSTEP_NS / NS_PER_S)
    arms.engage()
    arms.position[:] = np.concatenate([arm.position for arm in told.arms])
    arms.velocity[:] = np.concatenate([arm.velocity for arm in told.arms])
    arms.effort[:] = np.concatenate([arm.effort for arm in told.arms])
    chain, axes = Chain(robot), len(robot.joints) + 1
    samples = []
    for after_ns in range(0, round(seconds * NS_PER_S), SUBSTEP_NS):
        if after_ns == HELD_NS:
            arms.release()
            arms.unlock()
        elif after_ns == HELD_NS + BRAKE_CLOSING_NS:
            arms.lock()
        if after_ns and after_ns % SAMPLE_NS == 0:
            joints = arms.position.reshape(-1, axes).tolist()
            samples.append(Sample(told.stamp_ns + after_ns, tuple([chain.posture(arm).p for arm in joints])))
        arms.integrate()
    return samples
