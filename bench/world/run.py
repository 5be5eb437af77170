"""Are the rules kept, whatever happens? Many seeds of the simulated world, on all cores."""

import time
from collections import Counter
from collections.abc import Collection, Generator, Sequence
from functools import partial
from typing import NamedTuple

import msgspec

from bench.cores import on_all_cores
from bench.world.checks import Checks
from bench.world.scenario import Scenario, scenario
from bench.world.words import BrokenError
from bench.world.world import STORY_NS, World


class SimOptions(NamedTuple):
    """Seeds from `first` to below `end`, each of `seconds` of the story."""

    first: int
    end: int
    seconds: float
    procedure: str
    robot: str


class SeedResult(msgspec.Struct, frozen=True):
    """How one seed went. `broken` is empty when all rules held; `trips` counts culprits by their first words."""

    seed: int
    healthy: bool
    broken: str
    at_s: float
    cpu_s: float
    modes_s: dict[str, float]
    trips: dict[str, int]


class SimReport(msgspec.Struct, frozen=True):
    """A run. `faster` is the median over seeds of story time over processor time, checks and set-up included.

    `sources`: the digest of the code that was run. `results`: of all seeds that are done, in their order.
    """

    complete: bool
    sources: str
    procedure: str
    robot: str
    first: int
    end: int
    seeds: int
    seconds_each: float
    simulated_h: float
    faster: float
    broken: list[SeedResult]
    false_trips: list[SeedResult]
    modes_s: dict[str, float]
    trips: dict[str, int]
    results: list[SeedResult]


def run_seed(seed: int, options: SimOptions) -> SeedResult:
    """One seed's story, checked at every tick."""
    return run_story(scenario(seed, STORY_NS, options.seconds), options)


def run_story(story: Scenario, options: SimOptions) -> SeedResult:
    """A story, checked at every tick."""
    begun_s = time.process_time()
    world = World(story, options.robot, options.procedure)
    checks = Checks(world)
    modes: Counter[str] = Counter()
    trips: Counter[str] = Counter()
    culprit, broken = "", ""
    try:
        for _ in range(round(options.seconds * 1e3)):
            world.tick()
            checks.heard(world.pressed)
            checks.step()
            ruling = world.cells.ruling
            if ruling is None:
                continue
            modes[ruling.authority.mode.value] += 1
            if ruling.authority.culprit != culprit:
                culprit = ruling.authority.culprit
                trips[summary(culprit)] += bool(culprit)
    except BrokenError as error:
        broken = str(error)
    return SeedResult(
        seed=story.seed,
        healthy=story.healthy,
        broken=broken,
        at_s=(world.now_ns - STORY_NS) * 1e-9,
        cpu_s=time.process_time() - begun_s,
        modes_s={mode: ticks * 1e-3 for mode, ticks in modes.items()},
        trips={trip: count for trip, count in trips.items() if count},
    )


def summary(culprit: str) -> str:
    """A culprit without its figures: what they are counted by."""
    words = culprit.partition(" (limit")[0].split()
    return " ".join(word for word in words if not any(letter.isdigit() for letter in word))[:60]


def results(
    options: SimOptions, workers: int | None = None, done: Collection[int] = ()
) -> Generator[SeedResult, None, None]:
    """All seeds but those that are `done`, as they are done, on all cores."""
    seeds = (seed for seed in range(options.first, options.end) if seed not in done)
    return on_all_cores(partial(run_seed, options=options), seeds, workers)


def report(options: SimOptions, sources: str, done: Sequence[SeedResult]) -> SimReport:
    """What so many seeds add up to."""
    modes: Counter[str] = Counter()
    trips: Counter[str] = Counter()
    for result in done:
        modes.update(result.modes_s)
        trips.update(result.trips)
    speeds = sorted(options.seconds / result.cpu_s for result in done if not result.broken)
    return SimReport(
        complete=len(done) == options.end - options.first,
        sources=sources,
        procedure=options.procedure,
        robot=options.robot,
        first=options.first,
        end=options.end,
        seeds=len(done),
        seconds_each=options.seconds,
        simulated_h=sum(sum(result.modes_s.values()) for result in done) / 3600.0,
        faster=speeds[len(speeds) // 2] if speeds else 0.0,
        broken=[result for result in done if result.broken],
        false_trips=[result for result in done if result.healthy and result.trips],
        modes_s=dict(modes),
        trips=dict(trips),
        results=sorted(done, key=lambda result: result.seed),
    )


def replay_command(seed: int, options: SimOptions) -> str:
    """What to type to see a seed again."""
    return (
        f"farhand sim --seeds {seed}:{seed + 1} --seconds {options.seconds:g}"
        f" --procedure {options.procedure} --robot {options.robot}"
    )
