"""The TCP ports of the patient's side: four in a row from the one that the user names."""

import random
import re
import socket

from protocol.numerals import whole

DEFAULT_PORT = 7200
IN_A_ROW = 4
LAST = 65535 - IN_A_ROW + 1
PROBED_FROM, PROBED_TO = 20_000, 32_000
"""Linux takes 32768 and above for outgoing connections, unless told otherwise."""
HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?")


def session_port(base: int) -> int:
    """Opening and ending a session (ROUTER)."""
    return base


def command_port(base: int) -> int:
    """The surgeon's commands (PULL)."""
    return base + 1


def state_port(base: int) -> int:
    """The slave's states, for the session's surgeon (PUSH)."""
    return base + 2


def observer_port(base: int) -> int:
    """The slave's states, for all who may watch (PUB)."""
    return base + 3


class AddressError(ValueError):
    """An address that cannot be used; the text says what one looks like."""


def parse_address(text: str) -> tuple[str, int]:
    """`HOST:PORT` to its parts. Raises AddressError."""
    host, separator, port = text.rpartition(":")
    if not separator or not host or not port.isascii() or not port.isdecimal():
        raise AddressError(f"{text!r} is no address: write HOST:PORT, for example 127.0.0.1:{DEFAULT_PORT}")
    if not HOST.fullmatch(host):
        raise AddressError(f"{host!r} is no host: write a name or an IPv4 address, for example 127.0.0.1")
    number = whole(port, 1, LAST)
    if number is None:
        raise AddressError(f"port {port} is outside 1 to {LAST} (four ports in a row are used from it on)")
    return host, number


def free_ports(count: int = IN_A_ROW) -> int:
    """The first of `count` ports in a row that are free on loopback now.

    Below those that the system gives to outgoing connections: one of these may take a free port before it is bound.
    """
    chance = random.SystemRandom()
    for _ in range(100):
        base = chance.randrange(PROBED_FROM, PROBED_TO - count)
        if all(map(_is_free, range(base, base + count))):
            return base
    raise AddressError("no four free ports in a row on 127.0.0.1: end some of the programs that listen there")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
