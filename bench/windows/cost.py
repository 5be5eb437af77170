"""A window's share of a core, its frames, and how long it could do nothing, second by second. Pure."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from bench.figure import Figure
from bench.link.ages import Span
from bench.link.seconds import HostSecond, quiet_seconds
from bench.windows.turn import Turn
from protocol.clock import NS_PER_MS, NS_PER_S
from protocol.widgets.window_second import WindowSecond

FRAMES_A_SECOND = 30.0
SHARE_MAX = 0.30
BLOCKED_MAX_MS = 50.0
FRAMES_MIN = 28.0
"""In the worst seconds but one in twenty: what paints less is cheap by not painting."""
TOLD_MIN = 0.8
"""Of the time looked at: a window that tells less was not measured."""
EXCUSED_TIMES = 10
"""A block so many times as long as the host was late was not the host's."""


class Cost(NamedTuple):
    """Of one window while arms followed. `process`, `thread`: shares of a core of all its threads and of its own one;
    `frames_5`: shown a second in the worst of twenty seconds; both of the seconds that count for blocks, if any.

    `blocked_ms`: the worst of those; `excused_ms`: the worst of all others, `excused` seconds in or before which the
    host stood still; `drawn`: how the arms were drawn, all ways that there were.
    """

    seconds: int
    frames: float
    frames_5: float
    process: float
    thread: float
    blocked_ms: float | None
    excused: int
    excused_ms: float
    drawn: frozenset[str]


class _Kept(NamedTuple):
    second: WindowSecond
    process_ns: int
    thread_ns: int
    excused: bool


def cost(window: str, turns: Sequence[Turn]) -> Cost | None:
    """Of all turns together; None where the window told of too little of the time."""
    kept = [each for turn in turns for each in _seconds_of(window, turn)]
    looked_ns = sum(max(0, turn.span.end_ns - turn.span.begin_ns) for turn in turns)
    told_ns = sum(each.second.end_ns - each.second.begin_ns for each in kept)
    if not kept or told_ns < TOLD_MIN * looked_ns - 2 * NS_PER_S * len(turns):
        return None
    quiet = [each for each in kept if not each.excused]
    excused = [each for each in kept if each.excused]
    rates = [each.second.frames * NS_PER_S / (each.second.end_ns - each.second.begin_ns) for each in quiet or kept]
    return Cost(
        seconds=len(kept),
        frames=float(np.mean(rates)),
        frames_5=float(np.percentile(rates, 5)),
        process=sum(each.process_ns for each in kept) / told_ns,
        thread=sum(each.thread_ns for each in kept) / told_ns,
        blocked_ms=max(each.second.longest_blocked_ns for each in quiet) / NS_PER_MS if quiet else None,
        excused=len(excused),
        excused_ms=max((each.second.longest_blocked_ns for each in excused), default=0) / NS_PER_MS,
        drawn=frozenset(each.second.drawn for each in kept),
    )


def _seconds_of(window: str, turn: Turn) -> list[_Kept]:
    """Those that lie within the time looked at, each with what it used."""
    quiet = quiet_seconds(turn.host, turn.span)
    found = []
    told = turn.told[window]
    for before, now in pairwise(told):
        if now.begin_ns >= turn.span.begin_ns and now.end_ns <= turn.span.end_ns:
            used = (now.process_ns - before.process_ns, now.thread_ns - before.thread_ns)
            found.append(_Kept(now, *used, excused=not _counts(now, quiet, turn.host)))
    return found


def _counts(second: WindowSecond, quiet: Sequence[Span], host: Sequence[HostSecond]) -> bool:
    """Whether the host ran in all of it and the second before; or whether no stall of it was as long as the block."""
    covered_ns = sum(max(0, min(second.end_ns, span.end_ns) - max(second.begin_ns, span.begin_ns)) for span in quiet)
    if covered_ns >= second.end_ns - second.begin_ns:
        return True
    near = [each for each in host if second.begin_ns - 2 * NS_PER_S < each.begin_ns < second.end_ns]
    if not near or any(each.late_ns is None for each in near):
        return False
    late_ns = max(each.late_ns or 0 for each in near)
    return second.longest_blocked_ns > max(EXCUSED_TIMES * late_ns, BLOCKED_MAX_MS * NS_PER_MS)


def figures(window: str, where: str, found: Cost | None) -> list[Figure]:
    """Of one window, without OpenGL."""
    asked_share = f"{window}, {where}, drawn without OpenGL: share of a core at 30 frames a second, two arms"
    asked_block = f"{window}, {where}: the longest that it could do nothing"
    share_name, block_name = f"{window}.{where}.share", f"{window}.{where}.blocked"
    if found is None:
        why = "the window told too little of itself while arms followed"
        return [
            Figure(share_name, asked_share, 0.0, SHARE_MAX * 100, "%", None, why),
            Figure(block_name, asked_block, 0.0, BLOCKED_MAX_MS, "ms", None, why),
        ]
    least = f"{found.frames_5:.1f} in the worst of twenty (at least {FRAMES_MIN:.0f})"
    aside = f"; in {found.excused} s more, in or after which the host stood still, {found.excused_ms:.0f} ms"
    return [
        Figure(
            name=share_name,
            asked=asked_share,
            measured=found.process * 100,
            bound=SHARE_MAX * 100,
            unit="%",
            holds=found.process <= SHARE_MAX and found.frames_5 >= FRAMES_MIN,
            note=f"of {found.seconds} s; {found.frames:.1f} frames a second, {least}",
        ),
        Figure(
            name=block_name,
            asked=asked_block,
            measured=found.blocked_ms or 0.0,
            bound=BLOCKED_MAX_MS,
            unit="ms",
            holds=None if found.blocked_ms is None else found.blocked_ms <= BLOCKED_MAX_MS,
            note=f"in {found.seconds - found.excused} s{aside}",
        ),
    ]


def apart(window: str, where: str, found: Cost | None) -> Figure:
    """What is a window's own beside a software OpenGL, which has threads of its own; as at 30 frames a second."""
    name, asked = f"{window}.{where}.share_3d", f"{window}, {where}, 3-D by software OpenGL: share of its own thread"
    bound = SHARE_MAX * 100
    if found is None:
        return Figure(name, asked, 0.0, bound, "%", None, "it told too little of itself")
    if found.drawn != {"3-D"}:
        why = f"the arms were drawn {' and '.join(sorted(found.drawn))}: 3-D cannot be had here, or takes too long"
        return Figure(name, asked, 0.0, bound, "%", None, why)
    share = found.thread * FRAMES_A_SECOND / max(found.frames, 1.0)
    return Figure(
        name=name,
        asked=asked,
        measured=share * 100,
        bound=bound,
        unit="%",
        holds=share <= SHARE_MAX,
        note=f"as if at 30 frames a second; there were {found.frames:.1f}; with OpenGL's threads {found.process:.0%}",
    )
