"""`farhand sim` in the terminal: a progress bar, what broke and how to see it again, and a table at the end."""

import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import msgspec
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from bench.sources import digest
from bench.store import EarlierError, replace, require_same_sources
from bench.world.run import SeedResult, SimOptions, SimReport, replay_command, report, results
from protocol.numerals import whole

SEEDS_MAX = 10_000_000
SHOWN_MAX = 10
KEPT_EVERY_S = 20.0


class SeedsError(ValueError):
    """A range of seeds that is none."""


def parse_seeds(text: str) -> tuple[int, int]:
    """`A:B` as two numbers. Raises SeedsError."""
    first, end = (whole(part, 0, SEEDS_MAX) for part in text.partition(":")[::2])
    if first is None or end is None or not first < end:
        raise SeedsError(f"--seeds {text!r} is no range: give A:B, two numbers with A below B, such as 0:100")
    return first, end


def run(options: SimOptions, console: Console, path: Path | None, earlier: Sequence[SeedResult]) -> SimReport:
    """All seeds but the `earlier` ones, shown as they come; what there is is kept in the file every some seconds, and
    when it is interrupted. Raises OSError where the file cannot be written."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    sources, done, failures, kept_s = digest(), list(earlier), 0, time.monotonic()
    if path is not None:
        store(path, report(options, sources, done))
    seeds = results(options, done={result.seed for result in done})
    try:
        with Progress(*columns, console=console) as bar, closing(seeds):
            task = bar.add_task("seeds", total=options.end - options.first, completed=len(done))
            for result in seeds:
                done.append(result)
                if result.broken:
                    failures += 1
                    _show_broken(bar.console, result, options, failures)
                bar.update(task, advance=1, description=f"seeds, {failures} broken" if failures else "seeds")
                if path is not None and time.monotonic() - kept_s > KEPT_EVERY_S:
                    kept_s = time.monotonic()
                    store(path, report(options, sources, done))
    finally:
        if path is not None:
            store(path, report(options, sources, done))
    whole_run = report(options, sources, done)
    console.print(table(whole_run))
    return whole_run


def _show_broken(console: Console, result: SeedResult, options: SimOptions, failures: int) -> None:
    if failures <= SHOWN_MAX:
        line = f"seed {result.seed} at {result.at_s:.3f} s: {result.broken}"
        console.print(line, style="bold red", markup=False)
        console.print(f"  {replay_command(result.seed, options)}", markup=False)


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
    """Write the report as JSON. Raises OSError."""
    replace(path, msgspec.json.format(msgspec.json.encode(report), indent=1) + b"\n")


def earlier(path: Path, options: SimOptions) -> list[SeedResult]:
    """The seeds that a file already has; none where there is no file.

    Raises EarlierError for a file of another code, other options or no run at all, OSError where it cannot be read.
    """
    if not path.exists():
        return []
    try:
        kept = msgspec.json.decode(path.read_bytes(), type=SimReport)
    except msgspec.DecodeError as error:
        raise EarlierError(f"{path} holds no run of farhand sim: {error}; name another file with --json") from error
    require_same_sources(path, kept.sources)
    if (kept.seconds_each, kept.procedure, kept.robot) != (options.seconds, options.procedure, options.robot):
        what = f"{kept.procedure}, {kept.robot}, {kept.seconds_each:g} s"
        raise EarlierError(f"{path} is of {what}; go on with the same, or name another file with --json")
    return [result for result in kept.results if options.first <= result.seed < options.end]
