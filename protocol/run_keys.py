"""Keys made for one run of the patient's side, one for it and one for each role, and how others on this host find them.

The secrets stay in files of 0600 on the run's board (0700), so that no command line shows them: whoever may read them
may write the board itself.
"""

import os
from pathlib import Path
from typing import NamedTuple

from protocol.board import Board, living_boards
from protocol.curve import KeyPair, check_key, new_pair
from protocol.roles import THIS_HOST, Peer, Role

LOOPBACK = ("127.0.0.1", "localhost")
ROLES = (Role.SURGEON, Role.LOCAL, Role.OBSERVER, Role.ENGINEER)


class RunKeys(NamedTuple):
    """What one who connects needs: the server's public key, and a pair of his own."""

    server: str
    own: KeyPair


def make(board: Board, host: str, port: int, own: KeyPair | None) -> str:
    """Keep the key of the run that listens on `port` of `host` on its board; the public one is returned.

    `own` is this device's, where only those that it trusts are let in: its secret stays where it is. Without it a pair
    is made for the run, and one for each role.
    """
    server = own or new_pair()
    _write(board.directory / "curve.public", server.public)
    _write(board.directory / _address(host, port), server.public)
    if own is None:
        _write(board.directory / "curve.secret", server.secret)
        for role in ROLES:
            pair = new_pair()
            _write(board.directory / f"curve.{role.value}", f"{pair.public} {pair.secret}")
    return server.public


def server_pair(directory: Path) -> KeyPair:
    """The pair that `make` made for a run. Raises OSError, or NoKeyError where it is damaged."""
    return KeyPair(_key(directory / "curve.public"), _key(directory / "curve.secret"))


def run_peers(directory: Path) -> dict[str, Peer]:
    """Whom the run on a board lets in by keys of its own, by public key: nobody, where it goes by this device's."""
    found = {role: _pair(directory, role) for role in ROLES}
    return {pair.public: Peer(pair.public, THIS_HOST, role) for role, pair in found.items() if pair is not None}


def keys_on(directory: Path, role: Role) -> RunKeys | None:
    """What one in `role` needs for the run on a board; None where it made no key for it."""
    own = _pair(directory, role)
    try:
        return None if own is None else RunKeys(_key(directory / "curve.public"), own)
    except (OSError, ValueError):
        return None


def find(port: int, role: Role) -> RunKeys | None:
    """What one in `role` needs for this user's patient's side that listens on `port` of loopback, if there is one."""
    for directory in living_boards("slave"):
        if (directory / _address(LOOPBACK[0], port)).exists():
            return keys_on(directory, role)
    return None


def _pair(directory: Path, role: Role) -> KeyPair | None:
    try:
        public, secret = (directory / f"curve.{role.value}").read_text(encoding="latin-1").split(" ")
        return KeyPair(check_key(public), check_key(secret))
    except (OSError, ValueError):
        return None


def _key(path: Path) -> str:
    # Any byte becomes some character: whether it may stand in a key, `check_key` says.
    return check_key(path.read_text(encoding="latin-1"))


def _write(path: Path, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(text)


def _address(host: str, port: int) -> str:
    return f"curve.at.{LOOPBACK[0] if host in LOOPBACK else host}.{port}"
