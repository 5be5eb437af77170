"""The patient's sides that a surgeon can choose: those that this device trusts, and those that run on this host."""

from collections.abc import Iterable
from pathlib import Path

from master.console_records import Side
from protocol.board import living_boards
from protocol.fingerprint import fingerprint
from protocol.key_files import KeyStoreError
from protocol.key_store import KeyStore, Trusted
from protocol.numerals import whole
from protocol.ports import DEFAULT_PORT, LAST
from protocol.roles import Role
from protocol.run_keys import LOOPBACK

AT_MOST = 24
"""Shown; who trusts more types the address."""
MARK = f"curve.at.{LOOPBACK[0]}."
HERE = "this host"


def known_sides(folder: Path, run: str = "") -> tuple[tuple[Side, ...], str]:
    """All that can be chosen, those on this host first, and what is wrong with the list of those trusted, or ''.

    `run`: the board of the one on this host that is meant, where several run.
    """
    boards = [Path(run)] if run else living_boards("slave")
    trusted: Iterable[Trusted] = ()
    trouble = ""
    try:
        trusted = KeyStore(folder).trusted()
    except KeyStoreError as error:
        trouble = str(error)
    return (*_here(boards), *_trusted(trusted))[:AT_MOST], trouble


def _here(boards: Iterable[Path]) -> list[Side]:
    found = []
    for board in boards:
        ports = (whole(path.name.removeprefix(MARK), 1, LAST) for path in sorted(board.glob(f"{MARK}*")))
        # One that lets in only whom it trusts makes no keys for this host's own programs.
        if (board / f"curve.{Role.SURGEON.value}").exists():
            found += [Side(HERE, f"{LOOPBACK[0]}:{port}", "") for port in ports if port is not None]
    return found


def _trusted(listed: Iterable[Trusted]) -> list[Side]:
    return [
        Side(each.name, f"{each.host or each.name}:{DEFAULT_PORT}", fingerprint(each.public))
        for each in listed
        if each.role is Role.PATIENT and not each.revoked
    ]
