"""The permit, between who issues and who watches it."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.records import Grant, Permit
from safety.permit import TEST_GENERATION, Lease, PermitWatch

LEASE_NS = 20_000_000
NOW = 10**12


def permit(now_ns=NOW, grant=Grant.MOVE, generation=7, resets=0, energy=False, power=True, park=False):
    return Lease(LEASE_NS).permit(
        now_ns, grant=grant, generation=generation, power=power, park=park, resets=resets, energy=energy
    )


@pytest.fixture
def watch():
    watch = PermitWatch(LEASE_NS)
    watch.step(NOW, permit())
    assert watch.grant is Grant.MOVE
    return watch


def test_a_permit_is_good_for_a_lease_and_one_that_is_withdrawn_has_expired():
    for grant, expires_ns in ((Grant.MOVE, NOW + LEASE_NS), (Grant.HOLD, NOW + LEASE_NS), (Grant.NONE, NOW)):
        assert permit(grant=grant).expires_ns == expires_ns


def test_before_the_first_permit_nothing_is_permitted():
    watch = PermitWatch(LEASE_NS)
    watch.step(NOW, None)
    assert (watch.grant, watch.power, watch.lapsed) == (Grant.NONE, False, False)


def test_a_permit_is_good_until_it_expires_and_not_a_moment_longer(watch):
    watch.step(NOW + LEASE_NS - 1, permit())
    assert watch.grant is Grant.MOVE
    watch.step(NOW + LEASE_NS, permit())
    assert (watch.grant, watch.lapsed) == (Grant.NONE, True)


def test_a_renewal_after_the_lapse_revives_nothing(watch):
    watch.step(NOW + LEASE_NS, permit())
    for _ in range(3):
        watch.step(NOW + LEASE_NS + 1, permit(NOW + LEASE_NS + 1))
        assert (watch.grant, watch.lapsed) == (Grant.NONE, True)
    watch.step(NOW + LEASE_NS + 2, permit(NOW + LEASE_NS + 2, generation=8))
    assert (watch.grant, watch.lapsed, watch.generation) == (Grant.MOVE, False, 8)


def test_what_was_withdrawn_has_not_lapsed_and_lives_no_more(watch):
    watch.step(NOW + 1, permit(NOW + 1, grant=Grant.NONE))
    assert (watch.grant, watch.lapsed) == (Grant.NONE, False)
    watch.step(NOW + 2, permit(NOW + 2))
    assert watch.grant is Grant.NONE
    watch.step(NOW + 3, permit(NOW + 3, generation=8))
    assert watch.grant is Grant.MOVE


@pytest.mark.parametrize(
    "changes",
    [{"expires_ns": NOW + LEASE_NS + 1}, {"expires_ns": NOW}, {"expires_ns": NOW - 1}, {"stamp_ns": NOW + 1}],
)
def test_a_permit_that_is_not_honest_is_a_lapse(watch, changes):
    watch.step(NOW, msgspec.structs.replace(permit(), **changes))
    assert (watch.grant, watch.lapsed) == (Grant.NONE, True)


def test_an_older_generation_never_comes_back(watch):
    watch.step(NOW, permit(generation=9))
    for generation in (7, 8):
        watch.step(NOW, permit(generation=generation))
        assert watch.grant is Grant.NONE
    watch.step(NOW, permit(generation=9))
    assert watch.grant is Grant.MOVE


def test_the_tests_permit_only_holds_and_only_once_after_each_acknowledgement(watch):
    for grant, resets, granted in (
        (Grant.HOLD, 0, Grant.NONE),
        (Grant.MOVE, 1, Grant.NONE),
        (Grant.HOLD, 1, Grant.HOLD),
    ):
        watch.step(NOW, permit(grant=grant, generation=TEST_GENERATION, resets=resets))
        assert watch.grant is granted
    watch.step(NOW + LEASE_NS, permit(grant=Grant.HOLD, generation=TEST_GENERATION, resets=1))
    assert (watch.lapsed, watch.generation) == (True, TEST_GENERATION)
    late = NOW + LEASE_NS
    watch.step(late, permit(late, grant=Grant.HOLD, generation=TEST_GENERATION, resets=1))
    assert watch.grant is Grant.NONE
    watch.step(late, permit(late, grant=Grant.HOLD, generation=TEST_GENERATION, resets=2))
    assert watch.grant is Grant.HOLD


def test_power_and_acknowledgements_are_passed_on_and_energy_only_with_a_permit_to_move(watch):
    watch.step(NOW, permit(power=False, resets=5, energy=True))
    assert (watch.power, watch.resets, watch.energy) == (False, 5, True)
    watch.step(NOW, permit(grant=Grant.NONE, energy=True))
    assert not watch.energy
    assert not permit(grant=Grant.HOLD, energy=True).energy
    watch.step(NOW, msgspec.structs.replace(permit(grant=Grant.HOLD, generation=10), energy=True))
    assert (watch.grant, watch.energy) == (Grant.HOLD, False)


permits = st.builds(
    Permit,
    stamp_ns=st.integers(NOW - 2 * LEASE_NS, NOW + 2 * LEASE_NS),
    expires_ns=st.integers(NOW - 2 * LEASE_NS, NOW + 3 * LEASE_NS),
    generation=st.integers(0, 6),
    grant=st.sampled_from(Grant),
    power=st.booleans(),
    resets=st.integers(0, 2),
    energy=st.booleans(),
)


@given(st.lists(st.tuples(st.integers(0, LEASE_NS), st.none() | permits), max_size=30))
def test_nothing_ever_lives_that_is_expired_too_long_or_once_dead(story):
    watch, now_ns, dead = PermitWatch(LEASE_NS), NOW - LEASE_NS, 0
    for passed_ns, each in story:
        now_ns += passed_ns
        watch.step(now_ns, each)
        if watch.grant is not Grant.NONE:
            assert each is not None
            assert now_ns < each.expires_ns <= now_ns + LEASE_NS
            assert each.stamp_ns <= now_ns
            assert each.generation > dead or (each.generation == TEST_GENERATION and watch.grant is Grant.HOLD)
        elif each is not None and each.generation > dead:
            dead = each.generation if each.grant is Grant.NONE or watch.lapsed else dead
        assert not watch.energy or watch.grant is Grant.MOVE


def test_brakes_may_close_only_while_nothing_is_granted(watch):
    watch.step(NOW, permit(park=True))
    assert (watch.grant, watch.park) == (Grant.MOVE, False)
    watch.step(NOW, permit(grant=Grant.NONE, park=True))
    assert watch.park
    watch.step(NOW, permit(grant=Grant.NONE))
    assert not watch.park
    assert not PermitWatch(LEASE_NS).park


def test_at_first_nothing_is_permitted_and_nothing_is_known():
    watch = PermitWatch(LEASE_NS)
    assert (watch.grant, watch.generation, watch.resets) == (Grant.NONE, TEST_GENERATION, 0)
    assert [watch.lapsed, watch.energy, watch.power, watch.park] == [False] * 4
