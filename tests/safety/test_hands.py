"""Epochs and the energy pedal, apart from everything else."""

import msgspec
import pytest

from safety.hands import EnergyPedal, Hands
from tests.protocol.samples import AUTHORITY, COMMAND, TIP_POSE


def command(*hands):
    return msgspec.structs.replace(COMMAND, hands=tuple(hands))


UP = msgspec.structs.replace(TIP_POSE, engaged=False)


def hand(epoch, **changes):
    return msgspec.structs.replace(TIP_POSE, clutch_epoch=epoch, **changes)


def test_an_epoch_opens_once_and_stays_open_while_the_pedal_is_down():
    hands = Hands()
    assert hands.hear(command(hand(1), UP), 2, AUTHORITY, hearing=True)
    assert not hands.hear(command(hand(1), UP), 2, AUTHORITY, hearing=True)
    assert hands.open_epochs == (1, 0, 0, 0)
    assert hands.any_open
    hands.hear(command(hand(1, engaged=False), UP), 2, AUTHORITY, hearing=True)
    assert not hands.any_open
    assert not hands.hear(command(hand(1), UP), 2, AUTHORITY, hearing=True), "used up"


def test_a_second_hand_opens_beside_the_first():
    hands = Hands()
    idle = hand(0, engaged=False)
    assert hands.hear(command(hand(1), idle), 2, AUTHORITY, hearing=True) is True
    assert hands.hear(command(hand(1), hand(1)), 2, AUTHORITY, hearing=True) is True
    assert hands.open_epochs == (1, 1, 0, 0)
    assert hands.hear(command(hand(1), hand(1)), 2, AUTHORITY, hearing=True) is False


def test_what_is_pressed_while_nobody_hears_is_used_up():
    hands = Hands()
    assert not hands.hear(command(hand(4)), 2, AUTHORITY, hearing=False)
    assert not hands.hear(command(hand(4)), 2, AUTHORITY, hearing=True)
    assert hands.hear(command(hand(5)), 2, AUTHORITY, hearing=True)


def test_a_closed_epoch_never_opens_again_but_another_session_counts_anew():
    hands = Hands()
    hands.hear(command(hand(3)), 2, AUTHORITY, hearing=True)
    hands.close()
    assert not hands.any_open
    assert not hands.hear(command(hand(3)), 2, AUTHORITY, hearing=True)
    hands.forget()
    assert hands.hear(command(hand(1)), 2, AUTHORITY, hearing=True)


@pytest.mark.parametrize("arms", [0, 1])
def test_hands_beyond_the_arms_open_nothing(arms):
    hands = Hands()
    hands.hear(command(UP, hand(1)), arms, AUTHORITY, hearing=True)
    assert not hands.any_open


def test_energy_needs_a_press_that_met_no_stop():
    pedal = EnergyPedal()
    assert pedal.step(1, may_run=True)
    assert not pedal.step(0, may_run=True)
    assert not pedal.step(1, may_run=False)
    assert not pedal.step(1, may_run=True)
    assert pedal.step(2, may_run=True)
    pedal.forget()
    assert pedal.step(1, may_run=True)
