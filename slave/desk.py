"""Who has the session: one surgeon's console at a time. Pure: handed the time.

A second console is refused without harm to the first. A session silent for 5 s is dead, and another may come.
"""

import msgspec

from protocol.clock import NS_PER_S
from protocol.fields import clipped
from protocol.messages import Bye, Hello, Refused, Welcome
from protocol.records import Session

DEAD_AFTER_NS = 5 * NS_PER_S
NOBODY = Session(0, "", "", 0)


class Desk:
    """Opens, keeps and ends the session. `session` is NOBODY while there is none."""

    def __init__(self, welcome: Welcome) -> None:
        self._welcome = welcome
        self._peer = b""
        self._heard_ns = 0
        self.session = NOBODY

    def hello(self, peer: bytes, hello: Hello, session_number: int, now_ns: int) -> Welcome | Refused:
        """Answer a console known by its connection `peer`. `session_number` is random and not 0, used if one opens.

        A console that says hello again, not having heard the answer, gets the session it has.
        """
        if self.session.number != 0 and peer != self._peer:
            reason = f"a session is open; it can be had 5 s after its console falls silent: {self.session.master}"
            return Refused(1, clipped(reason))
        if self.session.number == 0:
            self._peer = peer
            self.session = Session(session_number, hello.name, hello.device, now_ns)
        self._heard_ns = now_ns
        return msgspec.structs.replace(self._welcome, session=self.session.number)

    def bye(self, peer: bytes, bye: Bye) -> None:
        """End the session, if the one who has it says so."""
        if peer == self._peer and bye.session == self.session.number:
            self.session = NOBODY

    def heard(self, now_ns: int) -> None:
        """A command of the session was accepted."""
        self._heard_ns = now_ns

    def expire(self, now_ns: int) -> None:
        """End a session that has been silent for 5 s."""
        if self.session.number != 0 and now_ns - self._heard_ns > DEAD_AFTER_NS:
            self.session = NOBODY
