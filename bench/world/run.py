"""Are the rules kept, whatever happens? Many seeds of the simulated world, on all cores."""

import time
from collections import Counter
from collections.abc import Callable, Generator
from contextlib import closing
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
    """A whole run. `faster` is the median over seeds of story time over processor time, checks and set-up included."""

    complete: bool
    procedure: str
    robot: str
    seeds: int
    seconds_each: float
    simulated_h: float
    faster: float
    broken: list[SeedResult]
    false_trips: list[SeedResult]
    modes_s: dict[str, float]
    trips: dict[str, int]


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


def results(options: SimOptions, workers: int | None = None) -> Generator[SeedResult, None, None]:
    """All seeds as they are done, on all cores."""
    seeds = range(options.first, options.end)
    return on_all_cores(partial(run_seed, options=options), seeds, workers)


def run(options: SimOptions, progress: Callable[[SeedResult], None]) -> SimReport:
    """Run all seeds; `progress` is called with each result."""
    done: list[SeedResult] = []
    modes: Counter[str] = Counter()
    trips: Counter[str] = Counter()
    with closing(results(options)) as each:
        for result in each:
            done.append(result)
            modes.update(result.modes_s)
            trips.update(result.trips)
            progress(result)
    speeds = sorted(options.seconds / result.cpu_s for result in done if not result.broken)
    return SimReport(
        complete=len(done) == options.end - options.first,
        procedure=options.procedure,
        robot=options.robot,
        seeds=len(done),
        seconds_each=options.seconds,
        simulated_h=sum(sum(result.modes_s.values()) for result in done) / 3600.0,
        faster=speeds[len(speeds) // 2] if speeds else 0.0,
        broken=[result for result in done if result.broken],
        false_trips=[result for result in done if result.healthy and result.trips],
        modes_s=dict(modes),
        trips=dict(trips),
    )


def replay_command(seed: int, options: SimOptions) -> str:
    """What to type to see a seed again."""
    return (
        f"farhand sim --seeds {seed}:{seed + 1} --seconds {options.seconds:g}"
        f" --procedure {options.procedure} --robot {options.robot}"
    )
