"""Both sides on this host, with stand-ins for the people: starts them, watches them, and sums up the run."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np

from bench.panel_beside import PanelBeside
from bench.summary import Summary, TickLog, floats, log_figures
from master.config import MasterConfig
from master.console.console import ConsoleProcesses
from master.console.options import ConsoleOptions
from master.launch import MasterProcesses
from protocol.children import ChildError
from protocol.half import Half
from protocol.key_store import default_folder
from protocol.ports import free_ports
from protocol.records import Authority, IntakeCounts, PilotCounts
from safety.limits import load_limits
from slave.config import SlaveConfig
from slave.launch import SlaveProcesses, development_lease_ns
from slave.tick_log import columns

LOOK_EVERY_S = 0.05
START_LIMIT_S = 30.0


class DemoOptions(NamedTuple):
    """What the user chose. `seconds` count from the start of the device, 3 s after READY. `windows`: not headless."""

    device: str
    robot: str
    procedure: str
    seconds: float
    seed: int
    scale: float
    tremor_filter: bool
    windows: bool = False


class Status(NamedTuple):
    """One look at a running demo. `log` holds the newest ticks, and none before the first."""

    phase: str
    elapsed_s: float
    authority: Authority | None
    pilot: PilotCounts | None
    log: TickLog


class Demo:
    """One run. `start`, then `look` until it says that it is over, then `finish`; `stop` at any moment."""

    def __init__(self, options: DemoOptions) -> None:
        port = free_ports()
        self._options = options
        lease_ns = development_lease_ns(load_limits(options.procedure))
        slave = SlaveConfig("127.0.0.1", port, options.procedure, lease_ns, options.robot, stand_ins=True)
        self._slave = SlaveProcesses(slave)
        run = str(self._slave.board.directory)
        self._panel: PanelBeside | None = None
        self._console: ConsoleProcesses | None = None
        self._master: ConsoleProcesses | MasterProcesses
        if options.windows:
            self._master = self._console = ConsoleProcesses(_console_options(options, port, run))
        else:
            self._master = MasterProcesses(_master_config(options, port, run))
        self._tick_hz = slave.rate_hz
        self._ring = self._slave.board.ring("ticks")
        self._authority = self._slave.board.view("authority", Authority)
        self._intake = self._slave.board.view("intake", IntakeCounts)
        self._pilot = self._master.board.view("pilot", PilotCounts)
        self._rows: list[bytes] = []
        self._next_row = 0
        self._lost_rows = 0
        self._notes: list[str] = []
        self._freezes: list[str] = []
        self._begun_s = time.monotonic()

    def start(self) -> tuple[str, ...]:
        """Start all processes. Returns notes for the user. Raises ChildError with one clear line."""
        self._notes = list(dict.fromkeys((*self._master.start(), *self._slave.start())))
        if self._options.windows:
            self._panel = PanelBeside(self._slave.board.directory)
        return tuple(self._notes)

    def look(self) -> tuple[Status, str]:
        """Wait a moment and look: the state of things, and why it is over ('' while it is not)."""
        time.sleep(LOOK_EVERY_S)
        self._take_rows()
        pilot, authority = self._pilot.latest(), self._authority.latest()
        culprit = "" if authority is None else authority.culprit
        if culprit and self._freezes[-1:] != [culprit]:
            self._freezes.append(culprit)
        closed = self._look_after_console()
        masters = () if self._console is not None else self._master.children.ended()
        ended = (*self._slave.children.ended(), *masters)
        if ended:
            raise ChildError(f"the {ended[0]} process ended by itself; the arm holds, and the demo is over")
        started_ns = 0 if pilot is None else pilot.device_started_ns
        elapsed_s = (time.monotonic_ns() - started_ns) / 1e9 if started_ns else 0.0
        over = closed
        if pilot is not None and pilot.device_ended:
            over = "the playback's end"
        elif elapsed_s >= self._options.seconds:
            over = "time"
        elif not started_ns and time.monotonic() - self._begun_s > START_LIMIT_S:
            raise ChildError(
                f"the arm was not ready within {START_LIMIT_S:.0f} s: {pilot.mode if pilot else 'no pilot'}"
            )
        last = self._rows[-1:] if self._rows else []
        log = TickLog(floats(last), self._slave.arms, self._tick_hz)
        phase = "running" if started_ns else "waiting until the link has been good for 3 s"
        return Status(phase, elapsed_s, authority, pilot, log), over

    def windows_trouble(self) -> str:
        """Why not both windows have been open all the time; '' where they have, or where none was asked for."""
        if self._console is not None and self._console.windows > 1:
            return f"the console's window died or hung: {self._console.windows} were opened"
        if self._panel is not None and not self._panel.is_open:
            return "the panel ended by itself"
        return ""

    def finish(self, ended_by: str) -> tuple[Summary, TickLog]:
        """End both sides in order and sum up."""
        # What comes after this moment is the farewell, and no part of the run.
        self._take_rows()
        asked = self._pilot.latest()
        self._master.children.stop()
        self._slave.children.stop()
        pilot, intake = self._pilot.latest(), self._intake.latest()
        log = TickLog(floats(self._rows), self._slave.arms, self._tick_hz)
        if self._lost_rows:
            self._notes.append(f"{self._lost_rows} rows of the tick log were lost: this process was held up")
        elapsed_s = float(log["now_ns"][-1] - pilot.device_started_ns) / 1e9 if pilot and len(log.rows) else 0.0
        return (
            Summary(
                complete=ended_by in ("time", "the playback's end"),
                ended_by=ended_by,
                stand_ins=True,
                device=self._options.device,
                robot=self._options.robot,
                seconds=elapsed_s if pilot and pilot.device_started_ns else 0.0,
                tick_hz=self._tick_hz,
                pilot_ticks=pilot.ticks if pilot else 0,
                pilot_ticks_missed=pilot.missed if pilot else 0,
                commands_sent=pilot.commands_sent if pilot else 0,
                commands_dropped_by_sender=pilot.commands_dropped if pilot else 0,
                commands_accepted=intake.accepted if intake else 0,
                commands_superseded=intake.superseded if intake else 0,
                commands_rejected=intake.rejected if intake else {},
                clutch_epochs_asked=dict(zip(self._slave.arms, asked.epochs if asked else (), strict=False)),
                freezes=self._freezes,
                notes=self._notes,
                **log_figures(log),
            ),
            log,
        )

    def stop(self) -> None:
        """End everything; safe at any moment, and after `finish`."""
        if self._panel is not None:
            self._panel.stop()
        self._master.stop()
        self._slave.stop()

    def _look_after_console(self) -> str:
        """Keep the console's window open. Returns why it is over, or ''."""
        if self._console is None:
            return ""
        self._console.look()
        if self._console.over:
            raise ChildError(self._console.over)
        return "" if self._console.over is None else "the console was closed"

    def _take_rows(self) -> None:
        rows, self._next_row, lost = self._ring.take(self._next_row)
        self._lost_rows += lost
        if rows:
            self._rows.append(rows)


