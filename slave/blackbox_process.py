"""The black box: writes the ticks around every trip into a folder. A process of its own, for disks are slow."""

import os
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import numpy as np

from kinematics.description import load_description
from protocol.cells import Ring
from protocol.child import Child, run
from protocol.clock import MonotonicClock
from protocol.records import Authority
from protocol.ticker import Ticker
from slave.blackbox import Blackbox, Trip, kept
from slave.config import SlaveConfig
from slave.tick_log import RING_ROWS, columns

LOOKS_PER_S = 20


class FolderError(Exception):
    """The folder cannot be written to."""


def main(child: Child) -> None:
    """Write until asked to end. A disk that is full is told, and control goes on."""
    config = msgspec.json.decode(child.argument, type=SlaveConfig)
    folder = Path(config.trips)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise FolderError(f"--trips {folder} cannot be made: {error.strerror}; choose another folder") from error
    if not os.access(folder, os.W_OK):
        raise FolderError(f"--trips {folder} cannot be written to; choose another folder")
    authority = child.board.view("authority", Authority)
    ring = child.board.ring("ticks")
    names = columns(len(load_description(config.robot).mounts))
    box = Blackbox()
    child.ready((f"the ticks around every trip are kept in {folder}",))
    clock = MonotonicClock()
    ticker = Ticker(clock, LOOKS_PER_S)
    while child.running:
        now_ns = ticker.wait()
        for trip in box.step(now_ns, authority.latest()):
            try:
                write(folder, trip, rows_of(ring, trip, len(names)), names)
            except OSError as error:
                print(f"farhand: the black box cannot write to {folder}: {error.strerror}", flush=True)


def rows_of(ring: Ring, trip: Trip, width: int) -> "np.ndarray[tuple[int, int], np.dtype[np.float64]]":
    """The ticks of a trip that the ring still holds, one row a tick."""
    content, _, _ = ring.take(max(0, ring.written - RING_ROWS))
    rows = np.frombuffer(content, dtype=np.float64).reshape(-1, width)
    return rows[[kept(trip, stamp_ns) for stamp_ns in rows[:, 0]]]


def write(
    folder: Path, trip: Trip, rows: "np.ndarray[tuple[int, int], np.dtype[np.float64]]", names: tuple[str, ...]
) -> None:
    """Both files of a trip, each whole or not at all: written beside, flushed to the disk, then moved into place."""
    name = f"{_wall_time(trip)}-stop{trip.stop_number}"
    beside = folder / f".{name}.npz"
    with beside.open("wb") as file:
        arrays = {column: rows[:, k] for k, column in enumerate(names)}
        np.savez_compressed(file, **arrays)  # type: ignore[arg-type]  # its stub takes any keyword for a flag
        file.flush()
        os.fsync(file.fileno())
    beside.replace(folder / f"{name}.npz")
    story = folder / f".{name}.json"
    with story.open("wb") as file:
        file.write(msgspec.json.format(msgspec.json.encode(trip), indent=2) + b"\n")
        file.flush()
        os.fsync(file.fileno())
    story.replace(folder / f"{name}.json")


def _wall_time(trip: Trip) -> str:
    """The trip's time of day, the same whenever it is asked for: what is written again replaces what was there."""
    clock = MonotonicClock()
    at_s = datetime.now(UTC).timestamp() - (clock.now_ns() - trip.at_ns) * 1e-9
    return datetime.fromtimestamp(round(at_s), UTC).strftime("%Y%m%dT%H%M%SZ")


if __name__ == "__main__":
    run("blackbox", main, refusals=(FolderError,))
