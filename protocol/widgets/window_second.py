"""What a window tells of each second of its own, and where. No Qt: whoever measures windows reads it."""

import os
from contextlib import suppress
from pathlib import Path

import msgspec

FOLDER = "FARHAND_WINDOW_FIGURES"
"""Names a folder that is there: each window adds a line of JSON a second to a file of its own in it."""


class WindowSecond(msgspec.Struct, frozen=True):
    """About a second, from one time of this host's monotonic clock to another.

    `frames`: how many were shown, as the window itself counts them. `drawn`: how the arms are drawn, "" where none are.
    `longest_blocked_ns`: the longest time in which the window could do nothing. `process_ns`, `thread_ns`: processor
    time since the process began, of all its threads and of the window's.
    """

    begin_ns: int
    end_ns: int
    frames: int
    longest_blocked_ns: int
    process_ns: int
    thread_ns: int
    resident_bytes: int
    drawn: str = ""


def resident_bytes() -> int:
    """Of this process; 0 where the kernel does not tell."""
    with suppress(OSError):
        return int(Path("/proc/self/statm").read_bytes().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return 0


def file_of(folder: Path, name: str) -> Path:
    """Where the window of this name writes."""
    return folder / f"{name}.jsonl"


def read(folder: Path, name: str) -> list[WindowSecond]:
    """What a window has written so far; nothing before its first second. Raises OSError."""
    try:
        lines = file_of(folder, name).read_bytes().split(b"\n")
    except FileNotFoundError:
        return []
    return [msgspec.json.decode(line, type=WindowSecond) for line in lines if line.endswith(b"}")]
