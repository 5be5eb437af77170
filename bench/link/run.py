"""One run of the link's bench: both sides as processes at the two ends of an emulated link, rivals at those of others.

All links are drawn from the same seed and carried by one process, and all run at the same time: what the machine does
to one it does to all.
"""

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from bench.emulator.ends import Side, address
from bench.emulator.figures import DirectionFigures
from bench.emulator.link import Cut, EmulatedLink
from bench.emulator.netem import NetemLink
from bench.emulator.profile import LinkProfile
from bench.link.ages import Floats
from bench.link.host import HostWatch
from bench.link.options import FIRST_CUT_S, LinkOptions
from bench.link.rivals import RivalLog, Rivals
from bench.link.seconds import HostSecond
from bench.summary import TickLog, floats
from master import tick_log as pilot_log
from master.config import MasterConfig
from master.launch import MasterProcesses
from protocol.carriers import Carriage, Carrier
from protocol.children import ChildError
from protocol.messages import Mode
from protocol.records import Authority, IntakeCounts, PilotCounts
from safety.limits import load_limits
from slave.config import SlaveConfig
from slave.launch import SlaveProcesses, development_lease_ns

PORT = 7200
LOOK_EVERY_S = 0.05
START_LIMIT_S = 60.0
ANYWHERE = "0.0.0.0"  # inside a namespace of our own, whose only way out is the emulated link


class Raw(NamedTuple):
    """What a run leaves: rows by tick of controller, pilot and each rival, and counts.

    `begin_ns` to `end_ns` is the measured time; `cpu_s` what each process used in it; `link` what the emulator did, at
    its begin and its end; `host` how late bare loops were, from a second before the measured time on.
    """

    ended_by: str
    begin_ns: int
    end_ns: int
    controller: TickLog
    pilot: dict[str, Floats]
    rivals: dict[str, RivalLog]
    cuts: list[Cut]
    culprits: list[tuple[int, str]]
    cpu_s: dict[str, float]
    link: tuple[list[DirectionFigures], list[DirectionFigures]]
    counts: PilotCounts | None
    intake: IntakeCounts | None
    host: list[HostSecond]
    notes: tuple[str, ...]


