"""The log of alarms: one line of JSON each, on disk before anybody could pull the plug twice.

A thread of its own writes, for a disk may take longer than a frame does. What was written stays whole: a line that a
loss of power cut off is closed before the next one.
"""

import json
import os
import queue
import threading
import time
from contextlib import suppress
from pathlib import Path

from protocol.widgets.alarms import Happening

BYTES_MAX = 4 * 1024 * 1024
"""Beyond that a file is put aside as NAME.1 when the next window starts; two of them are kept."""
QUEUE_MAX = 1000
CLOSE_S = 2.0


class AlarmLog:
    """Appends happenings to `path`. `trouble` says why nothing is written; '' while all is well."""

    def __init__(self, path: Path, window: str) -> None:
        self._path = path
        self._window = window
        self._waiting: queue.Queue[Happening | None] = queue.Queue(QUEUE_MAX)
        self.trouble = ""
        self._thread = threading.Thread(target=self._run, name="alarm log", daemon=True)
        self._thread.start()

    def add(self, happenings: tuple[Happening, ...]) -> None:
        """Write these soon; never waits."""
        for happening in happenings:
            try:
                self._waiting.put_nowait(happening)
            except queue.Full:
                self.trouble = f"{self._path}: the disk is too slow, alarms were not logged"

    def close(self) -> None:
        """Write what waits, and end. A disk that does not answer keeps no window from closing."""
        with suppress(queue.Full):
            self._waiting.put(None, timeout=CLOSE_S)
        self._thread.join(CLOSE_S)

    def _run(self) -> None:
        descriptor: int | None = None
        while (happening := self._waiting.get()) is not None:
            try:
                if descriptor is None:
                    descriptor = _open(self._path)
                _write(descriptor, self._line(happening))
                self.trouble = ""
            except OSError as error:
                self.trouble = f"{self._path}: {(error.strerror or str(error)).lower()}: alarms are not logged"
        if descriptor is not None:
            os.close(descriptor)

    def _line(self, happening: Happening) -> bytes:
        alarm = happening.alarm
        # The two clocks differ by a constant but for corrections of the time of day.
        utc_s = time.time() - (time.monotonic_ns() - happening.stamp_ns) * 1e-9
        fields = {
            "utc": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(utc_s)) + f".{int(utc_s * 1000) % 1000:03d}Z",
            "monotonic_ns": happening.stamp_ns,
            "window": self._window,
            "what": happening.what.value,
        }
        if alarm is not None:
            fields |= {"priority": alarm.priority.value, "alarm": alarm.key, "text": alarm.text.english}
        return json.dumps(fields).encode() + b"\n"


def _open(path: Path) -> int:
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size > BYTES_MAX:
        path.replace(path.with_name(f"{path.name}.1"))
    is_new = not path.exists()
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    size = os.fstat(descriptor).st_size
    if size and os.pread(descriptor, 1, size - 1) != b"\n":
        _write(descriptor, b"\n")
    if is_new:
        # The name itself must survive, too.
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
        os.fsync(folder)
        os.close(folder)
    return descriptor


def _write(descriptor: int, line: bytes) -> None:
    while line:
        line = line[os.write(descriptor, line) :]
    os.fdatasync(descriptor)
