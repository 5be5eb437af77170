"""What every input device of the surgeon looks like to the pilot.

Frame H is the frame of one hand as the surgeon sits: x to the right, y away from the surgeon, z up. Its origin is where
the device was opened or its script begins, which has no meaning of its own: the clutch uses differences only.
T is the tip that the hand holds. Names follow CRTK: a hand's pose is its `measured_cp`.
"""

from typing import Protocol

import msgspec

from protocol.pose import IDENTITY, ZERO, Quaternion, Vector

LEFT = 0
RIGHT = 1


class DeviceError(Exception):
    """A device that cannot be opened, in one line: what is wrong, and what to do."""


class HandInput(msgspec.Struct, frozen=True, gc=False):
    """One hand: where its tip is in H (m), how it is turned (unit quaternion, w first), its jaw's angle (0 closed)."""

    p_HT_m: Vector
    q_HT: Quaternion
    jaw_rad: float


class DeviceSample(msgspec.Struct, frozen=True, gc=False):
    """The newest state of a device.

    `stamp_ns` is when the newest report arrived, on the monotonic clock, and 0 before the first. A device that reports
    changes only stamps its silence as fresh for as long as its descriptor is healthy. Hands and pedals are (left,
    right); a device with one pedal repeats it. `energy_down`: the energy pedal, where there is one.
    """

    stamp_ns: int
    hands: tuple[HandInput, ...]
    pedal_down: tuple[bool, ...]
    energy_down: bool = False


class Device(Protocol):
    """An input device, polled by the pilot once a tick."""

    @property
    def name(self) -> str:
        """What status lines and records call it: the spec that it was opened by."""

    def start(self, now_ns: int) -> None:
        """Begin playback or script time here. Live devices ignore it."""

    def sample(self, now_ns: int) -> DeviceSample | None:
        """Take in all that waits and return the newest state; None once the device has vanished, for good.

        Neither blocks nor raises. `now_ns` must not decrease between calls.
        """

    def ended(self, now_ns: int) -> bool:
        """Whether a finite playback is over. Live and endless devices never end."""

    def close(self) -> None:
        """Release what was opened. May be called twice."""


def resting_hand(jaw_rad: float) -> HandInput:
    """A hand at the origin of H, not turned."""
    return HandInput(ZERO, IDENTITY, jaw_rad)
