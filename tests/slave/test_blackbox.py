"""What is kept around a trip, and when it is on disk."""

import json

import msgspec
import numpy as np

from protocol.cells import Ring
from protocol.clock import NS_PER_MS, NS_PER_S
from protocol.messages import FreezeClass, Mode
from slave.blackbox import AFTER_NS, BEFORE_NS, Blackbox
from slave.blackbox_process import rows_of, write
from tests.protocol.samples import AUTHORITY

NOW = 10**12
FROZEN = msgspec.structs.replace(
    AUTHORITY,
    mode=Mode.FROZEN,
    freeze_class=FreezeClass.LINK,
    culprit="no command for 250 ms (limit 250 ms)",
    entered_ns=NOW,
)


def frozen(number, at_ns=NOW):
    return msgspec.structs.replace(FROZEN, stop_number=number, entered_ns=at_ns)


def test_a_trip_is_due_at_once_and_once_more_when_it_is_over():
    box = Blackbox()
    assert box.step(NOW - 1, None) == ()
    assert box.step(NOW, AUTHORITY) == ()
    due = [box.step(NOW + k * 50 * NS_PER_MS, frozen(AUTHORITY.stop_number + 1)) for k in range(200)]
    assert [k for k, trips in enumerate(due) if trips] == [0, AFTER_NS // (50 * NS_PER_MS)]
    assert due[0] == due[100]
    trip = due[0][0]
    assert (trip.culprit, trip.freeze_class) == ("no command for 250 ms (limit 250 ms)", "LINK")


def test_a_second_trip_within_the_first_ends_it_and_begins_its_own():
    box = Blackbox()
    box.step(NOW, AUTHORITY)
    box.step(NOW, frozen(2))
    due = box.step(NOW + NS_PER_S, frozen(3, NOW + NS_PER_S))
    assert [trip.stop_number for trip in due] == [2, 3]


def test_what_had_stopped_before_the_box_was_there_is_no_trip():
    assert Blackbox().step(NOW, frozen(5)) == ()


def test_the_ticks_from_ten_seconds_before_to_five_after_are_written_whole(tmp_path):
    ring = Ring(tmp_path / "ring", columns=3, capacity=32768)
    for tick in range(30_000):
        ring.push((float(NOW - 20 * NS_PER_S + tick * NS_PER_MS), float(tick), 0.0))
    box = Blackbox()
    box.step(NOW, AUTHORITY)
    (trip,) = box.step(NOW, frozen(2))
    rows = rows_of(ring, trip, 3)
    assert rows[0, 0] >= NOW - BEFORE_NS
    assert rows[-1, 0] <= NOW + AFTER_NS
    (tmp_path / "trips").mkdir()
    for _ in range(2):
        write(tmp_path / "trips", trip, rows, ("now_ns", "tick", "zero"))
    names = sorted(path.name for path in (tmp_path / "trips").iterdir())
    assert len(names) == 2, "written again, it replaces what was there"
    story = json.loads((tmp_path / "trips" / names[0]).read_text())
    assert story["culprit"] == FROZEN.culprit
    kept = np.load(tmp_path / "trips" / names[1])
    assert len(kept["now_ns"]) == len(rows) > 10_000
