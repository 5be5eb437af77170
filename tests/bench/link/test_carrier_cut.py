import numpy as np
import pytest

from bench.link.ages import Span
from bench.link.carrier_cut import carrier_cut
from protocol.clock import NS_PER_MS, NS_PER_S

BEGIN = 10**12
SECONDS = 30
EVERY = [Span(BEGIN + k * NS_PER_S, BEGIN + (k + 1) * NS_PER_S) for k in range(SECONDS)]
CUT = Span(BEGIN + 5 * NS_PER_S + 20 * NS_PER_MS, BEGIN + 15 * NS_PER_S + 20 * NS_PER_MS)
IN_CUT = range(5, 17)


def rows(age_ms=50.0):
    """One age, or one for each tick."""
    now = BEGIN + np.arange(SECONDS * 1000, dtype=np.int64) * NS_PER_MS
    return now, now - (np.broadcast_to(np.asarray(age_ms, dtype=float), len(now)) * NS_PER_MS).astype(np.int64)


def without(*numbers):
    return [each for k, each in enumerate(EVERY) if k not in numbers]


def test_the_seconds_of_the_cut_stand_beside_all_others():
    second = np.arange(SECONDS * 1000) // 1000
    found = carrier_cut(rows(np.where(np.isin(second, IN_CUT), 60.0, 50.0)), EVERY, EVERY, [CUT])
    assert found.during.command_age_ms.p50 == pytest.approx(60.0, rel=1e-3)
    assert found.outside.command_age_ms.max == 50.0
    assert (found.during.seconds, found.outside.seconds) == (12, 18)
    assert (found.during.command_age_ms.n, found.outside.command_age_ms.n) == (12_000, 18_000)
    assert found.p999_ratio.value == pytest.approx(1.2)
    assert [found.p999_ratio.low, found.p999_ratio.high] == pytest.approx([1.2, 1.2])


def test_what_is_late_at_the_carriers_return_is_the_cuts():
    ages = np.full(SECONDS * 1000, 50.0)
    ages[15_500:15_560] = 90.0
    found = carrier_cut(rows(ages), EVERY, EVERY, [CUT])
    assert found.during.command_age_ms.p999 == pytest.approx(90.0, rel=1e-3)
    assert found.outside.command_age_ms.max == 50.0


@pytest.mark.parametrize(("stalled", "part"), [(8, "during"), (25, "outside")])
def test_a_stall_of_the_host_is_set_aside_by_one_rule_on_either_side_and_told(stalled, part):
    ages = np.full(SECONDS * 1000, 50.0)
    ages[stalled * 1000 + 300 : stalled * 1000 + 380] = 120.0
    found = carrier_cut(rows(ages), EVERY, without(stalled, stalled + 1), [CUT])
    touched = getattr(found, part)
    assert touched.command_age_ms.max == 50.0
    assert touched.seconds_set_aside == 2
    assert touched.with_stalls_ms.max == 120.0
    assert touched.with_stalls_ms.n - touched.command_age_ms.n == 2000
    assert found.during.seconds_set_aside + found.outside.seconds_set_aside == 2
    assert found.p999_ratio.value == pytest.approx(1.0)


def test_the_ratio_is_known_no_better_than_its_seconds_allow():
    ages = 50.0 + np.repeat(np.random.default_rng(2).exponential(10.0, SECONDS), 1000)
    found = carrier_cut(rows(ages), EVERY, EVERY, [CUT])
    assert found.p999_ratio.low < found.p999_ratio.value < found.p999_ratio.high
    assert found.p999_ratio.high / found.p999_ratio.low > 1.2


def test_several_cuts_are_taken_together():
    second = Span(BEGIN + 20 * NS_PER_S, BEGIN + 22 * NS_PER_S)
    assert carrier_cut(rows(), EVERY, EVERY, [CUT, second]).during.seconds == 12 + 3


def test_where_nothing_is_left_of_a_part_nothing_is_said_of_it():
    found = carrier_cut(rows(), EVERY, without(*IN_CUT), [CUT])
    assert (found.during.command_age_ms.n, found.during.command_age_ms.p999) == (0, None)
    assert (found.during.seconds, found.during.seconds_set_aside) == (0, 12)
    assert found.p999_ratio.value is None
    assert found.outside.command_age_ms.n == 18_000
