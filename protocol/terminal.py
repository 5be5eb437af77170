"""What every command does alike in a terminal: one line for what is wrong, an end in order, a status line."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import NoReturn, Protocol

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from protocol.children import ChildError, Children

screen = Console(highlight=False)
errors = Console(stderr=True, highlight=False)

BAD_INPUT = 2
INTERRUPTED = 130
LOOK_EVERY_S = 0.1
PLAIN_EVERY_S = 2.0


class Side(Protocol):
    """The processes of one side."""

    children: Children

    def start(self) -> tuple[str, ...]:
        """Start all; notes for the user."""

    def stop(self) -> None:
        """End all in order."""

    def survives(self, name: str) -> bool:
        """Whether the others go on when the process `name` has ended by itself."""


def refuse(text: str) -> NoReturn:
    """One clear line, and exit code 2."""
    errors.print(f"farhand: {text}", style="red", markup=False, soft_wrap=True)
    raise typer.Exit(BAD_INPUT)


def notice(text: str) -> None:
    """Something that the user should know, and that does not end the run."""
    errors.print(f"note: {text}", style="yellow", markup=False, soft_wrap=True)


def require(option: str, value: float, low: float, high: float) -> None:
    """Refuse a number outside its bounds, and one that is no number."""
    if not low <= value <= high:
        refuse(f"{option} {value} is outside {low} to {high}")


@contextmanager
def refusing(*kinds: type[Exception]) -> Iterator[None]:
    """Turn these errors, whose text is written for users, into `refuse`."""
    try:
        yield
    except kinds as error:
        refuse(str(error))


@contextmanager
def ending_in_order(*kinds: type[Exception]) -> Iterator[None]:
    """Let SIGTERM and SIGHUP end a run as Ctrl-C does, and turn a run's errors, of these kinds too, into `refuse`."""

    def interrupt(_signal: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    # A shell's background jobs start with SIGINT ignored; for us it is how a run ends.
    signal.signal(signal.SIGINT, interrupt)
    signal.signal(signal.SIGTERM, interrupt)
    signal.signal(signal.SIGHUP, interrupt)
    try:
        with refusing(ChildError, *kinds):
            yield
    except KeyboardInterrupt:
        errors.print("ended in order", style="yellow")
        raise typer.Exit(INTERRUPTED) from None


def serve(side: Side, line: Callable[[], str], what: str) -> None:
    """Run one side with a status line until Ctrl-C. A process that ends by itself is told, and ends the rest only where
    the rest is of no use without it."""
    dead: list[str] = []
    try:
        for note in side.start():
            notice(note)
        screen.print(f"{what}; Ctrl-C ends it")
        with measuring(screen, PLAIN_EVERY_S) as progress:
            while True:
                time.sleep(LOOK_EVERY_S)
                for name in side.children.ended():
                    if name not in dead:
                        dead.append(name)
                        errors.print(f"farhand: the {name} process ended by itself", style="bold red", markup=False)
                    if not side.survives(name):
                        raise ChildError(
                            f"without the {name} process nothing works; everything else was ended in order"
                        )
                progress(f"DEAD: {', '.join(dead)} | {line()}" if dead else line())
    except KeyboardInterrupt:
        screen.print("ended in order")
    finally:
        side.stop()
    if dead:
        raise typer.Exit(1)


def make_folder(path: Path) -> None:
    """Make a folder to write to, before the run whose figures it is for; refuse one that cannot be written."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        refuse(f"--out {path} cannot be made: {(error.strerror or str(error)).lower()}; choose another folder")
    if not os.access(path, os.W_OK):
        refuse(f"--out {path} cannot be written to; choose another folder")


@contextmanager
def progressing(console: Console, total_s: float, title: str) -> Iterator[Callable[[str, float], None]]:
    """Something to call with what is going on and how far it is, in s of `total_s`: a bar in a terminal, or lines."""
    if console.is_terminal:
        columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
        with Progress(*columns, console=console, transient=True) as bar:
            task = bar.add_task(title, total=total_s)
            yield lambda text, done_s: bar.update(task, completed=done_s, description=escape(f"{title}: {text}"))
        return
    with measuring(console, PLAIN_EVERY_S) as say:
        yield lambda text, done_s: say(f"{title}: {done_s:.0f} of {total_s:.0f} s, {text}")


@contextmanager
def measuring(console: Console, plain_every_s: float = 0.0) -> Iterator[Callable[[str], None]]:
    """Something to call with what is going on: a live line in a terminal; elsewhere lines, `plain_every_s` apart."""
    if console.is_terminal:
        with console.status("") as status:
            yield lambda text: status.update(escape(text))
        return
    shown_s = -plain_every_s

    def print_line(text: str) -> None:
        nonlocal shown_s
        if time.monotonic() - shown_s >= plain_every_s:
            shown_s = time.monotonic()
            console.print(text, style="dim", markup=False, soft_wrap=True)

    yield print_line
