"""Two hands moved by keyboard and mouse, for trying and for simulation. Pure: handed the time and what is held down.

Keys move at a rate, the mouse by its way; both are integrated here to poses, so that a message that is lost on its way
to the pilot moves nothing for longer than it was meant to.
"""

from enum import Enum, StrEnum

from master.console_messages import WindowHand
from master.devices.device import LEFT, RIGHT
from master.devices.rates import RateHand
from master.devices.settings import DeviceSettings
from protocol.pose import ZERO, Vector, add, scaled


class HandKey(Enum):
    """What a key, or a button on the screen, does while it is held: a direction in H, a turn, the jaw, the pedal."""

    TO_LEFT = (-1.0, 0.0, 0.0)
    TO_RIGHT = (1.0, 0.0, 0.0)
    AWAY = (0.0, 1.0, 0.0)
    NEAR = (0.0, -1.0, 0.0)
    UP = (0.0, 0.0, 1.0)
    DOWN = (0.0, 0.0, -1.0)
    TURN_LEFT = "turn left"
    TURN_RIGHT = "turn right"
    CLOSE = "close"
    PEDAL = "pedal"


TURNS = {HandKey.TURN_LEFT: (0.0, 0.0, 1.0), HandKey.TURN_RIGHT: (0.0, 0.0, -1.0)}


class Moved(StrEnum):
    """Which hands the keys move."""

    LEFT = "left"
    RIGHT = "right"
    BOTH = "both"

    @property
    def hands(self) -> tuple[int, ...]:
        """Their numbers."""
        return {Moved.LEFT: (LEFT,), Moved.RIGHT: (RIGHT,), Moved.BOTH: (LEFT, RIGHT)}[self]


class KeyHands:
    """Both hands. `held` is all that is down now; who loses the keyboard's attention calls `release`."""

    def __init__(self, settings: DeviceSettings) -> None:
        self._rates = (RateHand(settings), RateHand(settings))
        self._dragged: list[Vector] = [ZERO, ZERO]
        self.held: set[HandKey] = set()
        self.moved = Moved.RIGHT

    def choose(self, moved: Moved) -> None:
        """Move other hands from now on. Nothing that is held goes over to them: the pedal must be pressed anew."""
        if moved is not self.moved:
            self.release()
            self.moved = moved

    def hold(self, key: HandKey, *, down: bool) -> None:
        """A key goes down or comes up."""
        if down:
            self.held.add(key)
        else:
            self.held.discard(key)

    def release(self) -> None:
        """All keys come up."""
        self.held.clear()

    def drag(self, way_m: Vector) -> None:
        """The mouse moved the chosen hands by so much."""
        for hand in self.moved.hands:
            self._dragged[hand] = add(self._dragged[hand], way_m)

    def advance(self, now_ns: int) -> tuple[WindowHand, WindowHand]:
        """Both hands as of now."""
        return self._hand(LEFT, now_ns), self._hand(RIGHT, now_ns)

    def _hand(self, number: int, now_ns: int) -> WindowHand:
        held = self.held if number in self.moved.hands else set()
        deflection = twist = ZERO
        for key in held:
            if isinstance(key.value, tuple):
                deflection = add(deflection, key.value)
            elif key in TURNS:
                twist = add(twist, TURNS[key])
        hand = self._rates[number].advance(
            now_ns, _at_most_one(deflection), _at_most_one(twist), float(HandKey.CLOSE in held)
        )
        return WindowHand(
            add(hand.p_HT_m, self._dragged[number]), hand.q_HT, hand.jaw_rad, pedal_down=HandKey.PEDAL in held
        )


def _at_most_one(deflection: Vector) -> Vector:
    """Two keys at once go no faster than one."""
    length = sum(each * each for each in deflection) ** 0.5
    return deflection if length <= 1.0 else scaled(deflection, 1.0 / length)
