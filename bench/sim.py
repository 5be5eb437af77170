"""`farhand sim` in the terminal: a progress bar, what broke and how to see it again, and a table at the end."""

from pathlib import Path

import msgspec
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from bench.world.run import SeedResult, SimOptions, SimReport, replay_command
from bench.world.run import run as run_world
from protocol.numerals import whole

SEEDS_MAX = 10_000_000
SHOWN_MAX = 10


class SeedsError(ValueError):
    """A range of seeds that is none."""


def parse_seeds(text: str) -> tuple[int, int]:
    """`A:B` as two numbers. Raises SeedsError."""
    first, end = (whole(part, 0, SEEDS_MAX) for part in text.partition(":")[::2])
    if first is None or end is None or not first < end:
        raise SeedsError(f"--seeds {text!r} is no range: give A:B, two numbers with A below B, such as 0:100")
    return first, end


def run(options: SimOptions, console: Console) -> SimReport:
    """All seeds, shown as they come."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    failures = 0
    with Progress(*columns, console=console) as bar:
        task = bar.add_task("seeds", total=options.end - options.first)

        def show(result: SeedResult) -> None:
            nonlocal failures
            if result.broken:
                failures += 1
                if failures <= SHOWN_MAX:
                    bar.console.print(
                        f"seed {result.seed} at {result.at_s:.3f} s: {result.broken}", style="bold red", markup=False
                    )
                    bar.console.print(f"  {replay_command(result.seed, options)}", markup=False)
            bar.update(task, advance=1, description=f"seeds, {failures} broken" if failures else "seeds")

        report = run_world(options, show)
    console.print(table(report))
    return report


def table(report: SimReport) -> Table:
    """The run in figures."""
    title = f"farhand sim: {report.robot}, {report.procedure}, {report.seeds} seeds of {report.seconds_each:g} s"
    result = Table(title=title, title_justify="left")
    result.add_column("figure")
    result.add_column("value", justify="right")
    result.add_row("seeds that broke a rule", str(len(report.broken)))
    result.add_row("healthy seeds with a trip", str(len(report.false_trips)))
    result.add_row("simulated", f"{report.simulated_h:.3f} h")
    result.add_row("faster than life, median of one core", f"{report.faster:.1f}")
    total_s = sum(report.modes_s.values()) or 1.0
    for mode, spent_s in sorted(report.modes_s.items(), key=lambda item: -item[1]):
        result.add_row(f"in {mode}", f"{spent_s / total_s:.1%}")
    for trip, count in sorted(report.trips.items(), key=lambda item: -item[1]):
        result.add_row(f"stops: {trip}", str(count))
    return result


def store(path: Path, report: SimReport) -> None:
    """Write the report as JSON, making its folder. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(msgspec.json.format(msgspec.json.encode(report), indent=2) + b"\n")
