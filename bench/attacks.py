"""What does a flood cost a surgeon at work? Each of `bench.floods`, against real processes, before and meanwhile.

The surgeon's pedals are down and the hands do not move: whatever moves a tip is the flood. The attackers run on the
same host and take their share of its processors, which attackers of the world would not.
"""

import resource
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np

from bench.attackers import Attack
from bench.floods import CASES, LINK, Case
from bench.theatre import Entry, Theatre, Ticks, engaged_at_rest
from bench.world.run import summary
from bench.yardstick import VALID_LATE_NS, Yardstick
from protocol.children import ChildError
from protocol.clock import NS_PER_MS, NS_PER_S
from protocol.realtime import Cores

SECONDS = 8.0
"""Shorter than what the controller's ring of ticks holds."""
AGE_WORSE_MAX_MS = 20.0
MEMORY_MAX_MIB = 64.0
TIP_MAX_MM = 0.1
"""An arm that holds is within a hundredth of it."""
TRIES = 3
LOOK_S = 0.05
TOLD_S = 10.0


class FloodResult(msgspec.Struct, frozen=True):
    """One flood. `times`: how often the attacker did what he does, in `seconds`.

    `frozen` counts culprits of freezes, `right` says whether all are for what a flood may freeze the arm for. `told`:
    how many entries of the audit log name it, None where there is nothing to tell. `memory_mib`: the gateway's, more
    than before the first flood. `host_late_ms`: of a bare loop beside it.
    """

    flood: str
    times: int
    seconds: float
    age_p99_before_ms: float
    age_p99_ms: float
    tip_mm: float
    frozen: dict[str, int]
    right: bool
    memory_mib: float
    told: int | None
    host_late_ms: float | None
    holds: bool


class Watched(NamedTuple):
    """A span of time in the theatre: the controller's ticks, and the gateway's memory at the worst."""

    ticks: Ticks
    memory_mib: float


def run(progress: Callable[[str], None]) -> list[FloodResult]:
    """Every flood. Raises ChildError where the processes do not start, or an arm does not follow."""
    with tempfile.TemporaryDirectory() as name, _yardsticks() as yardsticks:
        folder = Path(name)
        theatre = Theatre(folder, engaged_at_rest(folder / "hands.csv"))
        try:
            theatre.start()
            progress("waiting until an arm follows")
            _require_following(theatre, "the first flood")
            memory = _memory_mib(theatre.slave.children.pid("gateway"))
            return [_tried(theatre, yardsticks, memory, flood, progress) for flood in CASES]
        finally:
            theatre.stop()


@contextmanager
def _yardsticks() -> Iterator[list[Yardstick]]:
    yardsticks = [Yardstick(cores) for cores in Cores]
    try:
        yield yardsticks
    finally:
        for each in yardsticks:
            each.stop()


def _require_following(theatre: Theatre, what: str) -> None:
    if not theatre.await_following():
        raise ChildError(f"before {what} no arm followed; the log's end: {theatre.told()[-3:]}")


def _tried(
    theatre: Theatre, yardsticks: list[Yardstick], memory_mib: float, name: str, progress: Callable[[str], None]
) -> FloodResult:
    """The flood, tried again where this host stood still: what it did then, the flood did not do."""
    for number in range(TRIES):
        progress(f"{name}{f', try {number + 1} of {TRIES}' if number else ''}")
        result = _flooded(theatre, yardsticks, memory_mib, name)
        stood_still = result.host_late_ms is None or result.host_late_ms > VALID_LATE_NS / NS_PER_MS
        if result.holds or not stood_still:
            break
    return result


def _flooded(theatre: Theatre, yardsticks: list[Yardstick], memory_mib: float, name: str) -> FloodResult:
    _require_following(theatre, name)
    case = CASES[name]
    calm = _watch(theatre)
    since_ns = time.monotonic_ns()
    attack = Attack(case.against(theatre, SECONDS))
    try:
        flooded = _watch(theatre)
        ended_ns = time.monotonic_ns()
        times = attack.count()
    finally:
        attack.stop()
    told = _told(theatre, case, since_ns)
    stops = Counter(
        summary(entry.why) for entry in theatre.told(since_ns) if entry.what == "stop" and entry.monotonic_ns < ended_ns
    )
    late = [each.worst_ns(since_ns - NS_PER_S, ended_ns) for each in yardsticks]
    before, during = _p99_ms(calm.ticks), _p99_ms(flooded.ticks)
    right = all(any(word in stop for word in LINK) for stop in stops)
    memory, tip = flooded.memory_mib - memory_mib, flooded.ticks.tip_way_mm()
    unharmed = during <= before + AGE_WORSE_MAX_MS if not stops else right
    return FloodResult(
        flood=name,
        times=times,
        seconds=SECONDS,
        age_p99_before_ms=before,
        age_p99_ms=during,
        tip_mm=tip,
        frozen=dict(stops),
        right=right,
        memory_mib=memory,
        told=told,
        host_late_ms=None if None in late else max(ns for ns in late if ns is not None) / NS_PER_MS,
        holds=unharmed and tip <= TIP_MAX_MM and memory <= MEMORY_MAX_MIB and told != 0 and not flooded.ticks.lost,
    )


def _watch(theatre: Theatre) -> Watched:
    mark, end_s, memory = theatre.mark(), time.monotonic() + SECONDS, 0.0
    while time.monotonic() < end_s:
        memory = max(memory, _memory_mib(theatre.slave.children.pid("gateway")))
        time.sleep(LOOK_S)
    return Watched(theatre.ticks(mark), memory)


def _memory_mib(pid: int) -> float:
    """What is resident of a process (proc_pid_statm(5)); 0 of one that has ended."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return 0.0
    return pages * resource.getpagesize() / 2**20


def _p99_ms(ticks: Ticks) -> float:
    return float(np.percentile(ticks.command_ages_ms(), 99.0))


def _told(theatre: Theatre, case: Case, since_ns: int) -> int | None:
    """Entries that tell of it, waited for: the log gathers what is alike."""
    expected = case.told
    if expected is None:
        return None

    def telling() -> list[Entry]:
        return [entry for entry in theatre.told(since_ns) if entry.what in expected.what and expected.why in entry.why]

    theatre.until(lambda: bool(telling()), TOLD_S)
    return sum(entry.count for entry in telling())
