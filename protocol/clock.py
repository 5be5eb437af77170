"""The two clocks. Everything that decides is handed the time; only the edges ask one of these for it."""

import time
from typing import Protocol

from protocol.posix import sleep_until_ns

NS_PER_S = 1_000_000_000
NS_PER_MS = 1_000_000


class Clock(Protocol):
    """Monotonic time of one host, in ns. Stamps of two hosts are never compared."""

    def now_ns(self) -> int:
        """The time, in ns since an origin of this host's own."""

    def sleep_until_ns(self, deadline_ns: int) -> None:
        """Return at an absolute time; at once when it has passed."""


class MonotonicClock:
    """CLOCK_MONOTONIC: unmoved by NTP steps or a hand that sets the time of day."""

    def now_ns(self) -> int:
        """Now, in ns since an arbitrary origin that all processes of this host share."""
        return time.monotonic_ns()

    def sleep_until_ns(self, deadline_ns: int) -> None:
        """Sleep to an absolute deadline; return at once when it has passed."""
        sleep_until_ns(deadline_ns)


class ManualClock:
    """A clock that stands still until somebody moves it: for simulation from a seed."""

    def __init__(self, now_ns: int = 0) -> None:
        self._now_ns = now_ns

    def now_ns(self) -> int:
        """The time it was last moved to."""
        return self._now_ns

    def sleep_until_ns(self, deadline_ns: int) -> None:
        """Move to the deadline, never backwards."""
        self._now_ns = max(self._now_ns, deadline_ns)

    def advance(self, step_ns: int) -> None:
        """Move forward by `step_ns`; raises ValueError for a negative step, which no monotonic clock makes."""
        if step_ns < 0:
            raise ValueError(f"a monotonic clock cannot move by {step_ns} ns: give a step of 0 or more")
        self._now_ns += step_ns
