"""Which of the parts between surgeon and arm works: link, gateway, controller, supervisor, plant, drives. Pure.

A part works while its counter moves on. Its stamp alone would not tell: the plant passes the drives' stamps on, and a
process that hangs in the middle may go on stamping. What was written last by one that is dead is not believed.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from protocol.clock import NS_PER_MS, NS_PER_S
from protocol.records import Accepted, Authority, IntakeCounts, Measured, Report, Session
from protocol.widgets.sentence import Sentence, mark, sentence

STALE_NS = 200 * NS_PER_MS
"""Two hundred periods of those that tick at 1 kHz."""
GATEWAY_STALE_NS = 500 * NS_PER_MS
"""Five periods: it tells ten times a second."""
LINK_STALE_NS = 100 * NS_PER_MS
"""A hundred periods of the surgeon's commands."""
NOTHING = Sentence("")
"""Nothing to say."""


class Part(StrEnum):
    """In the order of the data's way, from the surgeon to the arm; the supervisor beside it."""

    LINK = mark("link")
    GATEWAY = mark("gateway")
    CONTROLLER = mark("controller")
    SUPERVISOR = mark("supervisor")
    PLANT = mark("plant")
    DRIVES = mark("drives")


class Standing(NamedTuple):
    """How a part stands. `silent_ns`: since it last moved on, None if it never did. `why` it does not work."""

    part: Part
    works: bool
    silent_ns: int | None
    why: Sentence


class Records(NamedTuple):
    """What the parts said last; None before the first word."""

    session: Session | None
    accepted: Accepted | None
    intake: IntakeCounts | None
    report: Report | None
    authority: Authority | None
    measured: Measured | None
    drives: Measured | None


class Parts:
    """Counters of all parts from look to look, by the clock of the one who looks."""

    def __init__(self) -> None:
        self._moved: dict[Part, tuple[int, int]] = {}

    def step(self, now_ns: int, seen: Records) -> tuple[Standing, ...]:
        """How each part stands, in their order."""
        counters = _counters(seen)
        for part, (count, stamp_ns) in counters.items():
            before = self._moved.get(part)
            if before is None:
                # Of one that was dead before we came, its stamp alone tells.
                self._moved[part] = (count, min(stamp_ns, now_ns))
            elif before[0] != count:
                self._moved[part] = (count, now_ns)
        return tuple(
            _link(now_ns, seen) if part is Part.LINK else self._standing(now_ns, part, counters) for part in Part
        )

    def _standing(self, now_ns: int, part: Part, counters: Mapping[Part, tuple[int, int]]) -> Standing:
        if part not in counters:
            return Standing(part, False, None, sentence("has said nothing yet"))
        silent_ns = now_ns - self._moved[part][1]
        limit_ns = GATEWAY_STALE_NS if part is Part.GATEWAY else STALE_NS
        if silent_ns <= limit_ns:
            return Standing(part, True, silent_ns, NOTHING)
        if part is not Part.PLANT and now_ns - counters[part][1] <= limit_ns:
            return Standing(part, False, silent_ns, _for(mark("stands still for {time}"), silent_ns))
        return Standing(part, False, silent_ns, _for(mark("silent for {time}"), silent_ns))


def duration(ns: int) -> str:
    """A time that people wait through: 0.3 s, 12 s, 4:05."""
    seconds = max(0, ns) / NS_PER_S
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    if seconds < 99.5:
        return f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def _for(text: str, ns: int) -> Sentence:
    return Sentence(text, (("time", duration(ns)),))


def _counters(seen: Records) -> dict[Part, tuple[int, int]]:
    """Of each that has spoken: the counter that its work moves, and its newest stamp."""
    counters: dict[Part, tuple[int, int]] = {}
    if seen.intake is not None:
        counters[Part.GATEWAY] = (seen.intake.stamp_ns, seen.intake.stamp_ns)
    if seen.report is not None:
        counters[Part.CONTROLLER] = (seen.report.tick, seen.report.stamp_ns)
    if seen.authority is not None:
        counters[Part.SUPERVISOR] = (seen.authority.tick, seen.authority.stamp_ns)
    if seen.measured is not None:
        counters[Part.PLANT] = (seen.measured.tick, seen.measured.stamp_ns)
    if seen.drives is not None:
        counters[Part.DRIVES] = (seen.drives.step, seen.drives.stamp_ns)
    return counters


def _link(now_ns: int, seen: Records) -> Standing:
    """By the commands: while a console has the session they come a thousand times a second."""
    session = seen.session
    if session is None or not session.number:
        return Standing(Part.LINK, False, None, sentence("no console is connected"))
    if session.revoked:
        return Standing(Part.LINK, False, None, sentence("the console's key was revoked"))
    accepted = seen.accepted
    heard = accepted is not None and accepted.command.session == session.number
    silent_ns = now_ns - (accepted.accepted_ns if accepted is not None and heard else session.opened_ns)
    if session.silent:
        why = _for(mark("cut for {time}: the session is dead"), silent_ns)
        return Standing(Part.LINK, False, silent_ns, why)
    if silent_ns > LINK_STALE_NS:
        return Standing(Part.LINK, False, silent_ns, _for(mark("cut for {time}"), silent_ns))
    return Standing(Part.LINK, True, silent_ns, NOTHING)
