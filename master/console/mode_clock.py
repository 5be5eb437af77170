"""For how long the banner's heading has been what it is, on this host's clock. Pure: handed the time."""

from protocol.clock import NS_PER_S
from protocol.widgets.sentence import Sentence


class ModeClock:
    """`step` it every frame."""

    def __init__(self) -> None:
        self._heading: Sentence | None = None
        self._since_ns = 0

    def step(self, now_ns: int, heading: Sentence) -> float:
        """Seconds since the heading became this one."""
        if heading != self._heading:
            self._heading, self._since_ns = heading, now_ns
        return max(0, now_ns - self._since_ns) / NS_PER_S
