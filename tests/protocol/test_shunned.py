from protocol.clock import NS_PER_MS, NS_PER_S
from protocol.shunned import ADDRESSES_AT_MOST, FOR_NS, REFUSALS, Shunned

THERE, ELSEWHERE = "10.0.0.9", "10.0.0.8"


def refused(shunned, times, address=THERE):
    for _ in range(times):
        shunned.refused(address)


def test_who_is_refused_again_and_again_is_shunned_for_a_moment_and_others_are_not():
    shunned = Shunned()
    shunned.tick(NS_PER_S)
    refused(shunned, REFUSALS - 1)
    assert THERE not in shunned
    refused(shunned, 1)
    assert THERE in shunned
    assert ELSEWHERE not in shunned
    shunned.tick(NS_PER_S + FOR_NS - 1)
    assert THERE in shunned
    shunned.tick(NS_PER_S + FOR_NS)
    assert THERE not in shunned
    refused(shunned, 1)
    assert THERE not in shunned, "counted anew"
    refused(shunned, REFUSALS - 1)
    assert THERE in shunned


def test_who_asks_at_a_persons_pace_is_never_shunned():
    shunned = Shunned()
    for now_ns in range(NS_PER_S, 60 * NS_PER_S, 200 * NS_PER_MS):
        shunned.tick(now_ns)
        refused(shunned, 1)
        assert THERE not in shunned


def test_a_flood_of_addresses_fills_no_memory_and_the_newest_are_known():
    shunned = Shunned()
    for number in range(3 * ADDRESSES_AT_MOST):
        refused(shunned, REFUSALS, f"address {number}")
    known = [number for number in range(3 * ADDRESSES_AT_MOST) if f"address {number}" in shunned]
    assert known == list(range(2 * ADDRESSES_AT_MOST, 3 * ADDRESSES_AT_MOST))


def test_what_is_no_address_is_not_shunned():
    assert 7 not in Shunned()
