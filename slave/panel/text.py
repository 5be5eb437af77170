"""The panel in a terminal: keys in, presses out over the host's own ipc, the newest records on the screen."""

import os
import secrets
import select
import sys
import termios
import time
import tty
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import zmq
from rich.console import Console
from rich.live import Live
from rich.text import Text

from kinematics.description import load_description
from protocol import lanes
from protocol.board import Board, living_boards
from protocol.cells import CellError
from protocol.codec import encode
from protocol.messages import Action, Other, StaffStop
from protocol.records import Authority, Measured, Report, Run, Session
from slave.panel.press import CONFIRM_NS, STOP, Outcome, Presses
from slave.panel.view import Line, Snapshot, axis_names, controller_is_dead, lines, status

FRAME_S = 0.05
SETTLE_S = 0.3
KEYS = {
    "f": Action.FREEZE.value,
    "r": Action.RELEASE.value,
    "t": Action.TAKE.value,
    "g": Action.GIVE.value,
    "z": Action.RESET.value,
    "a": Action.ATTEND.value,
    "S": STOP,
}
UP, DOWN = "\x1b[A", "\x1b[B"


class PanelError(Exception):
    """No panel can be shown; the text says why and what to do."""


def choose_board(wanted: Path | None) -> Path:
    """The one that runs, or the one that was asked for. Raises PanelError."""
    found = living_boards("slave")
    if wanted is not None:
        if not (wanted / "authority").exists():
            raise PanelError(f"--board {wanted} is no running patient's side; running are: {_listed(found)}")
        return wanted
    if not found:
        raise PanelError("no patient's side runs on this host: start one with `farhand slave`")
    if len(found) > 1:
        raise PanelError(f"several patient's sides run on this host; name one with --board: {_listed(found)}")
    return found[0]


def _listed(found: list[Path]) -> str:
    return ", ".join(map(str, found)) or "none"


class Panel:
    """The board's cells and the two sockets that presses go over."""

    def __init__(self, directory: Path) -> None:
        try:
            self._board = Board(directory)
            run = self._board.view("run", Run).latest()
            self._authority = self._board.view("authority", Authority)
            self._measured = self._board.view("measured", Measured)
            self._drives = self._board.view("drives.measured", Measured)
            self._report = self._board.view("report", Report)
            self._session = self._board.view("session", Session)
        except CellError as error:
            raise PanelError(f"{error}; it may just have ended") from error
        if run is None:
            raise PanelError(f"{directory} does not say which robot it is; is it just starting?")
        self.robot = load_description(run.robot)
        context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        self._staff, self._stops = lanes.push(context), lanes.push(context)
        self._staff.connect(self._board.ipc("staff"))
        self._stops.connect(self._board.ipc("drives.stop"))
        self.presses = Presses(secrets.randbits(62))
        self.arm = 0
        self.axis = 2

    def look(self) -> Snapshot:
        """What is known now; also sends a stop again that was not heard."""
        now_ns = time.monotonic_ns()
        authority, drives = self._authority.latest(), self._drives.latest()
        again = self.presses.step(now_ns, authority, drives)
        if again is not None:
            self._send(again)
        return Snapshot(
            now_ns=now_ns,
            robot=self.robot,
            authority=authority,
            measured=self._measured.latest(),
            drives=drives,
            report=self._report.latest(),
            session=self._session.latest(),
            what=self.presses.what,
            outcome=self.presses.outcome,
            arm=self.arm,
            axis=self.axis,
        )

    def press(self, what: str) -> None:
        """One press of a button."""
        self._send(self.presses.press(what, time.monotonic_ns()))

    def key(self, key: str) -> None:
        """One key of the terminal."""
        if key in KEYS:
            self.press(KEYS[key])
        elif key in ("+", "=", "-") and not controller_is_dead(self.look()):
            self._send(self.presses.jog(time.monotonic_ns(), self.arm, self.axis, -1 if key == "-" else 1))
        elif key in (UP, DOWN):
            self.axis = (self.axis + (1 if key == DOWN else -1)) % len(axis_names(self.robot))
        elif key.isdecimal() and 1 <= int(key) <= len(self.robot.mounts):
            self.arm = int(key) - 1

    def _send(self, message: Other) -> None:
        socket = self._stops if isinstance(message, StaffStop) else self._staff
        lanes.send(socket, encode(message))


def show(panel: Panel, console: Console) -> None:
    """Keys and screen until q or Ctrl-C. Leaving moves nothing. Raises PanelError where there is no terminal."""
    if not (sys.stdin.isatty() and console.is_terminal):
        raise PanelError("the panel needs a terminal for its keys: use --once or --press ACTION in scripts")
    with _raw(sys.stdin.fileno()), Live(console=console, auto_refresh=False, screen=True) as live:
        while True:
            live.update(_drawn(lines(panel.look())), refresh=True)
            for key in _keys(sys.stdin.fileno()):
                if key in ("q", "\x03", ""):
                    return
                panel.key(key)


def press_once(panel: Panel, what: str) -> bool:
    """Press one button and wait until it is confirmed; whether it was."""
    # A PUSH socket drops what is sent before it is connected.
    time.sleep(SETTLE_S)
    panel.press(what)
    deadline_ns = time.monotonic_ns() + 10 * CONFIRM_NS
    while panel.presses.outcome is not Outcome.DONE and time.monotonic_ns() < deadline_ns:
        panel.look()
        time.sleep(0.005)
    return panel.presses.outcome is Outcome.DONE


def status_line(panel: Panel) -> str:
    """The panel in one plain line."""
    return status(panel.look())


def _drawn(rows: list[Line]) -> Text:
    text = Text(no_wrap=True, overflow="crop")
    for row in rows:
        for words, style in row:
            text.append(words, style)
        text.append("\n")
    return text


def _keys(descriptor: int) -> Iterator[str]:
    """What was typed within a frame; an arrow is one key."""
    if not select.select([descriptor], [], [], FRAME_S)[0]:
        return
    typed = os.read(descriptor, 64).decode(errors="ignore")
    if not typed:
        yield ""
    while typed:
        size = 3 if typed.startswith((UP, DOWN)) else 1
        yield typed[:size]
        typed = typed[size:]


@contextmanager
def _raw(descriptor: int) -> Iterator[None]:
    before = termios.tcgetattr(descriptor)
    try:
        tty.setcbreak(descriptor)
        yield
    finally:
        termios.tcsetattr(descriptor, termios.TCSADRAIN, before)
