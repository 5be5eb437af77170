"""The console's window: thirty times a second it looks at what pilot and launcher tell, shows it, and says so.

It holds no control path. What it wishes goes to pilot and launcher as levels that are repeated; what it has painted
goes to the pilot, which lets go of the arms when that ceases.
"""

import time
from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from master.console.action_row import ActionRow
from master.console.alarm_desk import AlarmDesk
from master.console.buttons import actions
from master.console.case import Case
from master.console.check_age import CheckAge
from master.console.device_names import split_spec
from master.console.hand_card import HandCard
from master.console.hand_input import HandInput
from master.console.hands_view import hand_views
from master.console.intent import Intent
from master.console.key_hands import HandKey, Moved
from master.console.mode_clock import ModeClock
from master.console.operating_page import OperatingPage
from master.console.outside import Outside
from master.console.painting import Painting
from master.console.preparing_page import PreparingPage
from master.console.snapshot import Snapshot
from master.console.stage import Stage, banner, stage_of
from master.console.stop_press import StopPress
from protocol.clock import NS_PER_MS
from protocol.widgets.alarm_list import AlarmList
from protocol.widgets.alarm_log import AlarmLog
from protocol.widgets.banner import Banner
from protocol.widgets.language import Language, application, say, switch
from protocol.widgets.look import Look
from protocol.widgets.screen import GAP_MM
from protocol.widgets.sentence import sentence
from protocol.widgets.window_figures import Shown

FRAME_MS = 33
REST_EVERY_NS = 100 * NS_PER_MS
"""Words and figures change no faster than they can be read."""
COLUMN_MM = 104.0
HAND_CARDS = 2
OTHERS_MM, ROW_MM, ROWS_MOST = 144.0, 17.0, 6
"""Banner, hands, strip, buttons and the gaps between them; one row of the list."""
WINDOW_DEVICE = "window"

Clock = Callable[[], int]


def boot_ns() -> int:
    """Since this host began, its sleep included."""
    return time.clock_gettime_ns(time.CLOCK_BOOTTIME)


def rows_for(look: Look, height_px: int) -> int:
    """How many alarms are shown at once: as many as there is room for beside all that must be seen."""
    room_mm = look.scale.mm(height_px) - OTHERS_MM
    return min(max(int(room_mm / ROW_MM), 1), ROWS_MOST)


