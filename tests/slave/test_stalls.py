"""A process of the patient's side stops for a while in the middle of a fast motion. Whatever follows, nothing leaps."""

import pytest

from protocol.messages import Action, Mode
from tests.slave.closed_loop import following

SPEED_MAX_M_S = 0.2
DRIFT_MAX_M = 1e-4


@pytest.mark.parametrize("stall_ms", [2, 5, 8, 30, 60, 200])
@pytest.mark.parametrize("process", ["drives", "plant", "controller", "supervisor"])
def test_after_a_stall_nothing_leaps_and_a_frozen_arm_stays(process, stall_ms):
    loop = following()
    loop.stalled = process
    stalled_at = len(loop.tips)
    loop.run(stall_ms)
    loop.stalled = ""
    resumed_at = len(loop.tips)
    loop.run(1500)
    # The drives make up for the time in which they were not stepped: their first tick after that is many in one.
    since = resumed_at + 1 if process == "drives" else stalled_at
    assert loop.speeds_m_s(since).max() <= SPEED_MAX_M_S * 1.1
    assert loop.drives.state.refused == 0
    if Mode.FROZEN in loop.modes:
        frozen_at = loop.modes.index(Mode.FROZEN)
        rest = loop.tips[frozen_at + 200]
        assert all(
            max(abs(a - b) for a, b in zip(tip, rest, strict=True)) < DRIFT_MAX_M
            for tip in loop.tips[frozen_at + 200 :]
        )
    if stall_ms > 50:
        assert loop.authority.mode is Mode.FROZEN
        assert loop.authority.culprit.partition(":")[0] in ("drives", "plant", "controller", "supervisor")


@pytest.mark.parametrize("process", ["drives", "plant", "controller"])
def test_after_a_trip_release_and_a_new_press_go_on_from_where_the_arm_is(process):
    loop = following()
    loop.stalled = process
    loop.run(200)
    loop.stalled = ""
    assert loop.run(1500) is Mode.FROZEN
    assert loop.run(5, Action.RELEASE) is Mode.READY
    before = len(loop.tips)
    loop.moving = False
    loop.engage()
    assert loop.run(50) is Mode.FOLLOWING
    assert loop.speeds_m_s(before).max() < 1e-3
    loop.moving = True
    loop.run(500)
    moved = loop.tips[-1][0] - loop.tips[before][0]
    assert moved > 0.02
    assert loop.speeds_m_s(before).max() <= SPEED_MAX_M_S * 1.1
