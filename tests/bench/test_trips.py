"""False trips are counted where they are, and only there."""

import time

import msgspec
import pytest

from bench import trips
from bench.trips import Slices, link_stretch, run_stretches, world_stretch
from bench.world.link import Outage
from bench.world.scenario import CLEAN
from bench.yardstick import VALID_LATE_NS, Yardstick
from protocol.clock import NS_PER_MS, NS_PER_S
from protocol.messages import Mode
from tests.protocol import samples


@pytest.fixture
def short(monkeypatch):
    monkeypatch.setattr(trips, "STRETCH_S", 6.0)
    monkeypatch.setattr(trips, "WORLD_STRETCH_S", 1.0)


def test_a_healthy_link_trips_nothing(short):
    for number in range(len(trips.CASES)):
        assert link_stretch(number).trips == {}


@pytest.mark.parametrize(
    ("sick", "culprit"),
    [
        (CLEAN._replace(floor_ms=290.0), "loop age"),
        (CLEAN._replace(loss=0.5, burst_length=300.0, floor_ms=60.0), "effective loss"),
        (CLEAN._replace(outages=(Outage(10**12 + 3 * NS_PER_S, 10**12 + 4 * NS_PER_S),)), "no command"),
    ],
)
def test_a_sick_link_does(short, monkeypatch, sick, culprit):
    monkeypatch.setattr(trips, "HEALTHY", dict.fromkeys(trips.HEALTHY, sick))
    assert any(culprit in trip for number in range(2) for trip in link_stretch(number).trips)


def test_a_world_that_breaks_a_rule_counts_as_a_trip(short, monkeypatch):
    assert world_stretch(0).trips == {}
    broken = trips.run_story(trips.healthy(0, CLEAN, 0), trips.SimOptions(0, 1, 1.0, "laparoscopic", "psm"))
    monkeypatch.setattr(trips, "run_story", lambda *_: type(broken)(**{**_fields(broken), "broken": "walls: a hole"}))
    assert list(world_stretch(0).trips) == ["beijing-shanghai, laparoscopic: rule broken: walls: a hole"]


def _fields(result):
    return {name: getattr(result, name) for name in result.__struct_fields__}


def test_stretches_add_up(short):
    said = []
    result = run_stretches("link", link_stretch, 6.0, 18.0 / 3600.0, said.append)
    assert (result.hours, result.trips, result.holds) == (pytest.approx(18.0 / 3600.0), {}, True)
    assert len(said) == 3


def test_a_slice_in_which_the_host_stood_still_is_set_aside_with_its_trips():
    lapsed = msgspec.structs.replace(samples.AUTHORITY, mode=Mode.FROZEN, culprit="permit: lapsed (limit 20 ms)")
    follows = msgspec.structs.replace(samples.AUTHORITY, mode=Mode.FOLLOWING, culprit="")
    slices = Slices()
    later_ns = lapsed.stamp_ns + 1
    slices.note(lapsed, NS_PER_S)
    slices.end(later_ns, VALID_LATE_NS + 1)
    slices.note(lapsed, NS_PER_S)
    slices.end(later_ns, VALID_LATE_NS)
    slices.note(follows, 2 * NS_PER_S)
    slices.note(lapsed, NS_PER_S)
    slices.note(lapsed, NS_PER_S)
    slices.end(later_ns, 0)
    slices.note(follows, NS_PER_S)
    slices.end(later_ns, None)
    assert (slices.good, slices.bad, slices.following_ns) == (2, 2, 2 * NS_PER_S)
    assert slices.trips == {"permit: lapsed": 1}
    assert slices.set_aside == {"permit: lapsed": 1}


def test_what_trips_while_the_end_of_a_slice_is_awaited_is_the_next_ones():
    """The bare loops tell a little late; a stall at the begin of the next slice is not this one's, nor what it did."""
    end_ns = samples.AUTHORITY.stamp_ns
    lapsed = msgspec.structs.replace(samples.AUTHORITY, mode=Mode.FROZEN, culprit="permit: lapsed (limit 20 ms)")
    slices = Slices()
    slices.note(lapsed, NS_PER_S)
    slices.end(end_ns, 0)
    assert not slices.trips
    slices.end(end_ns + trips.SLICE_NS, VALID_LATE_NS + 1)
    assert not slices.trips
    assert slices.set_aside == {"permit: lapsed": 1}


def test_slices_go_on_from_an_earlier_run():
    earlier = trips.TripsResult(trips.REAL, 0.25, 0.125, {"a": 1}, 0.0, 0, False, {"b": 2}, 0.2)
    slices = Slices(earlier)
    slices.end(trips.SLICE_NS, 0)
    result = slices.result(0.25)
    assert result.hours == pytest.approx(0.25 + trips.SLICE_S / 3600.0)
    assert (result.set_aside_h, result.trips, result.trips_set_aside) == (0.125, {"a": 1}, {"b": 2})
    assert (result.following_h, result.holds) == (pytest.approx(0.2), False)
    assert Slices(msgspec.structs.replace(earlier, trips={})).result(0.25).holds
    assert not Slices(msgspec.structs.replace(earlier, trips={})).result(0.26).holds


def test_a_kind_that_an_earlier_run_has_whole_is_not_run_again(short):
    had = trips.TripsResult(trips.LINK, 1.0, 0.0, {}, 0.0, 0, True)
    kept = []
    hours = {trips.LINK: 1.0, trips.WORLD: 1.0 / 3600.0, trips.REAL: 0.0}
    results = trips.run(hours, lambda _: None, [had], lambda so_far: kept.append(list(so_far)))
    assert [result.what for result in results] == [trips.LINK, trips.WORLD]
    assert results[0] is had
    assert kept[0] == [had]


@pytest.mark.live
def test_the_yardstick_tells_what_it_saw_and_what_it_did_not():
    yardstick = Yardstick()
    try:
        made_ns = time.monotonic_ns()
        deadline_s = time.monotonic() + 20.0
        while yardstick.worst_ns(time.monotonic_ns() - 400 * NS_PER_MS, time.monotonic_ns() - 200 * NS_PER_MS) is None:
            assert time.monotonic() < deadline_s
            time.sleep(0.05)
        assert yardstick.worst_ns(made_ns - 60 * NS_PER_S, made_ns) is None
        assert yardstick.worst_ns(time.monotonic_ns(), time.monotonic_ns() + NS_PER_S) is None
    finally:
        yardstick.stop()
