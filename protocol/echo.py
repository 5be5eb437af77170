"""Loop age: how old the picture is on which the surgeon acts, told by one clock.

The slave stamps each state, the master echoes the newest stamp it received and the newest it has shown. Both come back
to the clock that wrote them, so no two clocks need to agree and no delay is halved.
"""

from typing import NamedTuple


class LoopAge(NamedTuple):
    """Ages in ns on the slave's clock; None before the first echo."""

    link_ns: int
    """Since the newest state that the master had received."""
    seen_ns: int
    """Since the newest state that had been shown to the surgeon."""

    @property
    def loop_ns(self) -> int:
        """The larger of the two: the one that a verdict is made of."""
        return max(self.link_ns, self.seen_ns)


def loop_age(now_ns: int, received_ns: int, shown_ns: int) -> LoopAge | None:
    """Ages of the two echoes at `now_ns`, all on the slave's clock; None while either is missing.

    A stamp from the future is no fresh sample but a wrong one, and counts as missing.
    """
    if not 0 < received_ns <= now_ns or not 0 < shown_ns <= now_ns:
        return None
    return LoopAge(now_ns - received_ns, now_ns - shown_ns)
