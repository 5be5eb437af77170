"""The board: a directory in memory that holds one run's cells and rings, typed and named.

The process that starts the run makes the board and everything on it, and removes it at the end; the others open it.
"""

import os
import shutil
import stat
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Generic, TypeVar

import msgspec

from protocol.cells import Cell, Ring
from protocol.codec import UNDECODABLE

Record = TypeVar("Record", bound=msgspec.Struct)

CELL_BYTES = 4096
"""Twice the largest record of most cells, a four-arm report."""

_encode = msgspec.msgpack.Encoder().encode


class Post(Generic[Record]):
    """The writing end of a cell."""

    def __init__(self, cell: Cell) -> None:
        self._cell = cell

    def publish(self, record: Record) -> None:
        """Replace what readers see."""
        self._cell.write(_encode(record))


class View(Generic[Record]):
    """A reading end of a cell. Decodes only what is new."""

    def __init__(self, cell: Cell, kind: type[Record]) -> None:
        self._cell = cell
        self._decode = msgspec.msgpack.Decoder(kind).decode
        self._generation = 0
        self._latest: Record | None = None

    def latest(self) -> Record | None:
        """The newest whole record; None before the first.

        A writer that was interrupted halfway, by a reader of higher priority perhaps, leaves a torn record: then the
        one before it stands, and grows old. Whoever reads judges a record by its stamp and so notices a dead writer.
        """
        generation = self._cell.generation
        if generation != self._generation:
            content = self._cell.read()
            if content is not None:
                with suppress(*UNDECODABLE):
                    self._latest = self._decode(content)
                    self._generation = generation
        return self._latest


class Board:
    """Cells and rings by name, in one directory of 0700."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    @classmethod
    def create(cls, role: str) -> "Board":
        """Make a board for this process, in memory. Boards whose owners died without removing them go first."""
        root = boards_root()
        for old in root.glob("farhand-*-*"):
            if _owner_is_dead(old):
                shutil.rmtree(old, ignore_errors=True)
        directory = root / f"farhand-{role}-{os.getpid()}"
        shutil.rmtree(directory, ignore_errors=True)  # of a process that died, and whose number is now ours
        directory.mkdir(mode=0o700)
        return cls(directory)

    @property
    def owner(self) -> int:
        """Process id of the one that made it."""
        return _owner(self.directory)

    def remove(self) -> None:
        """Take the board away; processes that still have it open keep their mapping."""
        shutil.rmtree(self.directory, ignore_errors=True)

    def add_cell(self, name: str, capacity: int = CELL_BYTES) -> None:
        """Make the cell, empty, for records of at most `capacity` bytes."""
        Cell(self.directory / name, capacity=capacity)

    def remove_cell(self, name: str) -> None:
        """Take the cell away, if there is one; who has it open keeps his mapping."""
        (self.directory / name).unlink(missing_ok=True)

    def add_ring(self, name: str, columns: int, rows: int) -> None:
        """Make the ring, empty."""
        Ring(self.directory / name, columns=columns, capacity=rows)

    def post(self, name: str, kind: type[Record]) -> Post[Record]:
        """The writing end of a cell for records of `kind`. Raises CellError when there is no such cell."""
        return Post(Cell(self.directory / name))

    def view(self, name: str, kind: type[Record]) -> View[Record]:
        """A reading end of a cell. Raises CellError when there is no such cell."""
        return View(Cell(self.directory / name), kind)

    def ring(self, name: str) -> Ring:
        """A ring. Raises CellError when there is no such ring."""
        return Ring(self.directory / name)

    def ipc(self, name: str) -> str:
        """The endpoint of a socket that only this user's processes on this host can reach."""
        return f"ipc://{self.directory / name}"


def boards_root() -> Path:
    """Where boards are made: in memory, where there is a place for it."""
    return Path("/dev/shm") if os.access("/dev/shm", os.W_OK) else Path(tempfile.gettempdir())


def living_boards(role: str) -> list[Path]:
    """This user's boards of a role whose owners live, sorted. What another user put there is none of ours."""
    found = boards_root().glob(f"farhand-{role}-*")
    return sorted(path for path in found if _is_ours(path) and not _owner_is_dead(path))


def _is_ours(path: Path) -> bool:
    try:
        status = path.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(status.st_mode) and status.st_uid == os.getuid() and not status.st_mode & 0o077


def _owner(directory: Path) -> int:
    owner = directory.name.rpartition("-")[2]
    return int(owner) if owner.isdecimal() else 0


def _owner_is_dead(directory: Path) -> bool:
    owner = _owner(directory)
    return owner != 0 and not Path(f"/proc/{owner}").exists()
