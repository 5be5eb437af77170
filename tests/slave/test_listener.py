import time
from contextlib import ExitStack

import pytest
import zmq

from protocol import curve, lanes
from protocol.ports import free_ports, observer_port, state_port
from slave.listener import Listener, PortError

pytestmark = pytest.mark.live

HOST_KEYS, OURS = curve.new_pair(), curve.new_pair()
PATIENCE_S = 5.0


@pytest.fixture
def stack():
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def port():
    return free_ports()


def listening(stack, port):
    listener = Listener("127.0.0.1", port, HOST_KEYS)
    stack.callback(listener.close)
    return listener


def master(stack, kind, port, key):
    context = zmq.Context()
    stack.callback(context.term)
    socket = lanes.pull(context) if kind == zmq.PULL else context.socket(kind)
    stack.callback(socket.close, 0)
    curve.be_client(socket, OURS, key)
    if kind == zmq.SUB:
        socket.subscribe(b"")
    socket.connect(f"tcp://127.0.0.1:{port}")
    return socket


def streamed(listener, socket, seconds=PATIENCE_S):
    """The first frame that comes out of `socket` while states go out, or None."""
    end_s, tick = time.monotonic() + seconds, 0
    while time.monotonic() < end_s:
        time.sleep(0.001)
        tick += 1
        listener.tick(time.monotonic_ns(), tick)
        listener.send(b"state")
        listener.show(b"shown")
        frames = lanes.drain(socket)
        if frames:
            return frames[0]
    return None


def test_states_go_to_whoever_knows_the_sessions_key_and_to_nobody_else(stack, port):
    listener = listening(stack, port)
    keys = curve.new_pair()
    listener.open_states(keys)
    assert streamed(listener, master(stack, zmq.PULL, state_port(port), keys.public)) == b"state"
    assert streamed(listener, master(stack, zmq.PULL, state_port(port), HOST_KEYS.public), 0.5) is None
    assert listener.states_sent > 0


def test_the_next_session_has_the_port_and_the_last_one_hears_nothing_more(stack, port):
    listener = listening(stack, port)
    first, second = curve.new_pair(), curve.new_pair()
    listener.open_states(first)
    old = master(stack, zmq.PULL, state_port(port), first.public)
    assert streamed(listener, old) == b"state"
    listener.open_states(second)
    assert streamed(listener, master(stack, zmq.PULL, state_port(port), second.public)) == b"state"
    lanes.drain(old)
    assert streamed(listener, old, 0.5) is None


def test_observers_see_what_is_shown_and_not_the_sessions_own(stack, port):
    listener = listening(stack, port)
    listener.open_states(curve.new_pair())
    assert streamed(listener, master(stack, zmq.SUB, observer_port(port), HOST_KEYS.public)) == b"shown"


def test_a_port_that_is_taken_is_told_at_once(stack, port):
    listening(stack, port)
    with pytest.raises(PortError, match="--bind"):
        Listener("127.0.0.1", port, HOST_KEYS)
