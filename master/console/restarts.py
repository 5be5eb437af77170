"""How often a process that dies is started again: at once, but not for ever. Pure: handed the time."""

from collections import deque

from protocol.clock import NS_PER_S

AT_MOST = 5
OVER_NS = 60 * NS_PER_S


class Restarts:
    """At most AT_MOST in any `over_ns`: what dies more often than that will die again."""

    def __init__(self, over_ns: int = OVER_NS) -> None:
        self._over_ns = over_ns
        self._started_ns: deque[int] = deque()

    def may_start(self, now_ns: int) -> bool:
        """Whether it may be started now; if so, that is counted."""
        while self._started_ns and now_ns - self._started_ns[0] >= self._over_ns:
            self._started_ns.popleft()
        if len(self._started_ns) >= AT_MOST:
            return False
        self._started_ns.append(now_ns)
        return True
