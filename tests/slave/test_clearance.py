"""Arms stop short of walls and of each other, and the gate never has to refuse."""

import random

import msgspec
import pytest

from protocol.clock import NS_PER_MS
from protocol.messages import Mode
from protocol.records import Accepted
from tests.protocol.samples import COMMAND
from tests.slave.closed_loop import AT_REST, ready

HAND_M_S = 0.06


def engaged_both(loop):
    """Both hands engaged; what they point at is `loop.targets`, gone to at a slow hand's speed."""
    loop.targets = [[0.0] * 3, [0.0] * 3]
    at = [[0.0] * 3, [0.0] * 3]
    loop.engage()
    hand = loop.hand

    def surgeon():
        for k in (0, 1):
            way = [t - p for t, p in zip(loop.targets[k], at[k], strict=True)]
            length = sum(x * x for x in way) ** 0.5
            share = min(1.0, HAND_M_S * 1e-3 / length) if length else 0.0
            at[k] = [p + share * x for p, x in zip(at[k], way, strict=True)]
        hands = tuple(msgspec.structs.replace(hand, p_W_m=tuple(at[k])) for k in (0, 1))
        echo = {"received_ns": loop.now_ns - 40 * NS_PER_MS, "shown_ns": loop.now_ns - 70 * NS_PER_MS}
        command = msgspec.structs.replace(
            COMMAND, sequence=loop.ticks, authority_epoch=loop.authority.authority_epoch, hands=hands, **echo
        )
        loop.accepted = Accepted(loop.now_ns, command)

    loop._surgeon = surgeon
    assert loop.run(10) is Mode.FOLLOWING
    return loop


@pytest.mark.parametrize("seed", range(3))
def test_hands_that_cross_and_push_into_walls_trip_nothing(seed):
    rng = random.Random(seed)
    loop = engaged_both(ready())
    limited, least_mm = 0, 1e3
    for leg in range(6):
        if leg % 2 == 0:
            side = [[rng.uniform(0.03, 0.12), rng.uniform(-0.03, 0.03), rng.uniform(-0.02, 0.02)] for _ in (0, 1)]
            loop.targets = [side[0], [-side[1][0], *side[1][1:]]]
        else:
            loop.targets = [[rng.uniform(-0.2, 0.2) for _ in range(3)] for _ in (0, 1)]
        for _ in range(150):
            assert loop.run(10) is Mode.FOLLOWING, loop.authority.culprit
            limited += any(arm.reach for arm in loop.report.arms)
            least_mm = min(least_mm, loop.guard._gate.spare_m * 1e3)
    assert limited > 0, "nothing was in the way: this proves nothing"
    assert least_mm > 0.5


def test_a_wall_stops_one_arm_is_told_at_once_and_lets_it_back():
    loop = engaged_both(ready())
    loop.targets[0] = [-0.3, 0.0, 0.0]
    loop.run(5000)
    arm = loop.report.arms[0]
    assert arm.reach != 0
    assert arm.lag_m == 0.0
    stood = arm.setpoint_p_W_m
    loop.targets[0] = [0.0, 0.0, 0.0]
    loop.run(6000)
    arm = loop.report.arms[0]
    assert arm.reach == 0
    assert arm.setpoint_p_W_m[0] > stood[0] + 0.05
    assert loop.authority.mode is Mode.FOLLOWING


def test_hands_at_rest_are_hindered_by_nothing():
    loop = ready()
    assert AT_REST.engaged is False
    loop.engage()
    loop.run(50)
    assert not any(arm.reach for arm in loop.report.arms)
