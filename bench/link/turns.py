"""Ticks of two rivals that are to be told apart by microseconds: they change places, half a second by half a second.

Of two processes that wake at the same moment on the same core, one wakes it up and finds its caches cold, and the other
finds them warm: at 1 kHz that is some tens of us, more than what is looked for, and which is which is chance. So the
two wake together at no tick but the one at which they change, and each stands for half of the time where the other did.
"""

from protocol.clock import NS_PER_MS, Clock
from protocol.ticker import Ticker

CHANGE_EVERY_NS = 500 * NS_PER_MS
"""Any whole second holds as much of either place."""


class Turns:
    """As a Ticker, at whole multiples of the period and half a period beside them, by turns. `place`, 0 or 1, is where
    it begins: the other rival has the other."""

    def __init__(self, clock: Clock, rate_hz: int, place: int) -> None:
        self._clock = clock
        period_ns = Ticker(clock, rate_hz).period_ns
        self._tickers = [Ticker(clock, rate_hz, phase_ns) for phase_ns in (0, period_ns // 2)]
        self._place = place
        self._now_at = place
        self.ticks = 0
        self.lateness_ns = 0

    def wait(self) -> int:
        """Sleep to the next deadline and return the time of waking, in ns; `lateness_ns` is how late that was."""
        at = (self._clock.now_ns() // CHANGE_EVERY_NS + self._place) % 2
        ticker = self._tickers[at]
        if at != self._now_at:
            self._now_at = at
            ticker.wait()  # half a second behind: it comes back at once, and with the next tick is on time
        now_ns = ticker.wait()
        self.lateness_ns = ticker.lateness_ns
        self.ticks += 1
        return now_ns
