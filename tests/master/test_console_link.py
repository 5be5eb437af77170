"""What the console tells the pilot, over real ipc."""

import time

import pytest
import zmq

from master.console_link import ConsoleLink
from protocol.board import Board
from protocol.codec import encode
from protocol.messages import ConsoleReport

OLD_CLOCK_NS, STAMP_NS = 10**15, 10**12
PATIENCE_S = 10.0


class Console:
    def __init__(self, board):
        self.context = zmq.Context()
        self.link = ConsoleLink(self.context, board)
        self._out = self.context.socket(zmq.PUSH)
        self._out.connect(board.ipc("console.reports"))

    def paints(self, painted_ns, newest_ns):
        """One report, read: what counts then."""
        self._out.send(encode(ConsoleReport(1, painted_ns, 1, 77, stand_in=False)))
        assert self.link._in.poll(PATIENCE_S * 1000)
        self.link.read(time.monotonic_ns(), newest_ns)
        return None if self.link.report is None else self.link.report.painted_ns


@pytest.fixture
def console():
    board = Board.create("console")
    console = Console(board)
    yield console
    console.context.destroy(0)
    board.remove()


def test_only_a_newer_state_counts(console):
    assert console.paints(STAMP_NS, STAMP_NS) == STAMP_NS
    assert console.paints(STAMP_NS - 1, STAMP_NS) == STAMP_NS
    assert console.paints(STAMP_NS + 1, STAMP_NS + 5) == STAMP_NS + 1


def test_a_late_report_of_the_session_before_does_not_silence_the_console_in_the_next(console):
    """The patient's side was started anew, and its clock is younger."""
    assert console.paints(OLD_CLOCK_NS, OLD_CLOCK_NS) == OLD_CLOCK_NS
    console.link.forget()
    assert console.paints(OLD_CLOCK_NS + 1, None) is None
    assert console.paints(OLD_CLOCK_NS + 2, STAMP_NS) is None
    assert console.paints(STAMP_NS, STAMP_NS) == STAMP_NS
    assert console.paints(STAMP_NS + 1, STAMP_NS + 1) == STAMP_NS + 1
