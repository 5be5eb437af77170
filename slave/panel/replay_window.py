"""`farhand replay`: a stored run, at any speed, with a slider over its whole time."""

import time

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QHBoxLayout, QSlider, QVBoxLayout

from protocol.clock import NS_PER_S
from protocol.widgets.action_button import ActionButton
from protocol.widgets.age_history import SLOT_NS, SLOTS, AgeHistory
from protocol.widgets.glyph import Glyph
from protocol.widgets.language import say
from protocol.widgets.look import Look
from protocol.widgets.screen import GAP_MM, NEAR_TEXT_MM, TOUCH_MM
from protocol.widgets.sentence import sentence
from protocol.widgets.theme import Tone
from slave.panel.engineer_view import EngineerView
from slave.panel.player import Player
from slave.panel.run_file import StoredRun
from slave.panel.tiles import SignLine

FRAME_MS = 33
STEPS_PER_S = 1000
"""Of the slider: a tick of the run."""


class ReplayWindow(EngineerView):
    """Plays `run` until it is closed. `name` is that of the file."""

    def __init__(self, look: Look, run: StoredRun, name: str) -> None:
        super().__init__(look, sentence("a stored run: what is shown was so then"))
        self._run = run
        self._name = name
        self.player = Player(run.seconds)
        self.play = ActionButton(look, "", Glyph.RIGHT)
        self.slower = ActionButton(look, "", Glyph.MINUS)
        self.faster = ActionButton(look, "", Glyph.PLUS)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, max(1, round(run.seconds * STEPS_PER_S)))
        self.time = SignLine(look, NEAR_TEXT_MM * 1.4)
        self._lay_out_player(look)
        self.play.clicked.connect(self._play_or_pause)
        self.slower.clicked.connect(self.player.slower)
        self.faster.clicked.connect(self.player.faster)
        self.slider.sliderMoved.connect(lambda step: self.seek(step / STEPS_PER_S))
        self.slider.actionTriggered.connect(lambda _action: self.seek(self.slider.sliderPosition() / STEPS_PER_S))
        for span in run.spans:
            self.timeline.add(span.start_ns, span.mode)
        self.timeline.add(run.spans[0].start_ns + round(run.seconds * NS_PER_S), run.spans[-1].mode)
        self._passed_s = time.monotonic()
        self.retranslate()
        if run.trip_s is not None:
            self.player.seek(max(0.0, run.trip_s - 1.0))
        self._refill()
        self._timer = QTimer(self, interval=FRAME_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.look)
        self._timer.start()
        self.look()

    def look(self) -> None:
        """One frame: time goes on, if it plays."""
        now_s = time.monotonic()
        self.player.step(now_s - self._passed_s)
        self._passed_s = now_s
        moment = self._run.at(self.player.at_s)
        self.show_picture(round(self.player.at_s * NS_PER_S), moment.picture)
        if not self.slider.isSliderDown():
            self.slider.setValue(round(self.player.at_s * STEPS_PER_S))
        self.play.set_glyph(Glyph.BARS if self.player.plays else Glyph.RIGHT, Tone.PLAIN)
        what = sentence(
            "{at} of {whole} s, {speed} x",
            at=f"{moment.at_s:.3f}",
            whole=f"{self._run.seconds:.1f}",
            speed=f"{self.player.speed:g}",
        )
        self.time.show_line(say(what), Glyph.EYE, self._look.theme.text)

    def seek(self, at_s: float) -> None:
        """Be at that time of the run, with the minute before it in the plot."""
        self.player.seek(at_s)
        self._refill()

    def retranslate(self) -> None:
        """Say all names anew."""
        self.setWindowTitle(say(sentence("farhand: replay of {name}", name=self._name)))
        self.play.name(say(sentence("PLAY / PAUSE")))
        self.slower.name(say(sentence("SLOWER")))
        self.faster.name(say(sentence("FASTER")))
        self.slider.setAccessibleName(say(sentence("time of the run")))

    def changeEvent(self, event: QEvent) -> None:
        """Another language."""
        if event.type() is QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Play no more."""
        self._timer.stop()
        super().closeEvent(event)

    def _play_or_pause(self) -> None:
        if self.player.plays:
            self.player.pause()
        else:
            begins_anew = self.player.at_s >= self.player.seconds
            self.player.play()
            if begins_anew:
                self._refill()

    def _refill(self) -> None:
        """The plot's minute before where the slider was put."""
        history = AgeHistory()
        at_ns = round(self.player.at_s * NS_PER_S)
        for slot in range(SLOTS):
            passed_ns = at_ns - (SLOTS - 1 - slot) * SLOT_NS
            if passed_ns >= 0:
                worst = self._run.worst_age_ns((passed_ns - SLOT_NS) / NS_PER_S, passed_ns / NS_PER_S)
                history.add(passed_ns, worst)
        self.plot.history = history

    def _lay_out_player(self, look: Look) -> None:
        buttons, player = QHBoxLayout(), QVBoxLayout()
        gap = look.px(GAP_MM)
        for layout in (buttons, player):
            layout.setSpacing(gap // 2)
        buttons.addWidget(self.time, 1)
        for button in (self.slower, self.play, self.faster):
            button.setFixedSize(look.px(46.0), look.px(TOUCH_MM))
            buttons.addWidget(button)
        player.addLayout(buttons)
        player.addWidget(self.slider)
        self.footer.addLayout(player)
