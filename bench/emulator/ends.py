"""The two ends of each link, and what lives there."""

import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import IntEnum
from pathlib import Path

from bench.emulator import namespaces
from bench.emulator.namespaces import Namespace

FIRST_BYTES = "10.77"
ROOT = Path(__file__).resolve().parent.parent.parent


class Side(IntEnum):
    """Whose end of the link."""

    SURGEON = 0
    PATIENT = 1


def address(carrier: int, side: Side) -> str:
    """Of one end of a carrier, in every pair."""
    return f"{FIRST_BYTES}.{carrier}.{1 + side}"


class Ends:
    """`pairs` pairs of namespaces, each with a device for every address of its side; without any, to be wired later.

    Raises NamespaceError. To be closed.
    """

    def __init__(self, pairs: int, carriers: int) -> None:
        self.namespaces: list[list[Namespace]] = []
        try:
            for _ in range(pairs):
                pair: list[Namespace] = []
                self.namespaces.append(pair)
                pair.extend(namespaces.make(tuple(address(each, side) for each in range(carriers))) for side in Side)
        except BaseException:
            self.close()
            raise

    @contextmanager
    def inside(self, side: Side, pair: int = 0) -> Iterator[None]:
        """This thread lives at that end meanwhile; what it starts stays there."""
        with namespaces.inside(self.namespaces[pair][side]):
            yield

    def popen(self, side: Side, argv: Sequence[str], pair: int = 0) -> "subprocess.Popen[bytes]":
        """A process at that end, from the project's folder."""
        with self.inside(side, pair):
            return subprocess.Popen(argv, cwd=ROOT, stdin=subprocess.DEVNULL, start_new_session=True)

    def close(self) -> None:
        """Let go of them. Processes inside go on with a link that carries nothing."""
        for pair in self.namespaces:
            for each in pair:
                namespaces.close(each)
        self.namespaces = []
