"""What comes from the pilot is dated by when it came, once."""

import time
from contextlib import ExitStack

import pytest
import zmq
from msgspec.structs import replace

from master.console.bridge import Bridge
from master.console_link import SHOW_EVERY_TICKS, ConsoleLink
from protocol.board import Board
from protocol.clock import NS_PER_MS
from protocol.codec import encode
from tests.master.console.scenes import LINK, READY

pytestmark = pytest.mark.live

STATE = replace(READY.state, session=LINK.session)
NOW = 10**12
PATIENCE_S = 5.0


@pytest.fixture
def stack():
    with ExitStack() as stack:
        yield stack


class Rig:
    """A pilot's end and a window's, over real ipc."""

    def __init__(self, stack):
        self.board = Board.create("console")
        stack.callback(self.board.remove)
        for name in ("launcher", "pilot", "pilot.link", "pilot.hands", "welcome"):
            self.board.add_cell(name)
        context = zmq.Context()
        stack.callback(context.term)
        self.link = ConsoleLink(context, self.board)
        for socket in (self.link._out, self.link._in, self.link._asked):
            stack.callback(socket.close, 0)
        self.bridge = Bridge(self.board, 1)
        stack.callback(self.bridge.close)

    def offer(self, frame, times=1):
        return [self.link.show(frame) for _ in range(times * SHOW_EVERY_TICKS)].count(True)

    def offered(self, frame):
        """Until the window is connected."""
        end_s = time.monotonic() + PATIENCE_S
        while not self.offer(frame):
            assert time.monotonic() < end_s
            time.sleep(0.01)

    def date(self, now_ns):
        self.bridge.look(now_ns)
        return self.bridge._state_ns


def dated(rig, now_ns, wanted):
    end_s = time.monotonic() + PATIENCE_S
    while rig.date(now_ns) != wanted:
        assert time.monotonic() < end_s
        time.sleep(0.01)


def test_over_a_cut_link_the_last_state_is_offered_once_and_grows_old(stack):
    rig, frame = Rig(stack), encode(STATE)
    rig.offered(frame)
    dated(rig, NOW, NOW)
    assert rig.offer(frame, 100) == 0
    time.sleep(0.05)
    assert rig.date(NOW + 3000 * NS_PER_MS) == NOW


def test_a_state_that_is_known_already_is_no_word_of_now(stack):
    rig = Rig(stack)
    rig.offered(encode(STATE))
    dated(rig, NOW, NOW)
    rig.offered(encode(STATE))
    time.sleep(0.05)
    assert rig.date(NOW + 1) == NOW
    rig.offered(encode(replace(STATE, sequence=STATE.sequence + 1)))
    dated(rig, NOW + 2, NOW + 2)


def test_of_what_waited_for_a_window_that_hung_the_newest_counts(stack):
    rig = Rig(stack)
    rig.offered(encode(STATE))
    for number in range(1, 600):
        rig.offer(encode(replace(STATE, sequence=STATE.sequence + number)))
    time.sleep(0.1)
    rig.bridge.look(NOW)
    newest = rig.bridge._state.sequence
    rig.bridge.look(NOW + 1)
    assert rig.bridge._state.sequence == newest, "nothing older or newer waited"
    assert rig.bridge._state_ns == NOW
