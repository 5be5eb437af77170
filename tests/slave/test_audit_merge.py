"""Incidents of the gateway: all are counted, few are written, and a flood of one kind hides no other kind."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from protocol.clock import NS_PER_MS, NS_PER_S
from protocol.fields import TEXT_MAX
from protocol.records import Incident
from slave.audit_merge import ALIKE_MAX, ANY, WHATS_MAX, Merger

NOW = 10**12


def refused(who, count=1, what="refused", why="not a key we trust", at_ns=NOW):
    return Incident(at_ns, what, who, why, count)


def told_in(merger, now_ns, incidents):
    taken = [merger.take(now_ns, incident) for incident in incidents]
    return [happening for happening in taken if happening is not None] + merger.due(now_ns)


def test_the_first_is_told_at_once_and_the_alike_after_it_as_one_a_second_later():
    merger = Merger()
    first = merger.take(NOW, refused("a", 3))
    assert (first.at_ns, first.what, first.who, first.why, first.count) == (NOW, "refused", "a", refused("a").why, 3)
    for k in range(1, 100):
        assert told_in(merger, NOW + k * 10 * NS_PER_MS, [refused("a", at_ns=NOW + k)]) == []
    (more,) = merger.due(NOW + NS_PER_S)
    assert (more.at_ns, more.count) == (NOW + 99, 99)


def test_alike_ones_that_go_on_are_told_once_a_second():
    merger = Merger()
    told = [len(told_in(merger, NOW + k * 10 * NS_PER_MS, [refused("a")])) for k in range(1001)]
    assert sum(told) == 11


def test_one_that_comes_back_after_a_quiet_second_is_told_at_once_again():
    merger = Merger()
    merger.take(NOW, refused("a"))
    assert merger.due(NOW + NS_PER_S) == []
    assert merger.take(NOW + NS_PER_S, refused("a")) is not None


def test_of_too_many_kinds_the_rest_is_one_number_with_one_name_a_second():
    merger = Merger()
    told = told_in(merger, NOW, [refused(f"peer {k}") for k in range(1000)])
    assert len(told) == ALIKE_MAX + 1
    assert (told[-1].who, told[-1].count) == ("others", 1000 - ALIKE_MAX)
    assert "peer 999" in told[-1].why
    assert told_in(merger, NOW + NS_PER_MS, [refused(f"more {k}") for k in range(1000)]) == []


def test_a_flood_of_refused_peers_hides_nothing_else():
    merger = Merger()
    told_in(merger, NOW, [refused(f"peer {k}") for k in range(10_000)])
    assert merger.take(NOW, refused("f00d", what="key trusted")) is not None


def test_too_many_kinds_of_incident_are_one_kind_at_last_and_still_told_apart_in_words():
    merger = Merger()
    told = told_in(merger, NOW, [refused("a", what=f"what {k}") for k in range(WHATS_MAX + ALIKE_MAX)])
    assert [happening.what for happening in told[WHATS_MAX:]] == [ANY] * ALIKE_MAX
    assert told[WHATS_MAX].why.startswith(f"what {WHATS_MAX}: ")


def test_an_incident_of_the_future_is_one_of_now():
    assert Merger().take(NOW, refused("a", at_ns=2**62)).at_ns == NOW


def test_counts_beyond_all_bounds_stay_numbers_that_can_be_written():
    merger = Merger()
    for _ in range(5):
        merger.take(NOW, refused("a", 2**63 - 1))
    (told,) = merger.flush(NOW)
    assert told.count == 2**63 - 1


def test_a_quiet_merger_keeps_nothing():
    merger = Merger()
    told_in(merger, NOW, [refused(f"peer {k}", what=f"what {k % 7}") for k in range(1000)])
    merger.due(NOW + NS_PER_S)
    merger.due(NOW + 2 * NS_PER_S)
    assert merger._whats == {}


@given(
    st.lists(
        st.tuples(
            st.integers(0, 700 * NS_PER_MS),
            st.sampled_from(["refused", "dropped", *map(str, range(40))]),
            st.integers(0, 40).map(str),
            st.integers(1, 5),
        ),
        max_size=300,
    )
)
def test_whatever_comes_all_is_counted_and_what_is_written_a_second_is_bounded(incidents):
    merger, now_ns = Merger(), NOW
    told, came = [], 0
    for wait_ns, what, who, count in incidents:
        now_ns += wait_ns
        came += count
        told += [(now_ns, happening) for happening in told_in(merger, now_ns, [refused(who, count, what)])]
    told += [(now_ns, happening) for happening in merger.flush(now_ns)]
    assert sum(happening.count for _, happening in told) == came
    assert all(len(happening.why) <= TEXT_MAX for _, happening in told)
    # The flush at the end may bring one more of each.
    in_a_second = Counter((at_ns // NS_PER_S, happening.what) for at_ns, happening in told)
    assert all(number <= 3 * (ALIKE_MAX + 1) for number in in_a_second.values())
