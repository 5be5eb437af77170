"""Lanes: one stream striped over many ZeroMQ connections with queues of one, so that a stalled one delays nobody.

PUSH deals messages out to its connections in turn and skips those that are full; PULL takes from all. What arrives is
neither complete nor in order, and need not be: every message is absolute and numbered, and the newest alone decides.
"""

import os
from contextlib import suppress

import zmq

from protocol.messages import MAX_FRAME_BYTES
from protocol.roles import Heard

LANES = 32
"""A burst of lost packets stalls as many lanes as it hits messages; bursts of tens are rare even on bad links."""

SEND_BUFFER_BYTES = 4096
"""Small, so that a stalled connection reads as full after a few messages instead of hoarding stale ones."""

RECEIVE_QUEUE = 256
"""Messages that a connection may have waiting to be drained: the newest decides, the others cost a glance each."""

EXPEDITED_FORWARDING = 46 << 2
"""DSCP EF in the TOS byte (RFC 3246): the class for traffic that wants low delay."""

PEER_QUEUE = 16
"""Messages that may wait where each device has one connection: even trusted devices that flood us cost little."""
NO_CONNECTION = -1
SUBSCRIBES_TO_ALL, SUBSCRIBES_NO_MORE = b"\1", b"\0"

RECONNECT_MS = 50
HANDSHAKE_MS = 6000
"""A handshake with keys takes four round trips; one that a cut has caught in the middle is begun anew."""
DEAD_PEER_MS = 45_000
"""When a listening end gives a connection up. Longer than the cuts that a case survives: what still stands then carries
on two round trips after the link's return, where a new connection takes more than five."""

Context = zmq.Context[zmq.Socket[bytes]]
Socket = zmq.Socket[bytes]


def context(below: int) -> Context:
    """A context whose thread runs `below` this one's SCHED_FIFO priority, where it has one: it never takes our time.

    Of equals, the one that runs is left to run until it waits; in a flood ZeroMQ's waits for nothing.
    """
    made: Context = zmq.Context()
    if os.sched_getscheduler(0) == os.SCHED_FIFO:
        # Where it is not granted, libzmq would abort.
        made.set(zmq.THREAD_SCHED_POLICY, os.SCHED_FIFO)
        made.set(zmq.THREAD_PRIORITY, max(1, os.sched_getparam(0).sched_priority - below))
    return made


def push(context: Context) -> Socket:
    """A sending end, not yet bound or connected."""
    socket = _socket(context, zmq.PUSH)
    socket.setsockopt(zmq.SNDHWM, 1)
    socket.setsockopt(zmq.SNDBUF, SEND_BUFFER_BYTES)
    # Without it a queue forms for a peer that is not there yet, and is delivered stale when it comes.
    socket.setsockopt(zmq.IMMEDIATE, 1)
    return socket


def pull(context: Context) -> Socket:
    """A receiving end, not yet bound or connected."""
    socket = _socket(context, zmq.PULL)
    # Roomy: what does not fit here waits in the kernel, out of `drain`'s reach, and ages there.
    socket.setsockopt(zmq.RCVHWM, RECEIVE_QUEUE)
    return socket


def dealer(context: Context) -> Socket:
    """The asking end of the session, not yet connected."""
    socket = _socket(context, zmq.DEALER)
    socket.setsockopt(zmq.SNDHWM, 1)
    socket.setsockopt(zmq.IMMEDIATE, 1)
    return socket


def router(context: Context) -> Socket:
    """The answering end of sessions, not yet bound."""
    socket = _socket(context, zmq.ROUTER)
    socket.setsockopt(zmq.RCVHWM, PEER_QUEUE)
    socket.setsockopt(zmq.SNDHWM, PEER_QUEUE)
    return socket


def publisher(context: Context) -> Socket:
    """The sending end for observers, not yet bound: one who does not read loses what he does not read.

    What they say must be asked for by `intruders`: each subscription costs memory, and there is no end of them.
    """
    socket = _socket(context, zmq.XPUB)
    socket.setsockopt(zmq.SNDHWM, 1)
    socket.setsockopt(zmq.RCVHWM, PEER_QUEUE)
    socket.setsockopt(zmq.XPUB_VERBOSE, 1)
    return socket


