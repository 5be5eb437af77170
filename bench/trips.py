"""Does anything trip that should not? Healthy links and hosts for hours: the verdict alone, the whole world, processes.

A link is healthy when it is what the seed paper measured, without its spikes, or clean 5G. A freeze is a false trip.
"""

import random
import struct
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing

import msgspec

from bench import demo
from bench.cores import on_all_cores
from bench.world.link import SimulatedLink
from bench.world.run import SimOptions, run_story, summary
from bench.world.scenario import CLEAN, healthy
from bench.yardstick import VALID_LATE_NS, Yardstick
from kinematics.description import load_description
from protocol.clock import NS_PER_MS, NS_PER_S
from protocol.echo import loop_age
from protocol.messages import Mode
from protocol.realtime import Cores
from protocol.records import Authority
from safety.limits import load_limits
from safety.link import Level, LinkJudge

HEALTHY = {
    "beijing-shanghai": CLEAN._replace(floor_ms=20.3, tail_ms=9.9, loss=0.00055),
    "urumqi-shanghai": CLEAN._replace(floor_ms=43.97, tail_ms=9.36, loss=0.008256),
    "5g-good": CLEAN._replace(floor_ms=8.0, tail_ms=2.0),
}
"""One way, in ms: round trips of the seed paper's mean and minimum (60.43 and 40.61, 106.66 and 87.94), exponential
tails, its loss; 5G as a clean link of 20 ms (assumed)."""
PROCEDURES = ("laparoscopic", "vascular")
CASES = tuple((profile, procedure) for profile in HEALTHY for procedure in PROCEDURES)
FRAME_NS = 33 * NS_PER_MS
WARM_UP_NS = 2 * NS_PER_S
STRETCH_S = 360.0
WORLD_STRETCH_S = 30.0
SLICE_S = 5
SLICE_NS = SLICE_S * NS_PER_S
"""Short, for a shared host stands still for a moment in nearly every minute."""
AFTERMATH_NS = NS_PER_S
"""What a stall does, it has done by then."""
MOST_OF_HOURS = 4.0
LINK, WORLD, REAL = "link and verdict", "whole world", "real processes"
_COMMAND = struct.Struct("<qqq")


class TripsResult(msgspec.Struct, frozen=True):
    """Hours of one kind without a false trip, or with some: `trips` counts culprits.

    `set_aside_h`: slices in which the host itself stood still, not counted in `hours`, with what tripped in them in
    `trips_set_aside`. `following_h`: how long arms followed in those that count (real processes). `slowed_share`,
    `pauses`: what a healthy link may cost, told for information.
    """

    what: str
    hours: float
    set_aside_h: float
    trips: dict[str, int]
    slowed_share: float
    pauses: int
    holds: bool
    trips_set_aside: dict[str, int] = {}
    following_h: float = 0.0


class Stretch(msgspec.Struct, frozen=True):
    """One piece of a run: seconds, and what happened in them."""

    seconds: float
    trips: dict[str, int]
    slowed_s: float
    pauses: int


def link_stretch(number: int) -> Stretch:
    """Some minutes of a link and its verdict: commands and states at 1 kHz, a console at 30 frames a second."""
    profile, procedure = CASES[number % len(CASES)]
    commands = SimulatedLink(HEALTHY[profile], f"trips commands {number}")
    states = SimulatedLink(HEALTHY[profile], f"trips states {number}")
    judge = LinkJudge(load_limits(procedure).link, load_description("psm").tip.speed_max_m_s)
    pack, unpack, loss = _COMMAND.pack, _COMMAND.unpack, HEALTHY[profile].loss
    begin_ns = now_ns = 10**12
    end_ns = begin_ns + round(STRETCH_S * NS_PER_S)
    received_ns = drawn_ns = shown_ns = next_frame_ns = sequence = newest = accepted_ns = 0
    echo = (0, 0)
    trips: Counter[str] = Counter()
    slowed_ticks = pauses = 0
    level = Level.OK
    while now_ns < end_ns:
        now_ns += NS_PER_MS
        for frame in states.receive(now_ns):
            received_ns = max(received_ns, int.from_bytes(frame, "little"))
        if now_ns >= next_frame_ns:
            next_frame_ns, shown_ns, drawn_ns = now_ns + FRAME_NS, drawn_ns, received_ns
        sequence += 1
        commands.send(now_ns, pack(sequence, received_ns, shown_ns))
        for frame in commands.receive(now_ns):
            number_of, *stamps = unpack(frame)
            if number_of > newest:
                newest, accepted_ns, echo = number_of, now_ns, (stamps[0], stamps[1])
        states.send(now_ns, now_ns.to_bytes(8, "little"))
        silence_ns = now_ns - accepted_ns if accepted_ns else None
        verdict = judge.judge(now_ns, silence_ns, loop_age(now_ns, *echo), loss)
        if now_ns < begin_ns + WARM_UP_NS:
            continue
        before, level = level, verdict.level
        slowed_ticks += verdict.slowed
        if level is not before:
            pauses += level is Level.PAUSE
            if level is Level.FREEZE:
                trips[f"{profile}, {procedure}: {summary(verdict.culprit)}"] += 1
    return Stretch(STRETCH_S, dict(trips), slowed_ticks * 1e-3, pauses)


