"""The self-test: a plant that does not stop by itself never gets a permit."""

import msgspec
import pytest

from protocol.clock import NS_PER_MS
from protocol.records import Grant
from safety.selftest import FOLLOW_FOR_NS, Outcome, SelfTest, SelfTestStep
from tests.protocol.samples import MEASURED

LEASE_NS = 20 * NS_PER_MS
NOW = 10**12
OFF = msgspec.structs.replace(MEASURED, powered=False, following=False, permitted=False, generation=0, lapsed=False)
STILL = msgspec.structs.replace(OFF, powered=True)
FOLLOWS = msgspec.structs.replace(STILL, permitted=True, following=True)
LAPSED = msgspec.structs.replace(STILL, lapsed=True)


def run(*parts, begin=NOW):
    """Step through (measured, milliseconds); the steps until the test ends."""
    test = SelfTest(LEASE_NS)
    test.start(begin)
    now_ns, steps = begin, []
    for measured, ticks in parts:
        for _ in range(ticks):
            now_ns += NS_PER_MS
            steps.append(test.step(now_ns, measured))
            if steps[-1].outcome is not Outcome.RUNNING:
                return steps
    return steps


def test_a_plant_that_follows_and_then_stops_by_itself_passes():
    steps = run((OFF, 5), (STILL, 5), (FOLLOWS, 60), (LAPSED, 5))
    assert steps[-1].outcome is Outcome.PASSED
    assert [step.grant for step in steps[:6]] == [Grant.NONE] * 6
    held = [step for step in steps if step.grant is Grant.HOLD]
    assert sum(step.renewed for step in held) >= 50
    assert not held[-1].renewed, "it is left to lapse, not withdrawn"


def test_every_step_says_what_is_granted_and_whether_it_is_renewed():
    waits, holds = (SelfTestStep(Outcome.RUNNING, grant, True, "") for grant in (Grant.NONE, Grant.HOLD))
    lapses = SelfTestStep(Outcome.RUNNING, Grant.HOLD, False, "")
    follow_ms = FOLLOW_FOR_NS // NS_PER_MS
    steps = run((None, 2), (OFF, 3), (STILL, 4), (FOLLOWS, 1 + follow_ms), (FOLLOWS, 10), (LAPSED, 5))
    passed = SelfTestStep(Outcome.PASSED, Grant.NONE, True, "")
    assert steps == [waits] * 6 + [holds] * (3 + follow_ms) + [lapses] * 11 + [passed]


@pytest.mark.parametrize(
    ("parts", "says"),
    [
        (((None, 3000),), "self-test: the plant tells nothing after 2001 ms (limit 2000 ms)"),
        (((OFF, 3000),), "no power after 2001 ms (limit 2000 ms)"),
        (((msgspec.structs.replace(OFF, permitted=True), 1),), "moves without a permit: 1 signs of it (limit 0)"),
        (((msgspec.structs.replace(OFF, following=True), 1),), "moves without a permit: 1 signs of it (limit 0)"),
        (((FOLLOWS, 1),), "moves without a permit: 2 signs of it (limit 0)"),
        (((STILL, 2000),), "the drives do not follow after 1001 ms (limit 1000 ms)"),
        (((STILL, 1), (msgspec.structs.replace(FOLLOWS, following=False), 2000)), "do not follow"),
        (((STILL, 1), (msgspec.structs.replace(FOLLOWS, generation=5), 2000)), "do not follow"),
        (((STILL, 1), (FOLLOWS, 20), (STILL, 5)), "ceased to follow"),
        (((STILL, 1), (FOLLOWS, 20), (msgspec.structs.replace(FOLLOWS, following=False), 1)), "ceased to follow"),
        (((STILL, 1), (FOLLOWS, 20), (msgspec.structs.replace(FOLLOWS, generation=5), 1)), "ceased to follow"),
        (((STILL, 1), (FOLLOWS, 1000)), "a lapsed permit did not stop the plant after 41 ms (limit 40 ms)"),
        (((STILL, 1), (FOLLOWS, 55), (msgspec.structs.replace(LAPSED, following=True), 99)), "did not stop"),
        (((STILL, 1), (FOLLOWS, 55), (msgspec.structs.replace(LAPSED, permitted=True), 99)), "did not stop"),
        (((STILL, 1), (FOLLOWS, 55), (STILL, 99)), "did not stop"),
    ],
)
def test_everything_else_fails_and_says_why(parts, says):
    last = run(*parts)[-1]
    assert last.outcome is Outcome.FAILED
    assert says in last.culprit
    assert last.grant is Grant.NONE
    assert last.renewed is True, "what it grants, nothing, is said at once"
