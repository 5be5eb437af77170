"""By what means rivals carry a command: for each a sending and a receiving end, without the loop around them.

`stack` closes what an end holds.
"""

import socket
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial

import zmq

from protocol import curve, lanes
from protocol.accepted_lanes import AcceptedLanes
from protocol.curve import KeyPair
from protocol.lane_set import LaneSet, Target, unanswered_ms
from protocol.messages import MAX_FRAME_BYTES
from slave.listener import LANES_PER_ADDRESS

PORT = 7100
READ_EVERY_TICKS = 10

Send = Callable[[int, bytes], bool]
"""Called at every tick, with its time in ns and the command's frame: whether that was taken."""
Receive = Callable[[], list[bytes]]
"""Called at every tick: all that waits."""


def udp_sender(stack: ExitStack, host: str) -> Send:
    """A datagram a command; one that the system does not take is lost, as on the way."""
    out = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
    out.setblocking(False)
    out.connect((host, PORT))

    def send(_now_ns: int, frame: bytes) -> bool:
        try:
            out.send(frame)
        except OSError:
            return False
        return True

    return send


def udp_receiver(stack: ExitStack, host: str) -> Receive:
    """All datagrams that wait."""
    inlet = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
    inlet.bind((host, PORT))
    inlet.setblocking(False)

    def receive() -> list[bytes]:
        frames = []
        try:
            while True:
                frames.append(inlet.recv(MAX_FRAME_BYTES))
        except BlockingIOError:
            return frames

    return receive


def zmq_sender(stack: ExitStack, host: str) -> Send:
    """One connection, with the queue that ZeroMQ gives it."""
    out = stack.enter_context(_context(stack).socket(zmq.PUSH))
    out.setsockopt(zmq.LINGER, 0)
    out.connect(f"tcp://{host}:{PORT}")

    def send(_now_ns: int, frame: bytes) -> bool:
        return lanes.send(out, frame)

    return send


def zmq_receiver(stack: ExitStack, host: str) -> Receive:
    """All messages that wait."""
    inlet = stack.enter_context(_context(stack).socket(zmq.PULL))
    inlet.setsockopt(zmq.LINGER, 0)
    inlet.bind(f"tcp://{host}:{PORT}")

    return partial(lanes.drain, inlet)


def lanes_sender(stack: ExitStack, host: str, count: int, rate_hz: int, server_key: str) -> Send:
    """The lanes of the product, looked after as there. Without `server_key` nothing is encrypted: here alone."""
    out = lanes.push(_context(stack))
    if server_key:
        curve.be_client(out, curve.new_pair(), server_key)
    lane_set = LaneSet(out, [Target(host, PORT)], count, rate_hz, unanswered_ms)
    stack.callback(lane_set.close)

    def send(now_ns: int, frame: bytes) -> bool:
        lane_set.tick(now_ns)
        return lanes.send(out, frame)

    return send


def lanes_receiver(stack: ExitStack, host: str, keys: KeyPair | None) -> Receive:
    """The listening end of the product's lanes; without keys it takes what is not encrypted."""
    inlet = stack.enter_context(lanes.pull(_context(stack)))
    if keys is not None:
        curve.be_server(inlet, keys)
    inlet.bind(f"tcp://{host}:{PORT}")
    accepted = AcceptedLanes(inlet, PORT, None, LANES_PER_ADDRESS)
    stack.callback(accepted.close)
    ticks = 0

    def receive() -> list[bytes]:
        nonlocal ticks
        ticks += 1
        if ticks % READ_EVERY_TICKS == 0:
            accepted.read()
        return lanes.drain(inlet)

    return receive


def _context(stack: ExitStack) -> lanes.Context:
    context = zmq.Context()
    stack.callback(context.term)
    return context
