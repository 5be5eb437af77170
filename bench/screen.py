"""How runs look in a terminal: one live status line where there is a terminal, a line every few seconds where not."""

import time
from types import TracebackType

from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

from bench.attacks import FloodResult
from bench.demo import Status
from bench.faults import HarmResult
from bench.figure import Figure
from bench.summary import Summary
from bench.trips import TripsResult
from protocol.terminal import PLAIN_EVERY_S

MODE_STYLES = {"FOLLOWING": "bold green", "READY": "bold cyan", "LOCAL": "bold blue", "FROZEN": "bold white on red"}


class StatusLine:
    """Shows `Status` after `Status`. Use as a context manager."""

    def __init__(self, console: Console, seconds: float) -> None:
        self._console = console
        self._seconds = seconds
        self._live = Live(console=console, refresh_per_second=10, transient=True) if console.is_terminal else None
        self._shown_s = 0.0

    def __enter__(self) -> "StatusLine":
        if self._live is not None:
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live is not None:
            self._live.stop()

    def show(self, status: Status) -> None:
        """Replace the line."""
        if self._live is not None:
            self._live.update(line(status, self._seconds))
        elif time.monotonic() - self._shown_s >= PLAIN_EVERY_S:
            self._shown_s = time.monotonic()
            self._console.print(line(status, self._seconds), soft_wrap=True)


def line(status: Status, seconds: float) -> Text:
    """Mode, time, tips, lag, loop age and ticks of one moment, in one line."""
    mode = status.authority.mode.value if status.authority is not None else "STARTING"
    text = Text(no_wrap=True, overflow="ellipsis")
    text.append(f" {mode} ", MODE_STYLES.get(mode, "bold"))
    if status.pilot is None or not status.pilot.device_started_ns:
        return text.append(f" {status.phase}")
    text.append(f" {status.elapsed_s:5.1f}")
    text.append(f" of {seconds:.0f} s")
    if status.authority is not None and status.authority.culprit:
        text.append(f" {status.authority.culprit}", "red")
    log = status.log
    if len(log.rows):
        for arm, name in enumerate(log.arms):
            x, y, z = log.vector(arm, "measured")[-1] * 1e3
            text.append(f" | {name} {x:6.1f} {y:6.1f} {z:6.1f} mm lag {log[f'arm{arm}_lag_m'][-1] * 1e3:4.2f}")
        text.append(f" | loop {log.loop_age_ns[-1] / 1e6:3.0f} ms | missed {log['missed'][-1]:.0f}")
    return text


def table(summary: Summary) -> Table:
    """The figures of a run that people ask for first."""
    result = Table(
        title=f"farhand demo: {summary.robot}, {summary.device}, {summary.seconds:.1f} s", title_justify="left"
    )
    result.add_column("figure")
    result.add_column("value", justify="right")
    age = summary.loop_age_ms
    rows = (
        ("tracking error, rms", _number(summary.tracking_rms_mm, "mm", 3)),
        ("tracking error, max", _number(summary.tracking_max_mm, "mm", 3)),
        ("its lag, taken out", _number(summary.tracking_lag_ms, "ms", 0)),
        ("largest step at a clutch", _number(summary.clutch_step_max_mm, "mm", 4)),
        (
            "loop age p50 / p99 / max",
            f"{_number(age.p50, '', 0)}/ {_number(age.p99, '', 0)}/ {_number(age.max, 'ms', 0)}",
        ),
        (
            "clutch epochs followed / asked",
            f"{_each(summary.clutch_epochs_followed)} / {_each(summary.clutch_epochs_asked)}",
        ),
        ("commands sent / accepted", f"{summary.commands_sent} / {summary.commands_accepted}"),
        ("commands rejected", str(sum(summary.commands_rejected.values())) + _reasons(summary.commands_rejected)),
        ("control ticks / missed", f"{summary.ticks} / {summary.ticks_missed}"),
        ("CPU of a control tick, median", _number(summary.tick_cpu_us_median, "us", 0)),
        ("pressed by stand-ins, not people", "yes" if summary.stand_ins else "no"),
    )
    for name, value in rows:
        result.add_row(name, value)
    return result


def _number(value: float | None, unit: str, digits: int) -> str:
    return "none" if value is None else f"{value:.{digits}f} {unit}"


def _each(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items()) or "none"


def _reasons(counts: dict[str, int]) -> str:
    return f" ({_each(counts)})" if counts else ""


