"""The staff's jog, through supervisor, controller, gate, plant and drives."""

import math

import pytest

from protocol.messages import Action, Mode
from tests.slave.closed_loop import ARM, LIMITS, ClosedLoop


@pytest.fixture
def local():
    loop = ClosedLoop()
    loop.run(5)
    assert loop.run(300, Action.RESET) is Mode.LOCAL
    return loop


def joints(loop, arm=0):
    return loop.drives.measured_js(arm)[0]


@pytest.mark.parametrize("arm", [0, 1])
@pytest.mark.parametrize("direction", [1, -1])
def test_retracting_along_the_shaft_goes_at_its_speed_and_ends_with_the_button(local, arm, direction):
    before = joints(local, arm)
    local.jog(1000, arm, 2, direction)
    moved = joints(local, arm)[2] - before[2]
    assert moved == pytest.approx(direction * LIMITS.people.jog_m_s * 1.0, rel=0.1)
    local.run(300)
    stood = joints(local, arm)
    local.run(500)
    assert joints(local, arm) == pytest.approx(stood, abs=1e-5)
    assert abs(joints(local, arm)[2] - before[2]) < LIMITS.people.jog_m_s * 1.35
    assert joints(local, 1 - arm) == pytest.approx((*ARM.home.tolist(), 0.0), abs=1e-4)


@pytest.mark.parametrize("axis", [0, 1, 3, 4, 5])
def test_a_joint_turns_slowly_and_its_tip_is_no_faster_than_a_jog(local, axis):
    before = joints(local)[axis]
    local.jog(1000, 0, axis, 1)
    turned = joints(local)[axis] - before
    assert 0.3 * LIMITS.people.jog_rad_s < turned <= LIMITS.people.jog_rad_s * 1.05
    assert local.speeds_m_s().max() <= LIMITS.people.jog_m_s * 1.2


def test_the_tip_goes_along_its_own_axes(local):
    p, q = ARM.forward_cp(joints(local)[:6])
    local.jog(1000, 0, 9, 1)
    after, turned = ARM.forward_cp(joints(local)[:6])
    assert math.dist(p, after) == pytest.approx(0.01, rel=0.1)
    assert turned == pytest.approx(q, abs=1e-3)


def test_the_jaw_opens_only_when_it_is_the_axis(local):
    local.jog(1000, 0, 6, 1)
    assert joints(local)[6] == pytest.approx(LIMITS.people.jog_rad_s, rel=0.15)
    local.run(300)
    open_rad = joints(local)[6]
    local.jog(500, 0, 2, 1)
    assert joints(local)[6] == pytest.approx(open_rad, abs=0.02)


def test_a_jog_against_a_limit_waits_there_and_comes_back(local):
    local.jog(9000, 0, 2, -1)
    stood = joints(local)[2]
    assert local.authority.mode is Mode.LOCAL
    assert not local.report.refusal
    local.run(300)
    local.jog(1000, 0, 2, 1)
    assert joints(local)[2] > stood + 0.008


@pytest.mark.parametrize("stop", [Action.FREEZE, Action.TAKE])
def test_a_freeze_ends_a_jog_and_a_take_does_not_need_to(local, stop):
    local.jog(300, 0, 2, -1)
    local.run(20, stop)
    before = joints(local)
    local.run(500)
    after = joints(local)
    assert abs(after[2] - before[2]) < 0.004
    assert local.authority.mode is (Mode.FROZEN if stop is Action.FREEZE else Mode.LOCAL)
