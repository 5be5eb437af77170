"""The modes of a whole case, from its first moment on, in bounded memory. Pure: handed the time."""

from typing import NamedTuple

from protocol.messages import Mode

KEPT = 2000
"""Stretches at most: a change every five seconds for nearly three hours. Then the shortest ones melt into what was
before them, worst modes last, for they are what people look for afterwards."""
WEIGHT = {Mode.FROZEN: 100, Mode.SAFE: 100, None: 20, Mode.PAUSED: 10}


class Stretch(NamedTuple):
    """One mode from `start_ns` to `end_ns`; None where nobody told."""

    mode: Mode | None
    start_ns: int
    end_ns: int


class CaseHistory:
    """Modes in, stretches out."""

    def __init__(self, kept: int = KEPT) -> None:
        self._kept = kept
        self._stretches: list[Stretch] = []

    def add(self, now_ns: int, mode: Mode | None) -> None:
        """The mode of now."""
        if not self._stretches:
            self._stretches.append(Stretch(mode, now_ns, now_ns))
            return
        last = self._stretches[-1]
        self._stretches[-1] = last._replace(end_ns=max(last.end_ns, now_ns))
        if mode is not last.mode:
            self._stretches.append(Stretch(mode, now_ns, now_ns))
            if len(self._stretches) > self._kept:
                self._melt()

    @property
    def stretches(self) -> tuple[Stretch, ...]:
        """Oldest first, without gaps."""
        return tuple(self._stretches)

    @property
    def length_ns(self) -> int:
        """Of the case, up to the newest word."""
        return self._stretches[-1].end_ns - self._stretches[0].start_ns if self._stretches else 0

    def _melt(self) -> None:
        """Halve what is not dear: neither the first nor the newest stretch."""
        inner = range(1, len(self._stretches) - 1)
        costs = sorted(inner, key=lambda k: _length(self._stretches[k]) * WEIGHT.get(self._stretches[k].mode, 1))
        gone = set(costs[: self._kept // 4])
        melted: list[Stretch] = []
        for number, stretch in enumerate(self._stretches):
            if melted and (number in gone or stretch.mode is melted[-1].mode):
                melted[-1] = melted[-1]._replace(end_ns=stretch.end_ns)
            else:
                melted.append(stretch)
        self._stretches = melted


def _length(stretch: Stretch) -> int:
    return stretch.end_ns - stretch.start_ns
