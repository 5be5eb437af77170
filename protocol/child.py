"""The inside of one of our processes: its board and argument, being ready, and ending when asked."""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from protocol.board import Board
from protocol.posix import die_with_parent
from protocol.records import Ready


class Child:
    """What `protocol.children` started us with. Loop while `child.running`."""

    def __init__(self, name: str, board: Board, argument: str) -> None:
        self.board = board
        self.argument = argument
        self.running = True
        self._ready = board.post(f"ready.{name}", Ready)
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        # Worst case: the parent is killed outright. Then we end in order too, rather than drive on unwatched.
        die_with_parent(signal.SIGTERM)
        if os.getppid() != board.owner:
            self.running = False  # it died before it could be told that we care

    def _stop(self, _signal: int, _frame: FrameType | None) -> None:
        self.running = False

    def ready(self, notes: tuple[str, ...] = ()) -> None:
        """Tell the parent that we work, and what it should tell the user."""
        self._ready.publish(Ready(True, notes))

    def refuse(self, text: str) -> None:
        """Tell the parent that we cannot work, and why, in one line."""
        self._ready.publish(Ready(False, (text,)))


def run(name: str, main: Callable[[Child], None], refusals: tuple[type[Exception], ...] = ()) -> None:
    """Run `main` as the process `name`. The exceptions in `refusals` become a clear line at the parent, exit code 2."""
    child = Child(name, Board(Path(sys.argv[1])), sys.argv[2])
    try:
        main(child)
    except refusals as error:
        child.refuse(str(error))
        sys.exit(2)
