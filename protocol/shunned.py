"""Addresses that knocked with refused keys again and again: for a moment nobody from there is listened to. Pure.

A handshake costs us four scalar multiplications before the key is known, and its end at once costs none.
"""

from protocol.clock import NS_PER_S

REFUSALS = 8
"""Within a second: more than any device makes that is not trusted yet, and asks again at a person's pace."""
FOR_NS = NS_PER_S
ADDRESSES_AT_MOST = 256


class Shunned:
    """Ask with `in`. `tick` it with the time."""

    def __init__(self) -> None:
        self._now_ns = 0
        self._since_ns: dict[str, int] = {}
        self._count: dict[str, int] = {}

    def tick(self, now_ns: int) -> None:
        """So late is it."""
        self._now_ns = now_ns

    def refused(self, address: str) -> None:
        """A key that came from there was refused."""
        if self._now_ns - self._since_ns.get(address, self._now_ns - FOR_NS) >= FOR_NS:
            self._since_ns.pop(address, None)
            self._count[address] = 0
            self._since_ns[address] = self._now_ns
        self._count[address] += 1
        if len(self._since_ns) > ADDRESSES_AT_MOST:
            oldest = next(iter(self._since_ns))
            del self._since_ns[oldest], self._count[oldest]

    def __contains__(self, address: object) -> bool:
        """Whether it is one of them, now."""
        if not isinstance(address, str) or self._count.get(address, 0) < REFUSALS:
            return False
        return self._now_ns - self._since_ns[address] < FOR_NS