def _master_config(options: DemoOptions, port: int, run: str) -> MasterConfig:
    return MasterConfig(
        "127.0.0.1",
        port,
        options.device,
        name="demo",
        seed=options.seed,
        scale=options.scale,
        tremor_filter=options.tremor_filter,
        stand_ins=True,
        run=run,
    )


def _console_options(options: DemoOptions, port: int, run: str) -> ConsoleOptions:
    return ConsoleOptions(
        name="demo",
        keys=str(default_folder()),
        device=options.device,
        side=f"127.0.0.1:{port}",
        seed=options.seed,
        scale=options.scale,
        tremor_filter=options.tremor_filter,
        run=run,
        request=True,
        place=Half.LEFT,
    )


def run(options: DemoOptions, notice: Callable[[str], None], show: Callable[[Status], None]) -> tuple[Summary, TickLog]:
    """A whole demo. Ctrl-C sums up what there was. Raises ChildError, with nothing left running."""
    demo = Demo(options)
    try:
        for note in demo.start():
            notice(note)
        over = ""
        try:
            while not over:
                status, over = demo.look()
                show(status)
        except KeyboardInterrupt:
            over = "Ctrl-C"
        return demo.finish(over)
    finally:
        demo.stop()


def store(summary: Summary, log: TickLog, directory: Path) -> None:
    """Write `summary.json` and `ticks.npz` (one array a column) into `directory`, made if missing."""
    directory.mkdir(parents=True, exist_ok=True)
    arrays = {name: log[name] for name in columns(len(log.arms))}
    np.savez_compressed(directory / "ticks.npz", **arrays)  # type: ignore[arg-type]  # its stub takes any keyword for a flag
    (directory / "summary.json").write_bytes(msgspec.json.format(msgspec.json.encode(summary), indent=2) + b"\n")
