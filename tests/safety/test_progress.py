"""Counters that must move on."""

import pytest

from protocol.clock import NS_PER_MS
from safety.progress import Progress

LIMIT_NS = 50 * NS_PER_MS


def test_a_counter_that_moves_is_well_and_one_that_stands_is_named():
    progress = Progress(LIMIT_NS)
    for tick in range(200):
        assert progress.step(tick * NS_PER_MS, {"plant": tick // 50, "drives": tick}) == ""
    assert progress.step(200 * NS_PER_MS, {"plant": 3, "drives": 200}) == ""
    fault = progress.step(201 * NS_PER_MS, {"plant": 3, "drives": 201})
    assert fault == "plant: no progress for 51 ms (limit 50 ms)"
    assert progress.step(202 * NS_PER_MS, {"plant": 4, "drives": 202}) == ""


def test_a_counter_that_goes_back_is_a_process_started_anew():
    progress = Progress(LIMIT_NS)
    progress.step(1, {"controller": 900})
    assert progress.step(2, {"controller": 1}) == "controller: was started anew (count 1 after 900)"
    assert progress.step(3, {"controller": 2}) == ""


@pytest.mark.parametrize("counters", [{}, {"plant": 5}])
def test_what_is_not_told_is_not_watched(counters):
    assert Progress(LIMIT_NS).step(10**12, counters) == ""


def test_the_first_fault_stands():
    progress = Progress(LIMIT_NS)
    progress.step(0, {"plant": 9, "drives": 9})
    assert progress.step(1, {"plant": 1, "drives": 1}).startswith("plant")
    progress.step(2, {"plant": 2, "drives": 2})
    assert progress.step(10**9, {"plant": 2, "drives": 2}).startswith("plant")
