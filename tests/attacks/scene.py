"""One attack on a running theatre, watched: did a tip move by it, does the surgeon go on, what does the log tell?"""

import time
from collections.abc import Callable

import pytest

from bench.theatre import Entry, Theatre, Ticks
from bench.yardstick import VALID_LATE_NS, Yardstick
from protocol.clock import NS_PER_MS

STILL_MM = 0.1
"""How far a tip may be from where it stood: an arm that holds is within a hundredth of it."""
TRIES = 3
HELD_UP = (
    "lapsed",
    "held up",
    "progress",
    "ago",
    "no setpoint",
    "no command",
    "watchdog",
    "nothing new",
    "paints",
    "no state",
    "loop age",
    "effective loss",
)
"""What a freeze tells of that a stall of this host explains."""
TOLD_S = 10.0
SEES_ON_S = 10.0
BEFORE_NS = 500 * NS_PER_MS
GOES_ON_S = 0.3


class Scene:
    """What there was of one attack. `stops`: the culprits of freezes in it."""

    def __init__(
        self,
        theatre: Theatre,
        yardsticks: list[Yardstick],
        since_ns: int,
        session: int,
        ticks: Ticks,
        stops: list[str],
    ) -> None:
        self.theatre = theatre
        self.yardsticks = yardsticks
        self.since_ns = since_ns
        self.session = session
        self.ticks = ticks
        self.stops = stops

    def moved_nothing(self) -> None:
        """No tip went anywhere, though an arm was engaged and would have followed."""
        assert self.ticks.lost == 0
        assert self.ticks.followed()
        assert self.ticks.tip_way_mm() <= STILL_MM

    def surgeon_goes_on(self) -> None:
        """The session is the same, its commands are heard, and its hands have the arms."""
        theatre = self.theatre
        assert theatre.slave.children.ended() == theatre.master.children.ended() == ()
        session, accepted = theatre.session.latest(), theatre.accepted.latest()
        assert session is not None
        assert accepted is not None
        assert (session.number, session.silent, session.revoked) == (self.session, False, False)
        assert theatre.until(lambda: _sequence(theatre) > accepted.command.sequence + 100, SEES_ON_S)
        require_following(theatre, self.yardsticks)

    def log_tells(self, what: str, who: str = "", why: str = "") -> Entry:
        """Wait for an entry of the attack whose parts contain these, and give it. `what` may be one of several words.

        Who is gone within two milliseconds is told of without his address: this host's loopback is that quick.
        """
        found: list[Entry] = []

        def is_told() -> bool:
            found[:] = [
                entry
                for entry in self.theatre.told(self.since_ns)
                if entry.what in what.split(" or ") and who in entry.who and why in entry.why
            ]
            return bool(found)

        assert self.theatre.until(is_told, TOLD_S), (what, who, why, self.theatre.told(self.since_ns))
        return found[0]


def play(
    theatre: Theatre, yardsticks: list[Yardstick], attack: Callable[[], object], freezes: tuple[str, ...] = ()
) -> Scene:
    """Attack, and see what becomes of it. `freezes`: the culprits that are right for this attack; none, as a rule.

    A host that stood still may freeze the arm, rightly: then all begins anew. What cannot be explained so fails here.
    """
    for _ in range(TRIES):
        require_following(theatre, yardsticks)
        scene = _played(theatre, yardsticks, attack)
        others = [stop for stop in scene.stops if not any(right in stop for right in freezes)]
        if not others:
            return scene
        strange = [stop for stop in others if not any(word in stop for word in HELD_UP)]
        assert not strange, "frozen by the attack"
        time.sleep(0.3)
        seen_to_ns = time.monotonic_ns() - 200 * NS_PER_MS
        late = [yardstick.worst_ns(scene.since_ns - BEFORE_NS, seen_to_ns) for yardstick in yardsticks]
        stood_still = any(ns is None or ns > VALID_LATE_NS for ns in late)
    assert stood_still, f"frozen again and again, and this host ran all the time: {others}"
    pytest.skip(f"this host stood still in each of {TRIES} tries, and the arm froze as it should: {others}")


def require_following(theatre: Theatre, yardsticks: list[Yardstick]) -> None:
    """Wait until an arm follows. Where this host stands still so often that it is frozen again and again, skip."""
    begun_ns = time.monotonic_ns()
    if theatre.await_following():
        return
    time.sleep(0.3)
    seen_to_ns = time.monotonic_ns() - 200 * NS_PER_MS
    late = [yardstick.worst_ns(begun_ns, seen_to_ns) for yardstick in yardsticks]
    assert any(ns is None or ns > VALID_LATE_NS for ns in late), theatre.told()[-10:]
    pytest.skip(f"this host stood still, and no arm followed for long: {[entry.why for entry in theatre.told()[-5:]]}")


def _played(theatre: Theatre, yardsticks: list[Yardstick], attack: Callable[[], object]) -> Scene:
    session = theatre.session.latest()
    assert session is not None
    since, since_ns = theatre.mark(), time.monotonic_ns()
    attack()
    # A forged command would be followed at once; what was sent last has come by then.
    time.sleep(GOES_ON_S)
    ticks = theatre.ticks(since)
    time.sleep(0.1)
    stops = [entry.why for entry in theatre.told(since_ns) if entry.what == "stop"]
    return Scene(theatre, yardsticks, since_ns, session.number, ticks, stops)


def _sequence(theatre: Theatre) -> int:
    accepted = theatre.accepted.latest()
    return 0 if accepted is None else accepted.command.sequence
