from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from protocol.crowd import STRANGERS_AT_MOST, Crowd

PER_ADDRESS = 20
OURS = "10.0.0.1"


def entered(crowd, numbers, address):
    return [crowd.enter(number, address) for number in numbers]


def test_an_address_that_is_known_has_its_own_room_and_no_more():
    crowd = Crowd(PER_ADDRESS, {OURS})
    assert entered(crowd, range(PER_ADDRESS), OURS) == PER_ADDRESS * [None]
    assert crowd.enter(PER_ADDRESS, OURS) == PER_ADDRESS
    crowd.leave(PER_ADDRESS)
    crowd.leave(0)
    assert crowd.enter(PER_ADDRESS, OURS) is None


def test_of_strangers_whoever_has_most_loses_his_oldest():
    crowd = Crowd(1000, {OURS})
    assert entered(crowd, range(STRANGERS_AT_MOST - 1), "10.0.0.9") == (STRANGERS_AT_MOST - 1) * [None]
    assert crowd.enter(500, "10.0.0.8") is None
    assert crowd.enter(501, "10.0.0.7") == 0
    crowd.leave(0)
    assert crowd.enter(502, "10.0.0.9") == 1
    assert entered(crowd, range(600, 700), OURS) == 100 * [None]


def test_one_who_was_let_in_meanwhile_is_no_stranger_any_more():
    known = set()
    crowd = Crowd(1000, known)
    assert entered(crowd, range(STRANGERS_AT_MOST), OURS) == STRANGERS_AT_MOST * [None]
    known.add(OURS)
    assert entered(crowd, range(100, 100 + STRANGERS_AT_MOST), "10.0.0.9") == STRANGERS_AT_MOST * [None]


@given(st.lists(st.tuples(st.integers(0, 300), st.integers(1, 90), st.booleans()), max_size=400))
def test_whatever_comes_and_goes_neither_room_is_ever_overdrawn(moves):
    known = {f"10.0.0.{number}" for number in range(5)}
    crowd, inside = Crowd(PER_ADDRESS, known), {}
    for number, host, comes in moves:
        inside.pop(number, None)
        if comes:
            inside[number] = f"10.0.0.{host}"
            leaves = crowd.enter(number, inside[number])
            if leaves is not None:
                assert leaves in inside
                crowd.leave(leaves)
                del inside[leaves]
        else:
            crowd.leave(number)
        counts = Counter(inside.values())
        assert max(counts.values(), default=0) <= PER_ADDRESS
        assert sum(count for address, count in counts.items() if address not in known) <= STRANGERS_AT_MOST
