import msgspec
import pytest

from protocol.clock import NS_PER_MS, NS_PER_S
from safety.engage import Nonces, may_open
from tests.protocol.samples import AUTHORITY, COMMAND, TIP_POSE


def test_a_fresh_press_opens():
    assert may_open(TIP_POSE, COMMAND, AUTHORITY, used_epoch=TIP_POSE.clutch_epoch - 1)


@pytest.mark.parametrize(
    ("hand", "authority", "used"),
    [
        ({"engaged": False}, {}, 2),
        ({}, {}, 3),
        ({"stop_number": 0}, {}, 2),
        ({"stop_number": 2}, {}, 2),
        ({"nonce": 78}, {}, 2),
        ({}, {"nonces": ()}, 2),
        ({}, {"authority_epoch": 3}, 2),
        ({}, {"stop_number": 9}, 2),
    ],
)
def test_each_condition_alone_keeps_it_shut(hand, authority, used):
    assert not may_open(
        msgspec.structs.replace(TIP_POSE, **hand), COMMAND, msgspec.structs.replace(AUTHORITY, **authority), used
    )


def test_nonces_live_for_their_life_and_there_is_always_a_young_one():
    nonces = Nonces(NS_PER_S)
    for now_ns in range(0, 5 * NS_PER_S, NS_PER_MS):
        if nonces.due(now_ns):
            nonces.issue(now_ns, now_ns)
        alive = nonces.alive(now_ns)
        assert now_ns - alive[-1] <= NS_PER_S // 4
        assert all(now_ns - nonce <= NS_PER_S for nonce in alive)
    assert len(alive) == 4
    nonces.void()
    assert nonces.alive(now_ns) == ()
    assert nonces.due(now_ns)


def test_a_nonce_is_due_after_a_quarter_of_a_life_and_good_for_the_whole_of_it():
    life_ns, now_ns = 1000, 10**12
    nonces = Nonces(life_ns)
    assert nonces.due(now_ns)
    nonces.issue(now_ns, 7)
    assert not nonces.due(now_ns + life_ns // 4 - 1)
    assert nonces.due(now_ns + life_ns // 4)
    assert nonces.alive(now_ns + life_ns) == (7,)
    assert nonces.alive(now_ns + life_ns + 1) == ()
