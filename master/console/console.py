"""A console on this host: its board, its launcher, and the time around them."""

import time
from collections.abc import Callable
from pathlib import Path

import zmq

from master.console.launcher import WINDOW, Launcher
from master.console.options import ConsoleOptions
from master.console.sides import known_sides
from master.console_messages import LauncherWish, decode_wish
from master.console_records import LauncherWord, Side
from master.launch import add_pilot_cells
from protocol import lanes
from protocol.board import Board
from protocol.children import START_TIMEOUT_S, ChildError, Children
from protocol.codec import FrameError
from protocol.desktop import no_window

LOOK_EVERY_S = 0.05
SIDES_EVERY_LOOKS = 40
WORD_BYTES = 16384


class ConsoleProcesses:
    """Window, pilot and check of one console."""

    def __init__(self, options: ConsoleOptions) -> None:
        self.board = Board.create("console")
        add_pilot_cells(self.board)
        self.board.add_cell("launcher", WORD_BYTES)
        self.children = Children(self.board)
        self._options = options
        self._launcher = Launcher(self.children, self.board, options, no_window)
        self._word = self.board.post("launcher", LauncherWord)
        self._context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        self._wishes = lanes.pull(self._context)
        self._wishes.bind(self.board.ipc("launcher.wishes"))
        self._looks = 0
        self._sides: tuple[tuple[Side, ...], str] = ((), "")

    def start(self) -> tuple[str, ...]:
        """Open the window. Raises ChildError with one clear line. `look` must be called from then on."""
        deadline_s = time.monotonic() + START_TIMEOUT_S
        while not self._launcher.opened:
            self.look()
            if self.over is not None:
                raise ChildError(self.over or "the console's window was closed")
            if time.monotonic() > deadline_s:
                raise ChildError(f"the console did not open within {START_TIMEOUT_S:.0f} s")
            time.sleep(LOOK_EVERY_S)
        ready = self.children.ready(WINDOW)
        return () if ready is None else ready.notes

    @property
    def over(self) -> str | None:
        """None while it runs; then '' where the surgeon closed the window, or why it had to end."""
        return self._launcher.over

    @property
    def windows(self) -> int:
        """How many were opened, one after the other."""
        return self._launcher.windows

    def look(self) -> None:
        """Hear the window, look after the processes, and tell how they stand."""
        frames = lanes.drain(self._wishes)
        now_ns = time.monotonic_ns()
        for frame in frames:
            try:
                wish = decode_wish(frame)
            except FrameError:
                continue
            if isinstance(wish, LauncherWish):
                self._launcher.hear(wish, now_ns)
        if self._looks % SIDES_EVERY_LOOKS == 0:
            self._sides = known_sides(Path(self._options.keys), self._options.run)
        self._looks += 1
        # Told first: a window that starts finds it there.
        self._word.publish(self._launcher.word(now_ns, *self._sides))
        self._launcher.step(now_ns)

    def stop(self) -> None:
        """End all in order; safe at any moment."""
        self.children.stop()
        self._wishes.close(0)
        self._context.term()
        self.board.remove()


def run(options: ConsoleOptions, say: Callable[[str], None]) -> None:
    """Open the console and stay until the surgeon closes it. Raises ChildError with one clear line."""
    trouble = no_window()
    if trouble:
        raise ChildError(f"{trouble}; without a window: farhand master --stand-ins")
    console = ConsoleProcesses(options)
    try:
        for note in console.start():
            say(f"note: {note}")
        say("the console is open; closing its window, or Ctrl-C, ends it")
        while console.over is None:
            console.look()
            time.sleep(LOOK_EVERY_S)
        if console.over:
            raise ChildError(console.over)
        say("ended in order")
    finally:
        console.stop()
