"""What the console's window has wished so far, as the pilot heeds it. Pure.

A window that died and came again says the same wishes under another number; only what it counts begins anew.
"""

from master.console_messages import Wishes
from protocol.clock import NS_PER_S

STOP_KEPT_NS = 5 * NS_PER_S
"""A stop that was pressed while there was no session counts in the next one for so long: a session that is silent for
longer is dead, and what comes then is another."""


class Heeded:
    """`control`: a session is wished. `rest`: no hand may be followed. `scale` is to be taken with the next press."""

    def __init__(self, scale: float, *, control: bool) -> None:
        self._window = 0
        self._counted = (0, 0)
        self._tries = 0
        self._stops = 0
        self._stopped_ns = 0
        self.scale = scale
        self.control = control
        self.rest = False

    def hear(self, wishes: Wishes) -> int:
        """Take the window's newest wishes in: how often its surgeon's stop was pressed since the last time."""
        if wishes.window != self._window:
            self._window, self._counted = wishes.window, (0, 0)
        stops, tries = self._counted
        self._counted = (max(stops, wishes.stops), max(tries, wishes.device_tries))
        self._tries += self._counted[1] - tries
        self.scale, self.control, self.rest = wishes.scale, wishes.control, wishes.rest
        return self._counted[0] - stops

    def keep_stops(self, presses: int, now_ns: int) -> None:
        """So often STOP was pressed just now."""
        if presses:
            self._stops, self._stopped_ns = self._stops + presses, now_ns

    def take_stops(self, now_ns: int) -> int:
        """There is a session: how many presses count in it. Each is taken once."""
        stops, self._stops = self._stops, 0
        return stops if now_ns - self._stopped_ns <= STOP_KEPT_NS else 0

    @property
    def device_tries(self) -> int:
        """How often a device was chosen, over all windows."""
        return self._tries
