"""Who has the session: one surgeon's console at a time. Pure: handed the time.

A second console is refused without harm to the first. A session silent for 5 s is dead: the same console goes on where
a cut of the link interrupted it, and once the arms are LOCAL, because the staff took them or nobody came back in time,
another console may have it.
"""

from collections.abc import Callable
from typing import NamedTuple

import msgspec

from protocol.clock import NS_PER_S
from protocol.fields import clipped
from protocol.messages import Bye, Hello, Owner, Refused, Welcome
from protocol.records import Session

DEAD_AFTER_NS = 5 * NS_PER_S
NOBODY = Session(0, "", "", 0, silent=False)


class Draft(NamedTuple):
    """What a session would be known by: a number, random and not 0, and the public key of its state lanes."""

    number: int
    state_key: str


class Desk:
    """Opens, keeps and ends the session. `session` is NOBODY while there is none."""

    def __init__(self, welcome: Welcome) -> None:
        self._welcome = welcome
        self._console = 0
        self._heard_ns = 0
        self.session = NOBODY

    def hello(self, hello: Hello, draft: Callable[[], Draft], owner: Owner, now_ns: int) -> Welcome | Refused:
        """Answer a console. `draft` is asked if a session opens; `owner` has the arms now.

        A console that says hello again, because it has heard no answer or no state for long, gets the session it has.
        """
        free = self.session.silent and owner is Owner.LOCAL
        if self.session.number != 0 and hello.console != self._console and not free:
            master = self.session.master
            reason = f"{master} has the session; another may, once it was silent for 5 s and the arms are LOCAL (TAKE)"
            return Refused(1, clipped(reason))
        if self.session.number == 0 or hello.console != self._console:
            drawn = draft()
            self._console = hello.console
            self.session = Session(drawn.number, hello.name, hello.device, now_ns, silent=False)
            self._welcome = msgspec.structs.replace(self._welcome, session=drawn.number, state_key=drawn.state_key)
            self._heard_ns = now_ns
        return self._welcome

    def bye(self, bye: Bye) -> None:
        """End the session, if it is by one who knows its number."""
        if bye.session == self.session.number:
            self.session = NOBODY

    def heard(self, now_ns: int) -> None:
        """A command of the session was accepted."""
        self._heard_ns = now_ns
        self._tell(silent=False)

    def expire(self, now_ns: int) -> None:
        """Call a session silent that has been so for 5 s."""
        if self.session.number != 0:
            self._tell(silent=now_ns - self._heard_ns > DEAD_AFTER_NS)

    def _tell(self, *, silent: bool) -> None:
        if silent != self.session.silent and self.session.number != 0:
            self.session = msgspec.structs.replace(self.session, silent=silent)
