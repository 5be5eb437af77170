"""Game pads and foot pedals, by the path of their input device.

A pad holds both hands, each by a stick, as rates:

    stick                       x and y of its hand (left stick, left hand)
    stick, pushed in            z by its up and down, a turn about z by its left and right
    shoulder button             the hand's pedal, while held
    trigger                     closes the hand's jaw as far as it is pulled

A device with keys and no sticks is a foot pedal: any key that is down is the pedal, of both hands, which rest.
"""

from typing import NamedTuple

from master.devices.device import LEFT, RIGHT, DeviceError, DeviceSample, HandInput, resting_hand
from master.devices.evdev_source import EV_ABS, EV_KEY, EvdevSource, Inputs, Source
from master.devices.rates import RateHand
from master.devices.settings import DeviceSettings
from protocol.pose import ZERO, Vector


class PadSide(NamedTuple):
    """The codes of one hand's half of a pad, after the kernel's Documentation/input/gamepad.rst."""

    stick_x: int
    stick_y: int
    trigger: int
    trigger_key: int  # of pads whose triggers are keys
    shoulder: int
    stick_key: int


SIDES = {LEFT: PadSide(0, 1, 2, 0x138, 0x136, 0x13D), RIGHT: PadSide(3, 4, 5, 0x139, 0x137, 0x13E)}


class PadDevice:
    """A game pad. `spans` holds (least, greatest) of each absolute axis that it has; its sticks' four must be there."""

    def __init__(self, name: str, source: Source, spans: dict[int, tuple[int, int]], settings: DeviceSettings) -> None:
        self.name = name
        self._source = source
        self._spans = spans
        self._inputs = Inputs(source, tuple(spans))
        self._hands = {hand: RateHand(settings) for hand in SIDES}
        self._present = True

    def start(self, now_ns: int) -> None:
        """A pad keeps no script."""

    def sample(self, now_ns: int) -> DeviceSample | None:
        """Both hands moved until now, stamped now (see evdev_source.py); None once unplugged."""
        self._present = self._present and self._inputs.drain()
        if not self._present:
            return None
        left, right = (self._advance(hand, now_ns) for hand in (LEFT, RIGHT))
        down = tuple(SIDES[hand].shoulder in self._inputs.keys for hand in (LEFT, RIGHT))
        return DeviceSample(now_ns, (left, right), down)

    def ended(self, now_ns: int) -> bool:
        """Never."""
        return False

    def close(self) -> None:
        """Release the pad."""
        self._present = False
        self._source.close()

    def _advance(self, hand: int, now_ns: int) -> HandInput:
        side, keys = SIDES[hand], self._inputs.keys
        squeeze = self._fraction(side.trigger) if side.trigger in self._spans else float(side.trigger_key in keys)
        x, y = 2.0 * self._fraction(side.stick_x) - 1.0, 1.0 - 2.0 * self._fraction(side.stick_y)  # evdev's y is down
        deflection: Vector = (x, y, 0.0)
        twist = ZERO
        if side.stick_key in keys:
            deflection, twist = (0.0, 0.0, y), (0.0, 0.0, -x)  # pushed to the right turns clockwise, seen from above
        return self._hands[hand].advance(now_ns, deflection, twist, squeeze)

    def _fraction(self, code: int) -> float:
        least, greatest = self._spans[code]
        return (self._inputs.positions[code] - least) / (greatest - least)


class PedalDevice:
    """A foot pedal: no hand, any key is the pedal of both."""

    def __init__(self, name: str, source: Source, settings: DeviceSettings) -> None:
        self.name = name
        self._source = source
        self._inputs = Inputs(source)
        self._hands = (resting_hand(settings.jaw_max_rad),) * 2
        self._present = True

    def start(self, now_ns: int) -> None:
        """A pedal keeps no script."""

    def sample(self, now_ns: int) -> DeviceSample | None:
        """The pedal, stamped now (see evdev_source.py); None once unplugged."""
        self._present = self._present and self._inputs.drain()
        return DeviceSample(now_ns, self._hands, (bool(self._inputs.keys),) * 2) if self._present else None

    def ended(self, now_ns: int) -> bool:
        """Never."""
        return False

    def close(self) -> None:
        """Release the pedal."""
        self._present = False
        self._source.close()


def open_evdev(path: str, settings: DeviceSettings) -> PadDevice | PedalDevice:
    """The pad or pedal at `path`. Raises DeviceError for what is neither, or cannot be opened."""
    source = EvdevSource(path)
    name = f"evdev:{path}"
    try:
        codes = source.capabilities()
        axes = set(codes.get(EV_ABS, ()))
        sticks = {code for side in SIDES.values() for code in (side.stick_x, side.stick_y)}
        if sticks <= axes:
            known = sticks | {side.trigger for side in SIDES.values()}
            spans = {code: source.span(code) for code in sorted(axes & known)}
            if all(least < greatest for least, greatest in spans.values()):
                return PadDevice(name, source, spans, settings)
        elif not axes and codes.get(EV_KEY):
            return PedalDevice(name, source, settings)
    except OSError as error:
        source.close()
        raise DeviceError(f"{name}: lost while it was opened ({error}); plug it in again") from error
    source.close()
    raise DeviceError(f"{name}: neither a pad with two sticks nor a foot pedal; give the path of one of those")
