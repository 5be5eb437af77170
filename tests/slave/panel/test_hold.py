"""The jog's hold: it begins with a press, and ends with the first doubt."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.clock import NS_PER_MS
from slave.panel.hold import HELD_UP_NS, HOLD_MAX_NS, MOVES_NS, REPEAT_NS, WHY, Ended, Held, Hold

NOW = 10**12
WANTED = Held(0, 2, 1)
OTHER = Held(1, 0, -1)
FRAME_NS = 33 * NS_PER_MS


def held(now_ns=NOW):
    hold = Hold()
    assert hold.press(now_ns, WANTED, refused=False)
    return hold


def test_a_hold_is_told_at_once_and_then_twenty_times_a_second_whatever_the_frames_are():
    for frame_ns in (5 * NS_PER_MS, 16 * NS_PER_MS, FRAME_NS, 49 * NS_PER_MS):
        hold = held()
        assert hold.step(NOW, refused=False, moving=False) == WANTED
        told = [hold.step(NOW + k * frame_ns, refused=False, moving=True) for k in range(1, 2 * 10**9 // frame_ns)]
        assert 38 <= sum(each is not None for each in told) <= 40, "20 Hz over 2 s"
        gaps = [k for k, each in enumerate(told) if each is not None]
        assert max(b - a for a, b in pairwise(gaps)) * frame_ns < 2 * REPEAT_NS


@pytest.mark.parametrize("why", [why for why in Ended if why is not Ended.REFUSED])
def test_once_ended_nothing_is_told_until_the_next_press(why):
    hold = held()
    assert hold.end(why)
    assert not hold.end(Ended.UP), "there is none any more"
    assert hold.ended is why
    assert all(hold.step(NOW + k * FRAME_NS, refused=False, moving=True) is None for k in range(30))
    assert hold.press(NOW + 30 * FRAME_NS, WANTED, refused=False)


def test_a_second_finger_ends_the_first_ones_hold_and_begins_none():
    hold = held()
    assert not hold.press(NOW + 1, OTHER, refused=False)
    assert hold.held is None
    assert hold.ended is Ended.ANOTHER


def test_what_is_refused_does_not_begin_and_what_becomes_so_ends():
    hold = Hold()
    assert not hold.press(NOW, WANTED, refused=True)
    assert hold.step(NOW, refused=False, moving=False) is None
    hold = held()
    hold.step(NOW, refused=False, moving=False)
    assert hold.step(NOW + FRAME_NS, refused=True, moving=True) is None
    assert hold.step(NOW + 2 * FRAME_NS, refused=False, moving=True) is None, "it does not come back by itself"


def test_a_window_that_stood_still_ends_the_hold():
    hold = held()
    hold.step(NOW, refused=False, moving=False)
    assert hold.step(NOW + HELD_UP_NS, refused=False, moving=True) == WANTED
    assert hold.step(NOW + 2 * HELD_UP_NS + 1, refused=False, moving=True) is None
    assert hold.ended is Ended.HELD_UP


def test_no_hold_lasts_longer_than_its_bound_whatever_the_finger_says():
    hold, frames_ns = held(), range(FRAME_NS, 2 * HOLD_MAX_NS, FRAME_NS)
    told = [k_ns for k_ns in frames_ns if hold.step(NOW + k_ns, refused=False, moving=True) is not None]
    assert HOLD_MAX_NS - 2 * REPEAT_NS < told[-1] < HOLD_MAX_NS
    assert hold.ended is Ended.LONG
    assert hold.press(NOW + 2 * HOLD_MAX_NS, WANTED, refused=False)


def test_one_that_met_a_stop_does_not_begin_anew_behind_it():
    hold = held()
    hold.step(NOW, refused=False, moving=False)
    hold.step(NOW + FRAME_NS, refused=False, moving=True)
    assert hold.step(NOW + 2 * FRAME_NS, refused=False, moving=False) is None
    assert hold.step(NOW + 3 * FRAME_NS, refused=False, moving=True) is None


def test_what_is_held_in_vain_is_told():
    hold = held()
    for k in range(3):
        hold.step(NOW + k * FRAME_NS, refused=False, moving=False)
    assert not hold.in_vain(NOW + MOVES_NS)
    assert hold.in_vain(NOW + MOVES_NS + 1)
    hold.step(NOW + 4 * FRAME_NS, refused=False, moving=True)
    assert not hold.in_vain(NOW + 10**9)


def test_every_end_has_its_words():
    assert set(WHY) == set(Ended)


@given(
    st.lists(st.tuples(st.sampled_from(["press", "end", "step"]), st.integers(0, 200), st.booleans(), st.booleans()))
)
def test_nothing_is_ever_told_but_after_a_press_that_has_not_ended(story):
    hold, now_ns, down = Hold(), NOW, False
    for what, passed_ms, refused, moving in story:
        now_ns += passed_ms * NS_PER_MS
        if what == "press":
            down = hold.press(now_ns, WANTED, refused=refused)
        elif what == "end":
            hold.end(Ended.UP)
            down = False
        else:
            told = hold.step(now_ns, refused=refused, moving=moving)
            assert told is None or (down and not refused)
            down = down and hold.held is not None
