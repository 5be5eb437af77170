"""Which commands are accepted: those of this session, newer than the newest. Pure: handed frames and the time.

Lanes deliver out of order and twice; such commands are *superseded*, which is no fault. *Rejected* ones should not have
come at all, and are counted by reason.
"""

from collections import Counter

from protocol.codec import FrameError, decode_command
from protocol.messages import Command
from protocol.quality import LinkQuality
from protocol.records import Accepted


class Intake:
    """The newest accepted command of one session, and what became of all that came."""

    def __init__(self) -> None:
        self.accepted = 0
        self.superseded = 0
        self.rejected: Counter[str] = Counter()
        self.quality = LinkQuality()
        """Of this session's commands, whether heard or not."""
        self._session = 0
        self._sequence = -1
        self._authority_epoch = 0

    def begin(self, session: int) -> None:
        """Hear this session from now on, and no other; 0 for none. Its sequence starts anew."""
        self._session = session
        self._sequence = -1
        self.quality.forget()

    def set_authority(self, epoch: int) -> None:
        """The authority epoch in force: an engaged hand of another one is refused."""
        self._authority_epoch = epoch

    def take(self, frames: list[bytes], now_ns: int) -> Accepted | None:
        """The newest command among `frames`, if it is newer than all before. Nothing is raised; all is counted."""
        newest: Command | None = None
        for frame in frames:
            try:
                command = decode_command(frame)
            except FrameError as error:
                self.rejected[error.reason] += 1
                continue
            if self._session == 0 or command.session != self._session:
                self.rejected["session"] += 1
                continue
            self.quality.heard(now_ns, command.sequence, command.sent_ns)
            if command.authority_epoch != self._authority_epoch and any(hand.engaged for hand in command.hands):
                self.rejected["authority epoch"] += 1
            elif command.sequence <= self._sequence:
                self.superseded += 1
            else:
                self.superseded += newest is not None
                self._sequence = command.sequence
                newest = command
        if newest is None:
            return None
        self.accepted += 1
        return Accepted(now_ns, newest)
