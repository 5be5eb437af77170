"""The local team's window beside a demo: a process that is started and ended, and may be closed at any moment."""

import subprocess
import sys
from contextlib import suppress
from pathlib import Path

END_S = 5.0


class PanelBeside:
    """Opens on the right half of the screen."""

    def __init__(self, board: Path) -> None:
        root = Path(__file__).resolve().parent.parent
        command = [sys.executable, "-m", "farhand", "panel", "--board", str(board), "--half", "right"]
        self._process = subprocess.Popen(command, cwd=root, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)

    @property
    def is_open(self) -> bool:
        """Whether its process is there."""
        return self._process.poll() is None

    def stop(self) -> None:
        """End it; safe at any moment."""
        self._process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(END_S)
        self._process.kill()
        self._process.wait()
