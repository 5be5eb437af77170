"""The page of the case: the arms, and below them the link over the last minute, each lane, and all its figures."""

from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from master.console.facts import lane_views, link_figures
from master.console.key_panel import KeyPanel
from master.console.lane_grid import LaneGrid
from master.console.snapshot import Snapshot
from master.console.view_area import ViewArea
from protocol.clock import NS_PER_MS
from protocol.widgets.age_history import SLOT_NS
from protocol.widgets.age_plot import AgePlot
from protocol.widgets.link_strip import LinkStrip
from protocol.widgets.look import Look
from protocol.widgets.screen import GAP_MM

PLOT_MM = 31.0
CELL_MM = (27.5, 16.5)
"""So that all figures stand side by side on the smallest screen."""


class OperatingPage(QWidget):
    """`view` holds the canvas. `show_frame` is for every frame, `show_rest` for ten times a second."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.view = ViewArea(look)
        self.strip = LinkStrip(look, CELL_MM)
        self._plot = AgePlot(look)
        self._lanes = LaneGrid(look)
        self.keys = KeyPanel(look)
        self._limits_hash: int | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._plot.setFixedHeight(look.px(PLOT_MM))
        self._lanes.setFixedHeight(look.px(PLOT_MM))
        self.keys.setFixedHeight(look.px(PLOT_MM))
        self.keys.setVisible(False)
        gap = look.px(GAP_MM / 2)
        below = QHBoxLayout()
        below.setSpacing(gap)
        below.addWidget(self._plot, 3)
        below.addWidget(self._lanes, 2)
        below.addWidget(self.keys, 2)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(gap)
        whole.addWidget(self.view, 1)
        whole.addLayout(below)

    def feed(self, now_ns: int, ages_ns: Sequence[int | None]) -> None:
        """Loop ages of the time before `now_ns`, a tenth of a second apart, the newest last."""
        for number, age_ns in enumerate(ages_ns):
            self._plot.history.add(now_ns - (len(ages_ns) - number) * SLOT_NS, age_ns)

    def show_keys(self, *, visible: bool) -> None:
        """While keyboard and mouse are the hands, what they do stands in place of the lanes."""
        # First what goes: both at once would need a wider window.
        for part, shown in sorted(((self.keys, visible), (self._lanes, not visible)), key=lambda each: each[1]):
            part.setVisible(shown)

    def show_frame(self, seen: Snapshot) -> bool:
        """The arms as they are now; whether all of them are drawn."""
        return self.view.show_arms(seen)

    def show_rest(self, seen: Snapshot) -> None:
        """Everything else."""
        welcome, link = seen.welcome, seen.link
        if welcome is not None and welcome.limits_hash != self._limits_hash:
            self._limits_hash = welcome.limits_hash
            self.strip.set_limits(welcome.limits)
            self._plot.set_limits(welcome.limits)
        self.view.show_facts(seen)
        self._plot.add(seen.now_ns, link.loop_age_ns if link is not None and seen.in_session else None)
        worst_ms = self._plot.history.worst_ms(seen.now_ns)
        self.strip.show_link(link_figures(seen, None if worst_ms is None else int(worst_ms * NS_PER_MS)))
        self._lanes.show_lanes(lane_views(seen))
