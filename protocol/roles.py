"""Who a key may be, and what each role is heard with. Data and pure functions: nothing here reads a key."""

from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple


class Role(StrEnum):
    """What one device is trusted as. Each key has one role."""

    SURGEON = "surgeon"
    """Opens the session and moves the arms, once the local staff have given them."""
    LOCAL = "local"
    """A panel of the local staff that is not on the patient's host itself: a tablet. It may FREEZE and TAKE."""
    OBSERVER = "observer"
    """Sees states, and is heard with nothing."""
    ENGINEER = "engineer"
    """May have the session to measure a link, never with an engaged hand; sees states."""
    PATIENT = "patient"
    """A patient's side that we connect to. It is never let in anywhere."""


class Door(StrEnum):
    """A socket of the patient's side, by its ZAP domain."""

    SESSIONS = "sessions"
    COMMANDS = "commands"
    STATES = "states"
    OBSERVERS = "observers"


DOORS = MappingProxyType(
    {
        Door.SESSIONS: (Role.SURGEON, Role.ENGINEER, Role.LOCAL),
        Door.COMMANDS: (Role.SURGEON, Role.ENGINEER),
        Door.STATES: (Role.SURGEON, Role.ENGINEER),
        Door.OBSERVERS: (Role.SURGEON, Role.ENGINEER, Role.LOCAL, Role.OBSERVER),
    }
)
"""Who is let in where. To commands and states moreover only the key that has the session."""
MASTERS = DOORS[Door.COMMANDS]
"""Who may have a session."""


THIS_HOST = "this host"
"""The name of whoever comes by a key that was made for a run: one of this user's programs on this host."""


class Peer(NamedTuple):
    """A device that is let in: its public key, its name in the list of those trusted, and its role."""

    key: str
    name: str
    role: Role


class Heard(NamedTuple):
    """A frame, and the public key of the device that sent it; "" where its connection had none.

    `descriptor` is its connection's, as the socket's monitor knows it.
    """

    content: bytes
    key: str
    descriptor: int = -1
