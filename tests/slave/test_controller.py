"""The controller, tick by tick: real kinematics and gate, arms that are where they were told to be, time by hand."""

import math

import msgspec
import pytest

from kinematics import load_robot
from protocol.clock import NS_PER_MS
from protocol.messages import Mode
from protocol.pose import IDENTITY, add, angle_rad, conjugate, from_rotation_vector, multiply, norm, subtract
from protocol.records import Accepted, ArmMeasured, Jog
from safety.limits import load_limits
from slave.controller import Controller, Seen
from tests.protocol.samples import AUTHORITY, COMMAND, MEASURED, TIP_POSE

ARM = load_robot("psm")
LIMITS = load_limits("laparoscopic")
LEASE_NS = LIMITS.process.lease_ns
HOME = (*ARM.home.tolist(), 0.0)
FAR_TURN = from_rotation_vector((1.3, -0.4, 2.2))


class Slave:
    """A controller with perfect arms, a supervisor's word and a hand, all of which a test may change."""

    def __init__(self):
        self.controller = Controller(ARM, LIMITS, LEASE_NS, 0.001)
        self.now_ns = 10**12
        self.positions = [HOME, HOME]
        self.mode = Mode.FOLLOWING
        self.hand = msgspec.structs.replace(TIP_POSE, p_W_m=(0.0, 0.0, 0.0), q_W=IDENTITY, engaged=False)
        self.sequence = 0
        self.talking = True
        self.supervised = True
        self.accepted = None
        self.authority = None
        self.stop_number = TIP_POSE.stop_number
        self.open_epochs = (0, 0)
        self.jog = None
        self.offset = 0.0
        self.holding = False
        self.decision = None

    def tick(self, ticks=1):
        for _ in range(ticks):
            self.now_ns += NS_PER_MS
            if self.supervised:
                self.authority = msgspec.structs.replace(
                    AUTHORITY,
                    stamp_ns=self.now_ns,
                    mode=self.mode,
                    stop_number=self.stop_number,
                    open_epochs=self.open_epochs,
                    jog=self.jog,
                )
            if self.talking:
                self.sequence += 1
                command = msgspec.structs.replace(COMMAND, sequence=self.sequence, hands=(self.hand, self.hand))
                self.accepted = Accepted(self.now_ns, command)
            arms = tuple(ArmMeasured((q[0] + self.offset, *q[1:]), (0.0,) * 7, (0.0,) * 7) for q in self.positions)
            measured = msgspec.structs.replace(MEASURED, stamp_ns=self.now_ns, holding=self.holding, arms=arms)
            self.decision = self.controller.tick(Seen(self.now_ns, self.authority, self.accepted, measured))
            assert self.decision.setpoint is not None
            self.positions = [arm.position for arm in self.decision.setpoint.arms]
        return self.decision

    def move(self, **changes):
        self.hand = msgspec.structs.replace(self.hand, **changes)

    def engage(self, **changes):
        """The pedal goes down, and the supervisor hears it."""
        self.move(engaged=True, clutch_epoch=self.hand.clutch_epoch + 1, **changes)
        self.open_epochs = (self.hand.clutch_epoch,) * 2

    @property
    def tip(self):
        return self.decision.arms[0].state.setpoint_p_W_m

    @property
    def turn(self):
        return self.decision.arms[0].state.setpoint_q_W

    @property
    def at_rest(self):
        return not any(self.decision.setpoint.arms[0].velocity[:6])


@pytest.fixture
def slave():
    slave = Slave()
    slave.tick(3)
    return slave


@pytest.fixture
def moving(slave):
    """In the middle of a motion of 9 mm: more at once would be a lag."""
    slave.engage()
    slave.tick()
    slave.move(p_W_m=(0.009, 0.0, 0.0))
    slave.tick(40)
    assert not slave.at_rest
    return slave


def test_an_epoch_opens_without_a_step_wherever_hand_and_arm_are(slave):
    before = slave.tip
    slave.engage(p_W_m=(0.3, -0.2, 0.1), q_W=FAR_TURN)
    slave.tick()
    assert slave.decision.arms[0].state.following
    assert norm(subtract(slave.tip, before)) < 1e-9


