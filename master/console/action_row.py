"""The surgeon's actions, always in the same places: session, rest, scale, language; and apart from them STOP."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from master.console.buttons import Actions
from master.console.facts import scale_text
from master.console.stop_press import Answer
from protocol.widgets.action_button import HEIGHT_MM, ActionButton, ButtonState
from protocol.widgets.fitting import FitLabel
from protocol.widgets.glyph import Glyph
from protocol.widgets.language import NATIVE, Language, application, current, say
from protocol.widgets.look import Look
from protocol.widgets.screen import FAR_TEXT_MM, GAP_MM, NEAR_TEXT_MM, TOUCH_MM
from protocol.widgets.sentence import Sentence, literal, sentence
from protocol.widgets.theme import Tone

_CENTRE = Qt.AlignmentFlag.AlignCenter


class ActionRow(QWidget):
    """`scaled` tells up (1) or down (-1); `spoken` the language that was asked for."""

    session_pressed = Signal()
    rest_pressed = Signal()
    scaled = Signal(int)
    spoken = Signal(str)
    stop_pressed = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._actions: Actions | None = None
        self._session = ActionButton(look, "", Glyph.TO_SURGEON, Tone.GO)
        self._rest = ActionButton(look, "", Glyph.BARS)
        self._smaller = ActionButton(look, "", Glyph.MINUS)
        self._larger = ActionButton(look, "", Glyph.PLUS)
        self._scale = FitLabel(look, FAR_TEXT_MM, look.theme.text, QFont.Weight.Bold, _CENTRE)
        self._scale_note = FitLabel(look, NEAR_TEXT_MM, look.theme.dim, align=_CENTRE)
        self._language = ActionButton(look, "", Glyph.PERSON)
        self._stop = ActionButton(look, "", Glyph.OCTAGON, Tone.DANGER)
        self._arrange()
        self._session.clicked.connect(self.session_pressed)
        self._rest.clicked.connect(self.rest_pressed)
        self._smaller.clicked.connect(lambda: self.scaled.emit(-1))
        self._larger.clicked.connect(lambda: self.scaled.emit(1))
        self._language.clicked.connect(lambda: self.spoken.emit(_other(current(application())).value))
        # Not when the finger leaves: at once.
        self._stop.pressed.connect(self.stop_pressed)
        self._retranslate()

    def show_actions(self, actions: Actions, scale: float) -> None:
        """What can be done now."""
        self._scale.set_text(scale_text(scale))
        note = sentence("from the next press") if actions.scale_waits else sentence("motion scale")
        self._scale_note.set_text(say(note))
        if actions == self._actions:
            return
        self._actions = actions
        if actions.restarts:
            self._session.set_glyph(Glyph.RESET, Tone.GO)
        elif actions.asks:
            self._session.set_glyph(Glyph.TO_SURGEON, Tone.GO if actions.warning is None else Tone.CARE)
        else:
            self._session.set_glyph(Glyph.TO_STAFF, Tone.PLAIN)
        self._rest.set_glyph(
            Glyph.CHEVRONS if actions.rests else Glyph.BARS, Tone.CARE if actions.rests else Tone.PLAIN
        )
        self._name()
        _show(self._session, actions.why_not_session, _of_whom(actions))
        _show(self._rest, actions.why_not_rest, sentence("now: rest") if actions.rests else None)
        _show(self._smaller, actions.why_no_smaller)
        _show(self._larger, actions.why_no_larger)
        if actions.stop is Answer.WAITING:
            self._stop.show_state(ButtonState.WAITING, say(sentence("on its way ...")))
        elif actions.stop is Answer.HEARD:
            self._stop.show_state(ButtonState.DONE, say(sentence("heard")))
        elif actions.stop is Answer.FAILED:
            self._stop.show_state(ButtonState.FAILED, say(sentence("not heard: call the staff")))
        else:
            _show(self._stop, actions.why_no_stop, sentence("freezes, calls the staff"))

    def changeEvent(self, event: QEvent) -> None:
        """Say all anew in another language."""
        if event.type() is QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def _arrange(self) -> None:
        look = self._look
        gap = look.px(GAP_MM)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(gap)
        scale = QVBoxLayout()
        scale.setSpacing(0)
        scale.addWidget(self._scale)
        scale.addWidget(self._scale_note)
        for button, width_mm, stretch in (
            (self._session, 54.0, 3),
            (self._rest, 38.0, 2),
            (self._smaller, 19.0, 0),
            (None, 26.0, 0),
            (self._larger, 19.0, 0),
            (self._language, 27.0, 0),
        ):
            if button is None:
                holder = QWidget()
                holder.setLayout(scale)
                holder.setFixedWidth(look.px(width_mm))
                row.addWidget(holder)
                continue
            button.setMinimumWidth(look.px(width_mm))
            if stretch == 0:
                button.setFixedWidth(look.px(width_mm))
            row.addWidget(button, stretch)
        row.addSpacing(look.px(TOUCH_MM / 2))
        self._stop.setMinimumWidth(look.px(44.0))
        row.addWidget(self._stop, 2)
        self.setFixedHeight(look.px(HEIGHT_MM + 1.0))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def _name(self) -> None:
        actions = self._actions
        if actions is None or (actions.asks and not actions.restarts):
            session = sentence("REQUEST CONTROL")
        else:
            session = sentence("START THE PILOT AGAIN") if actions.restarts else sentence("END SESSION")
        self._session.name(say(session))
        self._rest.name(say(sentence("GO ON") if actions is not None and actions.rests else sentence("REST")))

    def _retranslate(self) -> None:
        self._name()
        self._smaller.setAccessibleName(say(sentence("smaller motion")))
        self._larger.setAccessibleName(say(sentence("larger motion")))
        self._language.name(NATIVE[_other(current(application()))])
        self._stop.name(say(sentence("STOP")))
        self._actions = None


def _show(button: ActionButton, why_not: Sentence | None, note: Sentence | None = None) -> None:
    if why_not is not None:
        button.show_state(ButtonState.DISABLED, say(why_not))
    else:
        button.show_state(ButtonState.IDLE, "" if note is None else say(note))


def _of_whom(actions: Actions) -> Sentence | None:
    """The patient's side that control is requested of, and what speaks against it."""
    if not actions.side:
        return actions.warning
    if actions.warning is None:
        return sentence("of {side}", side=literal(actions.side))
    return sentence("of {side}: {why}", side=literal(actions.side), why=actions.warning)


def _other(language: Language) -> Language:
    return Language.ZH if language is Language.EN else Language.EN
