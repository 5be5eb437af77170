"""Floods of the patient's side, each a process of its own: `python -m bench.attackers JSON`, a `Flood`.

It does its worst for so long, from an address of its own on loopback, and then says how often it did it. It is nice: an
attacker has hosts of his own, and what he takes of this one's time is no harm that he can do.
"""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import msgspec
import zmq

from protocol.curve import KeyPair, be_client, new_pair
from protocol.ports import IN_A_ROW, observer_port
from protocol.roles import Door

HOST = "127.0.0.1"
NICE = 5
IP_BIND_ADDRESS_NO_PORT = 24
"""linux/in.h: the port is chosen when it is known where to."""
NOISE_BYTES = 4096
KNOCKING = 60
"""Sockets that knock at one time: less than the room that strangers have."""
KNOCK_AGAIN_MS = 1
READERS = 32
HALF_OPEN = 64
TICK_S = 0.001
END_S = 60.0


class Flood(msgspec.Struct, frozen=True):
    """What to do: one of KINDS, at the ports from `port` on, for `seconds` or until `count` are done.

    `door` is the one that it is done at, by its number among the ports, where it is not done at all. `kept`: what was
    opened is kept open. `server`, `public`, `secret`: keys, for those floods that have any. `rate_hz` of `frame`.
    """

    kind: str
    port: int
    seconds: float
    address: str = "127.0.0.2"
    door: int = 0
    count: int = 0
    kept: bool = False
    server: str = ""
    public: str = ""
    secret: str = ""
    rate_hz: int = 0
    frame: bytes = b""

    @property
    def pair(self) -> KeyPair:
        """The attacker's own key."""
        return KeyPair(self.public, self.secret)


class Attack:
    """A flood under way. `stop` at any moment."""

    def __init__(self, flood: Flood) -> None:
        self.flood = flood
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.attackers", msgspec.json.encode(flood).decode()],
            cwd=Path(__file__).resolve().parent.parent,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
        )

    def count(self) -> int:
        """Wait for its end: how often it did what it does. Raises subprocess.TimeoutExpired where it has none."""
        out, _ = self._process.communicate(timeout=self.flood.seconds + END_S)
        return int(out or 0)

    def stop(self) -> None:
        """End it."""
        self._process.kill()
        self._process.communicate()


def connections(flood: Flood) -> int:
    """`count` connections to one door, as fast as one process can; the rest of the time, with those kept open."""
    end_s, kept = time.monotonic() + flood.seconds, []
    for _ in range(flood.count):
        peer = _connecting(flood, flood.port + flood.door)
        if flood.kept:
            kept.append(peer)
        else:
            peer.close()
    time.sleep(max(0.0, end_s - time.monotonic()))
    for peer in kept:
        peer.close()
    return flood.count


def noise(flood: Flood) -> int:
    """Bytes that are no frames, on all ports by turns."""
    end_s, done = time.monotonic() + flood.seconds, 0
    while time.monotonic() < end_s:
        with suppress(OSError), _connecting(flood, flood.port + done % IN_A_ROW) as peer:
            peer.settimeout(1.0)
            peer.sendall(os.urandom(NOISE_BYTES))
        done += 1
    return done


def handshakes(flood: Flood) -> int:
    """Whole handshakes with keys that nobody trusts: each is refused, and begun anew with another key."""
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    end_s, done = time.monotonic() + flood.seconds, 0
    knocking: list[zmq.Socket[bytes]] = []
    while time.monotonic() < end_s:
        if len(knocking) >= KNOCKING:
            knocking.pop(0).close(0)
            time.sleep(TICK_S)
        peer = context.socket(zmq.DEALER)
        peer.setsockopt(zmq.RECONNECT_IVL, KNOCK_AGAIN_MS)
        be_client(peer, new_pair(), flood.server)
        peer.connect(_endpoint(flood, flood.port + flood.door))
        knocking.append(peer)
        done += 1
    context.destroy(0)
    return done


def readers(flood: Flood) -> int:
    """Observers who are let in and read nothing, and peers at the states' port who say nothing and read nothing."""
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    watching = []
    for _ in range(READERS):
        peer = context.socket(zmq.SUB)
        peer.setsockopt(zmq.RCVHWM, 1)
        peer.setsockopt(zmq.RCVBUF, 1024)
        peer.subscribe(b"")
        be_client(peer, flood.pair, flood.server)
        peer.connect(_endpoint(flood, observer_port(flood.port)))
        watching.append(peer)
    half_open = [_connecting(flood, flood.port + flood.door) for _ in range(HALF_OPEN)]
    time.sleep(flood.seconds)
    for silent in half_open:
        silent.close()
    context.destroy(0)
    return len(watching) + len(half_open)


def stream(flood: Flood) -> int:
    """`frame` at `rate_hz`, by a key, at one door; what the connection does not take is dropped."""
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    peer = context.socket(zmq.PUSH if flood.door == list(Door).index(Door.COMMANDS) else zmq.DEALER)
    be_client(peer, flood.pair, flood.server)
    peer.connect(_endpoint(flood, flood.port + flood.door))
    begun_s, done, due = time.monotonic(), 0, 0
    while (passed_s := time.monotonic() - begun_s) < flood.seconds:
        while due < passed_s * flood.rate_hz:
            due += 1
            with suppress(zmq.Again):
                peer.send(flood.frame, zmq.DONTWAIT)
                done += 1
        time.sleep(TICK_S)
    context.destroy(0)
    return done


KINDS: dict[str, Callable[[Flood], int]] = {
    "connections": connections,
    "noise": noise,
    "handshakes": handshakes,
    "readers": readers,
    "stream": stream,
}


def _connecting(flood: Flood, port: int) -> socket.socket:
    peer = socket.socket()
    with suppress(OSError):
        # Or ten thousand connections would use up the ports that this host has for all it connects to.
        peer.setsockopt(socket.IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1)
    peer.bind((flood.address, 0))
    peer.setblocking(False)
    with suppress(BlockingIOError):
        peer.connect((HOST, port))
    return peer


def _endpoint(flood: Flood, port: int) -> str:
    return f"tcp://{flood.address}:0;{HOST}:{port}"


def main() -> None:
    """Do it, and say how often."""
    flood = msgspec.json.decode(sys.argv[1], type=Flood)
    os.nice(NICE)
    print(KINDS[flood.kind](flood))


if __name__ == "__main__":
    main()
