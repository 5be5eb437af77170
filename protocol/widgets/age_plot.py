"""The loop age of the last minute, with the lines at which the arm is slowed and frozen."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from protocol.clock import NS_PER_MS, NS_PER_S
from protocol.widgets.age_history import SLOT_NS, SLOTS, AgeHistory
from protocol.widgets.fitting import FitLabel
from protocol.widgets.look import Look
from protocol.widgets.screen import NEAR_TEXT_MM

DRAW_EVERY_NS = 100 * NS_PER_MS
TOP_LEAST_MS = 100.0
TICKS_MAX, TICK_HIGHEST = 5, 0.93
HEAD_ROOM = 1.35
AXIS_WIDE = 4.6
"""Of the height of its digits."""
STEPS_MS = tuple(base * 10.0**power for power in range(1, 12) for base in (1.0, 2.0, 5.0))
SLOW, FREEZE, AT_ONCE = "link.age.slow_enter_ns", "link.age.freeze_ns", "link.age.freeze_at_once_ns"


class AgePlot(QWidget):
    """Fed at any rate; drawn ten times a second, which is as fine as it is kept."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.history = AgeHistory()
        self._drawn_ns: int | None = None
        self._top_ms = 0.0
        self._worst_ms = 0.0
        self._limits: Mapping[str, float] = {}
        self._title = FitLabel(look, NEAR_TEXT_MM, look.theme.dim)
        self._plot = _make_plot(look)
        theme = look.theme
        wide = max(2, look.px(0.5))
        self._curve = self._plot.plot(pen=pg.mkPen(theme.text, width=wide), connect="finite")
        self._lines = {
            AT_ONCE: self._line(theme.bad, Qt.PenStyle.DotLine, 0.6),
            FREEZE: self._line(theme.bad, Qt.PenStyle.SolidLine, 0.3),
            SLOW: self._line(theme.slow, Qt.PenStyle.DashLine, 0.02),
        }
        for height, line in enumerate(self._lines.values()):
            # The word of the lower line reaches to the upper, and must not be struck out by it.
            line.setZValue(height)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._title)
        layout.addWidget(self._plot, 1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._retranslate()
        self._scale()
        self._plot.getViewBox().sigResized.connect(self._fit)

    def set_limits(self, limits: Mapping[str, float]) -> None:
        """The limits that the patient's side streams, by name; lines of those that it has not are not drawn."""
        self._limits = dict(limits)
        self._retranslate()
        self._scale()

    def add(self, now_ns: int, age_ns: int | None) -> None:
        """The loop age of now; None while nothing is known."""
        self.history.add(now_ns, age_ns)
        if self._drawn_ns is None or now_ns - self._drawn_ns >= DRAW_EVERY_NS:
            self._drawn_ns = now_ns
            seconds, ages_ms = self.history.series(now_ns)
            self._curve.setData(seconds, ages_ms)
            if not np.isnan(ages_ms).all():
                self._worst_ms = float(np.nanmax(ages_ms))
                self._scale()

    def sizeHint(self) -> QSize:
        """A strip."""
        return QSize(self._look.px(90.0), self._look.px(45.0))

    def minimumSizeHint(self) -> QSize:
        """Below that its labels would meet."""
        return QSize(self._look.px(50.0), self._look.px(25.0))

    def changeEvent(self, event: QEvent) -> None:
        """Say all anew in another language."""
        if event.type() is QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def _retranslate(self) -> None:
        title = self.tr("Loop age, last minute (ms)")
        self._title.set_text(title)
        self.setAccessibleName(title)
        for name, words in (
            (SLOW, self.tr("slow {limit}")),
            (FREEZE, self.tr("freeze {limit}")),
            (AT_ONCE, self.tr("freeze at once {limit}")),
        ):
            line, limit_ns = self._lines[name], self._limits.get(name)
            line.setVisible(limit_ns is not None)
            if limit_ns is not None:
                line.setValue(limit_ns / NS_PER_MS)
                line.label.setFormat(words.format(limit=f"{limit_ns / NS_PER_MS:.0f}"))

    def _scale(self) -> None:
        """All that matters is in view: the line of the freeze, and the worst. Shrinks only when much room is empty."""
        wanted_ms = max(TOP_LEAST_MS, self._limits.get(FREEZE, 0.0) / NS_PER_MS, self._worst_ms) * self._head_room()
        if wanted_ms > self._top_ms or wanted_ms < 0.6 * self._top_ms:
            self._top_ms = wanted_ms
            self._plot.setYRange(0.0, self._top_ms, padding=0.0)
            self._plot.getAxis("left").setTicks([[(age_ms, f"{age_ms:g}") for age_ms in ticks(self._top_ms)]])

    def _fit(self) -> None:
        """Words keep their size: in less room, less of it is for the curve."""
        self._top_ms = 0.0
        self._scale()

    def _head_room(self) -> float:
        """So many times what must be in view, that the word on its line is in view as well."""
        word_px = float(self._lines[FREEZE].label.boundingRect().height())
        room_px = max(float(self._plot.getViewBox().height()), 1.5 * word_px)
        return max(HEAD_ROOM, room_px / (room_px - word_px))

    def _line(self, colour: str, style: Qt.PenStyle, position: float) -> Any:  # noqa: ANN401  (pyqtgraph has no types)
        pen = pg.mkPen(colour, width=max(1, self._look.px(0.4)), style=style)
        # Beside each other, so that no word stands on another's line.
        options = {
            "color": colour,
            "fill": self._look.theme.surface,
            "position": position,
            "anchors": [(0, 1), (0, 1)],
        }
        line = pg.InfiniteLine(angle=0, pen=pen, label="", labelOpts=options)
        line.label.setFont(self._look.font(NEAR_TEXT_MM))
        line.setVisible(False)
        self._plot.addItem(line)
        return line


def ticks(top_ms: float) -> list[float]:
    """Round ages to be written beside the axis: few, and none so high that its number would not stand whole."""
    step_ms = next(step for step in STEPS_MS if top_ms / step <= TICKS_MAX)
    return [k * step_ms for k in range(int(top_ms * TICK_HIGHEST / step_ms) + 1)]


def _make_plot(look: Look) -> Any:  # noqa: ANN401
    """A plot that shows and does nothing else: a finger on it moves nothing."""
    theme = look.theme
    plot = pg.PlotWidget(background=QColor(theme.surface))
    plot.setMenuEnabled(False)
    plot.setMouseEnabled(x=False, y=False)
    plot.hideButtons()
    plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    plot.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    plot.setXRange(-SLOTS * SLOT_NS / NS_PER_S, 0.0, padding=0.0)
    font = look.font(NEAR_TEXT_MM)
    for side in ("left", "bottom"):
        axis = plot.getAxis(side)
        axis.setTickFont(font)
        axis.setPen(pg.mkPen(theme.line))
        axis.setTextPen(pg.mkPen(theme.dim))
    # Of five digits: an axis that grew with its numbers would change the room that they are chosen for.
    plot.getAxis("left").setWidth(look.px(NEAR_TEXT_MM * AXIS_WIDE))
    plot.getAxis("bottom").setTicks([[(-seconds, f"-{seconds} s") for seconds in (45, 30, 15)]])
    return plot
