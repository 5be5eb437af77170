import numpy as np
from numpy.typing import NDArray

from kinematics.description import RobotDescription
from kinematics.reference import Quaternion, Vector
from kinematics.status import Status

_Floats = NDArray[np.float64]

def load_robot(name: str) -> Arm: ...

class Arm:
    description: RobotDescription
    joint_names: tuple[str, ...]
    position_min: _Floats
    position_max: _Floats
    velocity_max: _Floats
    acceleration_max: _Floats
    home: _Floats
    def __init__(self, description: RobotDescription) -> None: ...
    def forward(self, q: _Floats, out: _Floats | None = None) -> _Floats: ...
    def forward_cp(self, joints: tuple[float, ...]) -> tuple[Vector, Quaternion]: ...
    def forward_batch(self, Q: _Floats) -> _Floats: ...
    def jacobian(self, q: _Floats, out: _Floats | None = None) -> _Floats: ...
    def inverse(self, T: _Floats, q_near: _Floats, out: Solution | None = None) -> Solution: ...
    def inverse_batch(self, T: _Floats, Q_near: _Floats) -> tuple[_Floats, NDArray[np.int8]]: ...

class Solution:
    q: _Floats
    status: Status
    def __init__(self, arm: Arm) -> None: ...
