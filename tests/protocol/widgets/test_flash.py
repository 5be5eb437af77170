import itertools

import pytest

from protocol.widgets.flash import FLASH_HZ, is_lit
from protocol.widgets.theme import Priority

RATES_HZ = {Priority.HIGH: (1.4, 2.8), Priority.MEDIUM: (0.4, 0.8)}


@pytest.mark.parametrize("priority", RATES_HZ)
def test_flashing_keeps_to_the_standards_rates(priority: Priority) -> None:
    lit = [is_lit(priority, ms * 1_000_000) for ms in range(60_000)]
    begins = sum(now and not before for before, now in itertools.pairwise(lit))
    low, high = RATES_HZ[priority]
    assert low <= begins / 60.0 <= high
    assert 0.2 <= sum(lit) / len(lit) <= 0.6


def test_what_is_low_is_steady() -> None:
    assert FLASH_HZ[Priority.LOW] == 0.0
    assert all(is_lit(Priority.LOW, ms * 1_000_000) for ms in range(5000))
