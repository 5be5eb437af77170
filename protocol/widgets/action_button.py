"""The button of an action: large enough for a gloved finger, and it says what became of the press."""

from enum import StrEnum

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from protocol.widgets.fitting import Fit, draw_fitted, draw_text, fit
from protocol.widgets.glyph import Glyph
from protocol.widgets.glyph_paths import draw
from protocol.widgets.look import Look
from protocol.widgets.screen import FAR_TEXT_MM, GAP_MM, NEAR_TEXT_MM, TOUCH_MM
from protocol.widgets.theme import Tone


class ButtonState(StrEnum):
    """How an action stands. A DISABLED one shows its reason, and cannot be pressed."""

    IDLE = "idle"
    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"
    DISABLED = "disabled"


STATE_GLYPHS = {
    ButtonState.WAITING: Glyph.DOTS,
    ButtonState.DONE: Glyph.CHECK,
    ButtonState.FAILED: Glyph.CROSS,
    ButtonState.DISABLED: Glyph.LOCK,
}
WIDTH_MM, HEIGHT_MM = 42.0, 19.0
TEXT_SHARE = 62
"""Percent of the height for the text, where there is a note."""
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class ActionButton(QAbstractButton):
    """`text` in capitals beside `glyph`; below it how the last press stands. Use `pressed` for what must not wait for
    the finger to leave, `clicked` for what may. Without a text the glyph stands alone; name it by `setAccessibleName`.
    """

    def __init__(self, look: Look, text: str, glyph: Glyph, tone: Tone = Tone.PLAIN) -> None:
        super().__init__()
        self._look = look
        self._glyph = glyph
        self._tone = tone
        self._note = ""
        self.state = ButtonState.IDLE
        self.setText(text)
        self.setAccessibleName(text)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def name(self, text: str) -> None:
        """Show another text: the same in another language, say."""
        self.setText(text)
        self.setAccessibleName(text)
        self.updateGeometry()

    def show_state(self, state: ButtonState, note: str = "") -> None:
        """How the action stands, and `note` in words: why it is disabled, what failed."""
        if state is self.state and note == self._note:
            return
        self.state, self._note = state, note
        if state is ButtonState.DISABLED:
            # Qt would hand the keyboard on to the next button that can be pressed: to STOP, perhaps.
            self.clearFocus()
        self.setEnabled(state is not ButtonState.DISABLED)
        self.setAccessibleDescription(note)
        self.update()

    def set_glyph(self, glyph: Glyph, tone: Tone) -> None:
        """Another shape and colour, where one button has two meanings."""
        if (glyph, tone) != (self._glyph, self._tone):
            self._glyph, self._tone = glyph, tone
            self.update()

    @property
    def note(self) -> str:
        """What stands below the text."""
        return self._note

    def is_cut(self) -> bool:
        """Whether text or note do not fit."""
        note, room, normal = self._note, self._note_room(), QFont.Weight.Normal
        if note and not fit(note, room.width(), room.height(), self._near(), normal).fits:
            return True
        return bool(self.text()) and not self._text_fit().fits

    def sizeHint(self) -> QSize:
        """Room for the text from two metres, and a note."""
        return QSize(self._look.px(WIDTH_MM), self._look.px(HEIGHT_MM))

    def minimumSizeHint(self) -> QSize:
        """Never below what a gloved finger needs."""
        side = self._look.px(TOUCH_MM)
        return QSize(side, side)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses, as Space does; a key that is held down presses once."""
        if event.isAutoRepeat():
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
            return
        super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Paint anew what looks different now."""
        self.update()
        super().changeEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw ground, glyph, text and note."""
        look, theme = self._look, self._look.theme
        paint = theme.tones[self._tone]
        off = self.state is ButtonState.DISABLED
        ground, ink = (theme.window, theme.dim) if off else (paint.ground, paint.ink)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            edge = look.px(1.0 if self.hasFocus() else 0.5)
            pen = QPen(QColor(theme.focus if self.hasFocus() else theme.line if off else paint.edge), edge)
            if off:
                pen.setStyle(Qt.PenStyle.DashLine)
            painter.setPen(pen)
            colour = QColor(ground)
            painter.setBrush(
                colour.lighter(135) if self.isDown() else colour.lighter(112) if self._hovered() else colour
            )
            half = edge / 2
            radius = look.px(2.0)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(half, half, -half, -half), radius, radius)
            draw(painter, self._glyph, QRectF(self._glyph_room()), QColor(ink))
            draw_text(painter, self._text_room(), self.text(), self._text_fit().font, ink, _LEFT)
            self._draw_note(painter, ink)

    def _draw_note(self, painter: QPainter, ink: str) -> None:
        if self.state is ButtonState.IDLE and not self._note:
            return
        room = self._note_room()
        glyph = STATE_GLYPHS.get(self.state)
        if glyph is not None:
            side = min(room.height(), self._look.px(NEAR_TEXT_MM * 1.5))
            where = QRect(room.left(), room.top() + (room.height() - side) // 2, side, side)
            draw(painter, glyph, QRectF(where), QColor(ink))
            room = room.adjusted(side + self._look.px(1.2), 0, 0, 0)
        draw_fitted(painter, room, self._note, self._near(), ink)

    def _text_fit(self) -> Fit:
        """Of one size with a note and without, so that a press moves little."""
        room = self._text_room()
        height = self._inner().height() * TEXT_SHARE // 100
        return fit(self.text(), room.width(), height, self._far(), QFont.Weight.Bold)

    def _hovered(self) -> bool:
        return self.underMouse() and self.isEnabled()

    def _far(self) -> float:
        return FAR_TEXT_MM * self._look.scale.dpi / 25.4

    def _near(self) -> float:
        return NEAR_TEXT_MM * self._look.scale.dpi / 25.4

    def _inner(self) -> QRect:
        gap = self._look.px(GAP_MM * 0.7)
        return self.rect().adjusted(gap, gap // 2, -gap, -gap // 2)

    def _note_shows(self) -> bool:
        return self.state is not ButtonState.IDLE or bool(self._note)

    def _glyph_room(self) -> QRect:
        inner = self._inner()
        if not self.text():
            side = min(inner.height(), inner.width()) * 6 // 10
            return QRect(inner.center().x() - side // 2, inner.center().y() - side // 2, side, side)
        side = min(inner.height() * 6 // 10, inner.width() // 4, self._look.px(11.0))
        return QRect(inner.left(), self._text_room_top() + (self._text_height() - side) // 2, side, side)

    def _text_room_top(self) -> int:
        return self._inner().top()

    def _text_height(self) -> int:
        inner = self._inner()
        return inner.height() * TEXT_SHARE // 100 if self._note_shows() else inner.height()

    def _text_room(self) -> QRect:
        inner, glyph = self._inner(), self._glyph_room()
        left = glyph.right() + self._look.px(GAP_MM * 0.7)
        return QRect(left, inner.top(), inner.right() - left, self._text_height())

    def _note_room(self) -> QRect:
        inner = self._inner()
        return QRect(
            inner.left(), inner.top() + self._text_height(), inner.width(), inner.height() - self._text_height()
        )
