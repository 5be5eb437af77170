"""CurveZMQ keys (RFC 26): every socket that leaves the host is encrypted, and its server known by its public key."""

import struct
from typing import NamedTuple

import zmq
from zmq.utils import z85

from protocol.lanes import Socket

KEY_BYTES = 32


class KeyPair(NamedTuple):
    """A public and a secret key, each of 40 characters in Z85."""

    public: str
    secret: str


class NoKeyError(ValueError):
    """A text that is no key; it says what one looks like."""


def new_pair() -> KeyPair:
    """A fresh pair from the system's randomness."""
    public, secret = zmq.curve_keypair()
    return KeyPair(public.decode(), secret.decode())


def belong_together(pair: KeyPair) -> bool:
    """Whether the public key is that of the secret one. Both must be keys: see `check_key`."""
    return zmq.curve_public(pair.secret.encode("ascii")).decode() == pair.public


def be_server(socket: Socket, pair: KeyPair) -> None:
    """Let only those in who know our public key. To be called before the socket is bound."""
    socket.curve_server = True
    socket.curve_publickey, socket.curve_secretkey = pair.public.encode(), pair.secret.encode()


def be_client(socket: Socket, pair: KeyPair, server_public: str) -> None:
    """Talk only to the server of this public key. To be called before the socket is connected."""
    socket.curve_serverkey = server_public.encode()
    socket.curve_publickey, socket.curve_secretkey = pair.public.encode(), pair.secret.encode()


def check_key(text: str) -> str:
    """`text`, if it is a key. Raises NoKeyError."""
    try:
        length = len(z85.decode(text.encode("ascii")))
    except (ValueError, KeyError, struct.error):  # five characters of Z85 can write more than four bytes hold
        length = 0
    if length != KEY_BYTES:
        raise NoKeyError(f"{text!r} is no key: one has 40 characters of Z85, as `farhand keys show` tells it")
    return text
