"""The replay's time: at any speed, never beyond its ends."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slave.panel.player import SPEEDS, STEP_MAX_S, Player


def test_time_goes_on_at_the_chosen_speed_while_it_plays():
    player = Player(10.0)
    player.step(0.1)
    assert player.at_s == 0.0
    player.play()
    player.step(0.1)
    assert player.at_s == pytest.approx(0.1)
    player.faster()
    player.step(0.1)
    assert player.at_s == pytest.approx(0.3)
    player.pause()
    player.step(0.1)
    assert player.at_s == pytest.approx(0.3)


def test_it_stops_at_the_end_and_then_plays_from_the_beginning():
    player = Player(0.2)
    player.play()
    player.step(STEP_MAX_S)
    assert (player.at_s, player.plays) == (0.2, False)
    player.play()
    assert (player.at_s, player.plays) == (0.0, True)


def test_a_run_of_one_tick_does_not_play():
    player = Player(0.0)
    player.play()
    assert not player.plays


def test_speeds_end_where_they_end():
    player = Player(1.0)
    for _ in range(20):
        player.faster()
    assert player.speed == SPEEDS[-1]
    for _ in range(20):
        player.slower()
    assert player.speed == SPEEDS[0]


@given(
    st.lists(
        st.tuples(st.sampled_from(["play", "pause", "faster", "slower", "seek", "step"]), st.floats(-100.0, 100.0))
    )
)
def test_it_never_leaves_the_run(story):
    player = Player(3.0)
    for what, number in story:
        before = player.at_s
        if what in ("seek", "step"):
            getattr(player, what)(number)
        else:
            getattr(player, what)()
        assert 0.0 <= player.at_s <= 3.0
        if what == "step":
            assert player.at_s - before <= STEP_MAX_S * player.speed + 1e-12
