"""The third step of a case: is the link good enough? Go, go slowly or no-go, with the reason."""

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from master.console.facts import Fact
from master.console.facts_panel import FactsPanel
from master.console.intent import CHECK_S
from master.console.preparing import CheckView, check_view, why_no_check
from master.console.side_box import TITLE_MM
from master.console.snapshot import Snapshot
from protocol.widgets.action_button import ActionButton, ButtonState
from protocol.widgets.fitting import FitLabel, draw_fitted
from protocol.widgets.glyph import Glyph
from protocol.widgets.glyph_paths import draw
from protocol.widgets.language import say
from protocol.widgets.look import Look
from protocol.widgets.screen import FAR_TEXT_MM, GAP_MM, NEAR_TEXT_MM
from protocol.widgets.sentence import sentence
from protocol.widgets.theme import LEVEL_GLYPHS


class Verdict(QWidget):
    """The advice in large letters beside its sign, or how far the check is."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._view: CheckView | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_check(self, view: CheckView) -> None:
        """Show this."""
        if view != self._view:
            self._view = view
            self.setAccessibleName(say(view.heading))
            self.update()

    def sizeHint(self) -> QSize:
        """One line that is read from afar."""
        return QSize(self._look.px(60.0), self._look.px(FAR_TEXT_MM * 1.9))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Sign, heading, and a bar while the check runs."""
        view, look = self._view, self._look
        if view is None:
            return
        colour = look.theme.level(view.level)
        side = self.height()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            draw(painter, LEVEL_GLYPHS[view.level], QRectF(0, side * 0.1, side * 0.8, side * 0.8), QColor(colour))
            room = self.rect().adjusted(side, 0, 0, 0)
            if view.progress is not None:
                bar = QRectF(room.left(), self.height() - look.px(1.6), room.width(), look.px(1.2))
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(look.theme.raised))
                painter.drawRect(bar)
                painter.setBrush(QColor(look.theme.focus))
                painter.drawRect(QRectF(bar.left(), bar.top(), bar.width() * view.progress, bar.height()))
                room = room.adjusted(0, 0, 0, -look.px(2.0))
            size = FAR_TEXT_MM * look.scale.dpi / 25.4
            draw_fitted(painter, room, say(view.heading), size, colour, QFont.Weight.Bold)


class LinkBox(QWidget):
    """Signal `asked`: check the link now."""

    asked = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._title = FitLabel(look, TITLE_MM, look.theme.text, QFont.Weight.Bold)
        self._button = ActionButton(look, "", Glyph.LINK)
        self._button.setFixedHeight(look.px(17.0))
        self._verdict = Verdict(look)
        self._reason = FitLabel(look, NEAR_TEXT_MM, look.theme.text, lines=4)
        self._figures = FactsPanel(look)
        self._figures.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(look.px(GAP_MM / 2))
        for part in (self._title, self._button, self._verdict, self._reason, self._figures):
            whole.addWidget(part)
        whole.addStretch(1)
        self._button.clicked.connect(self.asked)
        self._retranslate()

    def show_check(self, seen: Snapshot) -> None:
        """How the check stands."""
        view, why = check_view(seen), why_no_check(seen)
        self._verdict.show_check(view)
        self._reason.set_text(" · ".join(map(say, view.reasons)))
        self._figures.show_facts(tuple(Fact(*each) for each in view.figures))
        self._figures.setVisible(bool(view.figures))
        note = say(sentence("{seconds} s; nothing moves", seconds=f"{CHECK_S:.0f}")) if why is None else say(why)
        self._button.show_state(ButtonState.IDLE if why is None else ButtonState.DISABLED, note)

    def changeEvent(self, event: QEvent) -> None:
        """Say all anew in another language."""
        if event.type() is QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def _retranslate(self) -> None:
        self._title.set_text(say(sentence("3  The link")))
        self._button.name(say(sentence("CHECK THE LINK")))
