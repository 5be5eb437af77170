"""One of several to choose from: which it is shows by frame, ground and mark, and not by colour alone."""

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from protocol.widgets.fitting import draw_fitted, fit
from protocol.widgets.glyph import Glyph
from protocol.widgets.glyph_paths import draw
from protocol.widgets.look import Look
from protocol.widgets.screen import NEAR_TEXT_MM, TOUCH_MM

CAPITALS_MM = NEAR_TEXT_MM * 1.15
_CENTRE = Qt.AlignmentFlag.AlignCenter


class ChoiceButton(QAbstractButton):
    """Checkable, large enough for a gloved finger."""

    def __init__(self, look: Look, capitals_mm: float = CAPITALS_MM) -> None:
        super().__init__()
        self._look = look
        self._capitals_px = capitals_mm * look.scale.dpi / 25.4
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def name(self, text: str) -> None:
        """Show this text."""
        self.setText(text)
        self.setAccessibleName(text)
        self.update()

    def is_cut(self) -> bool:
        """Whether the text does not fit."""
        room = self._room()
        return not fit(self.text(), room.width(), room.height(), self._capitals_px, self._weight()).fits

    def sizeHint(self) -> QSize:
        """What a gloved finger needs."""
        return QSize(self._look.px(TOUCH_MM * 1.3), self._look.px(TOUCH_MM))

    def minimumSizeHint(self) -> QSize:
        """Never less."""
        return QSize(self._look.px(TOUCH_MM), self._look.px(TOUCH_MM))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw frame, mark and text."""
        look, theme, chosen = self._look, self._look.theme, self.isChecked()
        ink = theme.text if self.isEnabled() else theme.dim
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            edge = look.px(0.8 if chosen or self.hasFocus() else 0.3)
            pen = QPen(QColor(theme.focus if chosen or self.hasFocus() else theme.line), edge)
            if not self.isEnabled():
                pen = QPen(QColor(theme.line), edge, Qt.PenStyle.DashLine)
            painter.setPen(pen)
            painter.setBrush(QColor(theme.raised if self.isEnabled() else theme.surface))
            half, radius = edge / 2, look.px(1.2)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(half, half, -half, -half), radius, radius)
            if chosen:
                side = look.px(3.2)
                draw(painter, Glyph.CHECK, QRectF(look.px(1.2), look.px(1.2), side, side), QColor(ink))
            draw_fitted(painter, self._room(), self.text(), self._capitals_px, ink, self._weight(), _CENTRE)

    def _weight(self) -> QFont.Weight:
        return QFont.Weight.Bold if self.isChecked() else QFont.Weight.Normal

    def _room(self) -> QRect:
        pad = self._look.px(1.2)
        return self.rect().adjusted(pad, pad, -pad, -pad)
