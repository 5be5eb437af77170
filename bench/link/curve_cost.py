"""What keys cost: the lanes with CURVE beside the same lanes without, second by second of the same run. Pure."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from bench.link.ages import PERCENTILES, Floats, Integers, Span
from bench.link.result import CurveCost, KeyedAndPlain
from bench.link.rivals import RivalLog
from bench.link.seconds import Bounded, bounded, by_second

CPU_ADDED_MAX_US = 15.0
Figures = Callable[[Integers], Floats]
"""Of the seconds of these numbers."""
KEYED, PLAIN = "lanes-keyed", "lanes-plain"


def cpu_us_per_command(log: RivalLog, seconds: Sequence[Span]) -> float | None:
    """Of both sides of one rival, in those of the seconds that it saw whole."""
    seen = _seen(log, seconds)
    if not seen:
        return None
    return float(_cpu_us(log, seen).sum() / _sent(log, seen).sum())


def curve_cost(rivals: Mapping[str, RivalLog], every: Sequence[Span], quiet: Sequence[Span]) -> CurveCost | None:
    """Of `every` second that might count, in those that are `quiet`; None where one of the two rivals left nothing."""
    if KEYED not in rivals or PLAIN not in rivals:
        return None
    keyed, plain = rivals[KEYED], rivals[PLAIN]
    seconds = _seen(plain, _seen(keyed, quiet))
    cpu_us = _beside(_cost_us(keyed, seconds), _cost_us(plain, seconds), len(seconds), 1)
    ages_ms = _beside(_age_ms(keyed, seconds), _age_ms(plain, seconds), len(seconds), len(PERCENTILES))
    return CurveCost(
        cpu_us=cpu_us[0],
        cpu_added_max_us=CPU_ADDED_MAX_US,
        command_age_ms=dict(zip(PERCENTILES, ages_ms, strict=True)),
        seconds=len(seconds),
        seconds_set_aside=len(every) - len(seconds),
    )


def _beside(keyed: Figures, plain: Figures, seconds: int, figures: int) -> list[KeyedAndPlain]:
    """So many figures of both, in the same seconds whenever some are drawn."""
    if not seconds:
        return [KeyedAndPlain(Bounded(), Bounded(), Bounded())] * figures

    def all_figures(picked: Integers) -> Floats:
        with_keys, without = keyed(picked), plain(picked)
        return np.concatenate((with_keys, without, with_keys - without))

    found = bounded(all_figures, seconds)
    return [KeyedAndPlain(*found[k::figures]) for k in range(figures)]


def _cost_us(log: RivalLog, seconds: Sequence[Span]) -> Figures:
    cpu_us, sent = _cpu_us(log, seconds), _sent(log, seconds)
    return lambda picked: np.array([cpu_us[picked].sum() / sent[picked].sum()])


def _age_ms(log: RivalLog, seconds: Sequence[Span]) -> Figures:
    ages_ms = [ages / 1e6 for ages in by_second((log.now_ns, log.sent_ns), seconds)]

    def percentiles(picked: Integers) -> Floats:
        found: Floats = np.percentile(np.concatenate([ages_ms[k] for k in picked]), list(PERCENTILES.values()))
        return found

    return percentiles


def _seen(log: RivalLog, seconds: Sequence[Span]) -> list[Span]:
    """Those of the seconds in which both sides of a rival ran from beginning to end, and commands came."""
    logs = log.sender_cpu, log.receiver_cpu
    if any(len(rows) == 0 for rows in logs) or not log.sent_ns.any():
        return []
    came_ns = int(log.now_ns[np.argmax(log.sent_ns > 0)])
    begin_ns = max(came_ns, *(int(rows[0, 0]) for rows in logs))
    end_ns = min(int(rows[-1, 0]) for rows in logs)
    return [each for each in seconds if begin_ns <= each.begin_ns and each.end_ns <= end_ns]


def _cpu_us(log: RivalLog, seconds: Sequence[Span]) -> Floats:
    """Of both sides together: which of them an interrupt finds running, and burdens, is chance."""
    sender_ns, receiver_ns = (_grown(rows[:, 0], rows[:, 1], seconds) for rows in (log.sender_cpu, log.receiver_cpu))
    return (sender_ns + receiver_ns) / 1e3


def _sent(log: RivalLog, seconds: Sequence[Span]) -> Floats:
    return _grown(log.sender_cpu[:, 0], log.sender_cpu[:, 2], seconds)


def _grown(at_ns: Integers, total: Integers, seconds: Sequence[Span]) -> Floats:
    """By how much a running total grew in each second, between its readings as if evenly."""
    if not seconds:
        return np.zeros(0)
    edges_ns = np.array(seconds, dtype=np.int64).reshape(-1, 2)
    # From its first reading on: as floats, absolute times have no room for single ns.
    first_ns = at_ns[0]
    at_edges = np.interp((edges_ns - first_ns).ravel(), at_ns - first_ns, total - total[0])
    grown: Floats = at_edges[1::2] - at_edges[::2]
    return grown