def world_stretch(number: int) -> Stretch:
    """Half a minute of the whole simulated world, all its rules checked; a broken one counts as a trip too."""
    profile, procedure = CASES[number % len(CASES)]
    offset_ns = random.Random(f"trips world {number}").randrange(10**15)
    options = SimOptions(number, number + 1, WORLD_STRETCH_S, procedure, "psm")
    result = run_story(healthy(number, HEALTHY[profile], offset_ns), options)
    trips = Counter({f"{profile}, {procedure}: {trip}": count for trip, count in result.trips.items()})
    if result.broken:
        trips[f"{profile}, {procedure}: rule broken: {result.broken}"] += 1
    return Stretch(WORLD_STRETCH_S, dict(trips), 0.0, int(result.modes_s.get("PAUSED", 0.0) > 0.0))


def run_stretches(
    what: str, stretch: Callable[[int], Stretch], seconds_each: float, hours: float, progress: Callable[[str], None]
) -> TripsResult:
    """So many hours in stretches, on all cores."""
    count = max(1, round(hours * 3600.0 / seconds_each))
    done: list[Stretch] = []
    with closing(on_all_cores(stretch, range(count))) as each_done:
        for result in each_done:
            done.append(result)
            progress(f"{what}: {len(done) * seconds_each / 3600.0:.1f} of {hours:g} h")
    trips: Counter[str] = Counter()
    for each in done:
        trips.update(each.trips)
    seconds = sum(each.seconds for each in done)
    slowed = sum(each.slowed_s for each in done) / seconds
    return TripsResult(what, seconds / 3600.0, 0.0, dict(trips), slowed, sum(e.pauses for e in done), not trips)


class Slices:
    """A run of real processes in slices of time: which were the host's own fault, and what tripped in the others.

    `following_ns`: how long arms followed in the slices that count.
    """

    def __init__(self, earlier: TripsResult | None = None) -> None:
        self.good = self.bad = 0
        self.following_ns = 0
        self.trips: Counter[str] = Counter()
        self.set_aside: Counter[str] = Counter()
        if earlier is not None:
            self.good, self.bad = (round(hours * 3600.0 / SLICE_S) for hours in (earlier.hours, earlier.set_aside_h))
            self.following_ns = round(earlier.following_h * 3600.0 * NS_PER_S)
            self.trips, self.set_aside = Counter(earlier.trips), Counter(earlier.trips_set_aside)
        self._pending: list[tuple[int, str]] = []
        self._pending_ns = 0
        self._culprit = ""

    @property
    def counted_h(self) -> float:
        """What is counted."""
        return self.good * SLICE_S / 3600.0

    @property
    def set_aside_h(self) -> float:
        """What is not."""
        return self.bad * SLICE_S / 3600.0

    def result(self, hours: float) -> TripsResult:
        """So far, of `hours` asked for."""
        return TripsResult(
            REAL,
            self.counted_h,
            self.set_aside_h,
            dict(self.trips),
            0.0,
            0,
            not self.trips and self.counted_h >= hours,
            trips_set_aside=dict(self.set_aside),
            following_h=self.following_ns / NS_PER_S / 3600.0,
        )

    def note(self, authority: Authority, passed_ns: int) -> None:
        """What the supervisor says now, `passed_ns` after it said something before; a new culprit is a trip."""
        self._pending_ns += passed_ns * (authority.mode is Mode.FOLLOWING)
        if authority.culprit != self._culprit:
            self._culprit = authority.culprit
            if authority.culprit:
                self._pending.append((authority.stamp_ns, summary(authority.culprit)))

    def end(self, end_ns: int, worst_ns: int | None) -> None:
        """A slice has passed, that lasted until `end_ns`; a bare loop was late by `worst_ns` in it or shortly before
        (None: it did not see all). What was noted since, while that was still to be heard, is the next one's."""
        trips = Counter(trip for at_ns, trip in self._pending if at_ns < end_ns)
        if worst_ns is None or worst_ns > VALID_LATE_NS:
            self.bad += 1
            self.set_aside.update(trips)
        else:
            self.good += 1
            self.trips.update(trips)
            self.following_ns += self._pending_ns
        self._pending = [each for each in self._pending if each[0] >= end_ns]
        self._pending_ns = 0


