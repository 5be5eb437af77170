"""What the surgeon wishes, as the window tells it to pilot and launcher. Pure.

A new window takes over what the one before it had wished, as far as pilot and launcher still do it: a window that died
in the middle of a case changes nothing but that the hands let go.
"""

from master.console_messages import LauncherWish, Wishes
from master.console_records import LauncherWord
from master.pilot_records import PilotLink
from protocol.clock import NS_PER_S

FRESH_NS = NS_PER_S
CHECK_S = 20.0
"""How long the link is watched before a case; `farhand check-link` takes a minute."""
SCALES = (0.1, 0.2, 0.3, 0.4, 0.5, 0.75, 1.0, 1.5, 2.0)
"""Tip metres a hand's metre: 0.2 to 1 is usual."""


class Intent:
    """Levels and counts, by name as in `master.console_messages`."""

    def __init__(self, window: int, device: str, scale: float) -> None:
        self._window = window
        self.side = ""
        self.pilot_starts = 0
        self.checks = 0
        self.device = device
        self.device_tries = 0
        self.scale = scale
        self.control = False
        self.rest = False
        self.stops = 0

    def adopt(self, word: LauncherWord | None, link: PilotLink | None, now_ns: int) -> None:
        """Go on where an earlier window left off."""
        if word is not None:
            self.side = word.side
        if link is not None and link.device_chosen:
            # Chosen is chosen: even where it is not open yet, could not be opened, or its pilot has fallen silent.
            self.device = link.device_chosen
        if link is not None and now_ns - link.stamp_ns <= FRESH_NS:
            self.control, self.rest, self.scale = link.asked, link.resting, link.scale

    def choose_side(self, address: str) -> None:
        """Another patient's side: nothing is asked of it yet."""
        if address != self.side:
            self.side = address
            self.control = self.rest = False
            # Another pilot, which would take what was pressed before for new.
            self.stops = 0

    def choose_device(self, spec: str) -> None:
        """Use this one, or try it again."""
        self.device = spec
        self.device_tries += 1

    def step_scale(self, steps: int) -> None:
        """To the next of SCALES, up or down."""
        above = [scale for scale in SCALES if scale > self.scale + 1e-9]
        below = [scale for scale in SCALES if scale < self.scale - 1e-9]
        if steps > 0 and above:
            self.scale = above[0]
        elif steps < 0 and below:
            self.scale = below[-1]

    def wishes(self) -> Wishes:
        """For the pilot."""
        return Wishes(
            version=1,
            window=self._window,
            device=self.device,
            device_tries=self.device_tries,
            scale=self.scale,
            control=self.control,
            rest=self.rest,
            stops=self.stops,
        )

    def launcher_wish(self) -> LauncherWish:
        """For the launcher."""
        return LauncherWish(
            version=1,
            window=self._window,
            side=self.side,
            pilot_starts=self.pilot_starts,
            checks=self.checks,
            check_s=CHECK_S,
        )
