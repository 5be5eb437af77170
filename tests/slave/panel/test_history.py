"""The modes of a whole case come to its time-line each once, in the order of time, whoever tells of them."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from protocol.audit_records import Turn, Turns
from protocol.messages import FreezeClass, Mode, Owner
from protocol.widgets.case_history import CaseHistory
from slave.panel.history import CaseFeed, Span

S = 10**9


def turn(at_s, mode):
    return Turn("EVENT", round(at_s * S), Owner.REMOTE, mode, FreezeClass.NONE, "", False, False, 1, 1)


def span(at_s, mode):
    return Span(round(at_s * S), mode, Owner.REMOTE, FreezeClass.NONE, "")


def fed():
    history = CaseHistory()
    return CaseFeed(history.add), history


def modes(history):
    return [stretch.mode for stretch in history.stretches]


def test_a_freeze_that_came_and_went_between_two_looks_is_there():
    feed, history = fed()
    feed.step(1 * S, Mode.FOLLOWING, Turns(1, (turn(0.5, Mode.FOLLOWING),)))
    turns = Turns(3, (turn(0.5, Mode.FOLLOWING), turn(1.01, Mode.FROZEN), turn(1.02, Mode.LOCAL)))
    for _ in range(3):
        feed.step(round(1.033 * S), Mode.LOCAL, turns)
    assert modes(history) == [Mode.FOLLOWING, Mode.FROZEN, Mode.LOCAL]
    assert history.stretches[1].start_ns == round(1.01 * S)


def test_what_was_before_the_panel_came_is_told_by_the_log_and_not_twice():
    feed, history = fed()
    feed.recall([span(1, Mode.SAFE), span(2, Mode.LOCAL), span(10, Mode.READY)])
    feed.step(12 * S, Mode.FOLLOWING, Turns(4, (turn(10, Mode.READY), turn(11, Mode.FOLLOWING))))
    assert modes(history) == [Mode.SAFE, Mode.LOCAL, Mode.READY, Mode.FOLLOWING]
    assert history.stretches[-1].start_ns == 11 * S


def test_a_turn_that_is_heard_of_after_its_mode_was_seen_is_told_no_second_time():
    feed, history = fed()
    feed.step(1 * S, Mode.READY, None)
    feed.step(2 * S, Mode.FROZEN, Turns(1, (turn(0.5, Mode.READY),)))
    feed.step(3 * S, Mode.FROZEN, Turns(2, (turn(0.5, Mode.READY), turn(1.999, Mode.FROZEN))))
    assert modes(history) == [Mode.READY, Mode.FROZEN]


def test_a_silent_supervisor_is_a_stretch_of_its_own():
    feed, history = fed()
    feed.step(1 * S, Mode.READY, None)
    feed.step(2 * S, None, None)
    feed.step(3 * S, Mode.READY, None)
    assert modes(history) == [Mode.READY, None, Mode.READY]


@given(st.lists(st.tuples(st.integers(1, 1000), st.sampled_from(list(Mode)), st.booleans()), max_size=200))
def test_whatever_comes_the_time_line_goes_forward_and_every_turn_is_in_it(story):
    told = []
    feed = CaseFeed(lambda at_ns, mode: told.append((at_ns, mode)))
    at, turns, mode = 0, [], Mode.SAFE
    for passed, mode, looks in story:
        at += passed
        turns.append(Turn("EVENT", at, Owner.LOCAL, mode, FreezeClass.NONE, "", False, False, 1, 1))
        if looks:
            feed.step(at + 1, mode, Turns(len(turns), tuple(turns)))
            at += 1
    feed.step(at + 1, mode, Turns(len(turns), tuple(turns)))
    assert all(a <= b for (a, _), (b, _) in pairwise(told))
    assert {(each.stamp_ns, each.mode) for each in turns} <= set(told)
