"""Before a case: is the link good enough for the procedure? Judged by the limits that the patient's side streams. Pure.

What counts is what the slave will see: how old the newest answer is at every tick, how long none came, how many ticks
were late, and what the kernel lost. The console's picture comes two frames later than the answer: that is added.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

PICTURE_MS = 2 * 1000.0 / 30.0
"""A console at 30 frames a second shows a state one to two frames after it came."""
MS = 1e-6
FEWEST_TICKS = 3000


class Advice(StrEnum):
    """What the surgeon is told."""

    GO = "GO"
    SLOWLY = "GO SLOWLY"
    NO_GO = "NO-GO"
    UNKNOWN = "UNKNOWN"


class LinkCheck(msgspec.Struct, frozen=True):
    """`reasons`: each a figure and the limit it crossed. Ages in ms include the picture's; None where nothing came."""

    advice: Advice
    reasons: tuple[str, ...]
    procedure: str
    seconds: float
    loop_age_p50_ms: float | None
    loop_age_p999_ms: float | None
    loop_age_max_ms: float | None
    jitter_ms: float | None
    longest_gap_ms: float | None
    effective_loss_percent: float | None
    packet_loss_percent: float | None


class Ticks(NamedTuple):
    """One value a tick, at equal intervals: when it was, our stamp of the newest command that had been answered by
    then, and when the newest state came; ns, 0 before the first. `packet_loss` is the worst share of any 2 s."""

    now_ns: Floats
    heard_sent_ns: Floats
    state_ns: Floats
    packet_loss: float | None


class _Figure(NamedTuple):
    """A figure beside the limits at which the arm would be slowed and frozen."""

    name: str
    value: float
    slow: float
    freeze: float
    unit: str


def check(ticks: Ticks, procedure: str, limits: Mapping[str, float]) -> LinkCheck:
    """The advice. `limits` are those of `Welcome.limits`, in SI by name."""
    answered = ticks.heard_sent_ns > 0
    seconds = float(np.ptp(ticks.now_ns)) * 1e-9 if len(ticks.now_ns) else 0.0
    if not answered.any():
        nothing = ("no command was answered: is the patient's side running, and its session free?",)
        return LinkCheck(Advice.NO_GO, nothing, procedure, seconds, *(None,) * 7)
    hole = _hole(ticks, answered, limits)
    if hole:
        return LinkCheck(Advice.UNKNOWN, (hole,), procedure, seconds, *(None,) * 7)
    age_ms = (ticks.now_ns - ticks.heard_sent_ns)[answered] * MS + PICTURE_MS
    gap_ms = float(((ticks.now_ns - ticks.state_ns)[answered]).max()) * MS
    jitter_ms = float(np.percentile(age_ms, 99.0) - np.percentile(age_ms, 1.0))
    late = None
    figures: list[_Figure] = []
    if any(name.startswith("link.") for name in limits):
        late = _late_share(age_ms, limits, len(age_ms) / seconds if seconds else 1.0)
        figures = _figures(age_ms, gap_ms, late, ticks.packet_loss, limits)
    advice, reasons = _judge(figures)
    p50, p999 = np.percentile(age_ms, [50.0, 99.9])
    lost = None if ticks.packet_loss is None else ticks.packet_loss * 100.0
    worst = float(age_ms.max())
    late_percent = None if late is None else late * 100.0
    figures_told = (float(p50), float(p999), worst, jitter_ms, gap_ms, late_percent, lost)
    return LinkCheck(advice, reasons, procedure, seconds, *figures_told)


def _hole(ticks: Ticks, answered: NDArray[np.bool_], limits: Mapping[str, float]) -> str:
    """Why these ticks are no check at all: they have a hole, or the session was lost meanwhile. '' when they are."""
    first = int(np.argmax(answered))
    if not answered[first:].all():
        return "the session was lost meanwhile: somebody else may have it; measure again"
    held_ms = float(np.diff(ticks.now_ns).max(initial=0.0)) * MS
    limit_ms = limits.get("link.silence.pause_ns", 100.0 / MS) * MS
    if held_ms >= limit_ms:
        return f"this host stood still for {held_ms:.0f} ms (limit {limit_ms:.0f} ms): measure again on a quiet one"
    if len(ticks.now_ns) < FEWEST_TICKS:
        return f"{len(ticks.now_ns)} ticks are too few (at least {FEWEST_TICKS}): measure for longer"
    return ""


def _judge(figures: list[_Figure]) -> tuple[Advice, tuple[str, ...]]:
    if not figures:
        return Advice.UNKNOWN, ("this procedure has no limits for the link: nothing to judge by",)
    frozen = [figure for figure in figures if figure.value >= figure.freeze]
    if frozen:
        return Advice.NO_GO, tuple(_say(figure, figure.freeze, "frozen") for figure in frozen)
    slowed = [figure for figure in figures if figure.value >= figure.slow]
    if slowed:
        return Advice.SLOWLY, tuple(_say(figure, figure.slow, "slowed or paused") for figure in slowed)
    return Advice.GO, ()


def _say(figure: _Figure, limit: float, what: str) -> str:
    return f"{figure.name} {figure.value:.1f} {figure.unit}: from {limit:.1f} {figure.unit} on the arm is {what}"


def _figures(
    age_ms: Floats, gap_ms: float, late: float, packet_loss: float | None, limits: Mapping[str, float]
) -> list[_Figure]:
    for_ms, at_once_ms = limits["link.age.freeze_for_ns"] * MS, limits["link.age.freeze_at_once_ns"] * MS
    slow_ms, freeze_ms = limits["link.age.slow_enter_ns"] * MS, limits["link.age.freeze_ns"] * MS
    figures = [
        _Figure("loop age", float(age_ms.max()), slow_ms, at_once_ms, "ms"),
        # An age grows by a millisecond a millisecond: what stayed above the limit for so long was higher by then.
        _Figure("loop age, for long", _held_ms(age_ms, for_ms), slow_ms, freeze_ms, "ms"),
        _Figure("silence", gap_ms, limits["link.silence.pause_ns"] * MS, limits["link.silence.freeze_ns"] * MS, "ms"),
        _share("effective loss", late, "link.effective_loss", limits),
    ]
    if packet_loss is not None:
        figures.append(_share("packet loss", packet_loss, "link.packet_loss", limits))
    return figures


def _share(name: str, share: float, prefix: str, limits: Mapping[str, float]) -> _Figure:
    slow, freeze = limits[f"{prefix}.slow_enter_share"], limits[f"{prefix}.freeze_share"]
    return _Figure(name, share * 100.0, slow * 100.0, freeze * 100.0, "%")


def _held_ms(age_ms: Floats, for_ms: float) -> float:
    """The greatest age that was not undercut for `for_ms`; ticks are taken to be a millisecond apart."""
    width = max(1, round(for_ms))
    if len(age_ms) < width:
        return float(age_ms.min())
    return float(np.lib.stride_tricks.sliding_window_view(age_ms, width).min(axis=1).max())


def _late_share(age_ms: Floats, limits: Mapping[str, float], ticks_a_second: float) -> float:
    """The worst share of late ticks in any window, against the least age of the whole check."""
    late = age_ms > age_ms.min() + limits["link.effective_loss.late_by_ns"] * MS
    width = max(1, round(limits["link.effective_loss.over_ns"] * 1e-9 * ticks_a_second))
    sums = np.concatenate(([0.0], np.cumsum(late)))
    if len(late) < width:
        return float(late.mean())
    return float((sums[width:] - sums[:-width]).max()) / width
