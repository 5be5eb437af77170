"""The local team's panel: one screen, every action in its own place, and what is so in words.

The window looks thirty times a second. It holds no path of control: killed, it changes nothing but that nobody presses.
"""

from itertools import pairwise
from pathlib import Path

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QColor, QGuiApplication, QHideEvent, QPalette
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from protocol.clock import NS_PER_S
from protocol.messages import Action
from protocol.widgets.banner import Banner
from protocol.widgets.language import NATIVE, Language, application, current, say, switch
from protocol.widgets.look import Look
from protocol.widgets.screen import GAP_MM, NEAR_TEXT_MM
from protocol.widgets.sentence import sentence
from protocol.widgets.theme import LEVEL_GLYPHS
from protocol.widgets.timeline import Timeline
from slave.panel.action_buttons import Buttons
from slave.panel.alarm_desk import AlarmDesk
from slave.panel.arm_tile import ArmTile
from slave.panel.choice_button import ChoiceButton
from slave.panel.history import CaseFeed
from slave.panel.hold import Ended
from slave.panel.jog_pad import ROWS, ROWS_NARROW, JogPad
from slave.panel.link_view import LinkWatch
from slave.panel.pages import Pages
from slave.panel.parts_row import PartsRow
from slave.panel.picture import Picture, picture_of
from slave.panel.place import Place
from slave.panel.power_view import power_view
from slave.panel.press import STOP
from slave.panel.snapshot import Snapshot
from slave.panel.surgeon_tile import SurgeonTile
from slave.panel.surgeon_view import team_words
from slave.panel.tiles import SignLine

FRAME_MS = 33
ACTIONS_MM = 60.0
ARMS_SHARE = 1.25
"""Of the jog's width, on small screens: bars need it more than buttons do."""
COLUMN = (Action.ATTEND, Action.FREEZE, Action.RELEASE, Action.TAKE, Action.GIVE)


