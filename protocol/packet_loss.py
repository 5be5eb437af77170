"""Packet loss as the kernel tells it: the share of segments that TCP sent again, over the last seconds. Pure.

TCP hides loss from whoever reads: no gap in a sequence shows it, only the sender's own counters do. A segment that was
sent again for nothing, because its answer was late, counts as lost: the figure errs on the side that slows the arm.
"""

from collections import deque
from collections.abc import Mapping

from protocol.clock import NS_PER_MS, NS_PER_S

WINDOW_NS = 2 * NS_PER_S
BUCKET_NS = 200 * NS_PER_MS
FEWEST_SEGMENTS = 100
"""Of fewer, one loss would look like a bad link."""


class PacketLoss:
    """Counters of all connections in, a share out. Connections come and go, each known by a key of its own."""

    def __init__(self) -> None:
        self._last: dict[int, tuple[int, int]] = {}
        self._buckets: deque[tuple[int, int, int]] = deque()
        self.segments = 0
        self.again = 0
        """Both since the beginning, over all connections."""

    def step(self, now_ns: int, counters: Mapping[int, tuple[int, int]]) -> None:
        """`counters`: by connection, segments sent and how many of them again, both since it was made."""
        segments = again = 0
        for key, (sent, resent) in counters.items():
            before = self._last.get(key, (0, 0))
            # A counter of the kernel's that fell back is none that we can use.
            segments += max(0, sent - before[0])
            again += max(0, resent - before[1])
        self._last = dict(counters)
        self.segments += segments
        self.again += again
        bucket = now_ns // BUCKET_NS
        if self._buckets and self._buckets[-1][0] == bucket:
            _, had, had_again = self._buckets.pop()
            segments, again = segments + had, again + had_again
        self._buckets.append((bucket, segments, again))
        while self._buckets[0][0] <= bucket - WINDOW_NS // BUCKET_NS:
            self._buckets.popleft()

    def share(self) -> float | None:
        """Of the last 2 s; None while too little was sent to tell."""
        segments = sum(each[1] for each in self._buckets)
        if segments < FEWEST_SEGMENTS:
            return None
        return min(1.0, sum(each[2] for each in self._buckets) / segments)
