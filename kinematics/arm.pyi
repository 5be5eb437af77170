import numpy as np
from numpy.typing import NDArray

from kinematics.description import RobotDescription
from kinematics.reference import Quaternion, Vector
from kinematics.status import Status

Floats = NDArray[np.float64]

def load_robot(name: str) -> Arm: ...

class Arm:
    description: RobotDescription
    joint_names: tuple[str, ...]
    position_min: Floats
    position_max: Floats
    velocity_max: Floats
    acceleration_max: Floats
    home: Floats
    def __init__(self, description: RobotDescription) -> None: ...
    def forward(self, q: Floats, out: Floats | None = None) -> Floats: ...
    def forward_cp(self, joints: tuple[float, ...]) -> tuple[Vector, Quaternion]: ...
    def forward_batch(self, Q: Floats) -> Floats: ...
    def jacobian(self, q: Floats, out: Floats | None = None) -> Floats: ...
    def inverse(self, T: Floats, q_near: Floats, out: Solution | None = None) -> Solution: ...
    def inverse_batch(self, T: Floats, Q_near: Floats) -> tuple[Floats, NDArray[np.int8]]: ...

class Solution:
    q: Floats
    status: Status
    def __init__(self, arm: Arm) -> None: ...
