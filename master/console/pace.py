"""Whether frames get to the screen in time. Pure: handed when each was offered, and when it was shown.

A processor that draws 3-D in place of a graphics card may take longer than a frame lasts, and what it takes is age of
the picture, for which the arm is slowed and frozen. Flat views take a fraction of that.
"""

from collections import deque

from protocol.clock import NS_PER_MS

LATE_NS = 60 * NS_PER_MS
"""From looking at the state until it stands on the screen: two frames at thirty a second is 67 ms."""
FRAMES = 90
"""Three seconds."""
LATE_SHARE = 0.1


class Pace:
    """Fed with every frame; `too_slow` is asked now and then."""

    def __init__(self) -> None:
        self._late: deque[bool] = deque(maxlen=FRAMES)
        self._offered_ns: int | None = None

    def offered(self, now_ns: int) -> None:
        """A frame is to be painted. One before it that was never shown was late."""
        if self._offered_ns is not None:
            if now_ns - self._offered_ns < LATE_NS:
                return  # it may still be shown in time: this one goes with it
            self._late.append(True)
        self._offered_ns = now_ns

    def shown(self, now_ns: int) -> None:
        """What was offered stands on the screen."""
        if self._offered_ns is not None:
            self._late.append(now_ns - self._offered_ns >= LATE_NS)
            self._offered_ns = None

    @property
    def too_slow(self) -> bool:
        """Whether too many of the last frames were late."""
        return len(self._late) == FRAMES and sum(self._late) > LATE_SHARE * FRAMES
