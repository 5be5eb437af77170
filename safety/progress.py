"""Whether the processes work: their counters must move on, each within its time. Pure.

A heartbeat proves that a thread lives; a counter that its work moves proves that the work is done.
"""

from collections.abc import Mapping

from protocol.clock import NS_PER_MS


class Progress:
    """Counters by name. A stuck one and one that went back (a process that was started anew) are faults."""

    def __init__(self, limit_ns: int) -> None:
        self._limit_ns = limit_ns
        self._seen: dict[str, tuple[int, int]] = {}

    def step(self, now_ns: int, counters: Mapping[str, int]) -> str:
        """The first fault as 'name: what (limit)', or ''. A name that was never given is not watched."""
        fault = ""
        for name, count in counters.items():
            before, moved_ns = self._seen.get(name, (-1, now_ns))
            if count != before:
                self._seen[name] = (count, now_ns)
                if count < before:
                    fault = fault or f"{name}: was started anew (count {count} after {before})"
            elif now_ns - moved_ns > self._limit_ns:
                still_ms, limit_ms = (now_ns - moved_ns) / NS_PER_MS, self._limit_ns / NS_PER_MS
                fault = fault or f"{name}: no progress for {still_ms:.0f} ms (limit {limit_ms:.0f} ms)"
        return fault
