"""Which commands are accepted: those of this session, by its key, newer than the newest. Pure: handed frames and time.

Lanes deliver out of order and twice; such commands are *superseded*, which is no fault. *Rejected* ones should not have
come at all, and are counted by reason. Nothing here locks anybody out: what a rejected command said is forgotten, and
every bound grows with the time since the last accepted one, or is renewed by the echo of a stamp of ours.
"""

from collections import Counter
from collections.abc import Sequence

from protocol.clock import NS_PER_S
from protocol.codec import FrameError, decode_command
from protocol.messages import Command
from protocol.quality import LinkQuality
from protocol.records import Accepted, Session
from protocol.roles import Heard, Role

AGE_MAX_NS = NS_PER_S
"""Of a command: what a lane held through a cut and gives back after it is of no use, and moves nothing."""
DRIFT = 2e-4
"""Two clocks may drift apart by so much: quartz keeps 1e-4."""
LEAP_RATIO = 1.2
LEAP_MIN = 1000
"""How far a sequence may leap: a little more than the rate gives in the time since the last accepted one. The first of
a session may have any number: its key and session are known by then, and a pilot counts on from one to the next."""


class Intake:
    """The newest accepted command of one session, and what became of all that came. `rate_hz` is the pilots'."""

    def __init__(self, rate_hz: int = 1000) -> None:
        self.accepted = 0
        self.superseded = 0
        self.rejected: Counter[str] = Counter()
        self.quality = LinkQuality()
        """Of this session's commands, whether heard or not."""
        self._rate_hz = rate_hz
        self._session = 0
        self._key = ""
        self._may_engage = False
        self._sequence = -1
        self._accepted_ns = 0
        self._least: tuple[int, int] | None = None
        self._authority_epoch = 0

    def begin(self, session: Session, now_ns: int) -> None:
        """Hear this session from now on, and no other; none, where it has no number or was revoked."""
        self._session, self._key = 0 if session.revoked else session.number, session.key
        self._may_engage = session.role is Role.SURGEON
        self._sequence = -1
        self._accepted_ns = now_ns
        self._least = None
        self.quality.forget()

    def set_authority(self, epoch: int) -> None:
        """The authority epoch in force: an engaged hand of another one is refused."""
        self._authority_epoch = epoch

    def take(self, frames: Sequence[Heard], now_ns: int) -> Accepted | None:
        """The newest command among `frames`, if it is newer than all before. Nothing is raised; all is counted."""
        newest: Command | None = None
        for frame in frames:
            if self._session == 0 or frame.key != self._key:
                self.rejected["key"] += 1
                continue
            try:
                command = decode_command(frame.content)
            except FrameError as error:
                self.rejected[error.reason] += 1
                continue
            reason = self._refuses(command, now_ns)
            if reason:
                self.rejected[reason] += 1
            elif command.sequence <= self._sequence:
                self.superseded += 1
            else:
                self.superseded += newest is not None
                self._sequence = command.sequence
                newest = command
        if newest is None:
            return None
        self.accepted += 1
        self._accepted_ns = now_ns
        return Accepted(now_ns, newest)

    def _refuses(self, command: Command, now_ns: int) -> str:
        """Why a command is not heard, or ''. One from its sequence's future counts nowhere: it would be the newest."""
        if command.session != self._session:
            return "session"
        if self._sequence >= 0 and command.sequence > self._sequence + self._leap_max(now_ns):
            return "leap"
        self.quality.heard(now_ns, command.sequence, command.sent_ns)
        if self._is_too_old(command, now_ns):
            return "age"
        engaged = any(hand.engaged for hand in command.hands)
        if engaged and not self._may_engage:
            return "role"
        if engaged and command.authority_epoch != self._authority_epoch:
            return "authority epoch"
        return ""

    def _leap_max(self, now_ns: int) -> int:
        return LEAP_MIN + int(LEAP_RATIO * self._rate_hz * (now_ns - self._accepted_ns) / NS_PER_S)

    def _is_too_old(self, command: Command, now_ns: int) -> bool:
        """Whether it is older than it may be, by the least that a command of this session took, and by its echo too.

        A stamp of ours that it gives back proves it younger than that stamp, whatever its sender's clock did: one that
        stood still, or leapt, is believed anew.
        """
        took_ns = now_ns - command.sent_ns
        echoes = 0 <= now_ns - command.received_ns <= AGE_MAX_NS
        if self._least is None or took_ns < self._least[0] or (echoes and self._exceeds(took_ns, now_ns, self._least)):
            self._least = took_ns, now_ns
        return not echoes and self._exceeds(took_ns, now_ns, self._least)

    @staticmethod
    def _exceeds(took_ns: int, now_ns: int, least: tuple[int, int]) -> bool:
        least_ns, since_ns = least
        return took_ns - least_ns > AGE_MAX_NS + DRIFT * (now_ns - since_ns)
