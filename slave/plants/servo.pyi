import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]

class Servo:
    def __init__(
        self,
        stiffness: float,
        damping: float,
        *,
        position: Vector,
        velocity: Vector,
        wanted_position: Vector,
        wanted_velocity: Vector,
        acceleration: Vector,
        inertial: Vector,
        bias: Vector,
        effort: Vector,
        effort_max: Vector,
        speed_max: Vector,
    ) -> None: ...
    def accelerate(self) -> None: ...
    def exert(self) -> None: ...
    def measured_js(
        self, begin: int, end: int, counts: float
    ) -> tuple[tuple[float, ...], tuple[float, ...], tuple[float, ...]]: ...
    def is_sound(self) -> bool: ...
