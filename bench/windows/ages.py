"""The surgeon's command age at the controller, with both windows open beside without any. Pure."""

from collections.abc import Sequence

import numpy as np

from bench.figure import Figure
from bench.link.ages import Floats, Integers, Span
from bench.link.seconds import bounded, by_second, quiet_seconds
from bench.windows.turn import Turn

ADDED_MAX = 0.05
PERCENT = 99.0


def seconds_of(turns: Sequence[Turn]) -> list[Integers]:
    """The ages at the ticks of each second in which arms followed and the host ran, in ns."""
    found: list[Integers] = []
    for turn in turns:
        quiet = quiet_seconds(turn.host, Span(turn.follows_from_ns, turn.follows_until_ns))
        now_ns, sent_ns = (turn.log[name].astype(np.int64) for name in ("now_ns", "sent_ns"))
        found += [each for each in by_second((now_ns, sent_ns), quiet) if len(each)]
    return found


def figure(with_windows: Sequence[Turn], without: Sequence[Turn]) -> Figure:
    """By how much the p99 differs, as a share of that without."""
    asked = "both windows open or none: by how much the commands' age at the controller differs at p99"
    opened, closed = seconds_of(with_windows), seconds_of(without)
    if not opened or not closed:
        return Figure("age.differs", asked, 0.0, ADDED_MAX * 100, "%", None, "in every second the host stood still")

    def differs(of_opened: Integers, of_closed: Integers) -> Floats:
        return np.array([_p99_ms(opened, of_opened) / _p99_ms(closed, of_closed) - 1.0])

    with_ms, without_ms = (_p99_ms(each, np.arange(len(each))) for each in (opened, closed))
    found = bounded(differs, len(opened), len(closed))[0]
    between = "" if found.low is None or found.high is None else f" (95 %: {found.low:+.1%} to {found.high:+.1%})"
    share = with_ms / without_ms - 1.0
    return Figure(
        name="age.differs",
        asked=asked,
        measured=abs(share) * 100,
        bound=ADDED_MAX * 100,
        unit="%",
        holds=abs(share) <= ADDED_MAX,
        note=f"{with_ms:.3f} ms with, {without_ms:.3f} ms without: {share:+.1%}{between};"
        f" {len(opened)} and {len(closed)} s by turns",
    )


def _p99_ms(seconds: Sequence[Integers], picked: Integers) -> float:
    return float(np.percentile(np.concatenate([seconds[k] for k in picked]), PERCENT)) / 1e6
