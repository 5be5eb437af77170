"""Where the team moves an arm by hand: choose arm and axis, then hold. Where nothing can be moved it says why."""

import time
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QHBoxLayout, QStackedLayout, QWidget

from kinematics.description import RobotDescription
from protocol.records import Jog
from protocol.widgets.action_button import ButtonState
from protocol.widgets.glyph import Glyph
from protocol.widgets.language import say
from protocol.widgets.look import Look
from protocol.widgets.names import name_of
from protocol.widgets.screen import GAP_MM, NEAR_TEXT_MM, TOUCH_MM
from protocol.widgets.sentence import Sentence, sentence
from protocol.widgets.theme import Tone
from slave.panel.actions import by_hand, jog_refusal
from slave.panel.choice_button import ChoiceButton
from slave.panel.hold import WHY, Ended, Held, Hold
from slave.panel.hold_button import HoldButton
from slave.panel.parts import NOTHING
from slave.panel.snapshot import Snapshot, axis_names, free_by_hand, shaft_axis
from slave.panel.tiles import SignLine, Tile

ROWS, ROWS_NARROW = 2, 3
"""Of choices, where the pad is wide and where it is not."""
RETRACT = -1


class JogPad(Tile):
    """`send` is called twenty times a second while something is held, `let_go` once when it no longer is.

    `arm` and `axis` are those chosen.
    """

    def __init__(
        self,
        look: Look,
        robot: RobotDescription,
        send: Callable[[Held], None],
        let_go: Callable[[], None],
        rows: int = ROWS,
        clock: Callable[[], int] = time.monotonic_ns,
    ) -> None:
        super().__init__(look)
        self._robot = robot
        self._send, self._let_go, self._clock = send, let_go, clock
        self._hold = Hold()
        self._refusal = self._hand = NOTHING
        self.arm, self.axis = 0, shaft_axis(robot) or 0
        self.state = SignLine(look, NEAR_TEXT_MM * 1.4, QFont.Weight.Bold, height_mm=8.5)
        self.hand = SignLine(look, NEAR_TEXT_MM * 1.7, QFont.Weight.Bold, height_mm=20.0)
        self.arms = [ChoiceButton(look, NEAR_TEXT_MM * 1.6) for _ in robot.mounts]
        self.axes = [ChoiceButton(look) for _ in axis_names(robot)]
        self.minus = HoldButton(look, "", Glyph.MINUS)
        self.plus = HoldButton(look, "", Glyph.PLUS)
        self.retract = HoldButton(look, "", Glyph.UP, Tone.GO)
        self.minus.begun.connect(partial(self._begin_chosen, -1))
        self.plus.begun.connect(partial(self._begin_chosen, 1))
        self.retract.begun.connect(self._begin_retract)
        for button in self.holds:
            button.ended.connect(self._end)
        self.retract.setVisible(shaft_axis(robot) is not None)
        self._lay_out(look, rows)
        self.retranslate()

    @property
    def holds(self) -> tuple[HoldButton, ...]:
        """The buttons that move something."""
        return self.minus, self.plus, self.retract

    @property
    def held(self) -> Held | None:
        """What is held now."""
        return self._hold.held

    def end(self, why: Ended) -> None:
        """Whatever is held is over."""
        self._end(why)
        for button in self.holds:
            button.let_go(why)

    def step(self, seen: Snapshot) -> None:
        """One look: send what is held, if the situation allows it, and show how it goes."""
        self._refusal = jog_refusal(seen)
        authority, held = seen.authority, self._hold.held
        moving = authority is not None and held is not None and _moves(authority.jog, held)
        told = self._hold.step(seen.now_ns, refused=bool(self._refusal.source), moving=moving)
        if told is not None:
            self._send(told)
        elif held is not None and self._hold.held is None:
            self.end(self._hold.ended or Ended.REFUSED)
        self._show(seen, moving=moving)

    def retranslate(self) -> None:
        """Say all names anew."""
        for button, mount in zip(self.arms, self._robot.mounts, strict=True):
            button.name(say(name_of(mount.name)))
        for button, name in zip(self.axes, axis_names(self._robot), strict=True):
            button.name(say(name_of(name)))
        self.minus.name(say(sentence("HOLD")))
        self.plus.name(say(sentence("HOLD")))
        self.retract.name(say(sentence("RETRACT")))
        self.minus.setAccessibleName(say(sentence("hold: move back along the chosen axis")))
        self.plus.setAccessibleName(say(sentence("hold: move on along the chosen axis")))
        self.retract.setAccessibleName(say(sentence("hold: move back along the shaft")))

    def changeEvent(self, event: QEvent) -> None:
        """Another language."""
        if event.type() is QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def _lay_out(self, look: Look, rows: int) -> None:
        gap = look.px(GAP_MM * 0.6)
        grid, holds = QGridLayout(), QHBoxLayout()
        for layout in (grid, holds):
            layout.setSpacing(gap)
        self._groups = QButtonGroup(self), QButtonGroup(self)
        for group, buttons in zip(self._groups, (self.arms, self.axes), strict=True):
            for number, button in enumerate(buttons):
                group.addButton(button, number)
        self._groups[0].idClicked.connect(self._choose_arm)
        self._groups[1].idClicked.connect(self._choose_axis)
        self.arms[self.arm].setChecked(True)
        self.axes[self.axis].setChecked(True)
        choices = (*self.arms, *self.axes)
        columns = -(-len(choices) // rows)
        for number, button in enumerate(choices):
            grid.addWidget(button, number // columns, number % columns)
        for hold in self.holds:
            hold.setMinimumHeight(look.px(TOUCH_MM))
            holds.addWidget(hold, 4 if hold is self.retract else 3)
        page = QWidget()
        grid.setContentsMargins(0, 0, 0, 0)
        page.setLayout(grid)
        self._choices = QStackedLayout()
        self._choices.addWidget(page)
        self._choices.addWidget(self.hand)
        self.body.addWidget(self.state)
        self.body.addLayout(self._choices, rows)
        self.body.addLayout(holds, 1)

    def _show(self, seen: Snapshot, *, moving: bool) -> None:
        """The line above, and what can be touched. What is held stays so until its own end."""
        refused = bool(self._refusal.source)
        self._hand = by_hand(seen, free_by_hand(self._robot))
        self.hand.show_line(say(self._hand), Glyph.HAND, self._look.theme.text)
        self._choices.setCurrentIndex(1 if self._hand.source else 0)
        self.state.show_line(*self._line(seen, moving=moving))
        for button in (*self.arms, *self.axes):
            button.setEnabled(not refused)
        for hold in self.holds:
            hold.show_state(ButtonState.DISABLED if refused else ButtonState.IDLE)

    def _line(self, seen: Snapshot, *, moving: bool) -> tuple[str, Glyph | None, str]:
        theme = self._look.theme
        chosen = sentence(
            "{arm}, {axis}",
            arm=name_of(self._robot.mounts[self.arm].name),
            axis=name_of(axis_names(self._robot)[self.axis]),
        )
        if self._refusal.source:
            return _capital(say(self._refusal)), Glyph.LOCK, theme.bad if self._hand.source else theme.dim
        if moving:
            return say(sentence("Moving: {what}", what=_name(self._robot, self._hold.held))), Glyph.CHEVRONS, theme.good
        if self._hold.in_vain(seen.now_ns):
            return say(sentence("Nothing moves: the supervisor does not let it")), Glyph.CROSS, theme.bad
        ended = self._hold.ended
        if ended is not None and WHY[ended].source:
            return _capital(say(WHY[ended])), Glyph.TRIANGLE, theme.slow
        return say(sentence("Hold to move: {what}", what=chosen)), Glyph.HAND, theme.text

    def _choose_arm(self, number: int) -> None:
        """Another arm: what was held of the old one is over."""
        self.end(Ended.UP)
        self.arm = number

    def _choose_axis(self, number: int) -> None:
        """Another axis, likewise."""
        self.end(Ended.UP)
        self.axis = number

    def _begin_chosen(self, direction: int) -> None:
        self._begin(Held(self.arm, self.axis, direction))

    def _begin_retract(self) -> None:
        axis = shaft_axis(self._robot)
        if axis is not None:
            self._begin(Held(self.arm, axis, RETRACT))

    def _begin(self, wanted: Held) -> None:
        if not self._hold.press(self._clock(), wanted, refused=bool(self._refusal.source)):
            self.end(Ended.ANOTHER)

    def _end(self, why: Ended) -> None:
        self._hold.end(why)
        self._let_go()


def _moves(jog: Jog | None, held: Held) -> bool:
    return jog is not None and (jog.arm, jog.axis, jog.direction) == held


def _name(robot: RobotDescription, held: Held | None) -> Sentence:
    if held is None:
        return NOTHING
    axis = name_of(axis_names(robot)[held.axis])
    return sentence("{arm}, {axis}", arm=name_of(robot.mounts[held.arm].name), axis=axis)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
