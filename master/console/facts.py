"""What else stands on the operating page: who owns the arms, and how the link is made up. Pure."""

from typing import NamedTuple

from master.console.snapshot import Snapshot
from master.pilot_records import LaneMap
from protocol.widgets.link_figures import NOTHING, LinkFigures
from protocol.widgets.names import name_of, owner_name
from protocol.widgets.sentence import Sentence, literal, sentence
from protocol.widgets.theme import Level

DASH = literal(NOTHING)
LIVE, STALLED, CONNECTING = "L", "S", "c"
"""As `protocol.lane_set.LETTERS` writes lanes; what is free is "."."""


class Fact(NamedTuple):
    """A name and what stands beside it."""

    name: Sentence
    value: Sentence


def facts(seen: Snapshot) -> tuple[Fact, ...]:
    """Who has the arms, and how they move now; always the same ones in the same order."""
    state, welcome, link, launcher = seen.state, seen.welcome, seen.link, seen.launcher
    side = "" if launcher is None else launcher.side
    return (
        Fact(sentence("owner"), DASH if state is None else owner_name(state.owner)),
        Fact(sentence("authority epoch"), DASH if state is None else literal(str(state.authority_epoch))),
        Fact(sentence("procedure"), DASH if welcome is None else name_of(welcome.procedure)),
        Fact(sentence("patient's side"), literal(side) if side else DASH),
        Fact(sentence("robot"), DASH if welcome is None else literal(welcome.robot)),
        Fact(sentence("motion scale"), DASH if link is None else literal(scale_text(link.scale))),
        Fact(sentence("speed cap"), DASH if state is None else literal(f"{state.speed_cap_m_s * 1e3:.0f} mm/s")),
    )


def scale_text(scale: float) -> str:
    """Tip to hand, as a surgeon says it."""
    return f"{scale:.2f}".rstrip("0").rstrip(".") + " : 1"


class LaneView(NamedTuple):
    """The lanes of one direction over one carrier, one letter each."""

    name: Sentence
    carrier: str
    letters: str
    live: int
    stalled: int
    connecting: int
    replaced: int
    level: Level


def lane_views(seen: Snapshot) -> tuple[LaneView, ...]:
    """All directions and carriers; none before there is a session."""
    if not seen.in_session or seen.link is None:
        return ()
    return (
        *(_lanes(sentence("commands"), each) for each in seen.link.command_lanes),
        *(_lanes(sentence("pictures"), each) for each in seen.link.state_lanes),
    )


def link_figures(seen: Snapshot, worst_ns: int | None) -> LinkFigures:
    """The link as this side sees it; `worst_ns` is the greatest loop age of the last minute."""
    link, pilot = seen.link, seen.pilot
    if not seen.in_session or link is None or pilot is None:
        return LinkFigures()
    shown = lane_views(seen)
    carriers = {each.carrier for each in shown}
    up = {each.carrier for each in shown if each.live > each.stalled}
    return LinkFigures(
        loop_age_ns=link.loop_age_ns,
        worst_age_ns=worst_ns,
        effective_loss=link.late,
        packet_loss=pilot.packet_loss,
        jitter_ns=pilot.states.jitter_ns,
        longest_gap_ns=pilot.states.longest_gap_ns,
        lanes=sum(each.live for each in shown),
        stalled=sum(each.stalled for each in shown),
        replaced=sum(each.replaced for each in shown),
        carriers=len(carriers),
        carriers_up=len(up),
        clock_bound_ns=link.offset_error_ns,
    )


def _lanes(name: Sentence, lanes: LaneMap) -> LaneView:
    live, stalled, connecting = (lanes.lanes.count(letter) for letter in (LIVE, STALLED, CONNECTING))
    level = Level.OK if live > stalled else Level.SLOW if live else Level.FREEZE
    return LaneView(name, lanes.carrier, lanes.lanes, live, stalled, connecting, lanes.replaced, level)
