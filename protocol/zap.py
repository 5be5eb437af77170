"""Who is let in: libzmq asks here at every handshake with keys (ZAP, RFC 27), and carries on without an answer never.

The key that was let in goes along with every message of its connection, so that what is heard is judged by who said it.
"""

from collections.abc import Callable
from contextlib import suppress
from typing import NamedTuple

import zmq
from zmq.utils import z85

from protocol.lanes import Context
from protocol.roles import Door

ENDPOINT = "inproc://zeromq.zap.01"
VERSION = b"1.0"
KEY_BYTES = 32
AT_ONCE = 16
"""Handshakes answered at one look: a flood of them waits, and commands do not."""


class Knock(NamedTuple):
    """One handshake: at which door, from which address, with which public key (Z85, or "" where it is none)."""

    door: str
    address: str
    key: str


class Doorman:
    """Answers all handshakes of one context. Raises ZMQError where it has one already."""

    def __init__(self, context: Context) -> None:
        self.socket = context.socket(zmq.ROUTER)
        self.socket.setsockopt(zmq.LINGER, 0)
        self.socket.bind(ENDPOINT)

    def answer(self, lets_in: Callable[[Knock], bool]) -> None:
        """Answer those who knock now. What is no request is answered by nothing, and so let in by nobody."""
        for _ in range(AT_ONCE):
            try:
                parts = self.socket.recv_multipart(zmq.DONTWAIT)
            except zmq.Again:
                return
            request = parse_request(parts)
            if request is None:
                continue
            knock, envelope = request
            code, text = (b"200", b"OK") if knock.key and lets_in(knock) else (b"400", b"not trusted here")
            with suppress(zmq.ZMQError):
                self.socket.send_multipart([*envelope, code, text, knock.key.encode("ascii"), b""], zmq.DONTWAIT)

    def close(self) -> None:
        """From now on nobody is let in."""
        self.socket.close()


def parse_request(parts: list[bytes]) -> tuple[Knock, list[bytes]] | None:
    """What is asked, and the beginning of the answer: routing, delimiter, version, number of the request.

    None for what is no request of ZAP. Raises nothing, whatever the parts are.
    """
    if len(parts) < 8 or parts[1] != b"" or parts[2] != VERSION:
        return None
    routing, delimiter, version, number, domain, address, _identity, mechanism, *credentials = parts
    keyed = mechanism == b"CURVE" and len(credentials) == 1 and len(credentials[0]) == KEY_BYTES
    key = z85.encode(credentials[0]).decode("ascii") if keyed else ""
    knock = Knock(domain.decode("ascii", "replace"), address.decode("ascii", "replace"), key)
    return knock, [routing, delimiter, version, number]


def guard(socket: zmq.Socket[bytes], door: Door) -> None:
    """Let only those in at `socket` whom the context's doorman lets in there. To be called before it is bound."""
    socket.zap_domain = door.value.encode("ascii")
    # Worst case: no doorman is there. Without this, everybody would be let in.
    socket.setsockopt(zmq.ZAP_ENFORCE_DOMAIN, 1)
