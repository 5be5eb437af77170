"""A button that does something while it is held, and says when it no longer is, and why."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QHideEvent, QKeyEvent, QMouseEvent, QTouchEvent

from protocol.widgets.action_button import ActionButton, ButtonState
from protocol.widgets.glyph import Glyph
from protocol.widgets.look import Look
from protocol.widgets.theme import Tone
from slave.panel.hold import Ended


class HoldButton(ActionButton):
    """`begun` when a finger, or Space, goes down; `ended` with an `Ended` when it is up, has left, or lost the focus.

    A finger that left and comes back begins nothing: Qt's own buttons would. Touches are heard as what they are: of the
    mouse that Qt makes of them nobody is told when the system takes one away.
    """

    begun = Signal()
    ended = Signal(object)

    def __init__(self, look: Look, text: str, glyph: Glyph, tone: Tone = Tone.PLAIN) -> None:
        super().__init__(look, text, glyph, tone)
        self.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
        self._held = False

    @property
    def is_held(self) -> bool:
        """Whether a finger is on it since it went down."""
        return self._held

    def event(self, event: QEvent) -> bool:
        """A touch, or a grab that is lost; all else as ever."""
        kind = event.type()
        if isinstance(event, QTouchEvent):
            if kind is QEvent.Type.TouchBegin:
                self.setFocus(Qt.FocusReason.MouseFocusReason)
                self._begin()
            elif kind is QEvent.Type.TouchCancel:
                self.let_go(Ended.TAKEN)
            elif kind is QEvent.Type.TouchEnd:
                self.let_go(Ended.UP)
            elif not all(self.rect().contains(point.position().toPoint()) for point in event.points()):
                self.let_go(Ended.LEFT)
            event.accept()
            return True
        if kind is QEvent.Type.UngrabMouse:
            self.let_go(Ended.TAKEN)
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A finger goes down."""
        if event.button() is Qt.MouseButton.LeftButton and self.hitButton(event.position().toPoint()):
            self._begin()
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """It moves: within the button nothing changes."""
        if not self.rect().contains(event.position().toPoint()):
            self.let_go(Ended.LEFT)
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """It is up."""
        if event.button() is Qt.MouseButton.LeftButton:
            self.let_go(Ended.UP)
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space holds as a finger does; its repeats are the keyboard's."""
        if event.key() == Qt.Key.Key_Space:
            if not event.isAutoRepeat():
                self._begin()
            event.accept()
            return
        event.ignore()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Space is up."""
        if event.key() == Qt.Key.Key_Space:
            if not event.isAutoRepeat():
                self.let_go(Ended.UP)
            event.accept()
            return
        event.ignore()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The keyboard is elsewhere."""
        self.let_go(Ended.FOCUS)
        super().focusOutEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody can hold what he does not see."""
        self.let_go(Ended.HIDDEN)
        super().hideEvent(event)

    def let_go(self, why: Ended) -> None:
        """End what is held, if anything is."""
        if self._held:
            self._held = False
            self.setDown(False)
            self.ended.emit(why)

    def _begin(self) -> None:
        if self.state is ButtonState.DISABLED or self._held:
            return
        self._held = True
        self.setDown(True)
        self.begun.emit()
