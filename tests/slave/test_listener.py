import socket
import time
from collections import Counter
from contextlib import ExitStack

import pytest
import zmq

from protocol import curve, lanes
from protocol.ports import free_ports, observer_port, session_port, state_port
from protocol.roles import Door
from protocol.zap import Knock
from slave.listener import PEERS_PER_ADDRESS, Listener, PortError

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


def streamed(listener, socket, seconds=PATIENCE_S, lets_in=lambda _: True):
    """The first frame that comes out of `socket` while states go out, or None."""
    end_s, tick = time.monotonic() + seconds, 0
    while time.monotonic() < end_s:
        time.sleep(0.001)
        tick += 1
        listener.doorman.answer(lets_in)
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


@pytest.mark.parametrize(
    ("door", "port_of", "kind"),
    [(Door.STATES, state_port, zmq.PULL), (Door.OBSERVERS, observer_port, zmq.SUB)],
)
def test_whom_the_doorman_does_not_let_in_hears_nothing(stack, port, door, port_of, kind):
    listener, knocks = listening(stack, port), []

    def lets_in(knock):
        knocks.append(knock)
        return False

    listener.open_states(HOST_KEYS)
    watcher = master(stack, kind, port_of(port), HOST_KEYS.public)
    assert streamed(listener, watcher, 0.5, lets_in) is None
    assert knocks[0] == Knock(door.value, "127.0.0.1", OURS.public)
    trusted = master(stack, kind, port_of(port), HOST_KEYS.public)
    assert streamed(listener, trusted) is not None, "who is trusted later is let in then"


def test_without_an_answer_of_the_doorman_nobody_comes_in(stack, port):
    listener = listening(stack, port)
    socket = master(stack, zmq.SUB, observer_port(port), HOST_KEYS.public)
    end_s = time.monotonic() + 0.5
    while time.monotonic() < end_s:
        time.sleep(0.001)
        listener.show(b"shown")
        assert lanes.drain(socket) == []


def test_watchers_are_let_go_and_only_those_who_may_come_back(stack, port):
    listener = listening(stack, port)
    watcher = master(stack, zmq.SUB, observer_port(port), HOST_KEYS.public)
    assert streamed(listener, watcher) == b"shown"
    listener.close_observers()
    lanes.drain(watcher)
    knocks = []
    assert streamed(listener, watcher, PATIENCE_S, lambda knock: not knocks.append(knock)) == b"shown"
    assert knocks, "he was asked for his key anew"
    listener.close_observers()
    lanes.drain(watcher)
    assert streamed(listener, watcher, 0.7, lambda _: False) is None


def test_an_address_with_too_many_connections_is_turned_away_and_others_are_not(stack, port):
    listener = listening(stack, port)
    for _ in range(PEERS_PER_ADDRESS + 3):
        stack.enter_context(
            socket.create_connection(("127.0.0.1", session_port(port)), source_address=("127.0.0.2", 0))
        )
    turned_away, end_s = Counter(), time.monotonic() + PATIENCE_S
    while turned_away.total() < 3 and time.monotonic() < end_s:
        listener.tick(time.monotonic_ns(), 0)
        turned_away.update(listener.turned_away())
        time.sleep(0.001)
    assert turned_away == {"127.0.0.2": 3}
    ours = stack.enter_context(socket.create_connection(("127.0.0.1", session_port(port))))
    for _ in range(20):
        listener.tick(time.monotonic_ns(), 0)
        time.sleep(0.001)
    ours.settimeout(PATIENCE_S)
    assert ours.recv(10), "a greeting: it is listened to"
    assert listener.turned_away() == {}


def test_a_port_that_is_taken_is_told_at_once(stack, port):
    listening(stack, port)
    with pytest.raises(PortError, match="--bind"):
        Listener("127.0.0.1", port, HOST_KEYS)
