import socket
import time
from contextlib import ExitStack

import pytest
import zmq

from protocol import lanes
from protocol.monitor import EVENTS_AT_MOST, Monitor

pytestmark = pytest.mark.live

PATIENCE_S = 5.0
MANY = 1500
"""Connections: each makes two events, and ZeroMQ has room for two thousand unless it is told otherwise."""
BACKLOG = 4096
"""Or the kernel would have some of them wait for a second, and try again."""


@pytest.fixture
def stack():
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def server(stack):
    server = stack.enter_context(lanes.pull(stack.enter_context(zmq.Context())))
    server.setsockopt(zmq.BACKLOG, BACKLOG)
    return server


def drain(monitor):
    empty = 0
    while empty < 10:
        if monitor.read():
            empty = 0
        else:
            empty += 1
            time.sleep(0.02)


def watched(stack, server, events):
    monitor = Monitor(server, events)
    stack.callback(monitor.close)
    # Should ZeroMQ's thread wait for room, closing would wait for it without end.
    stack.callback(drain, monitor)
    return monitor, server.bind_to_random_port("tcp://127.0.0.1")


def test_a_flood_of_events_that_nobody_reads_delays_no_message(stack, server):
    _, port = watched(stack, server, zmq.EVENT_ACCEPTED | zmq.EVENT_DISCONNECTED)
    client = stack.enter_context(lanes.push(stack.enter_context(zmq.Context())))
    client.connect(f"tcp://127.0.0.1:{port}")
    assert client.poll(PATIENCE_S * 1e3, zmq.POLLOUT)
    for _ in range(MANY):
        socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S).close()
    assert lanes.send(client, b"command")
    assert server.poll(PATIENCE_S * 1e3), "ZeroMQ's thread stood still"


def test_at_one_look_so_many_are_read_and_the_others_at_the_next(stack, server):
    monitor, port = watched(stack, server, zmq.EVENT_ACCEPTED)
    many = EVENTS_AT_MOST + 20
    for _ in range(many):
        stack.enter_context(socket.create_connection(("127.0.0.1", port)))
    seen, end_s = [], time.monotonic() + PATIENCE_S
    while len(seen) < many and time.monotonic() < end_s:
        happened = monitor.read()
        assert len(happened) <= EVENTS_AT_MOST
        seen += happened
    assert {each.event for each in seen} == {zmq.EVENT_ACCEPTED}
    assert len({each.value for each in seen}) == many
