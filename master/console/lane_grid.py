"""Each lane as a mark: carrying, standing still, being opened. Which of them stalled, and how many were replaced."""

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from master.console.facts import CONNECTING, LIVE, STALLED, LaneView
from protocol.widgets.fitting import draw_fitted, fit
from protocol.widgets.language import say
from protocol.widgets.look import Look
from protocol.widgets.screen import NEAR_TEXT_MM
from protocol.widgets.sentence import sentence

ROWS_MOST = 4
"""Two directions over two carriers."""
_PLAIN = QFont.Weight.Normal


class LaneGrid(QWidget):
    """One row for each direction and carrier. Full: carries. A cross: stands still. A ring: is being opened."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._lanes: tuple[LaneView, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._tell()

    def show_lanes(self, lanes: tuple[LaneView, ...]) -> None:
        """Show these."""
        lanes = tuple(lane._replace(letters=lane.letters.replace(".", "")) for lane in lanes[:ROWS_MOST])
        if lanes != self._lanes:
            self._lanes = lanes
            self._tell()
            self.update()

    def sizeHint(self) -> QSize:
        """Two rows."""
        return QSize(self._look.px(70.0), self._look.px(30.0))

    def minimumSizeHint(self) -> QSize:
        """Room for the words of one row."""
        return QSize(self._look.px(55.0), self._look.px(20.0))

    def changeEvent(self, event: QEvent) -> None:
        """Say all anew in another language."""
        if event.type() is QEvent.Type.LanguageChange:
            self._tell()
            self.update()
        super().changeEvent(event)

    def is_cut(self) -> bool:
        """Whether a row's words do not fit."""
        size = NEAR_TEXT_MM * self._look.scale.dpi / 25.4
        rooms = [self._words_room(number) for number in range(len(self._lanes))]
        return any(
            not fit(self._words(lane), room.width(), room.height(), size, _PLAIN).fits
            for lane, room in zip(self._lanes, rooms, strict=True)
        )

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw all rows."""
        look, theme = self._look, self._look.theme
        size = NEAR_TEXT_MM * look.scale.dpi / 25.4
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.surface))
            painter.drawRoundedRect(QRectF(self.rect()), look.px(1.5), look.px(1.5))
            if not self._lanes:
                draw_fitted(painter, self._inner(), say(sentence("no lanes")), size, theme.dim)
            for number, lane in enumerate(self._lanes):
                draw_fitted(painter, self._words_room(number), self._words(lane), size, theme.level(lane.level))
                self._draw_marks(painter, QRectF(self._marks_room(number)), lane.letters)

    def _draw_marks(self, painter: QPainter, room: QRectF, letters: str) -> None:
        theme = self._look.theme
        step = min(room.width() / max(len(letters), 1), room.height())
        radius = step * 0.36
        thin = max(1.0, step * 0.12)
        for number, letter in enumerate(letters):
            centre = QPointF(room.left() + (number + 0.5) * step, room.center().y())
            if letter == LIVE:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(theme.good))
                painter.drawEllipse(centre, radius, radius)
            elif letter == STALLED:
                painter.setPen(QPen(QColor(theme.bad), thin * 1.5))
                for side in (1.0, -1.0):
                    corner = QPointF(radius, side * radius)
                    painter.drawLine(centre - corner, centre + corner)
            elif letter == CONNECTING:
                painter.setPen(QPen(QColor(theme.slow), thin))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawEllipse(centre, radius, radius)

    def _words(self, lane: LaneView) -> str:
        counts = sentence(
            "{live} carry, {stalled} stalled, {replaced} new",
            live=str(lane.live),
            stalled=str(lane.stalled),
            replaced=str(lane.replaced),
        )
        direction = say(lane.name)
        over = f" ({lane.carrier})" if len(self._lanes) > 2 else ""
        return f"{direction[:1].upper()}{direction[1:]}{over}: {say(counts)}"

    def _inner(self) -> QRect:
        gap = self._look.px(1.8)
        return self.rect().adjusted(gap, gap // 2, -gap, -gap // 2)

    def _row(self, number: int) -> QRect:
        inner = self._inner()
        height = inner.height() // max(2, len(self._lanes))
        return QRect(inner.left(), inner.top() + number * height, inner.width(), height)

    def _words_room(self, number: int) -> QRect:
        row = self._row(number)
        return QRect(row.left(), row.top(), row.width(), row.height() * 55 // 100)

    def _marks_room(self, number: int) -> QRect:
        row = self._row(number)
        top = row.top() + row.height() * 55 // 100
        return QRect(row.left(), top, row.width(), row.bottom() - top)

    def _tell(self) -> None:
        self.setAccessibleName(say(sentence("lanes")))
        self.setAccessibleDescription("; ".join(map(self._words, self._lanes)))
