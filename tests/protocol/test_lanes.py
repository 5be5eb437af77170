from contextlib import ExitStack

import pytest
import zmq

from protocol import lanes
from protocol.ports import AddressError, free_ports, parse_address


@pytest.fixture
def ends():
    """Makes sockets that are closed at the end of the test."""
    context = zmq.Context()
    with ExitStack() as stack:
        stack.callback(context.term)
        yield lambda make: stack.enter_context(make(context))


def receive(socket, count):
    frames = []
    while len(frames) < count:
        assert socket.poll(5000)
        frames += lanes.drain(socket)
    return frames


@pytest.mark.live
def test_every_message_arrives_on_some_lane(ends):
    port = free_ports()
    sink = ends(lanes.pull)
    sink.bind(f"tcp://127.0.0.1:{port}")
    source = ends(lanes.push)
    for _ in range(8):
        source.connect(f"tcp://127.0.0.1:{port}")
    frames = [bytes([k]) for k in range(40)]
    for frame in frames:
        while not lanes.send(source, frame):
            source.poll(5000, zmq.POLLOUT)
    assert sorted(receive(sink, len(frames))) == frames


@pytest.mark.live
def test_nothing_waits_for_a_peer_that_is_not_there(ends):
    source = ends(lanes.push)
    source.connect(f"tcp://127.0.0.1:{free_ports()}")
    assert not lanes.send(source, b"stale by the time it could arrive")


@pytest.mark.live
def test_a_peer_that_does_not_read_fills_its_lanes_and_sending_never_blocks(ends):
    port = free_ports()
    sink = ends(lanes.pull)
    sink.bind(f"tcp://127.0.0.1:{port}")
    source = ends(lanes.push)
    source.connect(f"tcp://127.0.0.1:{port}")
    assert source.poll(5000, zmq.POLLOUT)
    refused = sum(not lanes.send(source, bytes(1000)) for _ in range(200_000))
    assert refused > 0


@pytest.mark.live
def test_oversize_messages_do_not_come_through(ends):
    port = free_ports()
    sink = ends(lanes.pull)
    sink.bind(f"tcp://127.0.0.1:{port}")
    big = ends(lambda context: context.socket(zmq.PUSH))
    big.setsockopt(zmq.LINGER, 0)
    big.connect(f"tcp://127.0.0.1:{port}")
    big.send(bytes(lanes.MAX_FRAME_BYTES + 1))
    assert sink.poll(300) == 0


@pytest.mark.parametrize(("text", "parts"), [("10.0.0.1:7200", ("10.0.0.1", 7200)), ("host:1", ("host", 1))])
def test_addresses_are_read(text, parts):
    assert parse_address(text) == parts


@pytest.mark.parametrize(
    "text", ["", "host", "host:", ":7200", "host:x", "host:0", "host:65533", "host:-1", f"host:{9:05000}"]
)
def test_what_is_no_address_is_refused(text):
    with pytest.raises(AddressError):
        parse_address(text)
