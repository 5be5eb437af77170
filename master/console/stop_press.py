"""Whether the patient's side has heard the surgeon's STOP. Pure: handed the time, and what is known.

Only the patient's side's own count, in the session of the press, says that it was heard.
"""

from enum import Enum, auto

from master.console.snapshot import Snapshot
from protocol.clock import NS_PER_S

FAILED_NS = NS_PER_S
SHOWN_NS = 5 * NS_PER_S


class Answer(Enum):
    """How a press stands."""

    NONE = auto()
    WAITING = auto()
    HEARD = auto()
    FAILED = auto()
    """Not heard within a second. It may still be: it is told with every command."""


class StopPress:
    """The newest press of one window."""

    def __init__(self) -> None:
        self._due = self._session = 0
        self._pressed_ns: int | None = None
        self._heard_ns: int | None = None

    def press(self, seen: Snapshot) -> None:
        """STOP goes down."""
        session, counted = (0, 0) if seen.link is None else (seen.link.session, seen.link.stops)
        # The pilot tells its count ten times a second only: of two presses in between, each is one more.
        again = session == self._session and self._pressed_ns is not None
        lately = again and seen.now_ns - (self._pressed_ns or 0) < FAILED_NS
        self._due = max(counted, self._due if lately else 0) + 1
        self._session, self._pressed_ns, self._heard_ns = session, seen.now_ns, None

    def step(self, seen: Snapshot) -> Answer:
        """What the button says now."""
        if self._pressed_ns is None:
            return Answer.NONE
        state = seen.state
        if self._heard_ns is None and state is not None and state.session == self._session:
            self._heard_ns = seen.now_ns if state.stops_heard >= self._due else None
        if self._heard_ns is not None:
            return Answer.HEARD if seen.now_ns - self._heard_ns < SHOWN_NS else Answer.NONE
        return Answer.WAITING if seen.now_ns - self._pressed_ns < FAILED_NS else Answer.FAILED
