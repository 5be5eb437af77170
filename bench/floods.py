"""The floods that the patient's side is tried and measured under, and what its audit log says of each."""

from typing import NamedTuple

import msgspec

from bench.attackers import Flood
from bench.theatre import SURGEON, Theatre
from protocol.roles import Door

CONNECTIONS = 10_000
STREAM_HZ = 10_000
"""Ten times the rate of commands."""
NO_COMMAND = b"\xc1" * 250
"""As large as one, and never MessagePack."""
LINK = ("no command for", "loop age", "effective loss", "no state")
"""What a flood may freeze the arm for: the link is what it harms."""


class Told(NamedTuple):
    """Entries of the log that tell of it: any of the words of `what`, and a part of the reason."""

    what: tuple[str, ...]
    why: str


class Case(NamedTuple):
    """A flood of `kind` at `door`, with the key of `who`, or of nobody. `told`: None where there is nothing to tell."""

    kind: str
    door: Door
    told: Told | None
    who: str = ""
    connections: int = 0
    kept: bool = False
    rate_hz: int = 0

    def against(self, theatre: Theatre, seconds: float) -> Flood:
        """The flood of a theatre."""
        flood = Flood(self.kind, theatre.port, seconds, door=list(Door).index(self.door), server=theatre.server_key)
        if self.who:
            public, secret = theatre.key(self.who)
            flood = msgspec.structs.replace(flood, public=public, secret=secret)
        return msgspec.structs.replace(
            flood,
            count=self.connections,
            kept=self.kept,
            rate_hz=self.rate_hz,
            frame=NO_COMMAND if self.rate_hz else b"",
        )


def _kept(door: Door) -> Case:
    told = Told(("turned away",), f"{door.value}: too many connections")
    return Case("connections", door, told, connections=CONNECTIONS, kept=True)


def _stream(who: str, door: Door, what: str, why: str) -> Case:
    return Case("stream", door, Told((what,), why), who, rate_hz=STREAM_HZ)


CASES = {
    "10 000 connections that stay, commands": _kept(Door.COMMANDS),
    "10 000 connections that stay, observers": _kept(Door.OBSERVERS),
    "10 000 connections that leave": Case(
        "connections",
        Door.COMMANDS,
        Told(("left",), "commands: it went without a word of who it is"),
        connections=CONNECTIONS,
    ),
    "handshakes with keys that nobody trusts": Case(
        "handshakes", Door.COMMANDS, Told(("refused",), "commands: its key is not trusted")
    ),
    "noise on all ports": Case(
        "noise", Door.SESSIONS, Told(("broken off", "left"), "what it sent is no frame of its connection")
    ),
    "readers who do not read": Case("readers", Door.STATES, None, "observer"),
    "10 times the rate, another surgeon's key": _stream(
        "theatre-2", Door.COMMANDS, "refused", "commands: it does not have the session"
    ),
    "10 times the rate, at the sessions' door": _stream("theatre-2", Door.SESSIONS, "dropped", "malformed"),
    "10 times the rate, the surgeon's own key": _stream(SURGEON, Door.COMMANDS, "dropped", "command: malformed"),
}
"""By the name that reports give them."""
