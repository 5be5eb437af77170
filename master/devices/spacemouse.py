"""A 3Dconnexion puck (SpaceMouse, SpaceNavigator) as the right hand, by rates, read by hidapi.

    puck            moves and turns the hand
    first button    (left, or MENU on large models) the pedal, while held
    second button   (right, or FIT) closes the jaw while held; released, it opens

Reports (layout and full deflection as in PySpaceMouse's devices.toml): a number, then little-endian 16-bit words. 1: X
Y Z; 2: Rx Ry Rz; 1 with twelve bytes: all six, in newer models; 3: buttons, a bit each. Full deflection is 350. The
puck's axes are right, toward the surgeon, down, for position and rotation: H's y and z are minus theirs.

Reports queue, in the kernel or in hidapi, and one read takes one: a slow reader would follow the surgeon's hand of a
second ago (PySpaceMouse issue 57). So each sample drains them all.
"""

import struct
from typing import Any, NamedTuple, Protocol

from master.devices.device import DeviceError, DeviceSample, resting_hand
from master.devices.rates import RateHand
from master.devices.settings import DeviceSettings
from protocol.pose import ZERO, Vector

VENDOR_3DCONNEXION = 0x256F
VENDOR_LOGITECH = 0x046D  # which sold the early ones, and much else
PRODUCTS_LOGITECH = frozenset({0xC603, 0xC605, 0xC606, 0xC621, 0xC623, 0xC625, 0xC626, 0xC627, 0xC628, 0xC629, 0xC62B})
USAGE = (1, 8)  # generic desktop, multi-axis controller; (0, 0) where the system does not tell

FULL_DEFLECTION = 350.0
SILENCE_NS = 100_000_000  # a deflected puck reports every 8 to 16 ms
DRAIN_MAX = 1024
BUTTON_PEDAL, BUTTON_JAW = 1, 2

_THREE = struct.Struct("<3h")


class Puck(NamedTuple):
    """What the puck last said: deflections in H, 1 at full, and its buttons as bits."""

    deflection: Vector = ZERO
    twist: Vector = ZERO
    buttons: int = 0


class Reader(Protocol):
    """An open HID device."""

    def read(self) -> bytes:
        """The next report, number first; empty when none waits. Raises OSError when the device is gone."""

    def close(self) -> None:
        """Release it."""


def after_report(puck: Puck, report: bytes) -> Puck:
    """The puck after one report. Reports that are none of the above (battery, say) change nothing."""
    number, body = report[0], report[1:]
    if number == 1 and len(body) >= 12:
        return puck._replace(deflection=_in_hand(body), twist=_in_hand(body[6:]))
    if number == 1 and len(body) >= 6:
        return puck._replace(deflection=_in_hand(body))
    if number == 2 and len(body) >= 6:
        return puck._replace(twist=_in_hand(body))
    if number == 3 and len(body) >= 1:
        return puck._replace(buttons=int.from_bytes(body, "little"))
    return puck


def _in_hand(body: bytes) -> Vector:
    x, y, z = _THREE.unpack_from(body)
    return (x / FULL_DEFLECTION, -y / FULL_DEFLECTION, -z / FULL_DEFLECTION)


class SpaceMouseDevice:
    """The right hand driven by a puck; the left rests with its pedal up.

    A puck at rest is silent by right, so samples are stamped now as long as reading works. A deflected one is not:
    after 100 ms without a report (a dead battery, a lost radio) it counts as released, its pedal too.
    """

    def __init__(self, name: str, reader: Reader, settings: DeviceSettings) -> None:
        self.name = name
        self._reader = reader
        self._hand = RateHand(settings)
        self._left = resting_hand(settings.jaw_max_rad)
        self._puck = Puck()
        self._reported_ns = 0
        self._present = True

    def start(self, now_ns: int) -> None:
        """A puck keeps no script."""

    def sample(self, now_ns: int) -> DeviceSample | None:
        """The hand moved until now; None once unplugged."""
        self._present = self._present and self._drain(now_ns)
        if not self._present:
            return None
        if (self._puck.deflection != ZERO or self._puck.twist != ZERO) and now_ns - self._reported_ns > SILENCE_NS:
            self._puck = Puck()
        puck = self._puck
        right = self._hand.advance(now_ns, puck.deflection, puck.twist, float(puck.buttons & BUTTON_JAW != 0))
        return DeviceSample(now_ns, (self._left, right), (False, puck.buttons & BUTTON_PEDAL != 0))

    def ended(self, now_ns: int) -> bool:
        """Never."""
        return False

    def close(self) -> None:
        """Release the puck."""
        self._present = False
        self._reader.close()

    def _drain(self, now_ns: int) -> bool:
        try:
            for _ in range(DRAIN_MAX):
                if not (report := self._reader.read()):
                    break
                self._puck = after_report(self._puck, report)
                self._reported_ns = now_ns
        except OSError:
            return False
        return True


class HidHandle(Protocol):
    """What is used of hidapi's `hid.device`."""

    def set_nonblocking(self, on: int, /) -> object:
        """Whether reading waits."""

    def read(self, max_length: int, /) -> list[int]:
        """The next report."""

    def close(self) -> None:
        """Release it."""


class HidReader:
    """A Reader on hidapi's handle, put into non-blocking mode. hidapi raises OSError or ValueError when it is gone."""

    def __init__(self, handle: HidHandle) -> None:
        handle.set_nonblocking(1)
        self._handle = handle

    def read(self) -> bytes:
        """The next report, or nothing."""
        try:
            return bytes(self._handle.read(64))
        except ValueError as error:
            raise OSError("the device is closed") from error

    def close(self) -> None:
        """Release it."""
        self._handle.close()


def is_puck(entry: dict[str, Any]) -> bool:
    """Whether an entry of `hid.enumerate()` is a puck's motion interface."""
    vendor, product = entry["vendor_id"], entry["product_id"]
    ours = vendor == VENDOR_3DCONNEXION or (vendor == VENDOR_LOGITECH and product in PRODUCTS_LOGITECH)
    return ours and (entry.get("usage_page", 0), entry.get("usage", 0)) in (USAGE, (0, 0))


def open_spacemouse(settings: DeviceSettings) -> SpaceMouseDevice:
    """The first puck. Raises DeviceError when there is none, it cannot be opened, or hidapi is missing."""
    try:
        import hid  # noqa: PLC0415
    except ImportError as error:
        raise DeviceError("the Python package hidapi is missing or cannot load: pip install hidapi") from error
    for entry in filter(is_puck, hid.enumerate()):
        handle = hid.device()
        try:
            handle.open_path(entry["path"])
        except OSError as error:
            raise DeviceError(
                f"spacemouse: {entry.get('product_string') or 'a puck'} cannot be opened ({error}); a udev rule must"
                " let you read it, and no other program may hold it"
            ) from error
        return SpaceMouseDevice("spacemouse", HidReader(handle), settings)
    raise DeviceError("spacemouse: no 3Dconnexion device is plugged in; plug one in, or use another device (synthetic)")
