"""A fixed rate from absolute deadlines. A late tick never moves the ones after it; a skipped one is counted."""

from protocol.clock import NS_PER_S, Clock


class Ticker:
    """Deadlines at whole multiples of the period plus `phase_ns`, so that processes of one host tick in a fixed order.

    A tick is *missed* when its deadline passed by more than a period before the loop came back for it: such ticks are
    skipped, not made up for in a burst.
    """

    def __init__(self, clock: Clock, rate_hz: int, phase_ns: int = 0) -> None:
        if not 1 <= rate_hz <= 100_000:
            raise ValueError(f"a ticker's rate is 1 to 100000 Hz, not {rate_hz}")
        self._clock = clock
        self.period_ns = NS_PER_S // rate_hz
        self.ticks = 0
        self.missed = 0
        self.lateness_ns = 0
        now_ns = clock.now_ns()
        self._deadline_ns = now_ns - (now_ns - phase_ns) % self.period_ns

    def wait(self) -> int:
        """Sleep to the next deadline and return the time of waking, in ns; `lateness_ns` is how late that was."""
        self._deadline_ns += self.period_ns
        behind_ns = self._clock.now_ns() - self._deadline_ns
        if behind_ns >= self.period_ns:
            skipped = behind_ns // self.period_ns
            self.missed += skipped
            self._deadline_ns += skipped * self.period_ns
        self._clock.sleep_until_ns(self._deadline_ns)
        now_ns = self._clock.now_ns()
        self.lateness_ns = now_ns - self._deadline_ns
        self.ticks += 1
        return now_ns
