"""From the pilot to the console of this host, over ipc: states out, what was painted and wished back.

Nothing waits or raises.
"""

from master.console_messages import Wishes, decode_wish
from protocol import lanes
from protocol.board import Board
from protocol.codec import FrameError, decode_other
from protocol.messages import ConsoleReport

SHOW_EVERY_TICKS = 10


class ConsoleLink:
    """`report` is what was painted last, `report_ns` when that was told; `wishes` are the window's newest, if any."""

    def __init__(self, context: lanes.Context, board: Board) -> None:
        self._out = lanes.push(context)
        self._out.bind(board.ipc("console.states"))
        self._in = lanes.pull(context)
        self._in.bind(board.ipc("console.reports"))
        self._asked = lanes.pull(context)
        self._asked.bind(board.ipc("console.wishes"))
        self._ticks = 0
        self._shown: bytes | None = None
        self.report: ConsoleReport | None = None
        self.report_ns: int | None = None
        self.wishes: Wishes | None = None

    def forget(self) -> None:
        """A new session: what was painted of the last one tells nothing, not even which of two stamps is newer."""
        self.report = self.report_ns = self._shown = None

    def show(self, frame: bytes | None) -> bool:
        """Offer the newest state to the console, a hundred times a second; it paints what it can. Whether it was.

        Each once: over a link that is cut, one that was offered again would look like word of now.
        """
        self._ticks += 1
        if frame is None or frame is self._shown or self._ticks % SHOW_EVERY_TICKS != 0:
            return False
        if not lanes.send(self._out, frame):
            return False
        self._shown = frame
        return True

    def read(self, now_ns: int, newest_ns: int | None) -> None:
        """Take in what was painted. Only a newer state counts: a screen that stands still is not alive. `newest_ns`:
        the stamp of the newest state of this session; what is newer was painted in another, by another clock.
        """
        for frame in lanes.drain(self._in):
            try:
                report = decode_other(frame)
            except FrameError:
                continue
            if not isinstance(report, ConsoleReport) or newest_ns is None or report.painted_ns > newest_ns:
                continue
            if self.report is None or report.painted_ns > self.report.painted_ns:
                self.report, self.report_ns = report, now_ns
        for frame in lanes.drain(self._asked):
            try:
                wish = decode_wish(frame)
            except FrameError:
                continue
            if isinstance(wish, Wishes):
                self.wishes = wish
