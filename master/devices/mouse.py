"""A computer mouse as the right hand: for trying and for simulation.

move        x (right) and y (away from the surgeon)
wheel       z (up)
left        the pedal, while held
right       closes the jaw while held; released, it opens, as a sprung grip does
"""

import glob

from master.devices.device import DeviceError, DeviceSample, HandInput, resting_hand
from master.devices.evdev_source import EV_KEY, EV_REL, EvdevSource, Inputs, Source, import_evdev
from master.devices.rates import STEP_MAX_S, jaw_toward
from master.devices.settings import DeviceSettings
from protocol.pose import IDENTITY

REL_X, REL_Y, REL_WHEEL = 0, 1, 8
BTN_LEFT, BTN_RIGHT = 0x110, 0x111


class MouseDevice:
    """The right hand follows a mouse's counts; the left rests at H's origin with its pedal up."""

    def __init__(self, name: str, source: Source, settings: DeviceSettings) -> None:
        self.name = name
        self._source = source
        self._settings = settings
        self._inputs = Inputs(source)
        self._left = resting_hand(settings.jaw_max_rad)
        self._jaw_rad = settings.jaw_max_rad
        self._moved_ns: int | None = None
        self._present = True

    def start(self, now_ns: int) -> None:
        """A mouse keeps no script."""

    def sample(self, now_ns: int) -> DeviceSample | None:
        """All counts so far, stamped now (see evdev_source.py); None once unplugged."""
        self._present = self._present and self._inputs.drain()
        if not self._present:
            return None
        step_s = 0.0 if self._moved_ns is None else min(STEP_MAX_S, max(0, now_ns - self._moved_ns) * 1e-9)
        self._moved_ns = now_ns
        keys, moved = self._inputs.keys, self._inputs.moved
        self._jaw_rad = jaw_toward(self._jaw_rad, float(BTN_RIGHT in keys), step_s, self._settings)
        scale = self._settings.mouse_m_per_count
        p_HT_m = (
            moved.get(REL_X, 0) * scale,
            -moved.get(REL_Y, 0) * scale,  # counts grow toward the surgeon
            moved.get(REL_WHEEL, 0) * self._settings.wheel_m_per_detent,
        )
        return DeviceSample(now_ns, (self._left, HandInput(p_HT_m, IDENTITY, self._jaw_rad)), (False, BTN_LEFT in keys))

    def ended(self, now_ns: int) -> bool:
        """Never."""
        return False

    def close(self) -> None:
        """Release the mouse."""
        self._present = False
        self._source.close()


def open_mouse(settings: DeviceSettings) -> MouseDevice:
    """The first mouse under /dev/input. Raises DeviceError when there is none that can be opened."""
    import_evdev()
    refused = 0
    for path in sorted(glob.glob("/dev/input/event*")):
        try:
            source = EvdevSource(path)
        except DeviceError:
            refused += 1
            continue
        if is_mouse(source.capabilities()):
            return MouseDevice("mouse", source, settings)
        source.close()
    seen = f"; {refused} input devices could not be opened: join the group input" if refused else ""
    raise DeviceError(f"mouse: no mouse among /dev/input/event*{seen}; plug one in, or use another device (synthetic)")


def is_mouse(capabilities: dict[int, list[int]]) -> bool:
    """Whether a device with these codes is a pointer with a left button."""
    moves = {REL_X, REL_Y} <= set(capabilities.get(EV_REL, ()))
    return moves and BTN_LEFT in capabilities.get(EV_KEY, ())
