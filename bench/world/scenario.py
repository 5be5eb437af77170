"""What a seed stands for: which link, which faults, and how restless the people are. The same seed, the same story."""

import random
from typing import NamedTuple

from bench.world.link import Outage, Profile
from protocol.clock import NS_PER_MS, NS_PER_S

PROCESSES = ("pilot", "console", "gateway", "supervisor", "controller", "plant", "drives")
RESTARTABLE = ("pilot", "console", "gateway", "supervisor", "controller", "plant")
CLEAN = Profile(12.0, 1.5, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, ())


class Fault(NamedTuple):
    """From `begin_ns` to `end_ns` a process does not run; one that was killed comes back as a new one, or never."""

    process: str
    begin_ns: int
    end_ns: int
    killed: bool


class Creep(NamedTuple):
    """From `begin_ns` on an arm that should hold slides along its shaft: a servo that lost its reference."""

    begin_ns: int
    arm: int
    speed_m_s: float


class Scenario(NamedTuple):
    """One story. `healthy`: nothing is wrong with link, processes or people, so that nothing may trip."""

    seed: int
    healthy: bool
    commands: Profile
    states: Profile
    faults: tuple[Fault, ...]
    creep: Creep | None
    stalls_per_s: float
    restlessness: float
    master_clock_offset_ns: int
    master_clock_steps: tuple[tuple[int, int], ...]


def scenario(seed: int, begin_ns: int, seconds: float) -> Scenario:
    """The story of a seed. One in eight is healthy."""
    rng = random.Random(f"scenario {seed}")
    end_ns = begin_ns + int(seconds * NS_PER_S)
    offset_ns = rng.randrange(10**15)
    if rng.random() < 0.125:
        floor_ms = rng.uniform(1.0, 45.0)
        return healthy(seed, CLEAN._replace(floor_ms=floor_ms, tail_ms=rng.uniform(0.1, 3.0)), offset_ns)
    return Scenario(
        seed,
        False,
        _profile(rng, begin_ns, end_ns),
        _profile(rng, begin_ns, end_ns),
        _faults(rng, begin_ns, end_ns),
        _creep(rng, begin_ns, end_ns),
        rng.choice((0.0, 0.5, 5.0)),
        rng.choice((0.0, 0.1, 1.0, 3.0)),
        offset_ns,
        _steps(rng, begin_ns, end_ns),
    )


def healthy(seed: int, profile: Profile, offset_ns: int) -> Scenario:
    """A story in which nothing is wrong, over a link of the same `profile` each way."""
    return Scenario(seed, True, profile, profile, (), None, 0.0, 0.0, offset_ns, ())


def _profile(rng: random.Random, begin_ns: int, end_ns: int) -> Profile:
    outages = []
    bad = rng.random() < 0.2
    while rng.random() < 0.33:
        start_ns = rng.randrange(begin_ns, end_ns)
        length_ms = rng.choice((30, 120, 150, 180, 210, 240, 400, 1500)) * rng.uniform(0.7, 1.4)
        outages.append(Outage(start_ns, start_ns + int(length_ms) * NS_PER_MS))
    return Profile(
        floor_ms=rng.uniform(0.5, 70.0) if bad else rng.uniform(0.5, 40.0),
        tail_ms=rng.choice((1.0, 4.0, 15.0)) if bad else rng.choice((0.1, 1.0, 3.0)),
        far_share=rng.choice((0.0, 0.01, 0.1)) if bad else 0.0,
        far_tail_ms=rng.choice((20.0, 150.0)),
        loss=rng.choice((0.001, 0.01, 0.1, 0.3)) if bad else rng.choice((0.0, 0.0, 0.002)),
        burst_length=rng.choice((1.0, 4.0, 20.0)),
        duplicates=rng.choice((0.0, 0.01, 0.2)),
        corruption=rng.choice((0.0, 0.0, 0.001, 0.05)),
        outages=tuple(outages),
    )


def _faults(rng: random.Random, begin_ns: int, end_ns: int) -> tuple[Fault, ...]:
    faults = []
    while rng.random() < 0.45:
        process = rng.choice(PROCESSES)
        start_ns = rng.randrange(begin_ns + 300 * NS_PER_MS, end_ns)
        killed = process in RESTARTABLE and rng.random() < 0.4
        length_ms = rng.choice((300, 1000, 10**6)) if killed else rng.choice((3, 8, 19, 30, 60, 120, 300, 1200))
        faults.append(Fault(process, start_ns, start_ns + int(length_ms * rng.uniform(0.6, 1.4)) * NS_PER_MS, killed))
    return tuple(faults)


def _creep(rng: random.Random, begin_ns: int, end_ns: int) -> Creep | None:
    if rng.random() > 0.06:
        return None
    return Creep(rng.randrange(begin_ns, end_ns), rng.randrange(2), rng.choice((0.003, 0.02)))


def _steps(rng: random.Random, begin_ns: int, end_ns: int) -> tuple[tuple[int, int], ...]:
    """A surgeon's host that sleeps and wakes: its monotonic clock leaps ahead."""
    if rng.random() > 0.1:
        return ()
    return ((rng.randrange(begin_ns, end_ns), rng.randrange(NS_PER_MS, 20 * NS_PER_S)),)
