"""One hand and its arm at a glance: engaged or not, what stands in its way, and how far the jaw is open."""

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from master.console.hands_view import HandStands, HandView
from protocol.widgets.fitting import draw_fitted, fit
from protocol.widgets.glyph import Glyph
from protocol.widgets.glyph_paths import draw
from protocol.widgets.language import say
from protocol.widgets.look import Look
from protocol.widgets.screen import NEAR_TEXT_MM

NAME_MM = 4.4
HEIGHT_MM = 27.0
GLYPHS = {
    HandStands.ABSENT: Glyph.DASH,
    HandStands.REST: Glyph.BARS,
    HandStands.PRESSED: Glyph.CROSS,
    HandStands.ASKED: Glyph.DOTS,
    HandStands.ENGAGED: Glyph.CHEVRONS,
}
_BOLD, _PLAIN = QFont.Weight.Bold, QFont.Weight.Normal


class HandCard(QWidget):
    """Shows a `HandView`."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._view: HandView | None = None
        self._texts = ("", "", "", "")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_hand(self, view: HandView) -> None:
        """Show this. Said anew each time: the language may have changed."""
        name = say(view.name)
        texts = (
            name[:1].upper() + name[1:],
            say(view.word),
            "" if view.note is None else say(view.note),
            say(view.jaw),
        )
        if view == self._view and texts == self._texts:
            return
        self._view, self._texts = view, texts
        self.setAccessibleName(f"{texts[0]}: {texts[1]}")
        self.setAccessibleDescription(texts[2])
        self.update()

    def is_cut(self) -> bool:
        """Whether a text does not fit."""
        name, word, note, _ = self._rooms()
        each = zip(self._texts, (name, word, note), (NAME_MM, NAME_MM, NEAR_TEXT_MM), strict=False)
        return any(
            bool(text) and not fit(text, room.width(), room.height(), self._capitals_px(mm), _BOLD).fits
            for text, room, mm in each
        )

    def sizeHint(self) -> QSize:
        """Two stand side by side."""
        return QSize(self._look.px(54.0), self._look.px(HEIGHT_MM))

    def minimumSizeHint(self) -> QSize:
        """Likewise, narrower."""
        return QSize(self._look.px(40.0), self._look.px(HEIGHT_MM))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw glyph, words and jaw."""
        view = self._view
        if view is None:
            return
        look, theme = self._look, self._look.theme
        engaged = view.stands is HandStands.ENGAGED
        trouble = view.note is not None
        colour = {
            HandStands.ENGAGED: theme.good,
            HandStands.ASKED: theme.slow,
            HandStands.PRESSED: theme.slow,
        }.get(view.stands, theme.dim)
        name, word, note, jaw = self._rooms()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            edge = look.px(0.9 if engaged else 0.4)
            painter.setPen(QPen(QColor(colour if engaged else theme.line), edge))
            painter.setBrush(QColor(theme.surface))
            radius = look.px(1.8)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(edge, edge, -edge, -edge), radius, radius)
            draw(painter, GLYPHS[view.stands], QRectF(self._glyph_room()), QColor(colour))
            draw_fitted(painter, name, self._texts[0], self._capitals_px(NAME_MM), theme.text, _BOLD)
            draw_fitted(painter, word, self._texts[1], self._capitals_px(NAME_MM), colour, _BOLD)
            small = self._capitals_px(NEAR_TEXT_MM)
            if trouble:
                draw_fitted(painter, note, self._texts[2], small, theme.slow, _PLAIN)
            self._draw_jaw(painter, jaw, view)

    def _draw_jaw(self, painter: QPainter, room: QRect, view: HandView) -> None:
        """The jaw as a bar from closed to open, and a mark where the hand's own is."""
        look, theme = self._look, self._look.theme
        text = QRect(room.right() - look.px(11.0), room.top(), look.px(11.0), room.height())
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        draw_fitted(painter, text, self._texts[3], self._capitals_px(NEAR_TEXT_MM), theme.text, align=right)
        height = look.px(2.0)
        bar = QRectF(room.left(), room.center().y() - height / 2, text.left() - room.left() - look.px(2.0), height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.raised))
        painter.drawRoundedRect(bar, height / 2, height / 2)
        if view.jaw_share is not None:
            painter.setBrush(QColor(theme.text))
            filled = QRectF(bar.left(), bar.top(), max(height, bar.width() * view.jaw_share), height)
            painter.drawRoundedRect(filled, height / 2, height / 2)
        if view.jaw_asked_share is not None:
            x = bar.left() + bar.width() * view.jaw_asked_share
            painter.setPen(QPen(QColor(theme.focus), look.px(0.6)))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(QRectF(x - height, bar.center().y() - height, 2.0 * height, 2.0 * height))

    def _rooms(self) -> tuple[QRect, QRect, QRect, QRect]:
        """Of name, word, note and jaw."""
        look = self._look
        inner = self.rect().adjusted(look.px(2.0), look.px(1.2), -look.px(2.0), -look.px(1.2))
        left = self._glyph_room().right() + look.px(2.0)
        line = inner.height() // 4
        width = inner.right() - left
        name = QRect(left, inner.top(), width, line)
        word = QRect(left, inner.top() + line, width, line)
        note = QRect(inner.left(), inner.top() + 2 * line, inner.width(), line)
        jaw = QRect(inner.left(), inner.top() + 3 * line, inner.width(), line)
        return name, word, note, jaw

    def _glyph_room(self) -> QRect:
        side, gap = self._look.px(9.0), self._look.px(2.0)
        return QRect(gap, self._look.px(2.0), side, side)

    def _capitals_px(self, mm: float) -> float:
        return mm * self._look.scale.dpi / 25.4
