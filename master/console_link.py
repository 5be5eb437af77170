"""From the pilot to the console of this host, over ipc: states out, what was painted back. Nothing waits or raises."""

from protocol import lanes
from protocol.board import Board
from protocol.codec import FrameError, decode_other
from protocol.messages import ConsoleReport

SHOW_EVERY_TICKS = 10


class ConsoleLink:
    """`report` is what was painted last, `report_ns` when that was told."""

    def __init__(self, context: lanes.Context, board: Board) -> None:
        self._out = lanes.push(context)
        self._out.bind(board.ipc("console.states"))
        self._in = lanes.pull(context)
        self._in.bind(board.ipc("console.reports"))
        self._ticks = 0
        self.report: ConsoleReport | None = None
        self.report_ns: int | None = None

    def forget(self) -> None:
        """A new session: what was painted of the last one tells nothing, not even which of two stamps is newer."""
        self.report = self.report_ns = None

    def show(self, frame: bytes | None) -> None:
        """Offer the newest state to the console, a hundred times a second; it paints what it can."""
        self._ticks += 1
        if frame is not None and self._ticks % SHOW_EVERY_TICKS == 0:
            lanes.send(self._out, frame)

    def read(self, now_ns: int) -> None:
        """Take in what was painted. Only a newer state counts: a screen that stands still is not alive."""
        for frame in lanes.drain(self._in):
            try:
                report = decode_other(frame)
            except FrameError:
                continue
            last_ns = 0 if self.report is None else self.report.painted_ns
            if isinstance(report, ConsoleReport) and report.painted_ns > last_ns:
                self.report, self.report_ns = report, now_ns
