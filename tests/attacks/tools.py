"""What an attacker has: sockets of ZeroMQ with any key or none, bare TCP, and all that goes over the wire but the keys.

He knows the session's number, the newest command, the nonces and the clutch epochs. What stands between him and the
arm is keys alone; each tool gives him an address of his own on loopback.
"""

import socket
import time
from contextlib import ExitStack, suppress

import msgspec
import zmq

from bench.theatre import HOST, Theatre
from protocol.codec import encode
from protocol.curve import KeyPair, be_client
from protocol.messages import Command, TipPose
from protocol.ports import command_port, observer_port, session_port, state_port
from protocol.roles import Door

PORTS = {
    Door.SESSIONS: (session_port, zmq.DEALER),
    Door.COMMANDS: (command_port, zmq.PUSH),
    Door.STATES: (state_port, zmq.PULL),
    Door.OBSERVERS: (observer_port, zmq.XSUB),
}
ADDRESS = "127.0.0.2"
AHEAD = 200
"""Of the newest command's sequence: near enough to be believed, and too far to be caught up with at once."""
ASIDE_M = 0.005
"""How far a forged command wants the tip to go: less than the lag at which the arm would be frozen."""
PATIENCE_S = 10.0
LOOKED_AT_S = 0.02
OUTCOMES = (
    zmq.EVENT_HANDSHAKE_SUCCEEDED
    | zmq.EVENT_HANDSHAKE_FAILED_AUTH
    | zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL
    | zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL
)


class Attacker:
    """Use as a context manager: what it opened it closes."""

    def __init__(self, theatre: Theatre, address: str = ADDRESS) -> None:
        self.theatre = theatre
        self.address = address
        self._stack = ExitStack()
        self._context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()

    def __enter__(self) -> "Attacker":
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()
        self._context.term()

    def knock(self, door: Door, key: KeyPair | None) -> zmq.Socket[bytes]:
        """A connection to a door, being made: with a key, or without any."""
        port_of, _ = PORTS[door]
        return self.lead(self._peer(door, key), port_of(self.theatre.port))

    def lead(self, peer: zmq.Socket[bytes], port: int) -> zmq.Socket[bytes]:
        """Connect a socket to a port, from an address of ours."""
        peer.setsockopt(zmq.LINGER, 0)
        peer.setsockopt(zmq.RECONNECT_IVL, 100)
        peer.connect(f"tcp://{self.address}:0;{HOST}:{port}")
        return peer

    def comes_in(self, door: Door, key: KeyPair | None) -> bool:
        """Whether a door lets us in; what we say there, at once and whatever comes of it, is a forged command."""
        port_of, kind = PORTS[door]
        peer = self._peer(door, key)
        peer.monitor(f"inproc://{id(peer)}", OUTCOMES)
        outcome = self._opened(zmq.PAIR)
        outcome.connect(f"inproc://{id(peer)}")
        self.lead(peer, port_of(self.theatre.port))
        if kind in (zmq.PUSH, zmq.DEALER):
            peer.send(encode(forged(self.theatre)))
        if not outcome.poll(PATIENCE_S * 1e3):
            return False
        event = int.from_bytes(outcome.recv_multipart()[0][:2], "little")
        return event == zmq.EVENT_HANDSHAKE_SUCCEEDED

    def _peer(self, door: Door, key: KeyPair | None) -> zmq.Socket[bytes]:
        peer = self._opened(PORTS[door][1])
        if key is not None:
            be_client(peer, key, self.theatre.server_key)
        return peer

    def _opened(self, kind: int) -> zmq.Socket[bytes]:
        opened = self._context.socket(kind)
        self._stack.callback(opened.close, 0)
        return opened

    def bare(self, door: Door) -> socket.socket:
        """A TCP connection, which the patient's side has greeted, and has had a moment to look at."""
        port_of, _ = PORTS[door]
        peer = socket.create_connection((HOST, port_of(self.theatre.port)), PATIENCE_S, (self.address, 0))
        self._stack.callback(peer.close)
        assert peer.recv(1), "accepted"
        time.sleep(LOOKED_AT_S)
        return peer

    def asks(self, key: KeyPair, frame: bytes, seconds: float = PATIENCE_S) -> bytes:
        """What the patient's side answers to a message of a session; nothing where it says nothing in so long."""
        peer = self.knock(Door.SESSIONS, key)
        peer.send(frame)
        return peer.recv() if peer.poll(seconds * 1e3) else b""

    def says(self, door: Door, key: KeyPair, *frames: bytes) -> zmq.Socket[bytes]:
        """Say it, and leave the connection open."""
        peer = self.knock(door, key)
        for frame in frames:
            peer.send(frame)
        return peer


def forged(theatre: Theatre, ahead: int = AHEAD, **changes: object) -> Command:
    """The newest command of the rightful surgeon, but of now, and for a tip farther aside."""
    accepted = theatre.accepted.latest()
    assert accepted is not None
    now_ns = time.monotonic_ns()
    hands = tuple(
        msgspec.structs.replace(hand, p_W_m=(hand.p_W_m[0] + ASIDE_M, *hand.p_W_m[1:]))
        for hand in accepted.command.hands
        if isinstance(hand, TipPose)
    )
    told = {"sent_ns": now_ns, "received_ns": now_ns, "shown_ns": now_ns, "hands": hands}
    sequence = accepted.command.sequence + ahead
    return msgspec.structs.replace(accepted.command, **{"sequence": sequence, **told, **changes})


def is_ended(peer: socket.socket, seconds: float = 0.0) -> bool:
    """Whether the other side ends the connection within so long, whatever it says before."""
    deadline_s = time.monotonic() + seconds
    with suppress(TimeoutError, BlockingIOError):
        while (left_s := deadline_s - time.monotonic()) > 0.0:
            peer.settimeout(left_s)
            try:
                if not peer.recv(1000):
                    return True
            except ConnectionResetError:
                return True
    return False


def greeting(mechanism: bytes) -> bytes:
    """How a peer of ZMTP 3 begins (RFC 23)."""
    return b"\xff" + bytes(8) + b"\x7f\x03\x00" + mechanism.ljust(20, b"\0") + bytes(32)
