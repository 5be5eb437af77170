"""How old the newest command was, as seen at every tick of its receiver; and how soon it was fresh after a cut. Pure.

Ages count from the time at which a command was due to be sent, so that a sender that stood still hides nothing; a
command that never came makes those ticks old at which it should have been there. Percentiles come from HDR histograms.
"""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec
import numpy as np
from hdrh.histogram import HdrHistogram
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

HIGHEST_US = 600_000_000
DIGITS = 4
RESAMPLES = 200
PERCENTILES = {"p50": 50.0, "p90": 90.0, "p99": 99.0, "p999": 99.9}


class Ages(msgspec.Struct, frozen=True):
    """In ms; None where there was no command at all. `n` ticks were counted.

    `low` and `high` are 95 % bounds of each percentile, from resampling whole seconds: ticks that follow one another
    are not independent, and a bound that took them so would be far too narrow.
    """

    p50: float | None
    p90: float | None
    p99: float | None
    p999: float | None
    mean: float | None
    max: float | None
    n: int
    low: dict[str, float]
    high: dict[str, float]


class Span(NamedTuple):
    """From `begin_ns` to `end_ns`."""

    begin_ns: int
    end_ns: int


def ages_ns(now_ns: Integers, sent_ns: Integers, span: Span, without: Sequence[Span] = ()) -> Integers:
    """Of the ticks in `span`, save those in `without` and those before the first command."""
    counted = (now_ns >= span.begin_ns) & (now_ns < span.end_ns) & (sent_ns > 0)
    for each in without:
        counted &= (now_ns < each.begin_ns) | (now_ns >= each.end_ns)
    return now_ns[counted] - sent_ns[counted]


def summarise(ages: Integers, ticks_a_second: int) -> Ages:
    """Percentiles and their bounds; none of the ages is dropped."""
    if len(ages) == 0:
        return Ages(None, None, None, None, None, None, 0, {}, {})
    histogram = HdrHistogram(1, HIGHEST_US, DIGITS)
    for value_us, count in zip(*np.unique(np.maximum(ages // 1000, 1), return_counts=True), strict=True):
        histogram.record_value(int(value_us), int(count))
    found = {name: histogram.get_value_at_percentile(percent) / 1e3 for name, percent in PERCENTILES.items()}
    low, high = _bounds(ages / 1e6, ticks_a_second)
    return Ages(**found, mean=float(ages.mean()) / 1e6, max=float(ages.max()) / 1e6, n=len(ages), low=low, high=high)


def _bounds(ages_ms: Floats, block: int) -> tuple[dict[str, float], dict[str, float]]:
    blocks = len(ages_ms) // block
    if blocks < 2:
        return {}, {}
    whole = ages_ms[: blocks * block].reshape(blocks, block)
    rng = np.random.default_rng(1)
    drawn = [
        np.percentile(whole[rng.integers(0, blocks, blocks)], list(PERCENTILES.values())) for _ in range(RESAMPLES)
    ]
    low, high = np.percentile(np.array(drawn), [2.5, 97.5], axis=0)
    return dict(zip(PERCENTILES, map(float, low), strict=True)), dict(zip(PERCENTILES, map(float, high), strict=True))


def recoveries_s(now_ns: Integers, sent_ns: Integers, cuts: Sequence[Span], end_ns: int) -> list[float | None]:
    """After each cut, the time from the link's return to the first tick at which a command was there that had been sent
    since; None where none came before the next cut or the end."""
    found: list[float | None] = []
    for number, cut in enumerate(cuts):
        until_ns = cuts[number + 1].begin_ns if number + 1 < len(cuts) else end_ns
        fresh = now_ns[(now_ns >= cut.end_ns) & (now_ns < until_ns) & (sent_ns >= cut.end_ns)]
        found.append((int(fresh[0]) - cut.end_ns) / 1e9 if len(fresh) else None)
    return found


def longest_gap_ms(now_ns: Integers, sent_ns: Integers, span: Span) -> float | None:
    """The longest time in which no newer command came."""
    inside = (now_ns >= span.begin_ns) & (now_ns < span.end_ns)
    times = now_ns[inside][np.flatnonzero(np.diff(sent_ns[inside], prepend=-1) > 0)]
    if len(times) == 0:
        return None
    edges = np.concatenate((times, [now_ns[inside][-1]]))
    return float(np.diff(edges).max()) / 1e6 if len(edges) > 1 else 0.0
