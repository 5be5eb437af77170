"""Commands over two carriers: by turns, or all over both."""

import time
from contextlib import ExitStack

import msgspec
import pytest
import zmq

from master.session_lanes import SessionLanes
from protocol import curve, lanes
from protocol.carriers import Carriage, Carrier
from protocol.ports import command_port, free_ports
from protocol.run_keys import RunKeys
from tests.master.test_pilot import WELCOME

pytestmark = pytest.mark.live

HOSTS = ("127.0.0.1", "127.0.0.2")
PATIENCE_S = 10.0
FRAMES = [b"frame %d" % number for number in range(40)]


@pytest.fixture
def stack():
    with ExitStack() as stack:
        yield stack


def patient_sides(stack, port, keys):
    """What listens for commands, one on each carrier."""
    context = zmq.Context()
    stack.callback(context.term)
    ends = []
    for host in HOSTS:
        end = lanes.pull(context)
        stack.callback(end.close)
        curve.be_server(end, keys)
        end.bind(f"tcp://{host}:{command_port(port)}")
        ends.append(end)
    return ends


@pytest.fixture
def opened(stack):
    """Lanes over both carriers, all of them carrying, and the two ends."""

    def opened(carriage):
        keys, port = curve.new_pair(), free_ports()
        ends = patient_sides(stack, port, keys)
        context = zmq.Context()
        stack.callback(context.term)
        ours = RunKeys(keys.public, curve.new_pair())
        welcome = msgspec.structs.replace(WELCOME, state_key=curve.new_pair().public)
        carriers = tuple(Carrier("", "", host) for host in HOSTS)
        session = SessionLanes(context, carriers, carriage, port, 8, 1000, ours, welcome)
        stack.callback(session.close)
        wanted = 8 if carriage is Carriage.STRIPE else 16
        assert kept_going(session, lambda: session.standing()[0] == wanted)
        return session, ends

    return opened


def kept_going(session, done):
    end_s = time.monotonic() + PATIENCE_S
    while not done():
        if time.monotonic() > end_s:
            return False
        session.tick(time.monotonic_ns())
        time.sleep(0.001)
    return True


def sent_at_last(session, frame):
    """ZeroMQ looks every 3 ms only which of its lanes have room again."""
    time.sleep(0.005)
    assert session.send(frame)


def sent(session, ends, each):
    """What came in at each end of frames of which each comes in so often, one after the other."""
    came = [[], []]
    for number, frame in enumerate(FRAMES, 1):
        sent_at_last(session, frame)

        def is_there(count=number * each):
            for end, frames in zip(ends, came, strict=True):
                frames.extend(lanes.drain(end))
            return len(came[0]) + len(came[1]) >= count

        assert kept_going(session, is_there)
    return came


def test_no_two_commands_in_a_row_go_by_the_same_carrier(opened):
    first, second = sent(*opened(Carriage.STRIPE), 1)
    assert {tuple(first), tuple(second)} == {tuple(FRAMES[::2]), tuple(FRAMES[1::2])}


def test_what_is_duplicated_goes_by_both(opened):
    assert sent(*opened(Carriage.DUPLICATE), 2) == [FRAMES, FRAMES]


def test_what_one_carrier_does_not_take_goes_by_the_other(opened):
    session, ends = opened(Carriage.STRIPE)
    ends[0].close()
    assert kept_going(session, lambda: session.standing()[0] == 4)
    for frame in FRAMES:
        sent_at_last(session, frame)
        assert kept_going(session, lambda: ends[1].poll(0))
        assert lanes.drain(ends[1]) == [frame]
