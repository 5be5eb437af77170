"""The link's figures as they are shown: value, verdict, and how near each is to the limit that freezes. Pure."""

from collections.abc import Mapping
from typing import NamedTuple

from protocol.clock import NS_PER_MS
from protocol.widgets.sentence import Sentence, mark, sentence
from protocol.widgets.theme import Level


class LinkFigures(NamedTuple):
    """None stands for what nobody can tell now. Shares are of 1. `stalled` and `replaced` count lanes."""

    loop_age_ns: int | None = None
    worst_age_ns: int | None = None
    """Of the last minute."""
    effective_loss: float | None = None
    packet_loss: float | None = None
    jitter_ns: float | None = None
    longest_gap_ns: int | None = None
    lanes: int | None = None
    stalled: int = 0
    replaced: int = 0
    carriers: int | None = None
    carriers_up: int = 0
    clock_bound_ns: int | None = None


class Cell(NamedTuple):
    """One figure. `level` is None where no limit exists; `share` is of the freeze limit, and so is `slow_share`."""

    name: Sentence
    value: str
    level: Level | None
    share: float | None = None
    slow_share: float | None = None


class _Row(NamedTuple):
    """`slow` and `freeze` are names of limits in SI, or ''."""

    name: str
    field: str
    unit: str
    scale: float
    digits: int
    slow: str = ""
    freeze: str = ""


_MS = 1.0 / NS_PER_MS
_ROWS = (
    _Row(mark("loop age"), "loop_age_ns", "ms", _MS, 0, "link.age.slow_enter_ns", "link.age.freeze_ns"),
    _Row(mark("worst, last minute"), "worst_age_ns", "ms", _MS, 0, "link.age.slow_enter_ns", "link.age.freeze_ns"),
    _Row(mark("longest gap"), "longest_gap_ns", "ms", _MS, 0, "link.silence.pause_ns", "link.silence.freeze_ns"),
    _Row(
        mark("effective loss"), "effective_loss", "%", 100.0, 1,
        "link.effective_loss.slow_enter_share", "link.effective_loss.freeze_share",
    ),
    _Row(
        mark("packet loss"), "packet_loss", "%", 100.0, 1,
        "link.packet_loss.slow_enter_share", "link.packet_loss.freeze_share",
    ),
    _Row(mark("jitter"), "jitter_ns", "ms", _MS, 1),
    _Row(mark("clock known to"), "clock_bound_ns", "ms", _MS, 0),
)  # fmt: skip
_PAST = _ROWS[1].name
NOTHING = "\N{EN DASH}"


def cells(figures: LinkFigures, limits: Mapping[str, float]) -> tuple[Cell, ...]:
    """All figures in their order. `limits` are those that the patient's side streams."""
    found = [_cell(row, getattr(figures, row.field), limits) for row in _ROWS]
    lanes = NOTHING if figures.lanes is None else str(figures.lanes)
    lanes_level = None if figures.lanes is None else Level.SLOW if figures.stalled else Level.OK
    found.append(Cell(sentence("lanes"), lanes, lanes_level))
    carriers, carriers_level = NOTHING, None
    if figures.carriers is not None:
        carriers = f"{figures.carriers_up}/{figures.carriers}"
        up = figures.carriers_up
        carriers_level = Level.OK if up == figures.carriers else Level.SLOW if up else Level.FREEZE
    found.append(Cell(sentence("carriers"), carriers, carriers_level))
    return tuple(found)


def lanes_note(figures: LinkFigures) -> Sentence | None:
    """What is wrong with lanes, if anything."""
    if figures.lanes is None or not (figures.stalled or figures.replaced):
        return None
    # One of the two: there is room for so much that can be read from afar.
    if figures.stalled:
        return sentence("{stalled} stalled", stalled=str(figures.stalled))
    return sentence("{replaced} new", replaced=str(figures.replaced))


def limiting(shown: tuple[Cell, ...]) -> int | None:
    """Which figure of now is nearest to the limit that freezes; None where none is known."""
    shares = [(c.share, k) for k, c in enumerate(shown) if c.share is not None and c.name.source != _PAST]
    return max(shares)[1] if shares else None


def _cell(row: _Row, value: float | None, limits: Mapping[str, float]) -> Cell:
    name = Sentence(row.name)
    slow, freeze = limits.get(row.slow), limits.get(row.freeze)
    if value is None:
        return Cell(name, NOTHING, None if freeze is None else Level.UNKNOWN)
    sign = "± " if row.field == "clock_bound_ns" else ""
    text = f"{sign}{value * row.scale:.{row.digits}f} {row.unit}"
    if slow is None or freeze is None:
        return Cell(name, text, None)
    level = Level.FREEZE if value >= freeze else Level.SLOW if value >= slow else Level.OK
    return Cell(name, text, level, value / freeze, slow / freeze)
