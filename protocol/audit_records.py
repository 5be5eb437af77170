"""Records beside those of `protocol.records`: what is told for the audit log's sake, and what it tells of itself."""

import msgspec

from protocol.fields import Count, Text
from protocol.messages import FreezeClass, Mode, Owner


class _Record(msgspec.Struct, frozen=True, array_like=True, gc=False, forbid_unknown_fields=True):
    """The fields in order."""


class Turn(_Record, frozen=True):
    """A tick on which an event moved the supervisor's machine, and what it then was; see `Authority`.

    `event` is the name of one in `safety.modes`; "" on the first tick of all.
    """

    event: Text
    stamp_ns: Count
    owner: Owner
    mode: Mode
    freeze_class: FreezeClass
    culprit: Text
    calling: bool
    testing: bool
    authority_epoch: Count
    stop_number: Count


class Turns(_Record, frozen=True):
    """Supervisor, at every turn: how many there were, and the newest of them, the newest last.

    For those who look in less often than it ticks, and must not miss one.
    """

    number: Count
    newest: tuple[Turn, ...]


class AuditState(_Record, frozen=True):
    """Audit, ten times a second: how many entries its file holds, wait to be written, and were lost for want of room.

    `trouble`: why they are not on the disk, or not safe there; "" as a rule.
    """

    stamp_ns: Count
    entries: Count
    waiting: Count
    lost: Count
    trouble: Text
