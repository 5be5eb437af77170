"""What is to be audited of peers, gathered: alike ones are told once a second with their count. Pure.

An attacker chooses how often he knocks; he does not choose how much we write.
"""

from collections import Counter
from typing import NamedTuple

from protocol.fields import clipped
from protocol.records import Incident

KINDS_AT_MOST = 64
"""Different ones between two tellings; what is beyond is told as one."""


class _Kind(NamedTuple):
    what: str
    who: str
    why: str


REST = _Kind("more", "many", "more kinds of incidents than are told apart")


class Incidents:
    """Gathers, until `told` gives all away."""

    def __init__(self) -> None:
        self._counts: Counter[_Kind] = Counter()

    def add(self, what: str, who: str, why: str, count: int = 1) -> None:
        """Something happened, `count` times."""
        kind = _Kind(what, who, why)
        if kind not in self._counts and len(self._counts) >= KINDS_AT_MOST:
            kind = REST
        self._counts[kind] += count

    def told(self, now_ns: int) -> list[Incident]:
        """All since the last call."""
        found = [
            Incident(now_ns, clipped(kind.what), clipped(kind.who), clipped(kind.why), count)
            for kind, count in self._counts.items()
        ]
        self._counts.clear()
        return found
