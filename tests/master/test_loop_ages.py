"""The age of the picture and the share of late ticks, told by the surgeon's clock alone."""

import pytest

from master.loop_ages import LoopAges
from protocol.clock import NS_PER_MS
from protocol.echo import loop_age
from safety.limits import load_limits
from safety.loss import LateShare

LIMITS = load_limits("laparoscopic")
MS = NS_PER_MS
BEGIN = 10**12


def test_nothing_is_known_before_the_first_answer():
    ages = LoopAges(LIMITS.named())
    ages.step(BEGIN, 0, 0)
    assert ages.take() == (None, None)
    assert ages.late is None


def test_the_picture_is_as_old_as_the_command_whose_effect_it_shows():
    ages = LoopAges(LIMITS.named())
    ages.offered(500, BEGIN - 120 * MS)
    ages.offered(510, BEGIN - 100 * MS)
    ages.painted(500)
    ages.step(BEGIN, BEGIN - 90 * MS, 0)
    assert ages.take() == (120 * MS, 90 * MS)
    ages.painted(510)
    ages.step(BEGIN + MS, BEGIN - 89 * MS, 0)
    assert ages.take() == (101 * MS, 90 * MS)


def test_the_largest_since_the_last_look_is_told():
    ages = LoopAges(LIMITS.named())
    for age_ms in (50, 80, 60):
        ages.step(BEGIN, BEGIN - age_ms * MS, 0)
    assert ages.take() == (None, 80 * MS)
    ages.step(BEGIN, BEGIN - 40 * MS, 0)
    assert ages.take() == (None, 40 * MS)


@pytest.mark.parametrize("one_way_ms", [10, 45, 100])
def test_it_is_the_age_that_the_patients_side_finds_on_its_own_clock(one_way_ms):
    """Both walk the same loop, beginning at another point of it; clocks a year apart."""
    year_ns = 365 * 86400 * 10**9
    one_way_ns, frame_ns = one_way_ms * MS, 33 * MS
    sent_ns = BEGIN
    stamp_ns = sent_ns + one_way_ns + year_ns
    painted_ns = sent_ns + 2 * one_way_ns + frame_ns
    ages = LoopAges(LIMITS.named())
    ages.offered(stamp_ns, sent_ns)
    ages.painted(stamp_ns)
    ages.step(painted_ns, sent_ns, 0)
    ours_ns, _ = ages.take()
    arrived_ns = painted_ns + one_way_ns + year_ns
    theirs = loop_age(arrived_ns, stamp_ns, stamp_ns)
    assert theirs is not None
    assert ours_ns == theirs.loop_ns


def test_late_ticks_are_counted_as_the_patients_side_counts_them():
    ages, theirs = LoopAges(LIMITS.named()), LateShare(LIMITS.link.effective_loss)
    share = 0.0
    for tick in range(3000):
        now_ns = BEGIN + tick * MS
        age_ns = (160 if 2200 <= tick < 2300 else 90) * MS
        ages.step(now_ns, now_ns - age_ns, 0)
        share = theirs.step(now_ns, age_ns, 0)
    assert share > 0.05
    assert ages.late == pytest.approx(share, abs=0.02)


def test_a_silence_counts_for_itself_and_not_as_loss():
    ages = LoopAges(LIMITS.named())
    for tick in range(2000):
        now_ns = BEGIN + tick * MS
        silence_ns = max(0, tick - 1500) * MS
        ages.step(now_ns, now_ns - 90 * MS - silence_ns, silence_ns)
    assert ages.late == 0.0


def test_a_procedure_without_limits_has_ages_and_no_loss():
    ages = LoopAges({})
    ages.step(BEGIN, BEGIN - 90 * MS, 0)
    assert ages.late is None
    assert ages.take() == (None, 90 * MS)
