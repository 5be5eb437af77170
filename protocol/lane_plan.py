"""Which lanes to open and which to close, so that enough of them carry and none hoards stale messages. Pure.

A connection that was hit by a loss recovers by itself within a round trip or two; a fresh one takes more than five. So
nothing is torn down for being late: a lane that has stood still for long gets a spare beside it, and goes once enough
others carry. In a cut all stand still, and the spares, always under way, find its end.
"""

from collections.abc import Sequence
from enum import Enum, auto
from typing import NamedTuple

from protocol.clock import NS_PER_MS

STALLED_NS = 400 * NS_PER_MS
STALLED_ROUND_TRIPS = 4
"""A loss and the loss of its repair cost about three round trips; more is a cut, or a link that died."""
CONNECT_NS = 300 * NS_PER_MS
CONNECT_ROUND_TRIPS = 2.5
PATIENT_CONNECT_NS = 3000 * NS_PER_MS
PATIENT_SLOTS = 4
"""One slot in so many waits long for its connection: the link may have grown longer than we believe."""


class Condition(Enum):
    """Of one slot, of which there are twice as many as lanes are wanted."""

    FREE = auto()
    CONNECTING = auto()
    LIVE = auto()
    STALLED = auto()


class Step(NamedTuple):
    """Slots to open and to close now."""

    opens: tuple[int, ...]
    closes: tuple[int, ...]


def plan(slots: Sequence[Condition], wanted: int, at_once: int) -> Step:
    """What to do about `slots`, of which `wanted` should carry.

    At most `at_once` are opened in one call: after the first, few, so that they stagger and no dead peer is flooded.
    """
    by: dict[Condition, list[int]] = {condition: [] for condition in Condition}
    for number, condition in enumerate(slots):
        by[condition].append(number)
    live, connecting, stalled = by[Condition.LIVE], by[Condition.CONNECTING], by[Condition.STALLED]
    missing = wanted - len(live) - len(connecting)
    if missing > 0:
        return Step(tuple(by[Condition.FREE][: min(missing, at_once)]), ())
    if missing < 0:
        surplus = [*reversed(connecting), *reversed(live)]
        return Step((), tuple(surplus[:-missing]))
    return Step((), tuple(stalled) if not connecting else ())


def is_stalled(still_ns: int, round_trip_ns: int) -> bool:
    """Whether a lane on which nothing was answered for `still_ns` needs another beside it."""
    return still_ns >= max(STALLED_NS, STALLED_ROUND_TRIPS * round_trip_ns)


def connect_timeout_ns(slot: int, round_trip_ns: int) -> int:
    """How long to wait for a connection before trying anew: a lost first packet is repeated after a second only."""
    if slot % PATIENT_SLOTS == PATIENT_SLOTS - 1:
        return PATIENT_CONNECT_NS
    return min(max(CONNECT_NS, int(CONNECT_ROUND_TRIPS * round_trip_ns)), PATIENT_CONNECT_NS)
