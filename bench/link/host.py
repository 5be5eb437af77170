"""Watches the host beside a run: a bare C loop on each share of the cores, second by second."""

from bench.link.seconds import HostSecond
from bench.yardstick import Yardstick
from protocol.clock import NS_PER_MS, NS_PER_S
from protocol.realtime import Cores

TOLD_AFTER_NS = 300 * NS_PER_MS
"""The loops tell of every 50 ms, a little later."""


class HostWatch:
    """The loops run from its making until `stop`. `seconds`: what they told of each, beginning a second early, so that
    the first of a run has one before it."""

    def __init__(self) -> None:
        self._yardsticks = [Yardstick(cores) for cores in Cores]
        self._next_ns = 0
        self.seconds: list[HostSecond] = []

    def begin(self, now_ns: int) -> None:
        """The run is measured from now on."""
        self._next_ns = now_ns - NS_PER_S

    def look(self, now_ns: int) -> None:
        """Ask of the seconds that have passed."""
        while self._next_ns and now_ns >= self._next_ns + NS_PER_S + TOLD_AFTER_NS:
            begin_ns, self._next_ns = self._next_ns, self._next_ns + NS_PER_S
            late_ns = [each.worst_ns(begin_ns, self._next_ns) for each in self._yardsticks]
            self.seconds.append(HostSecond(begin_ns, _worst(late_ns)))

    def stop(self) -> None:
        """End the loops."""
        for each in self._yardsticks:
            each.stop()


def _worst(late_ns: list[int | None]) -> int | None:
    """None where one of them did not see all."""
    seen = [each for each in late_ns if each is not None]
    return max(seen) if len(seen) == len(late_ns) else None
