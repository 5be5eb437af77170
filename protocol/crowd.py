"""How many connections a door may have: so many from one address, and so many of strangers together. Pure.

A stranger is an address from which nobody was let in yet. What one of them takes, or all of them, is never the room of
those who were.
"""

from collections import Counter
from collections.abc import Container

STRANGERS_AT_MOST = 64
"""Twice the lanes with which a master comes; a handshake takes four round trips, and then its address is known."""


class Crowd:
    """Those who are in, each by a number of its own. `known`: addresses from which somebody was let in."""

    def __init__(self, per_address: int, known: Container[str]) -> None:
        self._per_address = per_address
        self._known = known
        self._in: dict[int, str] = {}
        self._from: Counter[str] = Counter()
        self._strange: set[str] = set()
        """Addresses that were strangers when they came."""

    def enter(self, number: int, address: str) -> int | None:
        """Take one in. Who has to go for that, which may be the same one; None where there was room.

        Of strangers it is the oldest connection of the address that has most of them: those who have few get in.
        """
        self.leave(number)
        self._in[number] = address
        self._from[address] += 1
        if self._from[address] > self._per_address:
            return number
        if address in self._known:
            return None
        self._strange.add(address)
        if len(self._in) <= STRANGERS_AT_MOST:
            return None
        self._strange = {each for each in self._strange if each not in self._known}
        if sum(map(self._from.__getitem__, self._strange)) <= STRANGERS_AT_MOST:
            return None
        biggest = max(self._strange, key=self._from.__getitem__)
        return next(each for each, its in self._in.items() if its == biggest)

    def leave(self, number: int) -> None:
        """One is gone, if it was in."""
        address = self._in.pop(number, None)
        if address is not None:
            self._from[address] -= 1
            if not self._from[address]:
                del self._from[address]
                self._strange.discard(address)