class Running:
    """A run under way. `start`, `look` until it says why it is over, `finish`; `stop` at any moment."""

    def __init__(self, options: LinkOptions, profile: LinkProfile) -> None:
        self._options = options
        kind = NetemLink if options.netem else EmulatedLink
        self._link: EmulatedLink | NetemLink = kind(profile, options.seed, 1 + len(options.rivals))
        self._host = HostWatch()
        self._rivals = Rivals(options.rivals, options.rate_hz, options.lanes)
        lease_ns = development_lease_ns(load_limits(options.procedure))
        self._slave = SlaveProcesses(
            SlaveConfig(ANYWHERE, PORT, options.procedure, lease_ns, options.robot, stand_ins=True)
        )
        carriers = tuple(
            Carrier(address(number, Side.SURGEON), "", address(number, Side.PATIENT))
            for number in range(len(profile.carriers))
        )
        self._master = MasterProcesses(
            MasterConfig(
                address(0, Side.PATIENT),
                PORT,
                options.device,
                name="bench",
                seed=options.seed,
                lanes=options.lanes,
                rate_hz=options.rate_hz,
                stand_ins=True,
                run=str(self._slave.board.directory),
                carriers=carriers,
                carriage=Carriage(options.carriage),
            )
        )
        self._authority = self._slave.board.view("authority", Authority)
        self._intake = self._slave.board.view("intake", IntakeCounts)
        self._pilot = self._master.board.view("pilot", PilotCounts)
        self._rings = {"ticks": self._slave.board.ring("ticks"), "pilot.ticks": self._master.board.ring("pilot.ticks")}
        self._next = dict.fromkeys(self._rings, 0)
        self._rows: dict[str, list[bytes]] = {name: [] for name in self._rings}
        self._cuts: list[Cut] = []
        self._culprits: list[tuple[int, str]] = []
        self._notes: list[str] = []
        self._begin_ns = 0
        self._cpu_begin: dict[str, float] = {}
        self._link_begin: list[DirectionFigures] = []

    def start(self) -> None:
        """Start all. Raises ChildError."""
        with self._link.ends.inside(Side.PATIENT):
            self._notes += self._slave.start()
        with self._link.ends.inside(Side.SURGEON):
            self._notes += self._master.start()
        self._rivals.start(self._link.ends)
        self._started_s = time.monotonic()

    def look(self) -> tuple[str, float, str]:
        """Wait a moment and look: how it goes, the seconds measured so far, why it is over ('' while it is not)."""
        time.sleep(LOOK_EVERY_S)
        self._take_rows()
        self._link.check()
        ended = (*self._slave.children.ended(), *self._master.children.ended())
        if ended:
            raise ChildError(f"the {ended[0]} process ended by itself, and the run is over")
        now_ns = time.monotonic_ns()
        authority, pilot = self._authority.latest(), self._pilot.latest()
        if authority is not None and authority.mode is Mode.FROZEN:
            culprit = authority.entered_ns, authority.culprit
            if self._culprits[-1:] != [culprit]:
                self._culprits.append(culprit)
        mode = "starting" if authority is None else authority.mode.value
        if not self._begin_ns:
            if pilot is not None and pilot.device_started_ns:
                self._begin(now_ns)
            elif time.monotonic() - self._started_s > START_LIMIT_S:
                raise ChildError(f"the arm was not ready within {START_LIMIT_S:.0f} s: {pilot.mode if pilot else mode}")
            return f"{mode}, waiting until the link has been good for 3 s", 0.0, ""
        self._cut_in_time(now_ns)
        self._host.look(now_ns)
        elapsed_s = (now_ns - self._begin_ns) / 1e9
        return mode, elapsed_s, "time" if elapsed_s >= self._options.seconds else ""

    def finish(self, ended_by: str) -> Raw:
        """End all in order; what came until now is the run."""
        end_ns = time.monotonic_ns()
        cpu = self._cpu()
        link_end = self._link.figures()
        self._take_rows()
        counts, intake = self._pilot.latest(), self._intake.latest()
        rivals = self._rivals.end()
        self._master.stop()
        self._slave.stop()
        # That took a while, in which the loops have told of the last second.
        self._host.look(time.monotonic_ns())
        columns = self._columns()
        return Raw(
            ended_by=ended_by,
            begin_ns=self._begin_ns or end_ns,
            end_ns=end_ns,
            controller=TickLog(floats(self._rows["ticks"]), self._slave.arms, 1000),
            pilot=columns,
            rivals=rivals,
            cuts=[cut for cut in self._cuts if cut.end_ns < end_ns],
            culprits=self._culprits,
            cpu_s={name: used - self._cpu_begin.get(name, used) for name, used in cpu.items()},
            link=(self._link_begin or link_end, link_end),
            counts=counts,
            intake=intake,
            host=self._host.seconds,
            notes=tuple(self._notes),
        )

    def stop(self) -> None:
        """End everything; safe at any moment."""
        self._rivals.close()
        self._master.stop()
        self._slave.stop()
        self._host.stop()
        self._link.close()

    def _begin(self, now_ns: int) -> None:
        self._begin_ns = now_ns
        self._host.begin(now_ns)
        self._cpu_begin = self._cpu()
        self._link_begin = self._link.figures()
        self._next_cut = 0

    def _cut_in_time(self, now_ns: int) -> None:
        cuts = self._options.cuts
        due_s = FIRST_CUT_S + self._next_cut * cuts.every_s
        if self._next_cut < cuts.number and now_ns - self._begin_ns >= due_s * 1e9:
            self._next_cut += 1
            self._cuts.append(self._link.cut(cuts.seconds, self._options.cut_carrier))

    def _take_rows(self) -> None:
        for name, ring in self._rings.items():
            rows, self._next[name], lost = ring.take(self._next[name])
            if rows:
                self._rows[name].append(rows)
            if lost:
                self._notes.append(f"{lost} rows of {name} were lost: this process was held up")

    def _columns(self) -> dict[str, Floats]:
        rows = floats(self._rows["pilot.ticks"]).reshape(-1, len(pilot_log.COLUMNS))
        return {name: rows[:, number] for number, name in enumerate(pilot_log.COLUMNS)}

    def _cpu(self) -> dict[str, float]:
        children = (*self._slave.children.pairs(), *self._master.children.pairs())
        return {name: _cpu_s(pid) for name, pid in children}


def run(options: LinkOptions, profile: LinkProfile, progress: Callable[[str, float], None]) -> Raw:
    """A whole run. Ctrl-C sums up what there was."""
    running = Running(options, profile)
    try:
        running.start()
        over = ""
        try:
            while not over:
                line, done_s, over = running.look()
                progress(line, done_s)
        except KeyboardInterrupt:
            over = "Ctrl-C"
        return running.finish(over)
    finally:
        running.stop()


def _cpu_s(pid: int) -> float:
    """Processor time that a process has used, all its threads counted."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