def real(
    hours: float, progress: Callable[[str], None], earlier: TripsResult | None, keep: Callable[[TripsResult], None]
) -> TripsResult:
    """Both sides as processes, on this host's loopback, following a synthetic hand until so much time is counted.

    A bare loop on each share of the cores tells which slices count. A run that sets three quarters aside is given up.
    What an `earlier` run counted counts; `keep` is given what there is after every slice.
    """
    longest_s = MOST_OF_HOURS * hours * 3600.0
    slices, yardsticks = Slices(earlier), [Yardstick(cores) for cores in Cores]
    running = demo.Demo(demo.DemoOptions("synthetic", "psm", "laparoscopic", longest_s, 1, 1.0, True))
    begin_ns = seen_ns = 0
    over = ""
    try:
        running.start()
        while not over and slices.counted_h < hours:
            status, over = running.look()
            now_ns = time.monotonic_ns()
            if not status.elapsed_s or status.authority is None:
                continue
            begin_ns, seen_ns = begin_ns or now_ns, seen_ns or now_ns
            slices.note(status.authority, now_ns - seen_ns)
            seen_ns = now_ns
            # The bare loops tell what they saw 100 ms later.
            if now_ns > begin_ns + SLICE_NS + 200 * NS_PER_MS:
                spans = [each.worst_ns(begin_ns - AFTERMATH_NS, begin_ns + SLICE_NS) for each in yardsticks]
                worst_ns = None if None in spans else max(span for span in spans if span is not None)
                begin_ns += SLICE_NS
                slices.end(begin_ns, worst_ns)
                keep(slices.result(hours))
                counted = f"{slices.counted_h:.2f} of {hours:g} h counted, {slices.set_aside_h:.2f} h set aside"
                progress(f"{REAL}: {counted}, {sum(slices.trips.values())} false trips")
    finally:
        running.stop()
        for yardstick in yardsticks:
            yardstick.stop()
    return slices.result(hours)


def run(
    hours: dict[str, float],
    progress: Callable[[str], None],
    earlier: Sequence[TripsResult] = (),
    keep: Callable[[list[TripsResult]], None] = lambda _: None,
) -> list[TripsResult]:
    """LINK, WORLD and REAL, each for so many hours; 0 leaves it out. Raises ChildError where processes do not start.

    A kind that an `earlier` run has whole is taken from there, and the real processes go on from where it ended. `keep`
    is given what there is, again and again.
    """
    stretches = {LINK: (link_stretch, STRETCH_S), WORLD: (world_stretch, WORLD_STRETCH_S)}
    before = {result.what: result for result in earlier}
    results: list[TripsResult] = []
    for what, each_h in hours.items():
        had = before.get(what)
        if had is not None and had.hours >= each_h:
            results.append(had)
        elif each_h and what == REAL:
            results.append(real(each_h, progress, had, lambda so_far: keep([*results, so_far])))
        elif each_h:
            stretch, seconds = stretches[what]
            results.append(run_stretches(what, stretch, seconds, each_h, progress))
        keep(results)
    return results
