"""Which moments of a run are kept: around every trip, ten seconds before and five after. Pure: handed the time.

What was before is due at once, so that it is on disk whatever happens next; the whole is due when the five seconds are
over, or when another trip begins.
"""

import msgspec

from protocol.clock import NS_PER_S
from protocol.messages import Mode
from protocol.records import Authority

BEFORE_NS = 10 * NS_PER_S
AFTER_NS = 5 * NS_PER_S


class Trip(msgspec.Struct, frozen=True):
    """What stopped the arms, and when on this host's clock. `culprit` says value and limit too."""

    stop_number: int
    at_ns: int
    mode: str
    freeze_class: str
    culprit: str


class Blackbox:
    """Watches the supervisor's word for trips."""

    def __init__(self) -> None:
        self._stop_number: int | None = None
        self._open: Trip | None = None

    def step(self, now_ns: int, authority: Authority | None) -> tuple[Trip, ...]:
        """The trips whose ticks are to be written now, up to this moment."""
        due: list[Trip] = []
        if self._open is not None and now_ns - self._open.at_ns >= AFTER_NS:
            due.append(self._open)
            self._open = None
        if authority is None:
            return tuple(due)
        before, self._stop_number = self._stop_number, authority.stop_number
        if before is not None and authority.stop_number > before and authority.mode in (Mode.FROZEN, Mode.SAFE):
            if self._open is not None:
                due.append(self._open)
            self._open = Trip(
                authority.stop_number,
                authority.entered_ns,
                authority.mode.value,
                authority.freeze_class.value,
                authority.culprit,
            )
            due.append(self._open)
        return tuple(due)


def kept(trip: Trip, stamp_ns: float) -> bool:
    """Whether a tick of that time belongs to the trip."""
    return trip.at_ns - BEFORE_NS <= stamp_ns <= trip.at_ns + AFTER_NS
