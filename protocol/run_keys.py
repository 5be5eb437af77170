"""Keys made for one run of the patient's side, and how a master on the same host finds the public one.

The secret stays in a file of 0600 on the run's board (0700), so that no command line shows it.
"""

import os
from pathlib import Path

from protocol.board import Board, living_boards
from protocol.curve import KeyPair, check_key, new_pair

LOOPBACK = ("127.0.0.1", "localhost")


def make(board: Board, host: str, port: int) -> KeyPair:
    """A fresh pair for the run that listens on `port` of `host`, kept on its board."""
    pair = new_pair()
    for name, text in (("curve.secret", pair.secret), (_public_name(host, port), pair.public)):
        descriptor = os.open(board.directory / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(text)
    return pair


def load(board: Board, host: str, port: int) -> KeyPair:
    """The pair that `make` left here. Raises OSError, or NoKeyError where it is damaged."""
    names = _public_name(host, port), "curve.secret"
    # Any byte becomes some character: whether it may stand in a key, `check_key` says.
    public, secret = ((board.directory / name).read_text(encoding="latin-1") for name in names)
    return KeyPair(check_key(public), check_key(secret))


def find_public(port: int) -> str:
    """The public key of this user's patient's side that listens on `port` of loopback; "" when there is none."""
    for directory in living_boards("slave"):
        text = _read(directory / _public_name(LOOPBACK[0], port))
        if text:
            return text
    return ""


def _read(path: Path) -> str:
    try:
        return check_key(path.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return ""


def _public_name(host: str, port: int) -> str:
    return f"curve.{LOOPBACK[0] if host in LOOPBACK else host}.{port}.public"
