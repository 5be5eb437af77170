"""Keyboard and mouse as hands: which of them, a pedal to hold, and which key does what. For trying, and it says so."""

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from master.console.key_hands import Moved
from protocol.widgets.fitting import FitLabel
from protocol.widgets.language import say
from protocol.widgets.look import Look
from protocol.widgets.screen import GAP_MM, NEAR_TEXT_MM, TOUCH_MM
from protocol.widgets.sentence import Sentence, mark, sentence

_ENDS = (
    QEvent.Type.Hide,
    QEvent.Type.EnabledChange,
    QEvent.Type.UngrabMouse,
    QEvent.Type.TouchCancel,
    QEvent.Type.WindowDeactivate,
)
_NAMES = {Moved.LEFT: mark("LEFT"), Moved.RIGHT: mark("RIGHT"), Moved.BOTH: mark("BOTH")}


class PedalButton(QPushButton):
    """`held` tells that a finger went down on it, and that it came up, left, or could not be followed any more.

    A finger that left and comes back presses nothing: Qt's own buttons would.
    """

    held = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self._held = False

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A finger goes down."""
        if event.button() is Qt.MouseButton.LeftButton and not self._held:
            self._hold(down=True)
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """It moves: within the button nothing changes."""
        if not self.rect().contains(event.position().toPoint()):
            self._hold(down=False)
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """It is up."""
        if event.button() is Qt.MouseButton.LeftButton:
            self._hold(down=False)
        event.accept()

    def event(self, event: QEvent) -> bool:
        """Nobody can hold what was hidden, disabled, or taken from his hand."""
        if event.type() in _ENDS:
            self._hold(down=False)
        return super().event(event)

    def _hold(self, *, down: bool) -> None:
        if down != self._held:
            self._held = down
            self.setDown(down)
            self.held.emit(down)


class KeyPanel(QWidget):
    """Signals: `moved` with the hands that were chosen, `pedal` with whether it is held."""

    moved = Signal(str)
    pedal = Signal(bool)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._title = FitLabel(look, NEAR_TEXT_MM, look.theme.slow)
        self._keys = FitLabel(look, NEAR_TEXT_MM * 0.9, look.theme.dim, lines=2)
        self._group = QButtonGroup(self)
        self._buttons = {each: QPushButton() for each in Moved}
        self._pedal = PedalButton()
        gap = look.px(GAP_MM / 2)
        row = QHBoxLayout()
        row.setSpacing(gap)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(gap, 0, gap, 0)
        whole.setSpacing(0)
        whole.addWidget(self._title)
        whole.addLayout(row)
        whole.addWidget(self._keys)
        for each, button in self._buttons.items():
            button.setCheckable(True)
            self._group.addButton(button)
            button.clicked.connect(lambda _checked=False, each=each: self.moved.emit(each.value))
        for button in (*self._buttons.values(), self._pedal):
            # The keyboard is the hand: it must not press buttons meanwhile.
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.setMinimumWidth(look.px(TOUCH_MM))
            button.setStyleSheet("padding: 0")
            row.addWidget(button, 1)
        self._pedal.held.connect(self.pedal)
        self._buttons[Moved.RIGHT].setChecked(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._retranslate()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """A ground of its own."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self._look.theme.surface))
            painter.drawRoundedRect(QRectF(self.rect()), self._look.px(1.5), self._look.px(1.5))

    def changeEvent(self, event: QEvent) -> None:
        """Say all anew in another language."""
        if event.type() is QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def _retranslate(self) -> None:
        self._title.set_text(say(sentence("Keyboard and mouse: for trying and simulation only")))
        self._keys.set_text(
            say(
                sentence(
                    "Space: pedal · W A S D, R F: move · Q E: turn · J: close."
                    " Mouse over the arms: left button pedal, right button close, wheel up and down"
                )
            )
        )
        for each, button in self._buttons.items():
            button.setText(say(Sentence(_NAMES[each])))
            button.setAccessibleName(say(sentence("the keyboard moves: {hands}", hands=Sentence(_NAMES[each]))))
        self._pedal.setText(say(sentence("PEDAL")))
        self._pedal.setAccessibleName(say(sentence("pedal, while held down")))
