"""The device in the surgeon's hands, and its exchange for another while the pilot runs.

Opening may take seconds (a recording is read whole), and closing may wait for a driver, so threads of ordinary priority
do both, begun while no hand is engaged; the pilot takes the new device over in a tick in which none is, and lets none
engage while one is on its way. Until then the old one stays, and it stays in use when opening fails. An opening that
does not come back is given up: after its time, or as soon as another device is chosen.
"""

import os
import threading
from collections.abc import Callable
from contextlib import suppress

from master.devices.device import Device, DeviceError, DeviceSample
from protocol.clock import NS_PER_S

Opener = Callable[[str], Device]
OPEN_WITHIN_NS = 30 * NS_PER_S
"""A recording of an hour is read in a few seconds."""


class _Opening:
    """One device on its way: `device` or `error` is there once it is `done`. `first` is closed before it is opened."""

    def __init__(self, spec: str, opener: Opener, begun_ns: int, first: Device | None) -> None:
        self._opener = opener
        self._first = first
        self._lock = threading.Lock()
        self._given_up = False
        self.spec = spec
        self.begun_ns = begun_ns
        self.device: Device | None = None
        self.error = ""
        self._thread = _begin_thread(self._open)

    @property
    def done(self) -> bool:
        return not self._thread.is_alive()

    def give_up(self) -> None:
        """Nobody waits for it any more: what comes yet is closed again."""
        with self._lock:
            self._given_up = True
            late = self.device
        if late is not None:
            _close(late)

    def _open(self) -> None:
        if self._first is not None:
            _try_to_close(self._first)
        try:
            device = self._opener(self.spec)
        except DeviceError as error:
            self.error = str(error)
        except Exception as error:
            self.error = f"{self.spec}: {error}"
        else:
            with self._lock:
                self.device = None if self._given_up else device
            if self.device is None:
                _try_to_close(device)


class _Gone:
    """In the place of a device that has vanished, while it is closed and opened again: nobody reads what is closed."""

    def __init__(self, name: str) -> None:
        self.name = name

    def start(self, now_ns: int) -> None:
        """Nothing begins."""

    def sample(self, now_ns: int) -> DeviceSample | None:
        """No hands."""
        return None

    def ended(self, now_ns: int) -> bool:
        """Never."""
        return False

    def close(self) -> None:
        """Nothing is open."""


class DeviceBay:
    """`device` is in use, `spec` what it was opened by. `chosen`: the spec chosen last, in use or not, "" before any
    was. `trouble`: why that one is not in use, or "".

    Raises DeviceError where the first one cannot be opened.
    """

    def __init__(self, spec: str, opener: Opener) -> None:
        self._opener = opener
        self._opening: _Opening | None = None
        self._tries = 0
        self.chosen = ""
        self._wanted: str | None = None
        self.spec = spec
        self.device = opener(spec)
        self.trouble = ""

    @property
    def opening(self) -> bool:
        """Whether another is on its way, or waits for the hands to let go."""
        return self.is_busy or self._wanted is not None

    @property
    def is_busy(self) -> bool:
        """Whether another is on its way: no hand may engage, for it would wait until that hand lets go."""
        return self._opening is not None

    def choose(self, spec: str, tries: int) -> None:
        """The surgeon wants this one. The same choice again changes nothing; `tries` tells a new one from it."""
        if (spec, tries) != (self.chosen, self._tries):
            self.chosen, self._tries = spec, tries
            self._wanted = spec

    def step(self, now_ns: int, *, engaged: bool, lost: bool) -> bool:
        """Whether the device in use has just become another. `lost`: the present one has vanished. Never waits."""
        opening = self._opening
        if opening is None:
            self._begin(now_ns, engaged=engaged, lost=lost)
            return False
        if not opening.done:
            late = now_ns - opening.begun_ns > OPEN_WITHIN_NS
            if late or self._wanted is not None:
                self._opening = None
                opening.give_up()
            if late:
                self.trouble = f"{opening.spec}: it did not open within {OPEN_WITHIN_NS / NS_PER_S:.0f} s: choose again"
            return False
        if engaged:
            return False
        self._opening = None
        self.trouble = opening.error
        if opening.device is None:
            return False
        _close(self.device)
        self.device, self.spec = opening.device, opening.spec
        return True

    def close(self) -> None:
        """Release what is open."""
        self.device.close()
        if self._opening is not None:
            self._opening.give_up()

    def _begin(self, now_ns: int, *, engaged: bool, lost: bool) -> None:
        if self._wanted is None or engaged:
            return
        spec, self._wanted, self.trouble = self._wanted, None, ""
        if spec == self.spec:
            if not lost:
                return
            # Two cannot have the same port or path.
            gone, self.device = self.device, _Gone(self.device.name)
            self._opening = _Opening(spec, self._opener, now_ns, gone)
            return
        self._opening = _Opening(spec, self._opener, now_ns, None)


def _begin_thread(work: Callable[[], None]) -> threading.Thread:
    def run() -> None:
        with suppress(OSError):
            os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))
        work()

    thread = threading.Thread(target=run, name="device", daemon=True)
    thread.start()
    return thread


def _close(device: Device) -> None:
    """Release it, whatever its driver waits for."""
    _begin_thread(lambda: _try_to_close(device))


def _try_to_close(device: Device) -> None:
    # A driver that fails to let go is no reason to lose the pilot.
    with suppress(Exception):
        device.close()
