"""The audit log's process: looks at the cells, hears the gateway, and has entries written. It never holds anybody up.

Not in real time, and its disk is waited for in a thread of its own: whatever happens here, the arms go on.
"""

import os
import socket
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import msgspec
import zmq

from protocol import lanes, realtime
from protocol.audit_records import AuditState, Turns
from protocol.board import Board
from protocol.child import Child, run
from protocol.clock import MonotonicClock
from protocol.codec import UNDECODABLE
from protocol.fields import clipped
from protocol.records import Authority, Incident, Measured, Session
from protocol.ticker import Ticker
from slave.audit_file import AuditFile, AuditFileError
from slave.audit_log import TORN, Happening
from slave.audit_merge import Merger
from slave.audit_watch import AuditWatch, Seen
from slave.audit_writer import Writer
from slave.config import SlaveConfig

LOOKS_PER_S = 100
TELL_EVERY_LOOKS = 10
INCIDENTS_WAITING_MAX = 1000
END_S = 1.0
"""For what still waits to be written when the run ends: half of it for the disk, half for a queue that is full."""

_decode = msgspec.msgpack.Decoder(Incident).decode


class Cells:
    """What is looked at."""

    def __init__(self, board: Board) -> None:
        self._turns = board.view("turns", Turns)
        self._authority = board.view("authority", Authority)
        self._session = board.view("session", Session)
        self._accounts = (board.view("measured", Measured), board.view("drives.measured", Measured))

    def look(self) -> Seen:
        """The newest of each. Of a stop the drives themselves tell, too, should the plant be dead."""
        accounts = [account for view in self._accounts if (account := view.latest()) is not None]
        newest = max(accounts, key=lambda account: account.stamp_ns, default=None)
        return Seen(self._turns.latest(), self._authority.latest(), self._session.latest(), newest)


def incident_of(frame: bytes, now_ns: int) -> Incident:
    """What the gateway told; what cannot be read is an incident of its own."""
    try:
        incident = _decode(frame)
    except UNDECODABLE as error:
        return Incident(now_ns, "unreadable", "audit's ipc", clipped(str(error)), 1)
    if incident.what == TORN:
        # Worst case: as it came, it would tell of bytes that are not there, and the log would read as falsified.
        return Incident(now_ns, "unreadable", "audit's ipc", f"{TORN!r} is for the log itself to say", incident.count)
    return incident


def begun(config: SlaveConfig, now_ns: int) -> Happening:
    """The first entry of a run: what runs, where."""
    try:
        software = version("farhand")
    except PackageNotFoundError:
        software = "not installed"
    return Happening(
        now_ns,
        "run started",
        socket.gethostname(),
        f"farhand {software}, {config.robot}, {config.procedure}",
        details={
            "version": software,
            "robot": config.robot,
            "procedure": config.procedure,
            "stand_ins": config.stand_ins,
            "pid": os.getppid(),
            "audit_pid": os.getpid(),
        },
    )


class Audit:
    """One run's log: looks, and hands on what it saw."""

    def __init__(self, board: Board, heard: lanes.Socket, writer: Writer) -> None:
        self._cells = Cells(board)
        self._heard = heard
        self._writer = writer
        self._watch = AuditWatch()
        self._merger = Merger()
        self._state = board.post("audit.state", AuditState)
        self._clock = MonotonicClock()

    def look(self) -> None:
        """All that is new, in the order in which it was learnt."""
        seen = self._cells.look()
        frames = lanes.drain(self._heard, INCIDENTS_WAITING_MAX)
        now_ns = self._clock.now_ns()
        for happening in self._watch.step(now_ns, seen):
            self._writer.put(happening)
        for frame in frames:
            happened = self._merger.take(now_ns, incident_of(frame, now_ns))
            if happened is not None:
                self._writer.put(happened)
        for happening in self._merger.due(now_ns):
            self._writer.put(happening)

    def tell(self) -> None:
        """How it goes, to the launcher's status line."""
        now_ns, writer = self._clock.now_ns(), self._writer
        trouble = clipped(writer.trouble(now_ns))
        self._state.publish(AuditState(now_ns, writer.entries, writer.waiting, writer.lost, trouble))

    def end(self, why: str) -> None:
        """The last look, and the last entry."""
        self.look()
        now_ns = self._clock.now_ns()
        for happening in self._merger.flush(now_ns):
            self._writer.put(happening)
        self._writer.put(Happening(now_ns, "run ended", socket.gethostname(), why, details={"audit_pid": os.getpid()}))


def main(child: Child) -> None:
    """Watch until asked to end."""
    config = msgspec.json.decode(child.argument, type=SlaveConfig)
    realtime.keep_to(realtime.Cores.OTHERS)
    context: lanes.Context = zmq.Context()
    heard = lanes.pull(context)
    heard.setsockopt(zmq.RCVHWM, INCIDENTS_WAITING_MAX)
    heard.bind(child.board.ipc("audit"))
    path = Path(config.audit)
    file = AuditFile(path)
    writer = Writer(file)
    clock = MonotonicClock()
    number = file.chain.number
    torn = ", after a line that was found cut short" if file.chain.torn else ""
    writer.put(begun(config, clock.now_ns()))
    audit = Audit(child.board, heard, writer)
    audit.tell()
    child.ready((f"the audit log goes on in {path} at entry {number + 1}{torn}",))
    ticker = Ticker(clock, LOOKS_PER_S)
    while child.running and writer.alive:
        ticker.wait()
        audit.look()
        if ticker.ticks % TELL_EVERY_LOOKS == 0:
            audit.tell()
    orphaned = os.getppid() != child.board.owner
    audit.end("in order, after the process that started it all had died" if orphaned else "in order")
    if not writer.close(END_S):
        print(f"farhand: not all that waited for the audit log {path} could be written", flush=True)
    audit.tell()


if __name__ == "__main__":
    run("audit", main, refusals=(AuditFileError,))
