"""Files to be read: one folder a process, in memory. One that a killed process left goes when the next is made."""

import atexit
from functools import cache
from pathlib import Path

from protocol.board import Board


@cache
def board() -> Board:
    """Where they lie."""
    made = Board.create("fuzz")
    atexit.register(made.remove)
    return made


def scratch(name: str, content: bytes = b"") -> Path:
    """A file of that name with that content, in place of the one before it."""
    path = board().directory / name
    path.write_bytes(content)
    return path
