"""The surgeon's command age at the controller, with both windows open beside without any. Pure."""

from collections.abc import Sequence

import numpy as np

from bench.figure import Figure
from bench.link.ages import Floats, Integers
from bench.link.seconds import bounded, by_second, quiet_seconds, whole_seconds
from bench.windows.turn import Turn
from protocol.clock import NS_PER_MS

ADDED_MAX = 0.05
PERCENT = 99.0
SECONDS_MIN = 10


def seconds_of(turns: Sequence[Turn]) -> tuple[list[Integers], int]:
    """The ages at the ticks of each second in which arms followed and the host ran, in ns; and how many others."""
    found: list[Integers] = []
    every = 0
    for turn in turns:
        rows = turn.log["now_ns"].astype(np.int64), turn.log["sent_ns"].astype(np.int64)
        found += [each for each in by_second(rows, quiet_seconds(turn.host, turn.span)) if len(each)]
        every += sum(len(each) > 0 for each in by_second(rows, whole_seconds(turn.host, turn.span)))
    return found, every - len(found)


def figure(with_windows: Sequence[Turn], without: Sequence[Turn]) -> Figure:
    """By how much the p99 differs, as a share of that without. It is settled where its 95 % bounds hold, or break, the
    bound as well."""
    asked = "both windows open or none: by how much the commands' age at the controller differs at p99"
    (opened, opened_aside), (closed, closed_aside) = seconds_of(with_windows), seconds_of(without)
    bound = ADDED_MAX * 100
    if min(len(opened), len(closed)) < SECONDS_MIN:
        why = f"only {len(opened)} and {len(closed)} s in which the host did not stand still"
        return Figure("age.differs", asked, 0.0, bound, "%", None, why)

    def differs(of_opened: Integers, of_closed: Integers) -> Floats:
        return np.array([_p99_ms(opened, of_opened) / _p99_ms(closed, of_closed) - 1.0])

    found = bounded(differs, len(opened), len(closed))[0]
    share, low, high = found.value or 0.0, found.low or 0.0, found.high or 0.0
    holds = None
    if low >= -ADDED_MAX and high <= ADDED_MAX:
        holds = True
    elif abs(share) > ADDED_MAX:
        holds = False
    with_ms, without_ms = (_p99_ms(each, np.arange(len(each))) for each in (opened, closed))
    return Figure(
        name="age.differs",
        asked=asked,
        measured=abs(share) * 100,
        bound=bound,
        unit="%",
        holds=holds,
        note=f"{with_ms:.3f} ms with, {without_ms:.3f} without: {share:+.1%} (95 %: {low:+.1%} to {high:+.1%});"
        f" {len(opened)} and {len(closed)} s by turns, {opened_aside} and {closed_aside} s set aside; the picture's age"
        f" p99 {_loop_p99_ms(with_windows):.0f} and {_loop_p99_ms(without):.0f} ms",
    )


def freezes(turns: Sequence[Turn]) -> Figure:
    """None of those with windows: a window that paints too late is a reason for one."""
    culprits = [each for turn in turns for each in turn.freezes]
    asked = "freezes while both windows were open"
    return Figure("freezes", asked, len(culprits), 0.0, "", not culprits, "; ".join(culprits) or f"{len(turns)} turns")


def _p99_ms(seconds: Sequence[Integers], picked: Integers) -> float:
    return float(np.percentile(np.concatenate([seconds[k] for k in picked]), PERCENT)) / NS_PER_MS


def _loop_p99_ms(turns: Sequence[Turn]) -> float:
    """How old the picture was that the surgeon acted by; for information."""
    return float(np.percentile(np.concatenate([turn.log.loop_age_ns for turn in turns]), PERCENT)) / NS_PER_MS
