"""The panel's alarms from condition to sound: the list, its log, and the bursts. The network has no part in it."""

import time
from pathlib import Path

from PySide6.QtCore import QObject

from protocol.widgets.alarm_list import AlarmList
from protocol.widgets.alarm_log import AlarmLog
from protocol.widgets.alarm_sound import AlarmSound
from protocol.widgets.alarms import Alarms, Happening
from protocol.widgets.look import Look
from protocol.widgets.sentence import Sentence, literal
from slave.panel.conditions import conditions
from slave.panel.picture import Picture
from slave.panel.press import Outcome

ROWS = 2
"""More are counted below them; there is no room for more at least sizes."""
WINDOW = "panel"


class AlarmDesk(QObject):
    """`list` is the widget. With `log_path` None, for pictures, nothing is written and nothing sounds."""

    def __init__(self, look: Look, parent: QObject, log_path: Path | None) -> None:
        super().__init__(parent)
        self.list = AlarmList(look, ROWS)
        self._alarms = Alarms()
        self._sound = None if log_path is None else AlarmSound(self)
        self._log = None if log_path is None else AlarmLog(log_path, WINDOW)
        self.list.acknowledged.connect(self._acknowledge)
        self.list.pause_pressed.connect(self._pause)

    def step(self, now_ns: int, shown: Picture, outcomes: tuple[tuple[str, Outcome], ...]) -> None:
        """One look: what is there now, and whether a burst is due."""
        self._note(self._alarms.step(now_ns, conditions(shown, outcomes, self._trouble())))
        burst = self._alarms.burst(now_ns)
        if burst is not None and self._sound is not None:
            self._sound.play(burst)
        pause_ns = self._alarms.pause_left_ns(now_ns)
        trouble = None if self._sound is None else self._sound.trouble
        self.list.show_alarms(self._alarms.entries(), now_ns, pause_ns, trouble)

    @property
    def unseen(self) -> int:
        """How many alarms ask for somebody still."""
        return sum(entry.acknowledged_ns is None for entry in self._alarms.entries())

    def close(self) -> None:
        """End what sounds, and write what waits."""
        self._hush()
        if self._log is not None:
            self._log.close()

    def _hush(self) -> None:
        if self._sound is not None:
            self._sound.hush()

    def _trouble(self) -> Sentence | None:
        trouble = "" if self._log is None else self._log.trouble
        return literal(trouble) if trouble else None

    def _acknowledge(self, key: str) -> None:
        self._note(self._alarms.acknowledge(time.monotonic_ns(), key or None))
        self._hush()

    def _pause(self) -> None:
        now_ns = time.monotonic_ns()
        if self._alarms.pause_left_ns(now_ns):
            self._note(self._alarms.resume_audio(now_ns))
        else:
            self._note(self._alarms.pause_audio(now_ns))
            self._hush()

    def _note(self, happened: tuple[Happening, ...]) -> None:
        if self._log is not None:
            self._log.add(happened)