class PanelWindow(QWidget):
    """`place` is looked at until the window closes.

    `alarm_log` is the file that alarms are kept in, None for none; `roomy`: whether all tiles have room at once.
    """

    def __init__(self, look: Look, place: Place, alarm_log: Path | None = None, *, roomy: bool = True) -> None:
        super().__init__()
        self._look = look
        self._place = place
        self.banner = Banner(look)
        self.buttons = Buttons(look, place.press)
        self.surgeon = SurgeonTile(look)
        self.alarms = AlarmDesk(look, self, alarm_log)
        self.parts = PartsRow(look)
        self.arms = ArmTile(look, place.robot)
        self.jog = JogPad(look, place.robot, place.jog, place.let_go, rows=ROWS if roomy else ROWS_NARROW)
        self.timeline = Timeline(look)
        self._overview = self._pair(self.surgeon, self.alarms.list, 1)
        self._by_hand = self._pair(self.arms, self.jog, 1 if roomy else ARMS_SHARE)
        self.pages = None if roomy else Pages(look, (self._overview, self._by_hand))
        self.stop_line = SignLine(look, NEAR_TEXT_MM)
        self.language = ChoiceButton(look)
        self.language.setCheckable(False)
        self.language.clicked.connect(_switch_language)
        self._links = LinkWatch()
        self._feed = CaseFeed(self.timeline.add)
        self._feed.recall(place.recall())
        self._lay_out()
        self._order_tabs()
        self.retranslate()
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Window, QColor(look.theme.window))
        self.setPalette(palette)
        self._timer = QTimer(self, interval=FRAME_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.look)
        gui = QGuiApplication.instance()
        if isinstance(gui, QGuiApplication):
            gui.applicationStateChanged.connect(self._application_changed)
        self.look()
        self._timer.start()

    def look(self) -> None:
        """One frame: read the cells, send what is held, show what is new."""
        self.show_moment(self._place.look())

    def stop(self) -> None:
        """Look by itself no more."""
        self._timer.stop()

    def show_moment(self, seen: Snapshot) -> None:
        """Show one look."""
        shown = picture_of(seen)
        self.banner.show_mode(team_words(shown), None if shown.for_ns is None else shown.for_ns / NS_PER_S)
        self.buttons.show(seen)
        self._show_stop_line(shown)
        self.surgeon.show_surgeon(shown, self._links.step(seen.now_ns, shown))
        self.alarms.step(seen.now_ns, shown, seen.outcomes)
        self._name_tabs(self.alarms.unseen)
        self.parts.show_parts(shown)
        self.arms.show_arms(shown)
        self.arms.bars.choose(self.jog.arm, self.jog.axis)
        self._feed.step(seen.now_ns, shown.mode, seen.turns)
        # Last: nothing is held on behind a picture that could not be shown.
        self.jog.step(seen)

    def retranslate(self) -> None:
        """Say what is the window's own anew."""
        app = application()
        other = Language.ZH if current(app) is Language.EN else Language.EN
        self.language.name(NATIVE[other])
        self.setWindowTitle(say(sentence("farhand: the local team's panel")))
        self._name_tabs(0)

    def changeEvent(self, event: QEvent) -> None:
        """Another language; or another window has the focus: nothing is held then."""
        if event.type() is QEvent.Type.LanguageChange:
            self.retranslate()
        elif event.type() is QEvent.Type.ActivationChange and not self.isActiveWindow():
            self.jog.end(Ended.FOCUS)
        elif event.type() is QEvent.Type.WindowStateChange and self.isMinimized():
            self.jog.end(Ended.HIDDEN)
        super().changeEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody holds what he does not see."""
        self.jog.end(Ended.HIDDEN)
        super().hideEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Nothing changes for the arms."""
        self._timer.stop()
        self.jog.end(Ended.HIDDEN)
        self.alarms.close()
        super().closeEvent(event)

    def _name_tabs(self, unseen: int) -> None:
        """The alarms' tab counts those that nobody has seen: the list may be below another page."""
        if self.pages is None:
            return
        overview = sentence("SURGEON, ALARMS: {count}", count=str(unseen)) if unseen else sentence("SURGEON, ALARMS")
        for tab, name in zip(self.pages.tabs, (overview, sentence("ARMS, JOG")), strict=True):
            tab.name(say(name))

    def _show_stop_line(self, shown: Picture) -> None:
        theme, view = self._look.theme, power_view(shown)
        text = say(view.line)
        colour = theme.level(view.line_level)
        self.stop_line.show_line(text[:1].upper() + text[1:], LEVEL_GLYPHS[view.line_level], colour)

    def _application_changed(self, state: Qt.ApplicationState) -> None:
        if state is not Qt.ApplicationState.ApplicationActive:
            self.jog.end(Ended.FOCUS)

    def _lay_out(self) -> None:
        look, button = self._look, self.buttons.by_action
        gap = look.px(GAP_MM)
        whole = QGridLayout(self)
        whole.setContentsMargins(gap, gap, gap, gap)
        whole.setSpacing(gap)
        whole.setColumnStretch(0, 1)
        whole.setColumnMinimumWidth(1, look.px(ACTIONS_MM))
        whole.setRowStretch(1, 1)
        whole.addWidget(self.banner, 0, 0, 1, 2)
        column = QVBoxLayout()
        column.setSpacing(gap)
        for action in COLUMN:
            column.addWidget(button[action.value], 3 if action is Action.FREEZE else 2)
        # Before the middle: who works by keys begins where the first widget was put.
        whole.addLayout(column, 1, 1)
        whole.addLayout(self._middle(), 1, 0)

    def _middle(self) -> QVBoxLayout:
        """All tiles at once where there is room; else one pair of them at a time."""
        gap = self._look.px(GAP_MM)
        middle = QVBoxLayout()
        middle.setSpacing(gap)
        if self.pages is not None:
            middle.addWidget(self.pages, 1)
            middle.addWidget(self.parts)
        else:
            middle.addWidget(self._overview, 4)
            middle.addWidget(self.parts)
            middle.addWidget(self._by_hand, 5)
        middle.addLayout(self._bottom())
        return middle

    def _pair(self, one: QWidget, other: QWidget, share: float) -> QWidget:
        """Side by side, `one` so many times as wide as `other`."""
        pair = QWidget()
        row = QHBoxLayout(pair)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(self._look.px(GAP_MM))
        row.addWidget(one, round(100 * share))
        row.addWidget(other, 100)
        return pair

    def _bottom(self) -> QHBoxLayout:
        """Apart from all others, in the corner: STOP + POWER OFF, with its line, and the way back from it."""
        look, button = self._look, self.buttons.by_action
        bottom, stop = QHBoxLayout(), QVBoxLayout()
        bottom.setSpacing(look.px(GAP_MM))
        stop.setSpacing(look.px(GAP_MM / 3))
        stop.addWidget(button[STOP], 1)
        stop.addWidget(self.stop_line)
        bottom.addLayout(stop, 10)
        bottom.addWidget(button[Action.RESET.value], 5)
        bottom.addWidget(self.timeline, 16)
        bottom.addWidget(self.language, 2)
        return bottom

    def _order_tabs(self) -> None:
        """What stops first, then what stands beside it, then the rest."""
        button = self.buttons.by_action
        order = [
            *(button[action.value] for action in COLUMN[1:]),
            button[Action.ATTEND.value],
            *(() if self.pages is None else self.pages.tabs),
            *self.jog.arms,
            *self.jog.axes,
            *self.jog.holds,
            button[Action.RESET.value],
            button[STOP],
            self.language,
        ]
        for one, other in pairwise(order):
            QWidget.setTabOrder(one, other)


def _switch_language() -> None:
    app = application()
    switch(app, Language.ZH if current(app) is Language.EN else Language.EN)
