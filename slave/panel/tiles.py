"""Small things that the panel is made of: a tile with a title, and a line of text beside a shape."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from protocol.widgets.fitting import draw_fitted, fit
from protocol.widgets.glyph import Glyph
from protocol.widgets.glyph_paths import draw
from protocol.widgets.look import Look
from protocol.widgets.screen import GAP_MM


class Tile(QWidget):
    """A surface that others stand on, with rounded corners."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.body = QVBoxLayout(self)
        gap = look.px(GAP_MM)
        self.body.setContentsMargins(gap, gap * 2 // 3, gap, gap * 2 // 3)
        self.body.setSpacing(look.px(1.0))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the ground."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self._look.theme.surface))
            radius = self._look.px(2.0)
            painter.drawRoundedRect(QRectF(self.rect()), radius, radius)


class SignLine(QWidget):
    """A shape, and text beside it, both in one colour; painted anew only where it changes. `boxed` draws a frame."""

    def __init__(
        self, look: Look, capitals_mm: float, weight: QFont.Weight = QFont.Weight.Normal, height_mm: float = 0.0
    ) -> None:
        super().__init__()
        self._look = look
        self._capitals_mm = capitals_mm
        self._height_mm = height_mm or capitals_mm * 1.9
        self._weight = weight
        self._glyph: Glyph | None = None
        self._text = ""
        self._colour = look.theme.text
        self._frame = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    @property
    def text(self) -> str:
        """What is shown."""
        return self._text

    def show_line(self, text: str, glyph: Glyph | None, colour: str, frame: str = "") -> None:
        """Show this; `frame` is the colour of one around it, '' for none."""
        if (text, glyph, colour, frame) != (self._text, self._glyph, self._colour, self._frame):
            self._text, self._glyph, self._colour, self._frame = text, glyph, colour, frame
            self.setAccessibleName(text)
            self.update()

    def is_cut(self) -> bool:
        """Whether the text does not fit even at its smallest."""
        room = self._room()
        return bool(self._text) and not fit(self._text, room.width(), room.height(), self._px(), self._weight).fits

    def sizeHint(self) -> QSize:
        """One line."""
        return QSize(self._look.px(30.0), self._look.px(self._height_mm))

    def minimumSizeHint(self) -> QSize:
        """One line, of whatever width there is."""
        return QSize(self._look.px(10.0), self._look.px(self._height_mm * 0.8))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw shape and text."""
        with QPainter(self) as painter:
            if self._frame:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                edge = self._look.px(0.4)
                painter.setPen(QPen(QColor(self._frame), edge))
                radius = self._look.px(1.2)
                painter.drawRoundedRect(QRectF(self.rect()).adjusted(edge, edge, -edge, -edge), radius, radius)
            if self._glyph is not None:
                draw(painter, self._glyph, self._sign_room(), QColor(self._colour))
            draw_fitted(painter, self._room().toRect(), self._text, self._px(), self._colour, self._weight)

    def _px(self) -> float:
        return self._capitals_mm * self._look.scale.dpi / 25.4

    def _sign_room(self) -> QRectF:
        side = min(self._look.px(self._capitals_mm * 1.35), self.height())
        left = self._look.px(1.5) if self._frame else 0.0
        return QRectF(left, (self.height() - side) / 2, side, side)

    def _room(self) -> QRectF:
        left = self._sign_room().right() + self._look.px(1.6) if self._glyph is not None else self._look.px(0.2)
        pad = self._look.px(1.2) if self._frame else 0.0
        return QRectF(left, 0.0, self.width() - left - pad, float(self.height()))
