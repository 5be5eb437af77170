"""The processes of one run: started together, watched, and ended in order, whatever ends them."""

import signal
import subprocess
import sys
import time
from pathlib import Path

from protocol.board import Board
from protocol.records import Ready

START_TIMEOUT_S = 30.0
STOP_TIMEOUT_S = 3.0


class ChildError(Exception):
    """A process of ours did not start or ended by itself; the text is for the user."""


class Children:
    """Processes of one board, each `python -m MODULE BOARD ARGUMENT`. Ended in the reverse order of their start."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self._processes: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str, module: str, argument: str) -> None:
        """Start one process without waiting for it. It finds its board in argv[1] and `argument` in argv[2].

        One of that name which has ended is replaced.
        """
        self._board.remove_cell(f"ready.{name}")
        self._board.add_cell(f"ready.{name}")
        self._processes[name] = subprocess.Popen(
            [sys.executable, "-m", module, str(self._board.directory), argument],
            cwd=Path(__file__).resolve().parent.parent,
            stdin=subprocess.DEVNULL,
            # Ctrl-C in the terminal reaches the parent alone, which then ends its children in order.
            start_new_session=True,
        )

    def await_ready(self) -> tuple[str, ...]:
        """Wait until all are ready. Returns their notes, each once. Raises ChildError with the first refusal."""
        deadline_s = time.monotonic() + START_TIMEOUT_S
        notes: dict[str, None] = {}
        for name, process in self._processes.items():
            view = self._board.view(f"ready.{name}", Ready)
            while (ready := view.latest()) is None:
                if process.poll() is not None and view.latest() is None:
                    raise ChildError(f"the {name} process ended while starting (exit code {process.returncode})")
                if time.monotonic() > deadline_s:
                    raise ChildError(f"the {name} process did not start within {START_TIMEOUT_S:.0f} s")
                time.sleep(0.005)
            if not ready.ok:
                raise ChildError(" ".join(ready.notes))
            notes.update(dict.fromkeys(ready.notes))
        return tuple(notes)

    def ready(self, name: str) -> Ready | None:
        """Whether one of them works, and its notes, or why it refuses; None as long as it has said nothing."""
        return self._board.view(f"ready.{name}", Ready).latest()

    def exit_code(self, name: str) -> int | None:
        """Of one that has ended, negative for a signal; None while it runs."""
        return self._processes[name].poll()

    def ended(self) -> tuple[str, ...]:
        """The names of the processes that are no longer there."""
        return tuple(name for name, process in self._processes.items() if process.poll() is not None)

    def pairs(self) -> tuple[tuple[str, int], ...]:
        """Name and process id of all that were started, in that order."""
        return tuple((name, process.pid) for name, process in self._processes.items())

    def pid(self, name: str) -> int:
        """Process id of one of them."""
        return self._processes[name].pid

    def pids(self) -> tuple[int, ...]:
        """Process ids of all."""
        return tuple(process.pid for process in self._processes.values())

    def stop(self) -> None:
        """End all: ask, last started first, then kill what stays. Safe to call twice, and in the middle of a start."""
        for name in reversed(tuple(self._processes)):
            self.stop_one(name)

    def stop_one(self, name: str) -> None:
        """End one of them, and know it no more. One that is not there is no fault."""
        process = self._processes.get(name)
        if process is None:
            return
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            # One that is stopped (SIGSTOP) could not hear it.
            process.send_signal(signal.SIGCONT)
        try:
            process.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        del self._processes[name]
