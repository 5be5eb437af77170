"""The commands that try and measure: `farhand demo`, `robots`, `sim` and `bench`."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from bench.figure import Figure
from bench.link.command import compare, link, profiles, sweep
from bench.sources import WINDOWS
from master.command import Device, Filter, Scale, Seed, absolute
from protocol.terminal import (
    INTERRUPTED,
    ending_in_order,
    make_folder,
    measuring,
    notice,
    refuse,
    refusing,
    require,
    screen,
)
from slave.command import Procedure, Robot

bench_app = typer.Typer(help="Measure: each bench answers one question and names its bound.", no_args_is_help=True)

Json = Annotated[Path | None, typer.Option("--json", help="Write the figures, and what they were measured on, here.")]

Resume = Annotated[bool, typer.Option("--resume", help="Go on where the --json file ends, if the code is the same.")]


def demo(
    device: Device = "synthetic",
    seconds: Annotated[float, typer.Option(help="How long, from 3 s after the arm is ready.")] = 30.0,
    out: Annotated[Path | None, typer.Option(help="Write summary.json and the tick log into this folder.")] = None,
    headless: Annotated[bool, typer.Option("--headless", help="Without windows: figures only.")] = False,
    robot: Robot = "psm",
    procedure: Procedure = "laparoscopic",
    seed: Seed = 1,
    scale: Scale = 1.0,
    tremor_filter: Filter = True,
) -> None:
    """Both sides on this machine: two simulated arms follow two hands. Ctrl-C ends it in order."""
    from bench import demo as demos
    from bench.screen import StatusLine, table
    from kinematics.description import DescriptionError
    from master.clutch import SCALE_MAX, SCALE_MIN
    from protocol.desktop import no_window
    from safety.limits import LimitsError

    require("--seconds", seconds, 1.0, 86400.0)
    require("--scale", scale, SCALE_MIN, SCALE_MAX)
    if out is not None:
        make_folder(out)
    why_not = "" if headless else no_window()
    windows = not headless and not why_not
    options = demos.DemoOptions(
        absolute(device), robot, procedure, seconds, seed, scale, tremor_filter, windows=windows
    )
    if why_not:
        screen.print(f"{why_not}: this run is headless. Scripts press for surgeon and staff.", soft_wrap=True)
    with ending_in_order(DescriptionError, LimitsError), StatusLine(screen, seconds) as status:
        summary, log = demos.run(options, notice, status.show)
    screen.print(table(summary))
    if out is not None:
        demos.store(summary, log, out)
        screen.print(f"written: {out / 'summary.json'}, {out / 'ticks.npz'}")
    if not summary.complete:
        raise typer.Exit(INTERRUPTED)


def robots() -> None:
    """The robots that farhand knows, with their joints and limits."""
    from bench.robots import robot_tables

    for robot_table in robot_tables():
        screen.print(robot_table)


def sim(
    seeds: Annotated[
        str, typer.Option(help="A:B, from seed A to below B; a failure names the seed to replay.")
    ] = "0:100",
    seconds: Annotated[float, typer.Option(help="How long each story is.")] = 5.0,
    procedure: Procedure = "laparoscopic",
    robot: Robot = "psm",
    json: Json = None,
    resume: Resume = False,
) -> None:
    """The whole stack on a simulated clock, link and host, with faults and people from seeds: do all rules hold?"""
    from bench import sim as simulation
    from bench.store import EarlierError
    from bench.world.run import SimOptions
    from kinematics.description import DescriptionError, load_description
    from safety.limits import LimitsError, load_limits

    require("--seconds", seconds, 0.1, 3600.0)
    require_file_to_resume(resume, json)
    with refusing(DescriptionError, LimitsError, simulation.SeedsError):
        first, end = simulation.parse_seeds(seeds)
        load_description(robot)
        load_limits(procedure)
    options = SimOptions(first, end, seconds, procedure, robot)
    with ending_in_order(EarlierError, OSError):
        earlier = simulation.earlier(json, options) if json is not None and resume else []
        report = simulation.run(options, screen, json, earlier)
    if report.broken or not report.complete:
        raise typer.Exit(1)


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


@bench_app.command()
def faults(
    trials: Annotated[int, typer.Option(min=1, max=1000, help="Valid trials of each harm.")] = 20,
    only: Annotated[str, typer.Option(help="Harms that contain this, such as supervisor, kill, or link.")] = "",
    json: Json = None,
) -> None:
    """What do the arms do when a process dies, hangs or starves, or the link fails? Some seconds a trial."""
    from bench import faults as question
    from bench.screen import faults_table, told_table
    from bench.store import store_results

    harms = tuple(harm for harm in question.HARMS if only in harm)
    if not harms:
        refuse(f"--only {only!r} names no harm; there are: {', '.join(question.HARMS)}")
    with ending_in_order(), measuring(screen) as progress:
        results = question.run(trials, harms, progress)
    screen.print(faults_table(results))
    screen.print(told_table(results))
    if json is not None:
        with refusing(OSError):
            store_results(json, "faults", results)
    if not all(result.holds for result in results):
        raise typer.Exit(1)


@bench_app.command()
def attacks(json: Json = None) -> None:
    """What do floods of connections, handshakes, noise and frames cost a surgeon at work? Four minutes."""
    from bench import attacks as question
    from bench.screen import floods_table
    from bench.store import store_results

    with ending_in_order(), measuring(screen) as progress:
        results = question.run(progress)
    screen.print(floods_table(results))
    if json is not None:
        with refusing(OSError):
            store_results(json, "attacks", results)
    if not all(result.holds for result in results):
        raise typer.Exit(1)


@bench_app.command()
def windows(
    hours: Annotated[float, typer.Option(min=0.0, max=100.0, help="Of a case, for the memory; 0 leaves it out.")] = 1.0,
    json: Json = None,
) -> None:
    """What do both windows cost, for how long do they block, and does the surgeon's hand notice? Quarter of an hour."""
    from bench.windows import run as question

    measure("windows", partial(question.run, hours), json, left_out=())