def figures_table(name: str, figures: list[Figure]) -> Table:
    """What was asked, what was measured, and whether it holds."""
    result = Table(title=f"farhand bench {name}", title_justify="left")
    for title in ("asked", "measured", "at most", "holds", "how"):
        result.add_column(title, justify="right" if title in ("measured", "at most") else "left")
    for figure in figures:
        holds = {True: "[green]yes[/]", False: "[bold red]NO[/]", None: "not measured"}[figure.holds]
        unit = f" {figure.unit}" if figure.unit else ""
        measured = "" if figure.holds is None else f"{figure.measured:.3g}{unit}"
        result.add_row(figure.asked, measured, f"{figure.bound:.3g}{unit}", holds, figure.note)
    return result


def faults_table(results: list[HarmResult]) -> Table:
    """Each harm: how soon and how far, beside the computed bounds; then what was said, and to whom."""
    table = Table(
        title="farhand bench faults: time to standstill, and the tip's way after the harm", title_justify="left"
    )
    for title in ("harm", "trials", "void", "stood ms", "max", "bound", "way mm", "bound", "holds"):
        table.add_column(title, justify="left" if title == "harm" else "right")
    for result in results:
        table.add_row(
            result.harm,
            str(result.trials),
            str(result.discarded),
            _number(result.stood_ms_median, "", 0),
            _number(result.stood_ms_max, "", 0),
            f"{result.stood_ms_bound:.0f}",
            f"{result.travel_mm_max:.2f}" if result.stood_ms_max is not None else "goes on",
            f"{result.travel_mm_bound:.2f}",
            "yes" if result.holds else "[bold red]NO[/]",
        )
    return table


def told_table(results: list[HarmResult]) -> Table:
    """Each harm: what the supervisor said and whom it reached, in how many trials."""
    table = Table(title="what was said: culprit, panel, surgeon's side", title_justify="left")
    for title in ("harm", "culprit", "panel", "surgeon"):
        table.add_column(title)
    for result in results:
        told = (result.culprits, result.staff, result.surgeon)
        table.add_row(result.harm, *("; ".join(f"{what or 'none'} ({n})" for what, n in each.items()) for each in told))
    return table


def trips_notes(results: list[TripsResult]) -> list[str]:
    """What stands below the table: of real processes, how long arms followed, and what tripped where it is no fault."""
    aside = [f"tripped in what was set aside: {_each(r.trips_set_aside)}" for r in results if r.trips_set_aside]
    return [*(f"{r.what}: arms followed for {r.following_h:.2f} h" for r in results if r.following_h), *aside]


def floods_table(results: list[FloodResult]) -> Table:
    """Each flood: the command age's p99 in and before it, the tip's way, freezes, the gateway's memory, entries of the
    log, and how late a bare loop beside it was, in ms."""
    table = Table(title="farhand bench attacks: a flood on a surgeon at work", title_justify="left")
    for title in (
        "flood",
        "times",
        "age p99 ms",
        "before",
        "tip mm",
        "frozen",
        "memory MiB",
        "log",
        "host ms",
        "holds",
    ):
        table.add_column(title, justify="left" if title in ("flood", "frozen") else "right")
    for result in results:
        table.add_row(
            result.flood,
            str(result.times),
            f"{result.age_p99_ms:.2f}",
            f"{result.age_p99_before_ms:.2f}",
            f"{result.tip_mm:.3f}",
            _each(result.frozen) if result.frozen else "no",
            f"{result.memory_mib:+.1f}",
            "" if result.told is None else str(result.told),
            _number(result.host_late_ms, "", 1),
            "yes" if result.holds else "[bold red]NO[/]",
        )
    return table


def trips_table(results: list[TripsResult]) -> Table:
    """Hours, and what tripped in them."""
    table = Table(title="farhand bench trips: freezes of what was healthy", title_justify="left")
    for title in ("what", "hours", "set aside", "false trips", "slowed", "pauses", "holds"):
        table.add_column(title, justify="left" if title == "what" else "right")
    for result in results:
        table.add_row(
            result.what,
            f"{result.hours:.2f}",
            f"{result.set_aside_h:.2f}",
            _each(result.trips) if result.trips else "0",
            f"{result.slowed_share:.2%}",
            str(result.pauses),
            "yes" if result.holds else "[bold red]NO[/]",
        )
    return table
