"""What a console's launcher tells its window, and a check of the link its launcher: cells on their board."""

from enum import StrEnum

import msgspec

from master.check_link import LinkCheck
from protocol.fields import Count, Number, Text


class _Record(msgspec.Struct, frozen=True, array_like=True, gc=False, forbid_unknown_fields=True):
    """The fields in order."""


class Side(_Record, frozen=True):
    """A patient's side that can be chosen: its name here, HOST:PORT, and its key's fingerprint, or ""."""

    name: Text
    address: Text
    fingerprint: Text


class PilotStands(StrEnum):
    """How the pilot's process stands."""

    NONE = "none"
    """No patient's side was chosen."""
    STARTING = "starting"
    RUNNING = "running"
    ENDED = "ended"
    """By itself, or it refused to start: until it is asked back."""


class CheckWord(_Record, frozen=True):
    """The check of the link before: the `number`th that this window asked for.

    `text` is what goes on, or why nothing came of it; `found` is there when it is over.
    """

    number: Count
    running: bool
    text: Text
    done_s: Number
    seconds: Number
    found: LinkCheck | None


NO_CHECK = CheckWord(0, False, "", 0.0, 0.0, None)


class CheckRun(_Record, frozen=True):
    """The process of a check to the launcher, at every step of it. `failed`: `text` tells why."""

    text: Text
    done_s: Number
    failed: bool
    found: LinkCheck | None


class LauncherWord(_Record, frozen=True):
    """The launcher, ten times a second. `windows` counts those it has started; `trouble` is the pilot's refusal."""

    stamp_ns: Count
    sides: tuple[Side, ...]
    sides_trouble: Text
    side: Text
    pilot: PilotStands
    trouble: Text
    notes: tuple[Text, ...]
    windows: Count
    check: CheckWord
