"""The alarms of the window: made of what is known, shown in a list, sounded, and taken down."""

from collections.abc import Callable

from PySide6.QtCore import QObject

from master.console.conditions import conditions
from master.console.snapshot import Snapshot
from protocol.widgets.alarm_list import AlarmList
from protocol.widgets.alarm_log import AlarmLog
from protocol.widgets.alarm_sound import AlarmSound
from protocol.widgets.alarms import Alarms, Happening

Clock = Callable[[], int]


class AlarmDesk(QObject):
    """`log` takes them down, None for nowhere. `player`: the program that plays sounds, None for any that is found."""

    def __init__(self, shown: AlarmList, log: AlarmLog | None, player: str | None, clock: Clock) -> None:
        super().__init__(shown)
        self._list = shown
        self._log = log
        self._clock = clock
        self._alarms = Alarms()
        self._sound = AlarmSound(self, player)
        shown.acknowledged.connect(self._acknowledge)
        shown.pause_pressed.connect(self._pause)

    def step(self, seen: Snapshot) -> None:
        """What alarms now: show it, take it down, and sound what is due."""
        self._take_down(self._alarms.step(seen.now_ns, conditions(seen)))
        burst = self._alarms.burst(seen.now_ns)
        if burst is not None:
            self._sound.play(burst)
        self._show(seen.now_ns)

    def hush(self) -> None:
        """Cut short what sounds."""
        self._sound.hush()

    def _show(self, now_ns: int) -> None:
        left_ns = self._alarms.pause_left_ns(now_ns)
        self._list.show_alarms(self._alarms.entries(), now_ns, left_ns, self._sound.trouble)

    def _acknowledge(self, key: str) -> None:
        now_ns = self._clock()
        self._take_down(self._alarms.acknowledge(now_ns, key or None))
        self._show(now_ns)

    def _pause(self) -> None:
        now_ns = self._clock()
        paused = self._alarms.pause_left_ns(now_ns) > 0
        self._take_down(self._alarms.resume_audio(now_ns) if paused else self._alarms.pause_audio(now_ns))
        self._sound.hush()
        self._show(now_ns)

    def _take_down(self, happened: tuple[Happening, ...]) -> None:
        if self._log is not None:
            self._log.add(happened)
