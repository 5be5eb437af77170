"""What is to be audited of peers, gathered: alike ones are told once a second with their count. Pure.

An attacker chooses how often he knocks, and with how many keys; he does not choose how much we write. What he fills is
the room of what he does: it hides nothing else that happens meanwhile.
"""

from collections import Counter
from typing import NamedTuple

from protocol.fields import clipped
from protocol.records import Incident

KINDS_AT_MOST = 32
"""Different ones of one `what` between two tellings; what is beyond is told as one. We know a dozen."""


class _Kind(NamedTuple):
    who: str
    why: str


OTHERS = "others"
MORE = f"beside {KINDS_AT_MOST} kinds that are told apart"


class Incidents:
    """Gathers, until `told` gives all away."""

    def __init__(self) -> None:
        self._counts: dict[str, Counter[_Kind]] = {}

    def add(self, what: str, who: str, why: str, count: int = 1) -> None:
        """Something happened, `count` times. `what` is one of our own words, and nothing that a peer said."""
        kinds, kind = self._counts.setdefault(what, Counter()), _Kind(who, why)
        if kind not in kinds and len(kinds) >= KINDS_AT_MOST:
            kind = _Kind(OTHERS, MORE)
        kinds[kind] += count

    def told(self, now_ns: int) -> list[Incident]:
        """All since the last call."""
        found = [
            Incident(now_ns, clipped(what), clipped(kind.who), clipped(kind.why), count)
            for what, kinds in self._counts.items()
            for kind, count in kinds.items()
        ]
        self._counts.clear()
        return found