@bench_app.command()
def trips(
    link_hours: Annotated[float, typer.Option(min=0.0, help="Link and verdict alone, simulated.")] = 100.0,
    world_hours: Annotated[float, typer.Option(min=0.0, help="The whole world, simulated.")] = 5.0,
    real_hours: Annotated[float, typer.Option(min=0.0, help="Both sides as processes, in real time.")] = 1.0,
    json: Json = None,
    resume: Resume = False,
) -> None:
    """Does anything trip that should not, on healthy links and hosts? Hours; 0 leaves a kind out."""
    from bench import trips as question
    from bench.screen import trips_notes, trips_table
    from bench.store import EarlierError, earlier_results, store_results

    if not link_hours + world_hours + real_hours > 0.0:
        refuse("nothing to run: give hours above 0 to --link-hours, --world-hours or --real-hours")
    require_file_to_resume(resume, json)
    hours = {question.LINK: link_hours, question.WORLD: world_hours, question.REAL: real_hours}

    def keep(so_far: list[question.TripsResult], *, complete: bool = False) -> None:
        if json is not None:
            store_results(json, "trips", so_far, complete=complete)

    with ending_in_order(EarlierError, OSError), measuring(screen) as progress:
        earlier = earlier_results(json, "trips", question.TripsResult) if json is not None and resume else []
        results = question.run(hours, progress, earlier, keep)
        keep(results, complete=True)
    screen.print(trips_table(results))
    for note in trips_notes(results):
        screen.print(note)
    if not all(result.holds for result in results):
        raise typer.Exit(1)


for command in (link, sweep, compare, profiles):
    bench_app.command()(command)


def require_file_to_resume(resume: bool, json: Path | None) -> None:
    """Refuse to go on with no file."""
    if resume and json is None:
        refuse("--resume goes on with a file: name it with --json FILE")


def measure(
    name: str,
    run: Callable[[Callable[[str], None]], list[Figure]],
    json: Path | None,
    left_out: tuple[str, ...] = WINDOWS,
) -> None:
    """Run one bench with progress, show its figures, and keep them where asked. Exit code 1 when one does not hold."""
    from bench.screen import figures_table
    from bench.store import store_figures

    with ending_in_order(), measuring(screen) as progress:
        figures = run(progress)
        screen.print(figures_table(name, figures))
        if json is not None:
            with refusing(OSError):
                store_figures(json, name, figures, left_out)
        if any(figure.holds is False for figure in figures):
            raise typer.Exit(1)
