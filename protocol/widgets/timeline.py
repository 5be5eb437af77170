"""The modes of the whole case in one strip: where it stopped, for how long, and how often."""

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from protocol.clock import NS_PER_S
from protocol.messages import Mode
from protocol.widgets.case_history import CaseHistory, Stretch
from protocol.widgets.fitting import draw_fitted, fit
from protocol.widgets.glyph_paths import draw
from protocol.widgets.language import say
from protocol.widgets.look import Look
from protocol.widgets.names import mode_name
from protocol.widgets.screen import GAP_MM, NEAR_TEXT_MM
from protocol.widgets.theme import mode_glyph

LEAST_S = 60.0
"""The strip's whole width, until a case has lasted for longer."""
TICKS_MAX = 6
STEPS_S = (10, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14400)
ORDER = (Mode.FOLLOWING, Mode.READY, Mode.LOCAL, Mode.PAUSED, Mode.FROZEN, Mode.SAFE, None)
HEIGHTS = {Mode.FOLLOWING: 0.7, Mode.READY: 0.45, Mode.LOCAL: 0.45, Mode.SAFE: 0.25, Mode.PAUSED: 0.85}
"""Of the strip's height; what is not named stands in full: a shape of its own for each, beside colour."""
_CENTRE = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class Timeline(QWidget):
    """Fed at any rate; painted when a mode changes, or the newest stretch has grown by a pixel."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.history = CaseHistory()
        self._drawn_px = -1
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._retranslate()

    def add(self, now_ns: int, mode: Mode | None) -> None:
        """The mode of now; None while nobody tells it."""
        before = len(self.history.stretches)
        self.history.add(now_ns, mode)
        grown_px = int(self.history.length_ns / NS_PER_S / self._span_s() * max(1, self.width()))
        if len(self.history.stretches) != before or grown_px != self._drawn_px:
            self._drawn_px = grown_px
            self.update()

    def is_cut(self) -> bool:
        """Never: where the names of the modes have no room, their shapes stand alone, as in the strip."""
        return False

    def _names_fit(self) -> bool:
        near = NEAR_TEXT_MM * self._look.scale.dpi / 25.4
        return all(
            fit(say(mode_name(mode)), room.width(), room.height(), near, self.font().weight()).fits
            for mode, _, room in self._legend()
        )

    def sizeHint(self) -> QSize:
        """A strip, its times, and what its shapes mean."""
        return QSize(self._look.px(150.0), self._look.px(27.0))

    def minimumSizeHint(self) -> QSize:
        """The height does not shrink."""
        return QSize(self._look.px(80.0), self._look.px(27.0))

    def changeEvent(self, event: QEvent) -> None:
        """Say all anew in another language."""
        if event.type() is QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw strip, times and legend."""
        theme = self._look.theme
        strip = self._strip()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.fillRect(strip, QColor(theme.surface))
            self._draw_stretches(painter, strip)
            self._draw_times(painter, strip)
            near = NEAR_TEXT_MM * self._look.scale.dpi / 25.4
            names = self._names_fit()
            for mode, mark, room in self._legend():
                self._draw_shape(painter, QRectF(mark), mode)
                if names:
                    draw_fitted(painter, room, say(mode_name(mode)), near, theme.dim, align=_LEFT)

    def _draw_stretches(self, painter: QPainter, strip: QRect) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        stretches = self.history.stretches
        begin_ns = stretches[0].start_ns if stretches else 0
        scale = strip.width() / (self._span_s() * NS_PER_S)
        # What is dear last, so that one short freeze is not painted over by its long neighbours.
        for stretch in sorted(stretches, key=lambda each: ORDER.index(each.mode)):
            left = strip.left() + (stretch.start_ns - begin_ns) * scale
            width = max((stretch.end_ns - stretch.start_ns) * scale, self._least_px(stretch))
            share = HEIGHTS.get(stretch.mode, 1.0) if stretch.mode is not None else 1.0
            height = strip.height() * share
            where = QRectF(left, strip.bottom() + 1 - height, min(width, strip.right() + 1 - left), height)
            self._draw_shape(painter, where, stretch.mode)

    def _draw_shape(self, painter: QPainter, where: QRectF, mode: Mode | None) -> None:
        """One stretch: its mode's colour, edge on top, and its glyph where there is room for it."""
        paint = self._look.theme.mode(mode)
        painter.fillRect(where, QColor(paint.ground))
        if mode is None:
            painter.fillRect(where, QBrush(QColor(paint.edge), Qt.BrushStyle.BDiagPattern))
        painter.fillRect(QRectF(where.left(), where.top(), where.width(), self._look.px(0.6)), QColor(paint.edge))
        side = min(self._look.px(4.5), where.height() * 0.8)
        if where.width() >= side * 1.2:
            glyph = QRectF(where.center().x() - side / 2, where.center().y() - side / 2, side, side)
            draw(painter, mode_glyph(mode), glyph, QColor(paint.ink))

    def _draw_times(self, painter: QPainter, strip: QRect) -> None:
        theme, span_s = self._look.theme, self._span_s()
        near = NEAR_TEXT_MM * self._look.scale.dpi / 25.4
        step_s = next((step for step in STEPS_S if span_s / step <= TICKS_MAX), STEPS_S[-1])
        wide = self._look.px(16.0)
        painter.setPen(QPen(QColor(theme.line), max(1, self._look.px(0.25))))
        for tick in range(int(span_s // step_s) + 1):
            x = strip.left() + int(tick * step_s / span_s * strip.width())
            painter.setPen(QPen(QColor(theme.line), max(1, self._look.px(0.25))))
            painter.drawLine(x, strip.bottom(), x, strip.bottom() + self._look.px(1.0))
            left = min(max(x - wide // 2, 0), self.width() - wide)
            align = _LEFT if x - wide // 2 < 0 else _CENTRE
            room = QRect(left, strip.bottom() + self._look.px(1.0), wide, self._look.px(5.0))
            draw_fitted(painter, room, _clock(tick * step_s), near, theme.dim, align=align)

    def _least_px(self, stretch: Stretch) -> int:
        """What froze or lost its power is never thinner than can be seen."""
        return self._look.px(0.8) if stretch.mode in (Mode.FROZEN, Mode.SAFE, None) else 1

    def _span_s(self) -> float:
        """The strip's whole width: what has passed, rounded up so that it seldom changes."""
        passed_s = self.history.length_ns / NS_PER_S
        span_s = LEAST_S
        while span_s < passed_s:
            span_s *= 1.5
        return span_s

    def _strip(self) -> QRect:
        top = self._look.px(7.0)
        return QRect(0, top, self.width(), self.height() - top - self._look.px(6.5))

    def _legend(self) -> list[tuple[Mode | None, QRect, QRect]]:
        """What has been so far: mode, where its shape stands, and where its name."""
        seen = {stretch.mode for stretch in self.history.stretches}
        modes = [mode for mode in ORDER if mode in seen]
        gap, mark = self._look.px(GAP_MM / 2), self._look.px(5.0)
        width = self.width() // max(1, len(modes), 5)
        rooms = []
        for number, mode in enumerate(modes):
            left = number * width
            rooms.append((mode, QRect(left, 0, mark, mark), QRect(left + mark + gap, 0, width - mark - 2 * gap, mark)))
        return rooms

    def _retranslate(self) -> None:
        self.setAccessibleName(self.tr("Modes of the whole case"))
        self.update()


def _clock(seconds: int) -> str:
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"
