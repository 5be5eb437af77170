"""Effective loss: the share of time in which the surgeon's commands were too late to be of use. Pure: handed the time.

Bounded memory: time is counted in buckets, so that a window is right to within one of them.
"""

from collections import deque

from safety.limits import EffectiveLoss

BUCKETS = 50
"""In a window; each is 20 ms of the second that loss is counted over."""
MINIMUM_BUCKETS = 100
TICK_MAX_NS = 5_000_000
"""What one call may count for: a caller that slept for longer did not see what the link did meanwhile."""


class LateShare:
    """Link ages in, the share of late time out."""

    def __init__(self, limits: EffectiveLoss) -> None:
        self._limits = limits
        self._bucket_ns = limits.over_ns // BUCKETS
        self._minimum_bucket_ns = limits.minimum_over_ns // MINIMUM_BUCKETS
        self.forget()

    def forget(self) -> None:
        """Another link begins."""
        self._late: deque[tuple[int, int]] = deque()
        self._late_ns = 0
        self._minima: deque[tuple[int, int]] = deque()
        self._seen_ns: int | None = None

    def step(self, now_ns: int, link_age_ns: int, silence_ns: int) -> float:
        """The share of the last window that was late. Time in a long silence counts for the silence, not here."""
        minimum_ns = self._minimum(now_ns, link_age_ns)
        passed_ns = 0 if self._seen_ns is None else min(max(now_ns - self._seen_ns, 0), TICK_MAX_NS)
        self._seen_ns = now_ns
        bucket = now_ns // self._bucket_ns
        if silence_ns <= self._limits.silence_from_ns and link_age_ns > minimum_ns + self._limits.late_by_ns:
            self._late_ns += passed_ns
            if self._late and self._late[-1][0] == bucket:
                passed_ns += self._late.pop()[1]
            self._late.append((bucket, passed_ns))
        while self._late and self._late[0][0] <= bucket - BUCKETS:
            self._late_ns -= self._late.popleft()[1]
        return self._late_ns / self._limits.over_ns

    def _minimum(self, now_ns: int, link_age_ns: int) -> int:
        """The least age over the last `minimum_over_ns`, this one included: a queue of falling ages' successors."""
        bucket = now_ns // self._minimum_bucket_ns
        minima = self._minima
        while minima and minima[-1][1] >= link_age_ns:
            minima.pop()
        if not minima or minima[-1][0] != bucket:
            minima.append((bucket, link_age_ns))
        while minima[0][0] <= bucket - MINIMUM_BUCKETS:
            minima.popleft()
        return minima[0][1]