class ConsoleWindow(QWidget):
    """`height_px`: of the screen it stands on. `log` takes the alarms down, None for nowhere.

    `player`: the program that plays sounds, None for any that is found. `in_case` tells when a case may begin, and when
    none is under way any more; `spoken`, which language was chosen. `asleep_too`: a clock that goes on while the host
    sleeps.
    """

    in_case = Signal(bool)
    spoken = Signal(str)

    def __init__(
        self,
        look: Look,
        bridge: Outside,
        intent: Intent,
        height_px: int,
        log: AlarmLog | None = None,
        player: str | None = None,
        clock: Clock = time.monotonic_ns,
        asleep_too: Clock = boot_ns,
    ) -> None:
        super().__init__()
        self._look = look
        self._bridge = bridge
        self._intent = intent
        self._stop_press = StopPress()
        self._clock = clock
        self._rest_ns = 0
        self._stage = Stage.NO_SIDE
        self._engaged = False
        self._rests = False
        self._case = Case()
        self._check_age = CheckAge()
        self._awake_or_asleep = asleep_too
        self._is_operating = False
        self._is_locked = False
        self._mode_clock = ModeClock()
        self._banner = Banner(look)
        self._preparing = PreparingPage(look, intent.device)
        self._operating = OperatingPage(look)
        self._pages = QStackedWidget()
        self._cards = tuple(HandCard(look) for _ in range(HAND_CARDS))
        self._list = AlarmList(look, rows_for(look, height_px))
        self._alarms = AlarmDesk(self._list, log, player, clock)
        self._row = ActionRow(look)
        self._arrange(look)
        view = self._operating.view
        self._hands = HandInput(self, view.canvas, look.scale.dpi / 25.4, bridge.move)
        self._painting = Painting(self._banner, view, bridge.painted, lambda: self._hands.watch(view.canvas), clock)
        self._connect()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._timer = QTimer(self, interval=FRAME_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.frame)

    def shown(self) -> Shown:
        """How many states of the arms stood on the screen, and how they are drawn now."""
        return Shown(self._painting.shown, "flat" if self._operating.view.is_flat else "3-D")

    def begin(self) -> None:
        """Start to look and to paint."""
        self._timer.start()

    def frame(self) -> None:
        """One frame: look, show, ask."""
        now_ns = self._clock()
        seen = self._case.step(self._bridge.look(now_ns), control=self._intent.control)
        seen = seen._replace(check_age_ns=self._check_age.step(seen.launcher, self._awake_or_asleep()))
        words = banner(seen)
        stage = stage_of(seen)
        for_s = self._mode_clock.step(now_ns, words.heading)
        self._banner.show_mode(words, for_s if stage is Stage.SESSION else None)
        if stage is Stage.PILOT_ENDED:
            # The next pilot asks for nothing before the surgeon does.
            self._intent.control = self._intent.rest = False
            self._intent.stops = 0
        self._show_page(stage, operating=seen.case)
        if seen.is_locked != self._is_locked:
            self._is_locked = seen.is_locked
            self.in_case.emit(self._is_locked)
        self._engaged = any(seen.engaged)
        # Who paints no arms has shown nothing, and says so by saying nothing.
        drawn = seen.case and self._operating.show_frame(seen)
        if now_ns - self._rest_ns >= REST_EVERY_NS:
            self._rest_ns = now_ns
            self._show_rest(seen)
        self._bridge.ask(self._intent, now_ns)
        if self._stage is Stage.SESSION and seen.state is not None and drawn:
            self._painting.offer(seen.state, now_ns, engaged=self._engaged)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The keyboard is a hand while it is the surgeon's device."""
        if not self._hands.take_key(event, down=True):
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Likewise."""
        if not self._hands.take_key(event, down=False):
            super().keyReleaseEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """No slip of the hand closes the window in the middle of a case: the session is ended first."""
        if self._intent.control:
            event.ignore()
            return
        self.end()
        event.accept()  # and with its only window the process ends, by exit code 0

    def end(self) -> None:
        """Look no more, and be silent."""
        self._timer.stop()
        self._hands.set_active(active=False)
        self._alarms.hush()

    def feed(self, ages_ns: Sequence[int | None]) -> None:
        """Loop ages of the time before, a tenth of a second apart, the newest last: as if the window had been open."""
        self._operating.feed(self._clock(), ages_ns)

    def speak(self, language: Language) -> None:
        """Say everything in this language from now on."""
        switch(application(), language)
        self._rest_ns = 0
        self._retranslate()
        self.spoken.emit(language.value)

    def _show_page(self, stage: Stage, *, operating: bool) -> None:
        self._stage = stage
        if operating == self._is_operating:
            return
        self._is_operating = operating
        self._pages.setCurrentWidget(self._operating if operating else self._preparing)
        self._operating.strip.setVisible(operating)
        if operating:
            # Keys are the surgeon's hands now, and not those of a list or a field.
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_rest(self, seen: Snapshot) -> None:
        """What is read, not followed: hands, alarms, figures, buttons."""
        for card, view in zip(self._cards, hand_views(seen), strict=False):
            card.show_hand(view)
        if self._is_operating:
            self._operating.show_rest(seen)
        else:
            self._preparing.show_all(seen)
        by_keys = split_spec(self._intent.device)[0] == WINDOW_DEVICE
        self._operating.show_keys(visible=by_keys)
        self._hands.set_active(active=by_keys)
        can = actions(seen, self._intent.scale, self._stop_press.step(seen))
        self._rests = can.rests
        self._row.show_actions(can, self._intent.scale)
        self._alarms.step(seen)

    def _arrange(self, look: Look) -> None:
        gap = look.px(GAP_MM)
        self._pages.addWidget(self._preparing)
        self._pages.addWidget(self._operating)
        column = QVBoxLayout()
        column.setSpacing(gap)
        hands = QHBoxLayout()
        hands.setSpacing(gap)
        for card in self._cards:
            hands.addWidget(card, 1)
        column.addLayout(hands)
        column.addWidget(self._list, 1)
        holder = QWidget()
        holder.setLayout(column)
        holder.setFixedWidth(look.px(COLUMN_MM))
        column.setContentsMargins(0, 0, 0, 0)
        middle = QHBoxLayout()
        middle.setSpacing(gap)
        middle.addWidget(self._pages, 1)
        middle.addWidget(holder)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(gap, gap, gap, gap)
        whole.setSpacing(gap)
        whole.addWidget(self._banner)
        whole.addLayout(middle, 1)
        whole.addWidget(self._operating.strip)
        whole.addWidget(self._row)
        self._operating.strip.setVisible(False)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._retranslate()

    def _connect(self) -> None:
        self._preparing.sides.chosen.connect(self._intent.choose_side)
        self._preparing.devices.chosen.connect(self._intent.choose_device)
        self._preparing.link.asked.connect(self._check)
        self._row.session_pressed.connect(self._session)
        self._row.rest_pressed.connect(self._rest)
        self._row.stop_pressed.connect(self._stop)
        self._row.scaled.connect(self._intent.step_scale)
        self._row.spoken.connect(lambda code: self.speak(Language(code)))
        for button in self.findChildren(QAbstractButton):
            button.released.connect(self._keys_back)
        keys = self._operating.keys
        keys.moved.connect(lambda which: self._hands.hands.choose(Moved(which)))
        keys.pedal.connect(lambda down: self._hands.hold(HandKey.PEDAL, down=down))

    def _keys_back(self) -> None:
        """While the keyboard is a hand, Space is its pedal, and not once more the button that was pressed before."""
        if self._hands.active and self._is_operating:
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _check(self) -> None:
        self._intent.checks += 1

    def _session(self) -> None:
        if self._stage is Stage.PILOT_ENDED:
            self._intent.pilot_starts += 1
            self._case.end()
        elif self._intent.control or self._is_operating:
            if not self._engaged:
                self._intent.control = self._intent.rest = False
        else:
            self._intent.control = True

    def _rest(self) -> None:
        # What the button says, and not the opposite of a wish that may not have been heard.
        self._intent.rest = not self._rests

    def _stop(self) -> None:
        self._intent.stops += 1
        self._stop_press.press(self._bridge.look(self._clock()))
        # Not with the next frame: now.
        self._bridge.ask(self._intent, self._clock())

    def _retranslate(self) -> None:
        self.setWindowTitle(say(sentence("farhand: the surgeon's console")))
