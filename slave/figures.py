"""What those who watch are told of link, session and drives, from the newest records. Pure."""

from typing import NamedTuple

from protocol.clock import NS_PER_MS
from protocol.echo import loop_age
from protocol.fields import clipped
from protocol.figures import Figures, StopLine
from protocol.records import Accepted, Authority, Measured, Session, StreamQuality

STALE_NS = 200 * NS_PER_MS
"""Of the drives' account: two hundred periods. It is not told on when it is older: they are dead, or the plant is."""


class Told(NamedTuple):
    """The newest records; None before the first. `accepted` is None where it is of no session, or of another."""

    session: Session
    accepted: Accepted | None
    authority: Authority
    measured: Measured | None
    quality: StreamQuality


def figures_of(now_ns: int, robot: str, procedure: str, told: Told) -> Figures:
    """The figures of this moment. `measured` is the plant's account.

    Without an account of now `brakes` is empty, of no arm: what stands beside it of the drives then says nothing.
    """
    accepted, measured = told.accepted, told.measured
    if measured is not None and now_ns - measured.stamp_ns > STALE_NS:
        measured = None
    command = None if accepted is None else accepted.command
    age = None if command is None else loop_age(now_ns, command.received_ns, command.shown_ns)
    return Figures(
        version=1,
        stamp_ns=now_ns,
        robot=clipped(robot),
        procedure=clipped(procedure),
        limits_hash=told.authority.limits_hash,
        surgeon=told.session.master if told.session.number else "",
        device=told.session.device if told.session.number else "",
        session_silent=told.session.silent,
        link_age_ns=None if age is None else age.link_ns,
        seen_age_ns=None if age is None else age.seen_ns,
        silence_ns=None if accepted is None else max(0, now_ns - accepted.accepted_ns),
        packet_loss=None if command is None else command.packet_loss,
        effective_loss=told.quality.effective_loss,
        jitter_ns=told.quality.jitter_ns,
        longest_gap_ns=told.quality.longest_gap_ns,
        powered=measured is not None and measured.powered,
        stopped=measured is not None and measured.stopped,
        tripped=measured is not None and measured.tripped,
        following=measured is not None and measured.following,
        permitted=measured is not None and measured.permitted,
        line=StopLine.NONE if measured is None else measured.line,
        fault="" if measured is None else measured.fault,
        brakes=() if measured is None else measured.brakes,
    )
