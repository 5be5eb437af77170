"""Plays the bursts, by whatever program of this system plays sounds. A system without sound is told, and no error."""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, QProcess, Signal

from protocol.clock import NS_PER_S
from protocol.desktop import SOUND, player
from protocol.widgets.bursts import wave_file
from protocol.widgets.sentence import Sentence, sentence
from protocol.widgets.theme import Priority

OVERDUE_NS = 5 * NS_PER_S
"""Longer than any burst, shorter than from one to the next: what still runs then is stuck."""
STUCK_MAX = 3
"""Programs that were ended and have not gone: with so many no more are started."""
END_MS = 500


class AlarmSound(QObject):
    """`trouble` says why nothing is heard, None as far as is known; `changed` tells of a change of it. `details` is
    what the program said last, for whoever mends it.
    """

    changed = Signal()

    def __init__(
        self, parent: QObject, program: str | None = None, clock: Callable[[], int] = time.monotonic_ns
    ) -> None:
        super().__init__(parent)
        self._clock = clock
        self._program = player() if program is None else program
        self._folder = tempfile.TemporaryDirectory(prefix="farhand-sound-")
        self._files: dict[Priority, str] = {}
        for priority in Priority:
            path = Path(self._folder.name) / f"{priority.value.lower()}.wav"
            path.write_bytes(wave_file(priority))
            self._files[priority] = str(path)
        self._process: QProcess | None = None
        self._began_ns = 0
        self._ending: list[QProcess] = []
        self.trouble: Sentence | None = None
        self.details = ""
        if self._program is None:
            self.trouble = sentence("install {package} for sound", package=SOUND)
        self.destroyed.connect(self._folder.cleanup)
        app = QCoreApplication.instance()
        if app is not None:
            app.aboutToQuit.connect(self.end)

    def play(self, priority: Priority) -> None:
        """Start one burst; one that still sounds is cut short, for the newer is the more urgent."""
        if self._program is None:
            return
        now_ns = self._clock()
        overdue = self._process is not None and now_ns - self._began_ns >= OVERDUE_NS
        self.hush()
        if overdue:
            self._tell(sentence("no sound device answers"))
        if len(self._ending) >= STUCK_MAX:
            return
        process = QProcess(self)
        process.setProcessChannelMode(QProcess.ProcessChannelMode.MergedChannels)
        process.finished.connect(lambda code, _status: self._ended(process, code))
        process.errorOccurred.connect(lambda error: self._failed(process, error))
        self._process, self._began_ns = process, now_ns
        process.start(self._program, [self._files[priority]])

    def hush(self) -> None:
        """Cut short what sounds, without waiting for its end: a device that hangs must not hold up a window."""
        if self._process is not None:
            process, self._process = self._process, None
            # It goes when it has ended: to destroy it before is to wait for that, up to half a minute.
            self._ending.append(process)
            process.kill()

    def end(self) -> None:
        """Cut short what sounds, and wait a moment for all that was cut short: the application ends."""
        self.hush()
        for process in tuple(self._ending):
            process.kill()
            process.waitForFinished(END_MS)

    def _ended(self, process: QProcess, code: int) -> None:
        self._forget(process)
        if process is not self._process:
            return
        self.details = bytes(process.readAll().data()).decode(errors="replace").strip()
        self._process = None
        self._tell(None if code == 0 else sentence("no sound device answers"))

    def _failed(self, process: QProcess, error: QProcess.ProcessError) -> None:
        if error is not QProcess.ProcessError.FailedToStart:
            return
        self._forget(process)
        if process is self._process:
            self._process = None
            self.details = process.errorString()
            self._tell(sentence("no sound device answers"))

    def _forget(self, process: QProcess) -> None:
        if process in self._ending:
            self._ending.remove(process)
        process.deleteLater()

    def _tell(self, trouble: Sentence | None) -> None:
        if trouble != self.trouble:
            self.trouble = trouble
            self.changed.emit()