def test_tip_and_turn_follow_the_hand_in_the_axes_of_the_world(slave):
    slave.engage(p_W_m=(0.3, -0.2, 0.1), q_W=FAR_TURN)
    slave.tick()
    tip, turn = slave.tip, slave.turn
    moved, turned = (0.004, -0.003, 0.002), from_rotation_vector((0.05, -0.1, 0.08))
    slave.move(p_W_m=add((0.3, -0.2, 0.1), moved), q_W=multiply(turned, FAR_TURN))
    slave.tick(500)
    assert slave.at_rest
    assert norm(subtract(subtract(slave.tip, tip), moved)) < 1e-6
    assert angle_rad(multiply(slave.turn, conjugate(multiply(turned, turn)))) < 1e-5


def test_the_second_epoch_starts_from_where_the_first_ended(moving):
    moving.move(engaged=False)
    moving.tick(200)
    before = moving.tip
    moving.engage(p_W_m=(0.0, 0.0, 0.0))
    moving.tick()
    assert norm(subtract(moving.tip, before)) < 1e-9
    moving.move(p_W_m=(0.0, 0.002, 0.0))
    moving.tick(300)
    assert norm(subtract(subtract(moving.tip, before), (0.0, 0.002, 0.0))) < 1e-6


@pytest.mark.parametrize("mode", [mode for mode in Mode if mode is not Mode.FOLLOWING])
def test_in_every_other_mode_the_arm_comes_to_rest(moving, mode):
    moving.mode = mode
    moving.tick(60)
    assert moving.at_rest
    assert moving.decision.arms[0].state.following == (mode is Mode.PAUSED), "a pause keeps the epoch open"


def test_after_a_freeze_the_same_epoch_moves_nothing(moving):
    moving.mode = Mode.FROZEN
    moving.open_epochs = (0, 0)
    moving.tick(100)
    moving.mode = Mode.FOLLOWING
    before = moving.tip
    moving.move(p_W_m=(0.03, 0.0, 0.0))
    moving.tick(100)
    assert moving.tip == before
    moving.engage()
    moving.tick()
    assert moving.decision.arms[0].state.following


def test_silence_brings_the_arm_to_rest_even_if_the_supervisor_says_nothing_of_it(moving):
    moving.talking = False
    moving.tick(249)
    at_target = moving.tip
    moving.tick(100)
    assert moving.at_rest
    assert not moving.decision.arms[0].state.following
    assert norm(subtract(moving.tip, at_target)) < 1e-6, "it had come to rest at the last pose it was given"


def test_a_supervisor_that_falls_silent_stops_the_arm(moving):
    moving.supervised = False
    moving.tick(50)
    moving.tick(60)
    assert moving.at_rest
    assert not moving.decision.arms[0].state.following


def test_an_arm_that_is_not_where_it_was_told_opens_from_where_it_is(slave):
    slave.offset = 0.02
    slave.tick()
    slave.engage()
    slave.tick()
    arm = slave.decision.arms[0].state
    assert arm.following
    assert norm(subtract(arm.base_p_W_m, arm.measured_p_W_m)) < 1e-9
    assert slave.tick().refusal == ""


def test_a_pose_out_of_reach_stops_the_arm_and_is_told(moving):
    moving.move(p_W_m=(0.0, 0.0, 5.0))
    moving.tick(100)
    state = moving.decision.arms[0].state
    assert state.reach != 0
    assert state.lag_m == 0.0
    assert moving.at_rest


def test_the_way_back_from_out_of_reach_is_closed_slowly_while_the_hand_is_followed(slave):
    slave.engage(p_W_m=(0.0, 0.0, 0.0))
    slave.tick()
    slave.move(p_W_m=(0.01, 0.0, 0.0))
    slave.tick(200)
    slave.move(p_W_m=(0.01, 0.0, 5.0))
    slave.tick(100)
    before = slave.tip
    slave.move(p_W_m=(0.02, 0.0, 0.0))
    slave.tick(100)
    back = norm(subtract(slave.tip, before))
    assert back == pytest.approx(0.020 * 0.1, rel=0.1), "10 mm away, it closes at 20 mm/s"
    assert slave.decision.arms[0].state.lag_m < 1e-3
    before = slave.tip
    for step in range(1, 51):
        slave.move(p_W_m=(0.02, 1e-4 * step, 0.0))
        slave.tick()
    slave.tick(50)
    assert slave.tip[1] - before[1] == pytest.approx(0.005, abs=1e-5), "the hand's own motion is there at once"
    assert norm(subtract(slave.decision.arms[0].commanded_p_W_m, slave.tip)) > 0.004
    slave.tick(500)
    assert norm(subtract(slave.decision.arms[0].commanded_p_W_m, slave.tip)) < 1e-6


