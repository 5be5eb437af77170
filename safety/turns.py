"""The newest turns of the machine, for those who look in less often than it ticks. Pure.

A cell holds the newest ruling only: whoever looks at it every 10 ms would not see a freeze that the staff took over
within the same 10 ms. One event moves the machine in a tick, so that these, kept, are all that ever happened to it.
"""

from collections import deque

from protocol.audit_records import Turn, Turns
from safety.supervisor import Ruling

KEPT = 32
"""As many ticks may pass between two looks, and none of them is missed whatever happened."""
CELL_BYTES = 32 * 1024
"""Room for so many of the longest turns there can be: a test fills them."""


class TurnsKept:
    """Those of one supervisor, from its first tick on."""

    def __init__(self) -> None:
        self._number = 0
        self._newest: deque[Turn] = deque(maxlen=KEPT)

    def step(self, ruling: Ruling) -> Turns | None:
        """What to tell after a tick: nothing, when no event moved the machine."""
        if ruling.event is None and self._number:
            return None
        authority = ruling.authority
        self._number += 1
        self._newest.append(
            Turn(
                event="" if ruling.event is None else ruling.event.name,
                stamp_ns=authority.stamp_ns,
                owner=authority.owner,
                mode=authority.mode,
                freeze_class=authority.freeze_class,
                culprit=authority.culprit,
                calling=authority.calling,
                testing=authority.testing,
                authority_epoch=authority.authority_epoch,
                stop_number=authority.stop_number,
            )
        )
        return Turns(self._number, tuple(self._newest))
