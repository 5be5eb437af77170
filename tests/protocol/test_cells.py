import os
import struct
import subprocess
import sys

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.board import Board
from protocol.cells import Cell, CellError, Ring
from protocol.records import Session
from tests.protocol.samples import SESSION

CAPACITY_AT, SEQUENCE_AT = 8, 24
NEXT_SESSION = msgspec.structs.replace(SESSION, number=SESSION.number + 1)


def test_a_new_cell_has_no_value(tmp_path):
    cell = Cell(tmp_path / "cell", capacity=64)
    assert cell.read() is None
    assert cell.generation == 0


@given(st.lists(st.binary(max_size=64), min_size=1, max_size=20))
def test_a_reader_sees_the_newest_record(tmp_path_factory, records):
    path = tmp_path_factory.mktemp("cell") / "cell"
    writer, reader = Cell(path, capacity=64), Cell(path)
    for number, record in enumerate(records, start=1):
        writer.write(record)
        assert reader.read() == record
        assert reader.generation == number


def test_a_record_that_is_too_long_leaves_the_old_one(tmp_path):
    cell = Cell(tmp_path / "cell", capacity=4)
    cell.write(b"good")
    with pytest.raises(CellError, match="5 bytes exceeds the cell's capacity of 4"):
        cell.write(b"large")
    assert cell.read() == b"good"


def test_a_writer_that_died_halfway_leaves_no_value_and_the_next_one_recovers(tmp_path):
    path = tmp_path / "cell"
    cell = Cell(path, capacity=16)
    cell.write(b"whole")
    with path.open("r+b") as file:
        file.seek(SEQUENCE_AT)
        file.write(struct.pack("<Q", 3))
    assert cell.read() is None
    Cell(path).write(b"again")
    assert cell.read() == b"again"


def test_a_record_torn_while_it_is_read_is_never_returned(tmp_path):
    """One process writes records of one repeated byte as fast as it can; a mixed record would be a torn read."""
    path = tmp_path / "cell"
    cell = Cell(path, capacity=2048)
    code = (
        "import sys; from protocol.cells import Cell\n"
        "cell = Cell(sys.argv[1])\n"
        "records = [bytes([k]) * (1024 + 4 * k) for k in range(256)]\n"
        "for n in range(200_000): cell.write(records[n % 256])\n"
    )
    writer = subprocess.Popen([sys.executable, "-c", code, str(path)])
    read = 0
    try:
        while writer.poll() is None:
            record = cell.read()
            if record is not None:
                assert record == record[:1] * (1024 + 4 * record[0])
                read += 1
    finally:
        writer.kill()
        writer.wait()
    assert writer.returncode == 0
    assert read > 1000


def test_foreign_files_are_refused(tmp_path):
    with pytest.raises(CellError, match="is its owner running"):
        Cell(tmp_path / "missing")
    (tmp_path / "short").write_bytes(b"x")
    with pytest.raises(CellError, match="shorter than its header"):
        Cell(tmp_path / "short")
    (tmp_path / "other").write_bytes(bytes(200))
    with pytest.raises(CellError, match="not a cell"):
        Cell(tmp_path / "other")
    Cell(tmp_path / "cell", capacity=64)
    with pytest.raises(CellError):
        Ring(tmp_path / "cell")
    with pytest.raises(CellError):
        Cell(tmp_path / "cell", capacity=64)


def test_memory_is_readable_by_its_user_alone(tmp_path):
    Cell(tmp_path / "cell", capacity=8)
    assert (tmp_path / "cell").stat().st_mode & 0o777 == 0o600


@given(st.lists(st.integers(0, 12), max_size=20))
def test_a_ring_loses_only_what_was_overtaken_and_counts_it(tmp_path_factory, bursts):
    path = tmp_path_factory.mktemp("ring") / "ring"
    writer, reader = Ring(path, columns=2, capacity=8), Ring(path)
    written, following, seen, lost = 0, 0, 0, 0
    for burst in bursts:
        for _ in range(burst):
            writer.push((float(written), -float(written)))
            written += 1
        content, following, missing = reader.take(following)
        rows = [struct.unpack_from("<2d", content, 16 * k) for k in range(len(content) // 16)]
        assert [row[0] for row in rows] == [float(k) for k in range(following - len(rows), following)]
        assert all(a == -b for a, b in rows)
        seen, lost = seen + len(rows), lost + missing
        assert following == written
    assert seen + lost == written
    if all(burst < 8 for burst in bursts):
        assert lost == 0


def test_a_ring_refuses_another_width(tmp_path):
    ring = Ring(tmp_path / "ring", columns=3, capacity=4)
    with pytest.raises(CellError, match="a row of 2 numbers"):
        ring.push((1.0, 2.0))
    assert ring.written == 0


@pytest.mark.parametrize(
    ("columns", "capacity"),
    [(0, 4), (3, 0), (3, 1), (3, 5), (13, 1), (2**63, 2), (5, 2**64 // 40 + 1), (2**64 // 16 + 1, 2), (2**40, 2**40)],
)
def test_a_ring_whose_header_claims_more_than_the_file_holds_is_refused(tmp_path, columns, capacity):
    """Products of such numbers may wrap round to what would fit."""
    ring = Ring(tmp_path / "ring", columns=3, capacity=4)
    ring.push((1.0, 2.0, 3.0))
    with (tmp_path / "ring").open("r+b") as file:
        file.seek(CAPACITY_AT)
        file.write(struct.pack("<QQ", capacity, columns))
    with pytest.raises(CellError, match="not a ring"):
        Ring(tmp_path / "ring")


def test_a_board_types_its_cells_and_goes_with_its_owner(tmp_path):
    board = Board.create("test")
    try:
        assert board.directory.stat().st_mode & 0o777 == 0o700
        board.add_cell("session")
        post, view = board.post("session", Session), board.view("session", Session)
        assert view.latest() is None
        post.publish(SESSION)
        assert view.latest() == SESSION
        assert view.latest() is view.latest()
        Cell(board.directory / "session").write(b"\xc1 damage")
        assert view.latest() == SESSION, "what was whole stands, and ages"
        post.publish(NEXT_SESSION)
        assert view.latest() == NEXT_SESSION
    finally:
        board.remove()
    assert not board.directory.exists()


def test_a_torn_record_leaves_the_one_before_it(tmp_path):
    board = Board(tmp_path)
    board.add_cell("session")
    post, view = board.post("session", Session), board.view("session", Session)
    post.publish(SESSION)
    assert view.latest() is not None
    with (tmp_path / "session").open("r+b") as file:
        file.seek(SEQUENCE_AT)
        file.write(struct.pack("<Q", 3))
    assert view.latest() == SESSION
    post.publish(NEXT_SESSION)
    assert view.latest() == NEXT_SESSION


def test_a_board_whose_owner_died_is_cleared_away():
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    first = Board.create("first")
    orphan = first.directory.with_name(f"farhand-test-{dead.pid}")
    orphan.mkdir(exist_ok=True)
    second = Board.create("second")
    try:
        assert not orphan.exists()
        assert first.directory.exists()
        assert first.directory.name.endswith(str(os.getpid()))
    finally:
        first.remove()
        second.remove()
