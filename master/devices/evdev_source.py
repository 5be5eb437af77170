"""Reading a Linux input device: its events drained to the newest, lost ones made good, unplugging noticed.

The kernel reports changes only: a stick held aside, like one at rest, is silent. So silence says nothing of the
device's health; the descriptor does, which fails with ENODEV as soon as the device is gone. That is why devices read
here stamp their samples with the present as long as the descriptor is healthy.
"""

from collections.abc import Iterator
from types import ModuleType
from typing import Any, NamedTuple, Protocol

from master.devices.device import DeviceError

# linux/input-event-codes.h; written out so that decoding needs no evdev.
EV_SYN, EV_KEY, EV_REL, EV_ABS = 0, 1, 2, 3
SYN_REPORT, SYN_DROPPED = 0, 3

DRAIN_MAX = 1024  # events a sample; a mouse at 8 kHz sends 24 a millisecond


class Event(NamedTuple):
    """One event as the kernel wrote it, without its time."""

    type: int
    code: int
    value: int


class Source(Protocol):
    """An open input device. All of these raise OSError once it is unplugged."""

    def read(self) -> list[Event]:
        """What waits; empty when nothing does."""

    def keys_down(self) -> set[int]:
        """The keys that are down now."""

    def axis(self, code: int) -> int:
        """An absolute axis now."""

    def close(self) -> None:
        """Release it."""


class EvdevSource:
    """A Source on a path under /dev/input. Not grabbed: the desktop goes on reading it.

    Raises DeviceError if it cannot be opened.
    """

    def __init__(self, path: str) -> None:
        evdev = import_evdev()
        try:
            self._device: Any = evdev.InputDevice(path, readonly=True)
        except OSError as error:
            raise DeviceError(
                f"{path}: not an input device that can be opened ({error.strerror or error}); give a path under"
                " /dev/input, readable to you (group input)"
            ) from error

    def capabilities(self) -> dict[int, list[int]]:
        """The codes of each event type."""
        found: dict[int, list[int]] = self._device.capabilities(absinfo=False)
        return found

    def span(self, code: int) -> tuple[int, int]:
        """Least and greatest value of an absolute axis."""
        info = self._device.absinfo(code)
        return (info.min, info.max)

    def read(self) -> list[Event]:
        """What waits."""
        try:
            return [Event(event.type, event.code, event.value) for event in self._device.read()]
        except BlockingIOError:
            return []

    def keys_down(self) -> set[int]:
        """The keys that are down now."""
        return set(self._device.active_keys())

    def axis(self, code: int) -> int:
        """An absolute axis now."""
        value: int = self._device.absinfo(code).value
        return value

    def close(self) -> None:
        """Release it."""
        self._device.close()


def import_evdev() -> ModuleType:
    """The evdev package. Raises DeviceError where it is not installed; only these devices need it."""
    try:
        import evdev  # noqa: PLC0415 (only these devices need it)
    except ImportError as error:
        raise DeviceError("the Python package evdev is missing (it exists on Linux only): pip install evdev") from error
    module: ModuleType = evdev
    return module


class Inputs:
    """Keys and axes as they stand, and how far relative axes have moved, of one source."""

    def __init__(self, source: Source, axes: tuple[int, ...] = ()) -> None:
        self._source = source
        self._axes = axes
        self._dropped = False
        self.keys: set[int] = set()
        self.positions: dict[int, int] = {}
        self.moved: dict[int, int] = {}  # sums since the device was opened
        self._resync()

    def drain(self) -> bool:
        """Take in all that waits. False when the device is gone."""
        try:
            for event in self._waiting():
                self._take(event)
        except OSError:
            return False
        return True

    def _waiting(self) -> Iterator[Event]:
        taken = 0
        while taken < DRAIN_MAX and (events := self._source.read()):
            taken += len(events)
            yield from events

    def _take(self, event: Event) -> None:
        kind, code, value = event
        if kind == EV_SYN:
            if code == SYN_DROPPED:
                self._dropped = True
            elif code == SYN_REPORT and self._dropped:
                self._dropped = False
                self._resync()
        elif self._dropped:
            return  # part of a report that has lost its beginning; the resync reads keys and axes themselves
        elif kind == EV_KEY:
            self.keys.add(code) if value else self.keys.discard(code)  # 2 is a key that repeats: down
        elif kind == EV_REL:
            self.moved[code] = self.moved.get(code, 0) + value
        elif kind == EV_ABS:
            self.positions[code] = value

    def _resync(self) -> None:
        """Ask for the state itself. Relative motion that was lost stays lost: the hand moved less, not elsewhere."""
        self.keys = self._source.keys_down()
        self.positions = {code: self._source.axis(code) for code in self._axes}
