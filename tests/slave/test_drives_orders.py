"""Which orders the simulated drives heed when they wake."""

import pytest

from protocol.records import DriveOrder, Verb
from slave.plants.drives_process import WATCHDOG_S, is_news

NOW = 10**12
LIFE_NS = round(WATCHDOG_S * 1e9)


def test_a_setpoint_that_waited_longer_than_the_watchdog_moves_nothing():
    assert is_news(DriveOrder(1, Verb.SERVO, NOW - LIFE_NS, ()), NOW)
    assert not is_news(DriveOrder(1, Verb.SERVO, NOW - LIFE_NS - 1, ()), NOW)


@pytest.mark.parametrize("verb", [verb for verb in Verb if verb is not Verb.SERVO])
def test_every_other_order_is_heeded_however_late(verb):
    assert is_news(DriveOrder(1, verb, 1, ()), NOW)
