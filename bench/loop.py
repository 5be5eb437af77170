"""What does the controller's tick cost, and how punctually does it wake, beside a bare C loop on the same host?

Rounds of the bare loop and of the whole stack, live, with two arms following a synthetic hand, take turns; each round's
ratio is its own, and the median of the rounds stands. Nothing else should run.
"""

import statistics
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec
import numpy as np

from bench import demo
from bench.figure import Figure
from bench.summary import TickLog
from protocol.messages import Mode
from slave.tick_log import MODES

ROUNDS = 5
FOLLOWING = MODES.index(Mode.FOLLOWING)
SECONDS = 8
CPU_BOUND_US = 120.0
LATENESS_BOUND = 1.5


class Round(msgspec.Struct, frozen=True):
    """One turn of both, in us."""

    bare_p99_us: float
    controller_p99_us: float
    cpu_median_us: float
    ticks: int
    missed: int


def run(progress: Callable[[str], None]) -> list[Figure]:
    """All rounds. Raises ChildError where the stack does not start."""
    rounds = []
    for number in range(ROUNDS):
        progress(f"round {number + 1} of {ROUNDS}: bare C loop, {SECONDS} s")
        bare = bare_lateness_ns(SECONDS)
        progress(f"round {number + 1} of {ROUNDS}: the whole stack, {SECONDS} s and start-up")
        rounds.append(_compare(bare, live_log(SECONDS)))
    return figures(rounds)


def bare_lateness_ns(seconds: int, rate_hz: int = 1000) -> list[int]:
    """Latenesses of the bare C loop, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.bare_process", str(rate_hz), str(seconds)],
        cwd=Path(__file__).resolve().parent.parent,
        check=True,
        stdout=subprocess.PIPE,
    )
    return msgspec.json.decode(done.stdout, type=list[int])


def live_log(seconds: int) -> TickLog:
    """The controller's ticks while the arms follow, of a run of both sides."""
    options = demo.DemoOptions("synthetic", "psm", "laparoscopic", seconds, seed=1, scale=1.0, tremor_filter=True)
    _, log = demo.run(options, notice=lambda _: None, show=lambda _: None)
    return TickLog(log.rows[log["mode"] == FOLLOWING], log.arms, log.tick_hz)


def _compare(bare_ns: list[int], log: TickLog) -> Round:
    return Round(
        bare_p99_us=float(np.percentile(bare_ns, 99)) / 1e3,
        controller_p99_us=float(np.percentile(log["lateness_ns"], 99)) / 1e3,
        cpu_median_us=float(np.median(log["cpu_ns"])) / 1e3,
        ticks=len(log.rows),
        missed=int(log["missed"][-1] - log["missed"][0]),
    )


def figures(rounds: list[Round]) -> list[Figure]:
    """The rounds' medians against the bounds."""
    cpu_us = statistics.median(each.cpu_median_us for each in rounds)
    ratio = statistics.median(each.controller_p99_us / each.bare_p99_us for each in rounds)
    ratios = ", ".join(f"{each.controller_p99_us:.0f}/{each.bare_p99_us:.0f}" for each in rounds)
    return [
        Figure(
            name="controller.cpu_us",
            asked="CPU of a whole 1 kHz period of the controller, two arms, gate included, median",
            measured=cpu_us,
            bound=CPU_BOUND_US,
            unit="us",
            holds=cpu_us <= CPU_BOUND_US,
            note=f"median of {len(rounds)} rounds' medians; {sum(each.ticks for each in rounds)} ticks following,"
            f" {sum(each.missed for each in rounds)} missed",
        ),
        Figure(
            name="controller.lateness_ratio",
            asked="p99 of the controller's lateness in waking, over that of a bare C loop",
            measured=ratio,
            bound=LATENESS_BOUND,
            unit="",
            holds=ratio <= LATENESS_BOUND,
            note=f"median of {len(rounds)} interleaved rounds of {SECONDS} s; us each: {ratios}",
        ),
    ]
