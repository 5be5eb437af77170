"""How the modes of a whole case come to its time-line: of now, between two looks, and from before we came. Pure.

The supervisor's turns are counted and kept for a while, so that a freeze that came and went between two looks is there
too. What was before the panel came is the audit log's to tell. The time-line itself bounds its memory.
"""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from protocol.audit_records import Turns
from protocol.messages import FreezeClass, Mode, Owner


class Span(NamedTuple):
    """From `start_ns` until the next one begins. `mode` None: the supervisor was silent, or nobody knows."""

    start_ns: int
    mode: Mode | None
    owner: Owner | None
    freeze_class: FreezeClass
    culprit: str


class CaseFeed:
    """`add` takes a time and the mode from then on, in the order of time; None while nobody tells it."""

    def __init__(self, add: Callable[[int, Mode | None], None]) -> None:
        self._add = add
        self._told_ns = 0

    def recall(self, past: Iterable[Span]) -> None:
        """What was before: to be told first of all."""
        for span in past:
            self._tell(span.start_ns, span.mode)

    def step(self, now_ns: int, mode: Mode | None, turns: Turns | None) -> None:
        """One look: the turns since the last one, then the mode of now."""
        for turn in () if turns is None else turns.newest:
            self._tell(turn.stamp_ns, turn.mode)
        self._add(now_ns, mode)
        self._told_ns = max(self._told_ns, now_ns)

    def _tell(self, at_ns: int, mode: Mode | None) -> None:
        """Unless it has been told, by the log or by the look that saw it first."""
        if at_ns > self._told_ns:
            self._add(at_ns, mode)
            self._told_ns = at_ns
