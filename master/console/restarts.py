"""How often a process that dies is started again: at once, but not for ever. Pure: handed the time."""

from collections import deque

from protocol.clock import NS_PER_S

AT_MOST = 5
OVER_NS = 60 * NS_PER_S


class Restarts:
    """At most AT_MOST in any OVER_NS: what dies more often than that will die again."""

    def __init__(self) -> None:
        self._started_ns: deque[int] = deque()
        self.count = 0

    def may_start(self, now_ns: int) -> bool:
        """Whether it may be started now; if so, that is counted."""
        while self._started_ns and now_ns - self._started_ns[0] >= OVER_NS:
            self._started_ns.popleft()
        if len(self._started_ns) >= AT_MOST:
            return False
        self._started_ns.append(now_ns)
        self.count += 1
        return True
