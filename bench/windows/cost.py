"""A window's share of a core, and how long it could do nothing, second by second. Pure."""

import statistics
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from bench.figure import Figure
from bench.link.ages import Span
from bench.link.seconds import quiet_seconds
from bench.windows.turn import Turn
from protocol.clock import NS_PER_MS, NS_PER_S
from protocol.widgets.window_second import WindowSecond

SHARE_MAX = 0.30
BLOCKED_MAX_MS = 50.0
FRAMES_MIN = 28.0
"""Of thirty a second: less than that would make a cheap window of one that does not paint."""


SECONDS_MIN = 3


class Cost(NamedTuple):
    """Of one window while arms followed. `process`, `thread`: shares of a core of all its threads and of its own one,
    medians of `seconds`; `blocked_ms`: the worst of `quiet` seconds, those in which the host itself ran."""

    frames_per_s: float
    process: float
    thread: float
    blocked_ms: float
    seconds: int
    quiet: int


def cost(window: str, turns: Sequence[Turn]) -> Cost | None:
    """Of all turns together; None where there is less than a few seconds."""
    frames, process, thread, held = [], [], [], []
    for turn in turns:
        span = Span(turn.follows_from_ns, turn.follows_until_ns)
        quiet = quiet_seconds(turn.host, span)
        for before, now in pairwise(turn.told[window]):
            if not span.begin_ns <= before.begin_ns or not now.end_ns <= span.end_ns:
                continue
            lasted_ns = now.end_ns - before.end_ns
            frames.append(now.frames * NS_PER_S / lasted_ns)
            process.append((now.process_ns - before.process_ns) / lasted_ns)
            thread.append((now.thread_ns - before.thread_ns) / lasted_ns)
            if _within(now, quiet):
                held.append(now.longest_blocked_ns)
    if len(frames) < SECONDS_MIN:
        return None
    return Cost(
        frames_per_s=statistics.median(frames),
        process=statistics.median(process),
        thread=statistics.median(thread),
        blocked_ms=max(held, default=0) / NS_PER_MS,
        seconds=len(frames),
        quiet=len(held),
    )


def _within(second: WindowSecond, quiet: Sequence[Span]) -> bool:
    """Whether all of it lies in seconds in which the host ran: a window's seconds begin where they like."""
    covered_ns = sum(max(0, min(second.end_ns, span.end_ns) - max(second.begin_ns, span.begin_ns)) for span in quiet)
    return covered_ns >= second.end_ns - second.begin_ns


def figures(window: str, where: str, found: Cost | None) -> list[Figure]:
    """Of one window, without OpenGL."""
    asked_share = f"{window}, {where}, drawn without OpenGL: share of a core at 30 frames a second, two arms"
    asked_block = f"{window}, {where}: the longest that it could do nothing"
    if found is None:
        why = "the window told too little of itself while arms followed"
        return [
            Figure(f"{window}.share", asked_share, 0.0, SHARE_MAX * 100, "%", None, why),
            Figure(f"{window}.blocked", asked_block, 0.0, BLOCKED_MAX_MS, "ms", None, why),
        ]
    frames = f"{found.frames_per_s:.1f} frames a second"
    return [
        Figure(
            name=f"{window}.share",
            asked=asked_share,
            measured=found.process * 100,
            bound=SHARE_MAX * 100,
            unit="%",
            holds=found.process <= SHARE_MAX and found.frames_per_s >= FRAMES_MIN,
            note=f"{frames} (at least {FRAMES_MIN:.0f}), medians of {found.seconds} s",
        ),
        Figure(
            name=f"{window}.blocked",
            asked=asked_block,
            measured=found.blocked_ms,
            bound=BLOCKED_MAX_MS,
            unit="ms",
            holds=found.blocked_ms <= BLOCKED_MAX_MS if found.quiet else None,
            note=f"in {found.quiet} s; not counted: {found.seconds - found.quiet} s, the host stood still",
        ),
    ]


def apart(window: str, where: str, found: Cost | None) -> Figure:
    """What is a window's own beside a software OpenGL, that draws in threads of its own."""
    asked = f"{window}, {where}, 3-D by software OpenGL: share of a core of the window's own thread"
    if found is None:
        return Figure(f"{window}.share_3d", asked, 0.0, SHARE_MAX * 100, "%", None, "it told too little of itself")
    return Figure(
        name=f"{window}.share_3d",
        asked=asked,
        measured=found.thread * 100,
        bound=SHARE_MAX * 100,
        unit="%",
        holds=found.thread <= SHARE_MAX,
        note=f"{found.frames_per_s:.1f} frames a second; with OpenGL's threads {found.process * 100:.0f} %,"
        f" longest block {found.blocked_ms:.0f} ms",
    )
