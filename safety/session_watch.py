"""The session as the gateway tells it, and to whose key the arm was given. Pure.

The gateway may ask, never permit: what it says of a session can end motion, and begins none by itself.
"""

from protocol.messages import Owner
from protocol.records import NO_SESSION, Accepted, Session
from protocol.roles import Role
from safety.modes import Event


class SessionWatch:
    """`session` is the present one."""

    def __init__(self) -> None:
        self.session = NO_SESSION
        self._given_to = ""

    def follow(self, session: Session | None) -> bool:
        """Take in what the gateway says now. Whether it is another session than before: of the last, nothing counts."""
        before, self.session = self.session, NO_SESSION if session is None else session
        if self.session.number == 0:
            # It ended in order: who comes next is given the arm anew, be it by the same key.
            self._given_to = ""
        return self.session.number != before.number

    def given(self) -> None:
        """The arm has changed its owner: from now on its surgeon is whoever has this session's key."""
        self._given_to = self.session.key

    @property
    def is_alive(self) -> bool:
        """Whether there is a session that may be heard."""
        return self.session.number != 0 and not (self.session.silent or self.session.revoked)

    @property
    def may_be_given(self) -> bool:
        """Whether there is a living session, and a surgeon's."""
        return self.is_alive and self.session.role is Role.SURGEON

    def ours(self, accepted: Accepted | None) -> Accepted | None:
        """The newest command, if it is this session's, and that one lives: whoever was dead must engage anew."""
        is_ours = accepted is not None and accepted.command.session == self.session.number
        return accepted if is_ours and self.is_alive else None

    def events(self, owner: Owner) -> dict[Event, str]:
        """What is wrong with the session, if the surgeon owns the arm: with the staff's arm, nothing is."""
        events: dict[Event, str] = {}
        if owner is not Owner.REMOTE:
            return events
        if self.session.number != 0 and self.session.key != self._given_to:
            events[Event.STRANGER] = "another console has opened the session"
        if self.session.revoked:
            events[Event.SURGEON_STOP] = "the key of the surgeon's console was revoked"
        return events
