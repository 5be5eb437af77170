"""The command line: `farhand demo`, `slave`, `master`, `robots`, `bench`."""

import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Annotated, NoReturn, Protocol

import typer
from rich.console import Console

from bench.figure import Figure
from protocol.children import ChildError, Children
from protocol.ports import DEFAULT_PORT

app = typer.Typer(
    help="Teleoperation of surgical robots: hands here, an arm there. Research software, not a medical device.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
bench_app = typer.Typer(help="Measure: each bench answers one question and names its bound.", no_args_is_help=True)
app.add_typer(bench_app, name="bench")

screen = Console(highlight=False)
errors = Console(stderr=True, highlight=False)

ADDRESS = f"127.0.0.1:{DEFAULT_PORT}"
LOOPBACK = ("127.0.0.1", "localhost")
BAD_INPUT = 2
INTERRUPTED = 130
LOOK_EVERY_S = 0.1

DEVICE_HELP = (
    "synthetic | recording:FILE | itp:PORT | mouse | evdev:PATH | spacemouse."
    " synthetic invents two hands from --seed; recording plays a surgeon's CSV; itp hears a console's UDP packets."
)
Device = Annotated[str, typer.Option("--device", help=DEVICE_HELP)]
Robot = Annotated[str, typer.Option(help="A robot that `farhand robots` lists.")]
Seed = Annotated[int, typer.Option(min=0, help="Seed of the synthetic hands.")]
Scale = Annotated[float, typer.Option(help="Tip millimetres for each millimetre of the hand, 0.01 to 2.0.")]
Filter = Annotated[bool, typer.Option(help="Take 8-12 Hz out of the hands; costs 23 ms of delay.")]
StandIns = Annotated[
    bool, typer.Option("--stand-ins", help="Let scripts press for the people who have no window yet, and say so.")
]


class Side(Protocol):
    """The processes of one side."""

    children: Children

    def start(self) -> tuple[str, ...]:
        """Start all; notes for the user."""

    def stop(self) -> None:
        """End all in order."""


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
def ending_in_order() -> Iterator[None]:
    """Let SIGTERM and SIGHUP end a run as Ctrl-C does, and turn errors of a run into `refuse`."""
    from kinematics.description import DescriptionError

    def interrupt(_signal: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    # A shell's background jobs start with SIGINT ignored; for us it is how a run ends.
    signal.signal(signal.SIGINT, interrupt)
    signal.signal(signal.SIGTERM, interrupt)
    signal.signal(signal.SIGHUP, interrupt)
    try:
        with refusing(ChildError, DescriptionError):
            yield
    except KeyboardInterrupt:
        errors.print("ended in order", style="yellow")
        raise typer.Exit(INTERRUPTED) from None


def serve(side: Side, line: Callable[[], str], what: str) -> None:
    """Run one side with a status line until Ctrl-C, or until a process of it ends."""
    from bench.screen import PLAIN_EVERY_S, measuring

    try:
        for note in side.start():
            notice(note)
        screen.print(f"{what}; Ctrl-C ends it")
        with measuring(screen, PLAIN_EVERY_S) as progress:
            while (ended := side.children.ended()) is None:
                time.sleep(LOOK_EVERY_S)
                progress(line())
        raise ChildError(f"the {ended} process ended by itself; everything else was ended in order")
    except KeyboardInterrupt:
        screen.print("ended in order")
    finally:
        side.stop()


def make_folder(path: Path) -> None:
    """Make a folder to write to, before the run whose figures it is for; refuse one that cannot be written."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        refuse(f"--out {path} cannot be made: {(error.strerror or str(error)).lower()}; choose another folder")
    if not os.access(path, os.W_OK):
        refuse(f"--out {path} cannot be written to; choose another folder")


def absolute(device: str) -> str:
    """The device's spec with a file made absolute: our processes run elsewhere."""
    if not device.isprintable():
        refuse(f"device {device!r} has characters that cannot be printed; rename the file")
    kind, _, argument = device.partition(":")
    return f"{kind}:{Path(argument).expanduser().resolve()}" if kind in ("recording", "evdev") and argument else device


Json = Annotated[Path | None, typer.Option("--json", help="Write the figures, and what they were measured on, here.")]


@app.command()
def demo(
    device: Device = "synthetic",
    seconds: Annotated[float, typer.Option(help="How long, from 3 s after the arm is ready.")] = 30.0,
    out: Annotated[Path | None, typer.Option(help="Write summary.json and the tick log into this folder.")] = None,
    headless: Annotated[bool, typer.Option("--headless", help="Without windows: figures only.")] = False,
    robot: Robot = "psm",
    seed: Seed = 1,
    scale: Scale = 1.0,
    tremor_filter: Filter = True,
) -> None:
    """Both sides on this machine: two simulated arms follow two hands. Ctrl-C ends it in order."""
    from bench import demo as demos
    from bench.screen import StatusLine, table
    from master.clutch import SCALE_MAX, SCALE_MIN

    require("--seconds", seconds, 1.0, 86400.0)
    require("--scale", scale, SCALE_MIN, SCALE_MAX)
    if out is not None:
        make_folder(out)
    options = demos.DemoOptions(absolute(device), robot, seconds, seed, scale, tremor_filter)
    if not headless:
        screen.print("No windows yet: this run is headless. Scripts press for surgeon and staff.")
    with ending_in_order(), StatusLine(screen, seconds) as status:
        summary, log = demos.run(options, notice, status.show)
    screen.print(table(summary))
    if out is not None:
        demos.store(summary, log, out)
        screen.print(f"written: {out / 'summary.json'}, {out / 'ticks.npz'}")
    if not summary.complete:
        raise typer.Exit(INTERRUPTED)


@app.command()
def slave(
    bind: Annotated[str, typer.Option(help="HOST:PORT; this port and the next two are listened on.")] = ADDRESS,
    robot: Robot = "psm",
    stand_ins: StandIns = False,
) -> None:
    """The patient's side: simulated arms, their supervisor, and the sockets that a master connects to."""
    from protocol.ports import AddressError, parse_address
    from slave.config import SlaveConfig
    from slave.launch import SlaveProcesses

    with refusing(AddressError):
        host, port = parse_address(bind)
    if host not in LOOPBACK:
        refuse(f"{bind}: without keys only 127.0.0.1 is listened on; anybody on the network could move the arm")
    with ending_in_order():
        processes = SlaveProcesses(SlaveConfig(host, port, robot, stand_ins=stand_ins))
        serve(processes, processes.line, f"the patient's side, {robot}, listens at {bind}")


@app.command()
def master(
    connect: Annotated[str, typer.Option(help="HOST:PORT of the patient's side.")] = ADDRESS,
    device: Device = "synthetic",
    seed: Seed = 1,
    scale: Scale = 1.0,
    tremor_filter: Filter = True,
    stand_ins: StandIns = False,
) -> None:
    """The surgeon's side: an input device and the pilot that sends its motion."""
    from master.clutch import SCALE_MAX, SCALE_MIN
    from master.config import MasterConfig
    from master.launch import MasterProcesses
    from protocol.ports import AddressError, parse_address

    require("--scale", scale, SCALE_MIN, SCALE_MAX)
    with refusing(AddressError):
        host, port = parse_address(connect)
    config = MasterConfig(
        host,
        port,
        absolute(device),
        name=socket.gethostname(),
        seed=seed,
        scale=scale,
        tremor_filter=tremor_filter,
        stand_ins=stand_ins,
    )
    with ending_in_order():
        processes = MasterProcesses(config)
        serve(processes, processes.line, f"the surgeon's side, {device}, connects to {connect}")


@app.command()
def robots() -> None:
    """The robots that farhand knows, with their joints and limits."""
    from bench.robots import robot_tables

    for robot_table in robot_tables():
        screen.print(robot_table)


@bench_app.command()
def kinematics(json: Json = None) -> None:
    """What does a call cost, beside its peers and ours? About a minute."""
    from bench import kinematics as question

    measure("kinematics", question.run, json)


@bench_app.command()
def wire(json: Json = None) -> None:
    """What do encoding and decoding a command cost, all checks included? Some seconds."""
    from bench import wire as question

    measure("wire", question.run, json)


@bench_app.command()
def loop(json: Json = None) -> None:
    """What does the live controller's tick cost, and how punctual is it beside a bare C loop? Two minutes."""
    from bench import loop as question

    measure("loop", question.run, json)


def measure(name: str, run: Callable[[Callable[[str], None]], list[Figure]], json: Path | None) -> None:
    """Run one bench with progress, show its figures, and keep them where asked. Exit code 1 when one does not hold."""
    from bench.screen import figures_table, measuring
    from bench.store import store_figures

    with ending_in_order(), measuring(screen) as progress:
        figures = run(progress)
        screen.print(figures_table(name, figures))
        if json is not None:
            with refusing(OSError):
                store_figures(json, name, figures)
        if any(figure.holds is False for figure in figures):
            raise typer.Exit(1)


def main() -> None:
    """Entry point of the command `farhand`."""
    app()


if __name__ == "__main__":
    main()
