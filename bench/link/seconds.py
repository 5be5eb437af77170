"""The whole seconds of a run: in which the host itself ran, and how far a figure of them is to be believed. Pure."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import msgspec
import numpy as np

from bench.link.ages import RESAMPLES, Floats, Integers, Span
from bench.yardstick import VALID_LATE_NS
from protocol.clock import NS_PER_S

RETURN_NS = NS_PER_S
"""What the link's return does is the cut's as well."""


class HostSecond(NamedTuple):
    """The second from `begin_ns` on, and how late the worse of two bare loops was in it, one on each share of the
    cores; None where one did not see all of it."""

    begin_ns: int
    late_ns: int | None


class Bounded(msgspec.Struct, frozen=True):
    """A figure, and 95 % bounds from resampling whole seconds; None where there is nothing to tell."""

    value: float | None = None
    low: float | None = None
    high: float | None = None


def quiet_seconds(host: Sequence[HostSecond], span: Span) -> list[Span]:
    """Those within `span` in which, and in the one before which, no bare loop was late by more than 5 ms.

    What a stall of the host does to a stream is over a second later. One that was not watched is not known to be quiet.
    """
    quiet = {each.begin_ns for each in host if each.late_ns is not None and each.late_ns <= VALID_LATE_NS}
    return [
        Span(begin_ns, begin_ns + NS_PER_S)
        for begin_ns in sorted(quiet)
        if begin_ns - NS_PER_S in quiet and begin_ns >= span.begin_ns and begin_ns + NS_PER_S <= span.end_ns
    ]


def bounded(figures: Callable[..., Floats], *counts: int) -> list[Bounded]:
    """`figures` of so many seconds, of one kind or of several: it is handed an array of their numbers for each kind.

    Seconds of different kinds are drawn apart; what was measured in the same second stays together.
    """
    value = figures(*(np.arange(count) for count in counts))
    if min(counts) < 2:
        return [Bounded(float(each)) for each in value]
    rng = np.random.default_rng(1)
    drawn = [figures(*(rng.integers(0, count, count) for count in counts)) for _ in range(RESAMPLES)]
    low, high = np.percentile(drawn, [2.5, 97.5], axis=0)
    return [Bounded(*map(float, each)) for each in zip(value, low, high, strict=True)]


def by_second(rows: tuple[Integers, Integers], seconds: Sequence[Span]) -> list[Integers]:
    """The ages of the newest command at the ticks of each second, in ns; `rows`: the ticks' times, and its own."""
    now_ns, sent_ns = rows
    edges = np.searchsorted(now_ns, np.array(seconds, dtype=np.int64).reshape(-1, 2))
    ages, known = now_ns - sent_ns, sent_ns > 0
    return [ages[begin:end][known[begin:end]] for begin, end in edges]


def whole_seconds(host: Sequence[HostSecond], span: Span) -> list[Span]:
    """All that lie within `span`, quiet or not."""
    each_of = (Span(each.begin_ns, each.begin_ns + NS_PER_S) for each in host)
    return [each for each in each_of if each.begin_ns >= span.begin_ns and each.end_ns <= span.end_ns]


def of_cuts(seconds: Sequence[Span], cuts: Sequence[Span]) -> list[Span]:
    """Those that share some time with a cut, or with the second after one."""
    return [s for s in seconds if any(s.begin_ns < c.end_ns + RETURN_NS and c.begin_ns < s.end_ns for c in cuts)]


def outside(seconds: Sequence[Span], cuts: Sequence[Span]) -> list[Span]:
    """All others."""
    touched = set(of_cuts(seconds, cuts))
    return [each for each in seconds if each not in touched]
