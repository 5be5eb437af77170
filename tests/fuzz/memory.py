"""Shared memory: a record that cannot be read leaves the one before it, and a foreign file is none of our cells."""

from collections.abc import Callable
from functools import cache
from typing import Any

import msgspec
from msgspec.structs import replace

from master.console_records import CheckRun, CheckWord
from protocol.audit_records import AuditState, Turn, Turns
from protocol.board import CELL_BYTES, View
from protocol.cells import Cell, CellError, Ring
from protocol.codec import encode
from protocol.messages import FreezeClass, Mode, Owner, Rest
from protocol.records import (
    Accepted,
    ArmSetpoint,
    DriveOrder,
    IntakeCounts,
    Jog,
    PilotCounts,
    Ready,
    Report,
    Run,
    Setpoint,
    StreamQuality,
    Verb,
)
from tests.fuzz.decoder import Decoder
from tests.fuzz.scratch import scratch
from tests.master.console.scenes import FOUND, HANDS, LAUNCHER, LINK
from tests.master.test_pilot import WELCOME
from tests.protocol.samples import ARM_STATE, AUTHORITY, COMMAND, MEASURED, PERMIT, SESSION

JOINTS = (0.0, 0.1, 0.12, 0.0, 0.0, 0.0, 0.5)
ARM = ArmSetpoint(JOINTS, JOINTS)
QUALITY = StreamQuality(10**7, 0.5, 0.01, 3, (1, 0, 0, 0, 0, 0, 0))
TURNS = Turns(
    7,
    (
        Turn("", 10**12, Owner.LOCAL, Mode.LOCAL, FreezeClass.NONE, "", False, False, 1, 0),
        Turn("LATE", 10**12 + 1, Owner.REMOTE, Mode.FOLLOWING, FreezeClass.NONE, "LAG", True, True, 2, 1),
    ),
)
RECORDS: tuple[msgspec.Struct, ...] = (
    Ready(True, ("no SCHED_FIFO",)),
    Run("psm", "laparoscopic", True, 20_000_000, "audit.jsonl"),
    Accepted(10**12, COMMAND),
    SESSION,
    IntakeCounts(10**12, 1, 2, {"field": 3}, 4, 5, 6, 7, QUALITY),
    msgspec.structs.replace(AUTHORITY, jog=Jog(0, 2, -1), open_epochs=(3, 0)),
    PERMIT,
    Setpoint(10**12, 1, 40, (ARM, ARM)),
    DriveOrder(1, Verb.SERVO, 10**12, False, (ARM, ARM)),
    Report(10**12, 1, 0, 10**12, 10**12, "", FreezeClass.NONE, 0, (ARM_STATE, ARM_STATE)),
    MEASURED,
    PilotCounts(*(10**12, 1, 0, 1, 0, (3, 3), "READY", "still", 0, False, True, True, QUALITY, None, 1, 0, 32, (), "")),
    LINK,
    replace(HANDS, rest=Rest.DEVICE_STALE),
    replace(LAUNCHER, check=CheckWord(1, False, "", 20.0, 20.0, FOUND)),
    CheckRun("no answer", 1.0, True, None),
    WELCOME,
    TURNS,
    AuditState(10**12, 41, 3, 2, "entries wait: no space left on device"),
)


def reader_of(sample: msgspec.Struct) -> Callable[[bytes], None]:
    """A view of records like `sample`, which was there before the bytes came and comes again after them."""
    kind: type[Any] = type(sample)

    @cache
    def opened() -> tuple[Cell, View[Any]]:
        path = scratch(kind.__name__)
        path.unlink()
        return Cell(path, capacity=CELL_BYTES), View(Cell(path), kind)

    def read(content: bytes) -> None:
        cell, view = opened()
        cell.write(encode(sample))
        assert view.latest() == sample
        cell.write(content[:CELL_BYTES])
        assert isinstance(view.latest(), kind)
        cell.write(encode(sample))
        assert view.latest() == sample

    return read


def open_cell(content: bytes) -> None:
    """A file as a cell."""
    cell = Cell(scratch("cell", content))
    record = cell.read()
    assert record is None or len(record) <= len(content)
    assert cell.generation >= 0


def open_ring(content: bytes) -> None:
    """A file as a ring."""
    ring = Ring(scratch("ring", content))
    rows, _, _ = ring.take(max(0, ring.written - ring.capacity))
    assert len(rows) <= len(content)


def _written_cell() -> bytes:
    path = scratch("sample.cell")
    path.unlink()
    Cell(path, capacity=32).write(b"record")
    return path.read_bytes()


def _written_ring() -> bytes:
    path = scratch("sample.ring")
    path.unlink()
    ring = Ring(path, columns=2, capacity=4)
    for number in range(6):
        ring.push((float(number), 0.5))
    return path.read_bytes()


DECODERS = (
    *(Decoder(f"record {type(each).__name__}", reader_of(each), (), (encode(each),)) for each in RECORDS),
    Decoder("cell", open_cell, (CellError,), (_written_cell(),), cost=2),
    Decoder("ring", open_ring, (CellError,), (_written_ring(),), cost=2),
)