def subscriber(context: Context) -> Socket:
    """The receiving end of one who watches, not yet connected: the newest few, for the older ones are of no use."""
    socket = _socket(context, zmq.SUB)
    socket.setsockopt(zmq.RCVHWM, PEER_QUEUE)
    socket.subscribe(b"")
    return socket


def send(socket: Socket, frame: bytes) -> bool:
    """Send on the next lane that has room. False when all are full or none is connected: the message is dropped."""
    try:
        socket.send(frame, zmq.DONTWAIT)
    except zmq.Again:
        return False
    return True


def drain(socket: Socket, at_most: int = RECEIVE_QUEUE) -> list[bytes]:
    """All that waits, in the order of taking, which is not that of sending. Bounded, so that a flood cannot hold us."""
    frames: list[bytes] = []
    try:
        while len(frames) < at_most:
            frames.append(socket.recv(zmq.DONTWAIT))
    except zmq.Again:
        pass
    return frames


def hear(socket: Socket, at_most: int = RECEIVE_QUEUE) -> list[Heard]:
    """As `drain`, each frame with the key that it came by."""
    frames: list[Heard] = []
    try:
        while len(frames) < at_most:
            frame = socket.recv(zmq.DONTWAIT, copy=False)
            frames.append(_heard(frame))
    except zmq.Again:
        pass
    return frames


def hear_router(socket: Socket, at_most: int = 64) -> list[tuple[bytes, Heard]]:
    """All that wait at a ROUTER, each with whom to answer. What has not just these two parts is dropped."""
    messages: list[tuple[bytes, Heard]] = []
    try:
        for _ in range(at_most):
            parts = socket.recv_multipart(zmq.DONTWAIT, copy=False)
            if len(parts) == 2:
                messages.append((parts[0].bytes, _heard(parts[1])))
    except zmq.Again:
        pass
    return messages


def intruders(socket: Socket, at_most: int = RECEIVE_QUEUE) -> list[tuple[int, str]]:
    """Which connections of a `publisher` said anything but that they want all: descriptors, and the keys they have."""
    found: list[tuple[int, str]] = []
    with suppress(zmq.Again):
        for _ in range(at_most):
            frame = socket.recv(zmq.DONTWAIT, copy=False)
            heard = _heard(frame)
            # Of one that is gone ZeroMQ itself says that it subscribes no more: that comes from no connection.
            if heard.content not in (SUBSCRIBES_TO_ALL, SUBSCRIBES_NO_MORE) and heard.descriptor != NO_CONNECTION:
                found.append((heard.descriptor, heard.key))
    return found


def _heard(frame: zmq.Frame) -> Heard:
    try:
        descriptor = int(frame.get(zmq.SRCFD))
    except zmq.ZMQError:
        descriptor = NO_CONNECTION
    return Heard(frame.bytes, _key_of(frame), descriptor)


def _key_of(frame: zmq.Frame) -> str:
    try:
        return str(frame.get("User-Id"))
    except zmq.ZMQError:
        return ""


def reply(socket: Socket, peer: bytes, frame: bytes) -> None:
    """Send to one peer of a ROUTER; one that is gone or does not read loses its answer."""
    with suppress(zmq.ZMQError):
        socket.send_multipart([peer, frame], zmq.DONTWAIT)


def _socket(context: Context, kind: int) -> Socket:
    socket = context.socket(kind)
    for option, value in (
        (zmq.LINGER, 0),
        (zmq.MAXMSGSIZE, MAX_FRAME_BYTES),
        (zmq.TOS, EXPEDITED_FORWARDING),
        (zmq.RECONNECT_IVL, RECONNECT_MS),
        (zmq.HANDSHAKE_IVL, HANDSHAKE_MS),
        (zmq.TCP_MAXRT, DEAD_PEER_MS),
        (zmq.TCP_KEEPALIVE, 1),
        (zmq.TCP_KEEPALIVE_IDLE, DEAD_PEER_MS // 3000),
        (zmq.TCP_KEEPALIVE_INTVL, DEAD_PEER_MS // 9000),
        (zmq.TCP_KEEPALIVE_CNT, 6),
    ):
        socket.setsockopt(option, value)
    return socket
