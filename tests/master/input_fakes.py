"""Stand-ins for hardware: an input device and a HID device that say what a test tells them to."""

import errno
from collections import deque

from master.devices.evdev_source import EV_SYN, SYN_REPORT, Event

GONE = OSError(errno.ENODEV, "No such device")


class FakeSource:
    """A `Source` that hands out its events in batches of `batch`, and can be unplugged."""

    def __init__(self, axes=None, batch=8):
        self.waiting = deque()
        self.keys = set()
        self.axes = dict(axes or {})
        self.batch = batch
        self.unplugged = False

    def send(self, *events):
        """One report: its events, then SYN_REPORT."""
        self.waiting.extend(Event(*event) for event in (*events, (EV_SYN, SYN_REPORT, 0)))

    def read(self):
        self._check()
        return [self.waiting.popleft() for _ in range(min(self.batch, len(self.waiting)))]

    def keys_down(self):
        self._check()
        return set(self.keys)

    def axis(self, code):
        self._check()
        return self.axes[code]

    def close(self):
        self.unplugged = True

    def _check(self):
        if self.unplugged:
            raise GONE


class FakeReader:
    """A HID `Reader` of reports that wait in a queue."""

    def __init__(self):
        self.waiting = deque()
        self.unplugged = False

    def read(self):
        if self.unplugged:
            raise GONE
        return self.waiting.popleft() if self.waiting else b""

    def close(self):
        self.unplugged = True
