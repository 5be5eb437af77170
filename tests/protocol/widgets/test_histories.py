import itertools
import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from protocol.clock import NS_PER_MS, NS_PER_S
from protocol.messages import Mode
from protocol.widgets.age_history import SLOT_NS, SLOTS, AgeHistory
from protocol.widgets.case_history import CaseHistory

MS, S = NS_PER_MS, NS_PER_S


def test_a_slot_keeps_its_worst_age() -> None:
    history = AgeHistory()
    for age_ms in (50, 320, 60):
        history.add(100 * S, age_ms * MS)
    seconds, ages_ms = history.series(100 * S)
    assert (seconds[-1], ages_ms[-1]) == (0.0, 320.0)
    assert history.worst_ms(100 * S) == 320.0


def test_what_is_older_than_a_minute_is_forgotten() -> None:
    history = AgeHistory()
    history.add(100 * S, 900 * MS)
    history.add(130 * S, 50 * MS)
    assert history.worst_ms(159 * S) == 900.0
    assert history.worst_ms(160 * S) == 50.0
    assert history.worst_ms(1000 * S) is None


def test_a_silence_is_a_gap_and_not_a_line() -> None:
    history = AgeHistory()
    history.add(100 * S, 50 * MS)
    history.add(101 * S, None)
    history.add(102 * S, 50 * MS)
    _, ages_ms = history.series(102 * S)
    assert not math.isnan(ages_ms[-1])
    assert np.isnan(ages_ms[-20:-1]).all()


@given(st.lists(st.tuples(st.integers(0, 3 * SLOTS), st.one_of(st.none(), st.integers(0, 2000))), max_size=60))
def test_a_minute_of_any_feeding_is_what_was_fed(fed: list[tuple[int, int | None]]) -> None:
    history, slot, known = AgeHistory(), 1000, dict[int, int]()
    for steps, age_ms in fed:
        slot += steps
        history.add(slot * SLOT_NS, None if age_ms is None else age_ms * MS)
        if age_ms is not None:
            known[slot] = max(known.get(slot, 0), age_ms)
    _, ages_ms = history.series(slot * SLOT_NS)
    expected = [known.get(each, math.nan) for each in range(slot - SLOTS + 1, slot + 1)]
    assert np.array_equal(ages_ms, np.array(expected, dtype=float), equal_nan=True)


def test_a_case_is_its_stretches_without_gaps() -> None:
    history = CaseHistory()
    for second, mode in ((0, Mode.SAFE), (1, Mode.SAFE), (5, Mode.LOCAL), (9, None), (12, Mode.LOCAL)):
        history.add(second * S, mode)
    assert [(each.mode, each.start_ns // S, each.end_ns // S) for each in history.stretches] == [
        (Mode.SAFE, 0, 5),
        (Mode.LOCAL, 5, 9),
        (None, 9, 12),
        (Mode.LOCAL, 12, 12),
    ]
    assert history.length_ns == 12 * S


def test_a_long_case_stays_bounded_and_keeps_what_froze() -> None:
    history, now_ns = CaseHistory(kept=100), 0
    freezes = 0
    for turn in range(3000):
        now_ns += 50 * MS
        history.add(now_ns, Mode.PAUSED if turn % 2 else Mode.FOLLOWING)
        if turn % 100 == 0:
            history.add(now_ns, Mode.FROZEN)
            now_ns += 20 * MS
            freezes += 1
            history.add(now_ns, Mode.READY)
    stretches = history.stretches
    assert len(stretches) <= 100
    assert sum(each.mode is Mode.FROZEN for each in stretches) == freezes
    assert all(one.end_ns == other.start_ns for one, other in itertools.pairwise(stretches))
    assert history.length_ns == now_ns - 50 * MS
