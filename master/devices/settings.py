"""How raw counts, sticks and packets become metres and radians. Frozen data, checked when it is made."""

import math
from typing import TypeAlias

import msgspec

from master.devices.device import DeviceError

Axes: TypeAlias = tuple[tuple[int, int, int], tuple[int, int, int], tuple[int, int, int]]

SAME_AXES: Axes = ((1, 0, 0), (0, 1, 0), (0, 0, 1))


class DeviceSettings(msgspec.Struct, frozen=True):
    """Scales, gains and addresses of all devices. Raises DeviceError, which names the field, its value and its bound.

    Consoles that send counts (recording, itp):
        `grasp_open` and `grasp_closed` are the counts of an open and of a closed jaw, mapped to `jaw_max_rad` and
        `jaw_min_rad`, and clipped there. Counts rise as the surgeon squeezes: the simulation that the recording was
        made with turns them into 1 - 2 grasp / 2458 and shuts the jaw where that is negative (UVA-DSA/
        telesurgery-qos-analysis: `map_grasper` in tests/dVTrainer/Console.py, and surrol/tasks/psm_env.py).
        `position_axes` and `rotation_axes` lead from the console's axes to H, row by row: signed permutations, of which
        the console's own position and rotation axes need not agree. The default takes the console's axes as H's.
        An increment beyond `step_max_m` or `turn_max_rad` in one packet is an error, not a hand: the recording's
        largest are 0.52 mm and 2.5 mrad.
    Live packets (itp): listens at `itp_host`, takes the packet versions in `itp_versions`.
    Rate devices (pads, pucks): full deflection is `speed_max_m_s` and `turn_rate_max_rad_s`; `dead_zone` is a fraction
        of full deflection. Buttons drive a jaw at `jaw_rate_rad_s`.
    The mouse: `mouse_m_per_count`, `wheel_m_per_detent`.
    The console's window: `window_endpoint` is where it sends its hands, "" where there is none.
    """

    position_m_per_count: float = 9.5e-6  # fitted to tip motion in the recording's companion simulation, not documented
    rotation_rad_per_count: float = 1e-3
    grasp_open: float = 0.0
    grasp_closed: float = 2600.0
    jaw_min_rad: float = 0.0
    jaw_max_rad: float = math.radians(60.0)
    position_axes: Axes = SAME_AXES
    rotation_axes: Axes = SAME_AXES
    step_max_m: float = 5e-3
    turn_max_rad: float = 0.1
    itp_host: str = "127.0.0.1"  # ITP has no authentication: any other address lets the network move the arm
    itp_versions: tuple[int, ...] = (0, 7)
    speed_max_m_s: float = 0.05
    turn_rate_max_rad_s: float = 0.6
    dead_zone: float = 0.1
    jaw_rate_rad_s: float = 1.5
    mouse_m_per_count: float = 5e-5
    wheel_m_per_detent: float = 1e-3
    window_endpoint: str = ""

    def __post_init__(self) -> None:
        for field in _POSITIVE:
            value = getattr(self, field)
            if not (math.isfinite(value) and value > 0.0):
                raise DeviceError(f"device settings: {field} is {value}, must be finite and above 0")
        for field in ("grasp_open", "grasp_closed", "jaw_min_rad", "jaw_max_rad"):
            if not math.isfinite(value := getattr(self, field)):
                raise DeviceError(f"device settings: {field} is {value}, must be finite")
        if self.grasp_open == self.grasp_closed:
            raise DeviceError(f"device settings: grasp_open and grasp_closed are both {self.grasp_open}, must differ")
        if self.jaw_min_rad >= self.jaw_max_rad:
            raise DeviceError(
                f"device settings: jaw_min_rad is {self.jaw_min_rad}, must be below jaw_max_rad, {self.jaw_max_rad}"
            )
        if not 0.0 <= self.dead_zone < 1.0:
            raise DeviceError(f"device settings: dead_zone is {self.dead_zone}, must be at least 0 and below 1")
        for field in ("position_axes", "rotation_axes"):
            if not _is_signed_permutation(getattr(self, field)):
                raise DeviceError(
                    f"device settings: {field} is {getattr(self, field)}, must have one 1 or -1 in each row and column"
                )


_POSITIVE = (
    "position_m_per_count",
    "rotation_rad_per_count",
    "step_max_m",
    "turn_max_rad",
    "speed_max_m_s",
    "turn_rate_max_rad_s",
    "jaw_rate_rad_s",
    "mouse_m_per_count",
    "wheel_m_per_detent",
)


def _is_signed_permutation(rows: Axes) -> bool:
    unit = [0, 0, 1]
    square = len(rows) == 3 and all(len(row) == 3 for row in rows)
    return square and all(sorted(map(abs, line)) == unit for line in (*rows, *zip(*rows, strict=True)))
