"""The panel in a terminal: keys in, presses out over the host's own ipc, the newest records on the screen."""

import os
import select
import sys
import termios
import time
import tty
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.live import Live
from rich.text import Text

from protocol.messages import Action
from slave.panel.actions import jog_refusal
from slave.panel.bedside import Bedside, PanelError
from slave.panel.hold import Held
from slave.panel.parts import NOTHING
from slave.panel.press import CONFIRM_NS, STOP, Outcome
from slave.panel.snapshot import axis_names
from slave.panel.view import Line, lines, status

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
ARROW = "\x1b["


def key_pressed(bedside: Bedside, key: str) -> None:
    """One key of the terminal."""
    if key in KEYS:
        bedside.press(KEYS[key])
    elif key in ("+", "=", "-") and jog_refusal(bedside.look()) == NOTHING:
        bedside.jog(Held(bedside.arm, bedside.axis, -1 if key == "-" else 1))
    elif key in (UP, DOWN):
        bedside.axis = (bedside.axis + (1 if key == DOWN else -1)) % len(axis_names(bedside.robot))
    elif key.isdecimal() and 1 <= int(key) <= len(bedside.robot.mounts):
        bedside.arm = int(key) - 1


def show(bedside: Bedside, console: Console) -> None:
    """Keys and screen until q or Ctrl-C. Leaving moves nothing. Raises PanelError where there is no terminal."""
    if not (sys.stdin.isatty() and console.is_terminal):
        raise PanelError("the panel needs a terminal for its keys: use --once or --press ACTION in scripts")
    with raw_terminal(sys.stdin.fileno()), Live(console=console, auto_refresh=False, screen=True) as live:
        while True:
            live.update(drawn(lines(bedside.look())), refresh=True)
            for key in typed_keys(sys.stdin.fileno()):
                if key in ("q", "\x03", ""):
                    return
                key_pressed(bedside, key)


def press_once(bedside: Bedside, what: str) -> bool:
    """Press one button and wait until it is confirmed; whether it was."""
    # A PUSH socket drops what is sent before it is connected.
    time.sleep(SETTLE_S)
    bedside.press(what)
    deadline_ns = time.monotonic_ns() + 10 * CONFIRM_NS
    while bedside.presses.outcome is not Outcome.DONE and time.monotonic_ns() < deadline_ns:
        bedside.look()
        time.sleep(0.005)
    return bedside.presses.outcome is Outcome.DONE


def status_line(bedside: Bedside) -> str:
    """The panel in one plain line."""
    return status(bedside.look())


def drawn(rows: list[Line]) -> Text:
    """Lines of styled words for a terminal."""
    text = Text(no_wrap=True, overflow="crop")
    for row in rows:
        for words, style in row:
            text.append(words, style)
        text.append("\n")
    return text


def typed_keys(descriptor: int) -> Iterator[str]:
    """What was typed within a frame; an arrow is one key."""
    if not select.select([descriptor], [], [], FRAME_S)[0]:
        return
    typed = os.read(descriptor, 64).decode(errors="ignore")
    if not typed:
        yield ""
    while typed:
        size = 3 if typed.startswith(ARROW) else 1
        yield typed[:size]
        typed = typed[size:]


@contextmanager
def raw_terminal(descriptor: int) -> Iterator[None]:
    """Keys come one by one and unseen, until it is left."""
    before = termios.tcgetattr(descriptor)
    try:
        tty.setcbreak(descriptor)
        yield
    finally:
        termios.tcsetattr(descriptor, termios.TCSADRAIN, before)
