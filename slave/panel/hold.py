"""The jog's hold: something moves while a finger stays where it pressed, and ends with the first doubt. Pure.

Beside the finger's way up, a hold ends when it leaves the button, when the system takes the touch away, when the window
loses the focus, is hidden or was not looked after for a while, when another button goes down, when the situation
refuses it, and after 10 s: the last word of a finger may be lost. It then must be pressed anew: nothing here begins a
hold but a press.
"""

from enum import StrEnum
from typing import NamedTuple

from protocol.clock import NS_PER_MS, NS_PER_S
from protocol.widgets.sentence import sentence
from slave.panel.parts import NOTHING

REPEAT_NS = 50 * NS_PER_MS
"""As `messages.StaffJog` asks: 20 Hz, of which the supervisor may miss three."""
HELD_UP_NS = 150 * NS_PER_MS
"""A window that stood still for so long does not know any more whether the finger is still there."""
MOVES_NS = 100 * NS_PER_MS
"""The supervisor says by then that something moves, or it is told that nothing does."""

HOLD_MAX_NS = 10 * NS_PER_S
"""Assumed: 100 mm at the jog's speed, and shorter than anybody would not notice."""


class Held(NamedTuple):
    """What is held: an arm, one of its axes, and which way. See `messages.StaffJog`."""

    arm: int
    axis: int
    direction: int


class Ended(StrEnum):
    """Why a hold is over."""

    UP = "up"
    LEFT = "left"
    FOCUS = "focus"
    HIDDEN = "hidden"
    HELD_UP = "held up"
    ANOTHER = "another"
    TAKEN = "taken"
    LONG = "long"
    REFUSED = "refused"


WHY = {
    Ended.UP: NOTHING,
    Ended.LEFT: sentence("the finger left the button: press again"),
    Ended.FOCUS: sentence("the window lost the focus: press again"),
    Ended.HIDDEN: sentence("the window was hidden: press again"),
    Ended.HELD_UP: sentence("this panel was held up: press again"),
    Ended.ANOTHER: sentence("only one button at a time: press again"),
    Ended.TAKEN: sentence("the touch was taken away: press again"),
    Ended.LONG: sentence("held for 10 s: press again"),
    Ended.REFUSED: NOTHING,
}


class Hold:
    """At most one. `held` is what moves now; `ended` why the last one is over."""

    def __init__(self) -> None:
        self.held: Held | None = None
        self.ended: Ended | None = None
        self._pressed_ns = self._looked_ns = self._sent_ns = 0
        self._moved = False

    def press(self, now_ns: int, wanted: Held, *, refused: bool) -> bool:
        """A finger goes down: whether a hold begins. With a second finger the first one's ends, and none begins."""
        if self.held is not None:
            self.end(Ended.ANOTHER)
            return False
        if refused:
            self.ended = Ended.REFUSED
            return False
        self.held, self.ended, self._moved = wanted, None, False
        self._pressed_ns = self._looked_ns = now_ns
        self._sent_ns = now_ns - REPEAT_NS
        return True

    def end(self, why: Ended) -> bool:
        """It is over; whether there was one."""
        if self.held is None:
            return False
        self.held, self.ended = None, why
        return True

    def step(self, now_ns: int, *, refused: bool, moving: bool) -> Held | None:
        """What to send again now, if anything. `moving`: the supervisor says that he lets it move.

        One that moved and moves no more met a stop: it is over, for repeats would begin it anew behind the stop.
        """
        late, self._looked_ns = now_ns - self._looked_ns > HELD_UP_NS, now_ns
        if self.held is None:
            return None
        stopped, self._moved = self._moved and not moving, self._moved or moving
        long = now_ns - self._pressed_ns >= HOLD_MAX_NS
        if late or refused or stopped or long:
            self.end(Ended.HELD_UP if late else Ended.REFUSED if refused or stopped else Ended.LONG)
            return None
        if now_ns - self._sent_ns < REPEAT_NS:
            return None
        # On from when it was due: a timer that comes a little late each time must not make fewer of them.
        self._sent_ns = max(self._sent_ns + REPEAT_NS, now_ns - REPEAT_NS + 1)
        return self.held

    def in_vain(self, now_ns: int) -> bool:
        """Whether it is held, and nothing has moved though it should have by now."""
        return self.held is not None and not self._moved and now_ns - self._pressed_ns > MOVES_NS
