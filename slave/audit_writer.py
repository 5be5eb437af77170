"""Writes the audit log in a thread of its own, so that whoever watches goes on watching while a disk takes its time."""

import queue
import threading
import time

from protocol.clock import NS_PER_S
from slave.audit_file import AuditFile
from slave.audit_log import Happening

WAITING_MAX = 10_000
TOGETHER_MAX = 64
"""So many that wait are brought to the disk at once: a hundred a second is what a disk may take one by one."""
RETRY_S = 1.0
STUCK_NS = 2 * NS_PER_S
"""A disk that has not taken an entry for so long is told of."""


class Writer:
    """Takes happenings at any moment and never waits. What the disk refuses is tried again every second, for ever; what
    finds no room meanwhile is lost, counted, and told of by an entry once there is some."""

    def __init__(self, file: AuditFile) -> None:
        self._file = file
        self._waiting: queue.Queue[Happening | None] = queue.Queue(WAITING_MAX)
        self._closing = threading.Event()
        self._trouble = ""
        self._unsafe = ""
        self._told_disturbed = ""
        self._begun_ns = 0
        self._told_lost = 0
        self.lost = 0
        # A daemon: a disk that never answers must not keep the process from ending.
        self._thread = threading.Thread(target=self._run, name="audit writer", daemon=True)
        self._thread.start()

    @property
    def alive(self) -> bool:
        """Whether anything will still be written."""
        return self._thread.is_alive()

    @property
    def entries(self) -> int:
        """How many the file holds."""
        return self._file.chain.number

    @property
    def waiting(self) -> int:
        """How many are still to be written."""
        return self._waiting.qsize()

    def put(self, happening: Happening) -> None:
        """Write this when its turn comes."""
        try:
            self._waiting.put_nowait(happening)
        except queue.Full:
            self.lost += 1

    def trouble(self, now_ns: int) -> str:
        """Why entries are not on the disk, or not safe there; empty as a rule."""
        begun_ns = self._begun_ns
        if begun_ns and now_ns - begun_ns > STUCK_NS:
            return f"the disk has taken no entry for {(now_ns - begun_ns) // NS_PER_S} s"
        return self._trouble or self._disturbed()

    def close(self, timeout_s: float) -> bool:
        """Write what waits, once more where it was refused, and end. Whether all of it was written in time."""
        self._closing.set()
        try:
            self._waiting.put(None, timeout=timeout_s)
        except queue.Full:
            return False
        self._thread.join(timeout_s)
        if self._thread.is_alive():
            return False
        self._file.close()
        return not self._waiting.qsize()

    def _run(self) -> None:
        written = 0
        while (happening := self._waiting.get()) is not None:
            while not self._append(happening):
                if self._closing.wait(RETRY_S):
                    return
            written += 1
            if self._waiting.empty() or written == TOGETHER_MAX:
                self._sync()
                written = 0
        self._sync()

    def _append(self, happening: Happening) -> bool:
        """Whether it is in the file; `trouble` says why not."""
        self._begun_ns = time.monotonic_ns()
        try:
            self._tell_lost()
            self._tell_disturbed()
            self._file.append(happening)
        except OSError as error:
            self._trouble = f"entries wait: {error.strerror or error}"
            return False
        else:
            return True
        finally:
            self._begun_ns = 0

    def _sync(self) -> None:
        """One that failed is told of to the end of the run: the kernel forgets what it could not write, and the next
        one's success says nothing of it."""
        self._begun_ns = time.monotonic_ns()
        try:
            self._file.sync()
            self._trouble = ""
        except OSError as error:
            self._unsafe = f"entries up to {self.entries} may not be on the disk: {error.strerror or error}"
        finally:
            self._begun_ns = 0

    def _tell_lost(self) -> None:
        lost = self.lost - self._told_lost
        if lost:
            why = f"{WAITING_MAX} waited for the disk, and there was no room for more"
            self._file.append(Happening(time.monotonic_ns(), "entries lost", "audit", why, lost))
            self._told_lost += lost

    def _tell_disturbed(self) -> None:
        disturbed = self._disturbed()
        if disturbed != self._told_disturbed:
            self._file.append(Happening(time.monotonic_ns(), "log disturbed", "audit", disturbed))
            self._told_disturbed = disturbed

    def _disturbed(self) -> str:
        return "; ".join(part for part in (self._unsafe, self._file.disturbed) if part)
