"""Who has the session: one surgeon's console at a time. Pure: handed the time, and the key of whoever asks.

A second console is refused without harm to the first. A session silent for 5 s is dead: the same key goes on where a
cut of the link or a crash interrupted it, and once the arms are LOCAL, because the staff took them or nobody came back
in time, another may have it. One whose key was revoked is dead at once, and its key does not come back.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import msgspec

from protocol.clock import NS_PER_S
from protocol.fields import clipped
from protocol.messages import Bye, Hello, Owner, Refused, Welcome
from protocol.records import NO_SESSION, Session
from protocol.roles import MASTERS, THIS_HOST, Peer, Role

DEAD_AFTER_NS = 5 * NS_PER_S


class Draft(NamedTuple):
    """What a session would be known by: a number, random and not 0, and the public key of its state lanes."""

    number: int
    state_key: str


class Desk:
    """Opens, keeps and ends the session. `session` is NO_SESSION while there is none."""

    def __init__(self, welcome: Welcome) -> None:
        self._welcome = welcome
        self._console = 0
        self._heard_ns = 0
        self.session = NO_SESSION

    def hello(
        self, hello: Hello, peer: Peer, draft: Callable[[], Draft], owner: Owner, now_ns: int
    ) -> Welcome | Refused:
        """Answer a console. `draft` is asked if a session opens; `owner` has the arms now.

        A console that says hello again, because it has heard no answer or no state for long, gets the session it has.
        """
        refusal = self._refusal(hello, peer, owner)
        if refusal:
            return Refused(1, clipped(refusal))
        if not self._has_it(hello, peer):
            drawn = draft()
            self._console = hello.console
            # By the name that it is trusted under here: what a console calls itself could be anybody's.
            name = hello.name if peer.name == THIS_HOST else peer.name
            self.session = Session(
                drawn.number, peer.key, peer.role, name, hello.device, now_ns, silent=False, revoked=False
            )
            self._welcome = msgspec.structs.replace(self._welcome, session=drawn.number, state_key=drawn.state_key)
            self._heard_ns = now_ns
        return self._welcome

    def _has_it(self, hello: Hello, peer: Peer) -> bool:
        session = self.session
        lives = session.number != 0 and not session.revoked
        return lives and session.key == peer.key and self._console == hello.console

    def _refusal(self, hello: Hello, peer: Peer, owner: Owner) -> str:
        session = self.session
        if peer.role not in MASTERS:
            return f"the key of {peer.name} is trusted as {peer.role.value}, not as surgeon"
        if session.number == 0 or self._has_it(hello, peer):
            return ""
        if session.key == peer.key:
            return "" if session.silent else "another console of this key has the session until it is silent for 5 s"
        measures = session.role is Role.ENGINEER and peer.role is Role.SURGEON
        if (session.silent or measures) and owner is Owner.LOCAL:
            return ""
        held = f"{session.master} has the session"
        return f"{held}; another may, once it was silent for 5 s and the arms are LOCAL (TAKE)"

    def bye(self, bye: Bye, key: str) -> bool:
        """End the session, if it is by the one who has it; whether it was."""
        if bye.session != self.session.number or key != self.session.key:
            return False
        self.session = NO_SESSION
        return True

    def revoke(self, trusted: Mapping[str, Peer]) -> None:
        """Whoever is not `trusted` in the role he came in has no session. It stands, as dead, until another opens."""
        peer = trusted.get(self.session.key)
        if self.session.number != 0 and (peer is None or peer.role is not self.session.role):
            self.session = msgspec.structs.replace(self.session, silent=True, revoked=True)

    def heard(self, now_ns: int) -> None:
        """A command of the session was accepted."""
        self._heard_ns = now_ns
        self._tell(silent=False)

    def expire(self, now_ns: int) -> None:
        """Call a session silent that has been so for 5 s."""
        self._tell(silent=now_ns - self._heard_ns > DEAD_AFTER_NS)

    def _tell(self, *, silent: bool) -> None:
        if self.session.number != 0 and not self.session.revoked and silent != self.session.silent:
            self.session = msgspec.structs.replace(self.session, silent=silent)
