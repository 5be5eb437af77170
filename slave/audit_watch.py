"""What of the patient's side's own doings goes into the audit log, from what its cells say. Pure: handed the time.

The supervisor's turns tell of every change of owner and mode, every stop and every call; they are counted, so that one
that came and went between two looks is told like any other.
"""

from typing import NamedTuple

from protocol.audit_records import Turn, Turns
from protocol.clock import NS_PER_MS
from protocol.fingerprint import fingerprint
from protocol.messages import FreezeClass, Mode
from protocol.records import Authority, Measured, Session
from safety.modes import Event
from slave.audit_log import Detail, Happening

SILENT_NS = 500 * NS_PER_MS
"""A supervisor that says nothing for so long is told of: its permit has lapsed long before."""

SILENT = ("session silent", "no command came for so long that it is dead; its console may come back")
RESUMED = ("session resumed", "its commands came back")

CAUSES = {
    Event.TAKE: "TAKE pressed by the local staff",
    Event.GIVE: "GIVE pressed by the local staff",
    Event.RELEASE: "RELEASE pressed by the local staff",
    Event.RESET: "RESET pressed by the local staff",
    Event.ATTEND: "I AM HERE pressed by the local staff",
    Event.STRANGER: "another console has opened the session",
    Event.ENGAGE: "the surgeon engaged",
    Event.PEDALS_UP: "the surgeon's pedals are up",
    Event.BACK_NEAR: "commands came back in time",
    Event.CALL_DUE: "nobody ended the freeze",
    Event.SELFTEST_PASSED: "the self-test passed",
}
"""Of events that bring no words of their own. All others do."""
_WORDS = {event.name: words for event, words in CAUSES.items()}


class Seen(NamedTuple):
    """What the cells hold at one look; None before the first record. `measured`: the newest account of the drives."""

    turns: Turns | None
    authority: Authority | None
    session: Session | None
    measured: Measured | None


class AuditWatch:
    """Compares each look with the one before."""

    def __init__(self) -> None:
        self._turn: Turn | None = None
        self._turns = 0
        self._silent_since_ns = 0
        self._session: Session | None = None
        self._stopped = False

    def step(self, now_ns: int, seen: Seen) -> list[Happening]:
        """What is to be written of what happened since the last look. `now_ns` was asked for after the cells."""
        return [
            *self._hear_supervisor(now_ns, seen.authority),
            *self._follow_turns(seen.turns),
            *self._follow_drives(seen.measured),
            *self._follow_session(now_ns, seen.session),
        ]

    def _follow_turns(self, turns: Turns | None) -> list[Happening]:
        if turns is None:
            return []
        # One started anew counts from 1 again, but its stamps go on.
        since_ns = -1 if self._turn is None else self._turn.stamp_ns
        fresh: list[Turn] = []
        for turn in turns.newest:
            # Worst case: they stand in no order. One passed over is counted as missed; told again at every look, it
            # would fill the disk.
            if turn.stamp_ns > since_ns:
                fresh.append(turn)
                since_ns = turn.stamp_ns
        told: list[Happening] = []
        missed = turns.number - self._turns - len(fresh)
        if fresh and missed > 0:
            why = "the audit log was held up; the next entries tell what became of all"
            told.append(Happening(fresh[0].stamp_ns, "turns missed", "audit", why, missed))
        for turn in fresh:
            told += _tell(self._turn, turn)
            self._turn = turn
        self._turns = turns.number
        return told

    def _hear_supervisor(self, now_ns: int, authority: Authority | None) -> list[Happening]:
        if authority is None:
            return []
        silent_ns = now_ns - authority.stamp_ns
        if silent_ns > SILENT_NS and not self._silent_since_ns:
            self._silent_since_ns = authority.stamp_ns
            why = f"no word for {silent_ns // NS_PER_MS} ms: its permit has lapsed long before"
            return [Happening(authority.stamp_ns, "supervisor silent", "supervisor", why)]
        if silent_ns <= SILENT_NS and self._silent_since_ns:
            away_ms = (authority.stamp_ns - self._silent_since_ns) // NS_PER_MS
            self._silent_since_ns = 0
            return [Happening(now_ns, "supervisor back", "supervisor", f"it was silent for {away_ms} ms")]
        return []

    def _follow_drives(self, measured: Measured | None) -> list[Happening]:
        if measured is None or measured.stopped == self._stopped:
            return []
        self._stopped = measured.stopped
        if not measured.stopped:
            return [Happening(measured.stamp_ns, "drives rearmed", "drives", "their stop was acknowledged")]
        why = "pressed at the panel, or its hard-wired line is open"
        return [Happening(measured.stamp_ns, "STOP + POWER OFF", "drives", why)]

    def _follow_session(self, now_ns: int, session: Session | None) -> list[Happening]:
        before, self._session = self._session, session
        told: list[Happening] = []
        if session is None or session == before:
            return told
        same = before is not None and before.number == session.number
        if before is not None and before.number and not same:
            told.append(Happening(now_ns, "session ended", before.master, f"with the device {before.device}"))
        if session.number and not same:
            why = f"with the device {session.device}, as {session.role.value}, key {fingerprint(session.key)}"
            told.append(Happening(min(session.opened_ns, now_ns), "session opened", session.master, why))
        if session.revoked:
            if before is None or not before.revoked:
                told.append(Happening(now_ns, "session revoked", session.master, "its key is trusted no more"))
            return told
        if session.silent != (before is not None and same and before.silent):
            what, why = SILENT if session.silent else RESUMED
            told.append(Happening(now_ns, what, session.master, why))
        return told


def _tell(before: Turn | None, turn: Turn) -> list[Happening]:
    """What of one turn is written. A jog is not, nor is what moves nothing but the permit's generation."""
    if not turn.event:
        return [_entry("supervisor started", before, turn, {})]
    told = []
    if before is None or turn.stop_number != before.stop_number:
        told.append(_entry("stop", before, turn, {"stop_number": turn.stop_number}))
    if before is None or (turn.owner, turn.authority_epoch) != (before.owner, before.authority_epoch):
        told.append(_entry("authority", before, turn, {"authority_epoch": turn.authority_epoch}))
    if before is None or _standing(turn) != _standing(before):
        told.append(_entry("mode", before, turn, {"testing": turn.testing}))
    if before is None or turn.calling != before.calling:
        told.append(_entry("calling" if turn.calling else "attended", before, turn, {}))
    return told


def _standing(turn: Turn) -> tuple[Mode, FreezeClass, str, bool]:
    return turn.mode, turn.freeze_class, turn.culprit, turn.testing


def _entry(what: str, before: Turn | None, turn: Turn, details: dict[str, Detail]) -> Happening:
    state: dict[str, Detail] = {
        "mode": turn.mode.value,
        "owner": turn.owner.value,
        "freeze_class": turn.freeze_class.value,
    }
    if before is not None:
        state |= {"from_mode": before.mode.value, "from_owner": before.owner.value}
    return Happening(turn.stamp_ns, what, "supervisor", _why(turn), details={**state, **details})


def _why(turn: Turn) -> str:
    """In words, whose doing it was. The culprit of a freeze that only goes on is told beside."""
    words = _WORDS.get(turn.event, "")
    if words and turn.culprit:
        return f"{words} ({turn.culprit})"
    return words or turn.culprit or turn.event or "it begins"