def test_the_jaw_meets_the_hand_slowly_after_an_engage(slave):
    slave.engage(jaw_rad=1.0)
    slave.tick(100)
    assert slave.positions[0][6] == pytest.approx(math.radians(36.0) * 0.1, rel=0.2)
    slave.tick(2000)
    assert slave.positions[0][6] == pytest.approx(1.0, abs=1e-5)
    slave.move(jaw_rad=0.5)
    slave.tick(200)
    assert slave.positions[0][6] == pytest.approx(0.5, abs=1e-5)


def test_the_jaw_keeps_its_grip_through_a_freeze(slave):
    slave.engage(jaw_rad=0.0)
    slave.tick(10)
    slave.mode = Mode.FROZEN
    slave.move(jaw_rad=1.0)
    slave.tick(300)
    assert slave.positions[0][6] == 0.0


def test_what_the_gate_refuses_holds_until_the_supervisor_has_frozen(moving, monkeypatch):
    follower = moving.controller._arms[0]
    leap = msgspec.structs.replace(follower.wish(), velocity=(1.9, *(0.0,) * 6))
    with monkeypatch.context() as broken:
        broken.setattr(type(follower), "wish", lambda arm: leap)
        moving.tick()
    assert "off its velocity" in moving.decision.refusal
    held = moving.positions
    moving.tick(20)
    assert moving.positions == held
    assert moving.decision.refusal
    moving.stop_number += 1
    moving.mode = Mode.FROZEN
    moving.tick(2)
    assert moving.decision.refusal == ""
    assert moving.at_rest


def test_an_engaged_hand_that_the_supervisor_has_not_opened_moves_nothing(slave):
    slave.engage()
    slave.open_epochs = (0, slave.hand.clutch_epoch)
    slave.tick()
    slave.move(p_W_m=(0.005, 0.0, 0.0))
    before = slave.positions
    slave.tick(100)
    assert slave.positions[0] == before[0]
    assert slave.positions[1] != before[1]


def test_a_command_of_another_authority_moves_nothing(moving):
    moving.tick()
    moving.sequence += 1
    moving.talking = False
    command = msgspec.structs.replace(moving.accepted.command, authority_epoch=1)
    for _ in range(60):
        moving.accepted = Accepted(moving.now_ns, command)
        moving.tick()
    assert moving.at_rest
    assert not moving.decision.arms[0].state.following


def test_while_the_plant_holds_setpoints_stand_where_the_arms_are_and_the_jaw_keeps_its_grip(moving):
    jaw = moving.positions[0][6]
    assert jaw > 0.0
    moving.holding = True
    moving.offset = 0.001
    moving.tick()
    moving.move(p_W_m=(0.03, 0.0, 0.0), jaw_rad=0.9)
    standing = moving.positions[0]
    moving.tick()
    assert moving.at_rest
    assert moving.positions[0][0] == pytest.approx(standing[0] + 0.001, abs=1e-9)
    assert moving.positions[0][6] >= jaw


def _move_by_hand(slave):
    slave.engage()
    slave.tick()
    slave.move(p_W_m=(0.009, 0.0, 0.0))


def _jog(slave):
    slave.mode, slave.jog = Mode.LOCAL, Jog(0, 2, 1)


@pytest.mark.parametrize("begin", [_move_by_hand, _jog])
def test_setpoints_that_left_an_arm_behind_stand_where_it_is_again(slave, begin):
    slave.holding = True
    slave.tick(3)
    stands = slave.positions
    slave.holding = False
    begin(slave)
    slave.tick(40)
    assert slave.positions[0][:6] != pytest.approx(stands[0][:6], abs=1e-4)
    # The drives never took it there: they measure what they measured before.
    slave.holding, slave.positions = True, stands
    slave.tick()
    assert slave.positions[0][:6] == pytest.approx(stands[0][:6], abs=1e-12)
    assert slave.at_rest


def test_after_a_hold_what_was_lost_closes_slowly(moving):
    moving.holding = True
    moving.tick(20)
    moving.holding = False
    before = moving.tip
    moving.tick(100)
    assert norm(subtract(moving.tip, before)) <= 0.020 * 0.1 * 1.1


def test_no_measurement_no_setpoint():
    decision = Controller(ARM, LIMITS, LEASE_NS, 0.001).tick(Seen(1, None, None, None))
    assert decision.setpoint is None
