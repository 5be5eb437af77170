"""Alarms after IEC 60601-1-8: their priorities, what is latched, who acknowledged, and when a burst sounds. Pure.

A condition that ended stays in the list until it is acknowledged, so that nobody who looked away has missed it, and
one that comes again stands beside it. It sounds while it is there and not acknowledged, at the highest priority that
it had since. The audio pause expires by itself, and an alarm of high priority that
begins meanwhile ends it: a pause is for what is known already.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from protocol.clock import NS_PER_S
from protocol.widgets.sentence import Sentence
from protocol.widgets.theme import Priority

PAUSE_NS = 120 * NS_PER_S
"""Assumed: the usual two minutes."""
BURST_EVERY_NS = {Priority.HIGH: 7 * NS_PER_S, Priority.MEDIUM: 12 * NS_PER_S, Priority.LOW: 30 * NS_PER_S}
"""From one burst's begin to the next one's; assumed, for the standard gives ranges."""
KEPT = 100
"""Entries at most: the oldest that ended go first. The file has them all."""
ORDER = (Priority.LOW, Priority.MEDIUM, Priority.HIGH)


class Alarm(NamedTuple):
    """A condition that is there now. `key` tells it from others; `text` may change while it lasts."""

    key: str
    priority: Priority
    text: Sentence


class Entry(NamedTuple):
    """One line of the list. Stamps are ns of this host's monotonic clock; None for what has not happened."""

    alarm: Alarm
    began_ns: int
    ended_ns: int | None = None
    acknowledged_ns: int | None = None

    @property
    def is_there(self) -> bool:
        """Whether the condition lasts."""
        return self.ended_ns is None


class What(StrEnum):
    """What can happen to alarms."""

    BEGAN = "began"
    ENDED = "ended"
    RAISED = "raised"
    """Its priority rose."""
    ACKNOWLEDGED = "acknowledged"
    AUDIO_PAUSED = "audio paused"
    AUDIO_ON = "audio on"


class Happening(NamedTuple):
    """For the log. `alarm` is None where it is about the audio."""

    stamp_ns: int
    what: What
    alarm: Alarm | None


class Alarms:
    """The alarms of one window."""

    def __init__(self, pause_ns: int = PAUSE_NS) -> None:
        self._pause_ns = pause_ns
        self._entries: dict[str, Entry] = {}
        self._paused_until_ns: int | None = None
        self._burst: tuple[Priority, int] | None = None

    def step(self, now_ns: int, present: Iterable[Alarm]) -> tuple[Happening, ...]:
        """Take in all conditions that are there now; what happened by it."""
        there = {alarm.key: alarm for alarm in present}
        happened = [self._meet(now_ns, alarm) for alarm in there.values()]
        happened += [self._end(now_ns, entry) for key, entry in self._entries.items() if key not in there]
        self._drop()
        if self._paused_until_ns is not None:
            urgent = any(
                each is not None and each.what in (What.BEGAN, What.RAISED) and _priority(each) is Priority.HIGH
                for each in happened
            )
            if urgent or now_ns >= self._paused_until_ns:
                self._paused_until_ns = None
                happened.append(Happening(now_ns, What.AUDIO_ON, None))
        return tuple(each for each in happened if each is not None)

    def acknowledge(self, now_ns: int, key: str | None = None) -> tuple[Happening, ...]:
        """Somebody has seen the alarm `key`, or all of them: they sound no more, and those that ended go."""
        chosen = [
            entry
            for entry in self._entries.values()
            if entry.acknowledged_ns is None and key in (None, entry.alarm.key)
        ]
        for entry in chosen:
            self._entries[entry.alarm.key] = entry._replace(acknowledged_ns=now_ns)
        self._drop()
        return tuple(Happening(now_ns, What.ACKNOWLEDGED, entry.alarm) for entry in chosen)

    def pause_audio(self, now_ns: int) -> tuple[Happening, ...]:
        """No sound for the pause's time."""
        self._paused_until_ns = now_ns + self._pause_ns
        return (Happening(now_ns, What.AUDIO_PAUSED, None),)

    def resume_audio(self, now_ns: int) -> tuple[Happening, ...]:
        """Sound again at once."""
        if self._paused_until_ns is None:
            return ()
        self._paused_until_ns = self._burst = None
        return (Happening(now_ns, What.AUDIO_ON, None),)

    def pause_left_ns(self, now_ns: int) -> int:
        """For how long there is no sound yet; 0 when there is."""
        return 0 if self._paused_until_ns is None else max(0, self._paused_until_ns - now_ns)

    def entries(self) -> tuple[Entry, ...]:
        """The list: what nobody acknowledged first, then by priority, then the newest."""
        return tuple(
            sorted(
                self._entries.values(),
                key=lambda entry: (
                    entry.acknowledged_ns is not None,
                    -ORDER.index(entry.alarm.priority),
                    not entry.is_there,
                    -entry.began_ns,
                ),
            )
        )

    def worst(self) -> Priority | None:
        """The highest priority that asks for somebody now."""
        return max(
            (entry.alarm.priority for entry in self._entries.values() if _asks(entry)), key=ORDER.index, default=None
        )

    def burst(self, now_ns: int) -> Priority | None:
        """The burst to start now, if any; asked a few times a second. A higher priority need not wait for its turn."""
        worst = self.worst()
        if worst is None:
            self._burst = None
            return None
        if self.pause_left_ns(now_ns) > 0:
            return None
        if self._burst is not None:
            last, began_ns = self._burst
            if ORDER.index(worst) <= ORDER.index(last) and now_ns - began_ns < BURST_EVERY_NS[worst]:
                return None
        self._burst = (worst, now_ns)
        return worst

    def _meet(self, now_ns: int, alarm: Alarm) -> Happening | None:
        entry = self._entries.get(alarm.key)
        if entry is None or not entry.is_there:
            if entry is not None:
                # Ended and not yet seen: what comes again must not overwrite it.
                past = f"{alarm.key}#{entry.began_ns}"
                self._entries[past] = entry._replace(alarm=entry.alarm._replace(key=past))
            self._entries[alarm.key] = Entry(alarm, now_ns)
            return Happening(now_ns, What.BEGAN, alarm)
        if ORDER.index(alarm.priority) > ORDER.index(entry.alarm.priority):
            # What was acknowledged was less than this.
            self._entries[alarm.key] = entry._replace(alarm=alarm, acknowledged_ns=None)
            return Happening(now_ns, What.RAISED, alarm)
        if entry.acknowledged_ns is None:
            # What nobody has seen yet does not become less by waiting.
            alarm = alarm._replace(priority=entry.alarm.priority)
        self._entries[alarm.key] = entry._replace(alarm=alarm)
        return None

    def _end(self, now_ns: int, entry: Entry) -> Happening | None:
        if not entry.is_there:
            return None
        self._entries[entry.alarm.key] = entry._replace(ended_ns=now_ns)
        return Happening(now_ns, What.ENDED, entry.alarm)

    def _drop(self) -> None:
        for key in [key for key, entry in self._entries.items() if not entry.is_there and entry.acknowledged_ns]:
            del self._entries[key]
        ended = sorted((e.ended_ns, key) for key, e in self._entries.items() if e.ended_ns is not None)
        for _, key in ended[: max(0, len(self._entries) - KEPT)]:
            del self._entries[key]


def _asks(entry: Entry) -> bool:
    return entry.is_there and entry.acknowledged_ns is None


def _priority(happening: Happening) -> Priority | None:
    return None if happening.alarm is None else happening.alarm.priority
