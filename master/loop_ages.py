"""How old the picture is on which the surgeon acts, and how many commands came late, on the surgeon's own clock. Pure.

The patient's side judges by its own clock (`protocol.echo`, `safety.loss`). Here the same loop is walked the other way
round: each state gives our stamp of the newest command that had arrived when it was made back to us, so that

    now - that stamp = the command's way there + the state's way back + how long it has been here

with no clock compared to another. For the eyes only: whatever slows or stops an arm is decided beside it.
"""

from collections import deque
from collections.abc import Mapping

LOSS = "link.effective_loss."
PAIRS = 256
"""States that were offered to the console and may still be painted: 2.5 s of them."""
BUCKETS = 50
MINIMA = 100


class LoopAges:
    """Fed at every tick; `take` is asked ten times a second. `limits` are those of `Welcome.limits`."""

    def __init__(self, limits: Mapping[str, float]) -> None:
        self._late_by_ns = limits.get(f"{LOSS}late_by_ns", 0.0)
        self._silence_ns = limits.get(f"{LOSS}silence_from_ns", 0.0)
        self._bucket_ns = max(1, int(limits.get(f"{LOSS}over_ns", 0.0)) // BUCKETS)
        self._minimum_ns = max(1, int(limits.get(f"{LOSS}minimum_over_ns", 0.0)) // MINIMA)
        self._pairs: deque[tuple[int, int]] = deque(maxlen=PAIRS)
        self._painted_sent_ns = 0
        self._ticks: deque[list[int]] = deque(maxlen=BUCKETS)
        self._minima: deque[list[int]] = deque(maxlen=MINIMA)
        self._lowest_ns = 0
        self._loop_ns: int | None = None
        self._link_ns: int | None = None

    def offered(self, stamp_ns: int, sent_ns: int) -> None:
        """A state was offered to the console: its stamp, and our stamp that it gives back."""
        self._pairs.append((stamp_ns, sent_ns))

    def painted(self, stamp_ns: int) -> None:
        """The console has shown the state of this stamp."""
        while self._pairs and self._pairs[0][0] <= stamp_ns:
            at_ns, sent_ns = self._pairs.popleft()
            if at_ns == stamp_ns:
                self._painted_sent_ns = sent_ns

    def step(self, now_ns: int, sent_ns: int, silence_ns: int) -> None:
        """One tick. `sent_ns`: what the newest state gives back, 0 before an answer; `silence_ns`: since it came."""
        if sent_ns <= 0:
            return
        link_ns = max(0, now_ns - sent_ns)
        self._link_ns = max(link_ns, self._link_ns or 0)
        if self._painted_sent_ns > 0:
            self._loop_ns = max(now_ns - self._painted_sent_ns, link_ns, self._loop_ns or 0)
        if self._late_by_ns > 0.0:
            late = silence_ns <= self._silence_ns and link_ns > self._least(now_ns, link_ns) + self._late_by_ns
            self._count(now_ns // self._bucket_ns, late=late)

    def take(self) -> tuple[int | None, int | None]:
        """The largest loop age and link age since the last call; None where nothing was known."""
        taken = self._loop_ns, self._link_ns
        self._loop_ns = self._link_ns = None
        return taken

    @property
    def late(self) -> float | None:
        """The share of late ticks over the limits' window; None before the first, and without such limits."""
        ticks = sum(each[1] for each in self._ticks)
        return sum(each[2] for each in self._ticks) / ticks if ticks else None

    def _least(self, now_ns: int, link_ns: int) -> int:
        bucket = now_ns // self._minimum_ns
        if not self._minima or self._minima[-1][0] != bucket:
            while self._minima and self._minima[0][0] <= bucket - MINIMA:
                self._minima.popleft()
            self._minima.append([bucket, link_ns])
            self._lowest_ns = min(each[1] for each in self._minima)
        elif link_ns < self._minima[-1][1]:
            self._minima[-1][1] = link_ns
            self._lowest_ns = min(self._lowest_ns, link_ns)
        return self._lowest_ns

    def _count(self, bucket: int, *, late: bool) -> None:
        if not self._ticks or self._ticks[-1][0] != bucket:
            while self._ticks and self._ticks[0][0] <= bucket - BUCKETS:
                self._ticks.popleft()
            self._ticks.append([bucket, 0, 0])
        self._ticks[-1][1] += 1
        self._ticks[-1][2] += late
