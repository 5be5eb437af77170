from hypothesis import given
from hypothesis import strategies as st

from protocol.clock import NS_PER_MS
from protocol.lane_plan import (
    CONNECT_NS,
    PATIENT_CONNECT_NS,
    STALLED_NS,
    Condition,
    connect_timeout_ns,
    is_stalled,
    plan,
)

FREE, CONNECTING, LIVE, STALLED = Condition
WANTED = 4


def slots(text):
    """F, C, L, S: one letter a slot."""
    return [dict(zip("FCLS", Condition, strict=True))[letter] for letter in text]


def test_at_the_beginning_all_lanes_are_opened_at_once():
    assert plan(slots("FFFFFFFF"), WANTED, WANTED) == ((0, 1, 2, 3), ())


def test_all_well_needs_nothing():
    assert plan(slots("LLLLFFFF"), WANTED, 1) == ((), ())
    assert plan(slots("LLCLFFFF"), WANTED, 1) == ((), ())


def test_a_stalled_lane_gets_a_spare_and_stays_until_the_spare_carries():
    assert plan(slots("LSLLFFFF"), WANTED, 1) == ((4,), ())
    assert plan(slots("LSLLCFFF"), WANTED, 1) == ((), ())
    assert plan(slots("LSLLLFFF"), WANTED, 1) == ((), (1,))


def test_a_lane_that_recovers_first_ends_its_spare():
    assert plan(slots("LLLLCFFF"), WANTED, 1) == ((), (4,))


def test_in_a_cut_spares_are_opened_one_at_a_time_and_no_more_than_lanes():
    state = slots("SSSSFFFF")
    for number in range(4, 8):
        assert plan(state, WANTED, 1) == ((number,), ())
        state[number] = CONNECTING
    assert plan(state, WANTED, 1) == ((), ())


@given(st.lists(st.sampled_from(list(Condition)), min_size=1, max_size=64), st.integers(1, 32), st.integers(1, 32))
def test_what_is_opened_was_free_and_what_is_closed_was_not(conditions, wanted, at_once):
    opens, closes = plan(conditions, wanted, at_once)
    assert all(conditions[number] is FREE for number in opens)
    assert all(conditions[number] is not FREE for number in closes)
    assert not (opens and closes)
    assert len(opens) <= at_once
    live = conditions.count(LIVE)
    assert live - sum(conditions[number] is LIVE for number in closes) >= min(live, wanted)


@given(st.lists(st.sampled_from([FREE, LIVE]), min_size=16, max_size=16), st.data())
def test_it_settles_with_as_many_live_as_wanted(conditions, data):
    for _ in range(100):
        opens, closes = plan(conditions, 8, 1)
        if not opens and not closes:
            break
        for number in opens:
            conditions[number] = data.draw(st.sampled_from([LIVE, CONNECTING]))
        for number in closes:
            conditions[number] = FREE
        conditions = [LIVE if each is CONNECTING else each for each in conditions]
    assert conditions.count(LIVE) == 8
    assert STALLED not in conditions


def test_a_lane_stands_still_when_its_answer_is_long_overdue():
    assert not is_stalled(STALLED_NS - 1, 20 * NS_PER_MS)
    assert is_stalled(STALLED_NS, 20 * NS_PER_MS)
    assert not is_stalled(1999 * NS_PER_MS, 500 * NS_PER_MS)
    assert is_stalled(2000 * NS_PER_MS, 500 * NS_PER_MS)


def test_connections_are_given_time_for_the_way_and_some_for_a_much_longer_one():
    assert connect_timeout_ns(0, 20 * NS_PER_MS) == CONNECT_NS
    assert connect_timeout_ns(1, 800 * NS_PER_MS) == 2000 * NS_PER_MS
    assert connect_timeout_ns(2, 5000 * NS_PER_MS) == PATIENT_CONNECT_NS
    assert connect_timeout_ns(3, 20 * NS_PER_MS) == PATIENT_CONNECT_NS
