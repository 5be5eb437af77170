"""The team's buttons: each in its own place for ever, and each says what became of its press."""

from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QMouseEvent

from protocol.messages import Action
from protocol.widgets.action_button import ActionButton, ButtonState
from protocol.widgets.glyph import Glyph
from protocol.widgets.language import say
from protocol.widgets.look import Look
from protocol.widgets.sentence import Sentence, mark, sentence
from protocol.widgets.theme import Tone
from slave.panel.actions import ALWAYS, NAMES, refusal
from slave.panel.press import STOP, Outcome
from slave.panel.snapshot import Snapshot

STATES = {
    Outcome.NONE: ButtonState.IDLE,
    Outcome.WAITING: ButtonState.WAITING,
    Outcome.STOPPING: ButtonState.WAITING,
    Outcome.DONE: ButtonState.DONE,
    Outcome.FAILED: ButtonState.FAILED,
}


class Face(NamedTuple):
    """How one button looks. `tip` says what it does."""

    glyph: Glyph
    tone: Tone
    tip: str


FACES = {
    Action.FREEZE.value: Face(Glyph.HAND, Tone.CARE, mark("stops the arms; they hold")),
    Action.RELEASE.value: Face(Glyph.RELEASE, Tone.PLAIN, mark("ends a freeze; moves nothing")),
    Action.TAKE.value: Face(Glyph.TO_STAFF, Tone.PLAIN, mark("the arms are yours, at once")),
    Action.GIVE.value: Face(Glyph.TO_SURGEON, Tone.GO, mark("the surgeon may have the arms")),
    Action.RESET.value: Face(Glyph.RESET, Tone.PLAIN, mark("power and self-test")),
    Action.ATTEND.value: Face(Glyph.PERSON, Tone.GO, mark("answers the call")),
    STOP: Face(Glyph.OCTAGON, Tone.DANGER, mark("goes to the drives themselves")),
}


class Buttons(QObject):
    """All of them by what they press, each put where the window wants it.

    What stops acts as the finger goes down, wherever it slides then. What starts something acts as it comes up, and not
    if it has left: a slip can be taken back.
    """

    def __init__(self, look: Look, press: Callable[[str], None]) -> None:
        super().__init__()
        self.by_action = {what: ActionButton(look, NAMES[what], face.glyph, face.tone) for what, face in FACES.items()}
        for what, button in self.by_action.items():
            acts = button.pressed if what in ALWAYS else button.clicked
            acts.connect(lambda *_args, what=what: press(what))
            if what in ALWAYS:
                button.installEventFilter(self)

    def show(self, seen: Snapshot) -> None:
        """How each stands now. One that failed is red and crossed: that must be seen by whoever has turned away."""
        outcomes = dict(seen.outcomes)
        for what, button in self.by_action.items():
            outcome = outcomes.get(what, Outcome.NONE)
            state, why, face = STATES[outcome], refusal(seen, what), FACES[what]
            if state is ButtonState.IDLE or (state is ButtonState.DONE and why.source):
                state, note = (ButtonState.DISABLED, why) if why.source else (state, Sentence(face.tip))
            else:
                note = _told(what, outcome)
            failed = state is ButtonState.FAILED
            button.set_glyph(*((Glyph.CROSS, Tone.DANGER) if failed else (face.glyph, face.tone)))
            button.name(say(_name(what, failed=failed)))
            button.show_state(state, say(note))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A finger that slides off what stops and back onto it presses once; Qt would count two."""
        return isinstance(event, QMouseEvent) and (
            event.type() is QEvent.Type.MouseMove and bool(event.buttons() & Qt.MouseButton.LeftButton)
        )


def _name(what: str, *, failed: bool) -> Sentence:
    if not failed:
        return Sentence(NAMES[what])
    return sentence("STOP: FAILED") if what == STOP else sentence("{what}: FAILED", what=Sentence(NAMES[what]))


def _told(what: str, outcome: Outcome) -> Sentence:
    if outcome is Outcome.WAITING:
        return sentence("asked ...")
    if outcome is Outcome.STOPPING:
        return sentence("heard, stopping ...")
    if outcome is Outcome.DONE:
        return sentence("done, confirmed")
    if what == STOP:
        return sentence("not confirmed: use the hard-wired stop")
    if what in ALWAYS:
        return sentence("not confirmed in 100 ms: use STOP + POWER OFF")
    return sentence("not confirmed in 100 ms")
