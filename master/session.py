"""The surgeon's end of the session: when to ask for one, and whether we still have it. Pure: handed the time."""

import msgspec

from protocol.clock import NS_PER_MS, NS_PER_S
from protocol.fields import clipped
from protocol.messages import Hello, Other, Refused, State, Welcome

ASK_EVERY_NS = 500 * NS_PER_MS
LOST_AFTER_NS = 5 * NS_PER_S


class SessionClient:
    """`welcome` is None until the patient's side has opened a session, and again once another console has it.

    `console` is a random number, the same for as long as this pilot runs: by it we get our session back after a cut.
    `wanted`: a session is asked for, or kept.
    """

    def __init__(self, console: int, name: str, device: str) -> None:
        self._hello = Hello(1, console, clipped(name), clipped(device))
        self._asked_ns: int | None = None
        self._heard_ns = 0
        self.welcome: Welcome | None = None
        self.refusal = ""
        self.wanted = True

    def use(self, device: str) -> None:
        """The surgeon's device is another from the next hello on."""
        self._hello = msgspec.structs.replace(self._hello, device=clipped(device))

    def ask(self, now_ns: int) -> Hello | None:
        """What to send now, if anything: a hello every half second while there is no session, or it is silent.

        A silent one may be lost, or the link cut: we keep it, with its lanes, until the patient's side tells.
        """
        if not self.wanted or (self.welcome is not None and not self.is_silent(now_ns)):
            return None
        if self._asked_ns is not None and now_ns - self._asked_ns < ASK_EVERY_NS:
            return None
        self._asked_ns = now_ns
        return self._hello

    def is_silent(self, now_ns: int) -> bool:
        """Whether nothing of a session was heard for so long that it may be lost."""
        return now_ns - self._heard_ns > LOST_AFTER_NS

    def answered(self, answer: Other, now_ns: int) -> None:
        """An answer came. While states of our session come, it is an old one that others overtook."""
        if not self.wanted:
            return
        if self.welcome is not None and now_ns - self._heard_ns < ASK_EVERY_NS:
            return
        if isinstance(answer, Welcome):
            if self.welcome is None or self.welcome.session != answer.session:
                self.welcome = answer
            self.refusal = ""
            self._heard_ns = now_ns
        elif isinstance(answer, Refused):
            self.refusal = answer.reason
            self.welcome = None

    def end(self) -> None:
        """The session is over, by our own wish."""
        self.welcome = self._asked_ns = None
        self.refusal = ""

    def hears(self, state: State, now_ns: int) -> bool:
        """Whether a state is of our session; if so, the session lives."""
        ours = self.welcome is not None and state.session == self.welcome.session
        if ours:
            self._heard_ns = now_ns
        return ours
