"""How the supervisor hears the local staff: presses, jogs, calls, brakes."""

import msgspec
import pytest

from protocol.clock import NS_PER_MS
from protocol.messages import Action, FreezeClass, Mode, StaffJog
from protocol.records import Grant
from safety.supervisor import Supervisor
from tests.safety.patient import LEASE_NS, LIMITS, ROBOT, World, jog, stall


@pytest.mark.parametrize(("gap_ms", "mode"), [(19, Mode.READY), (20, Mode.LOCAL)])
def test_what_was_pressed_while_the_supervisor_was_held_up_for_a_lease_is_spent(world, gap_ms, mode):
    world.step_ns = gap_ms * NS_PER_MS
    assert world.tick(1, Action.GIVE) is mode


def test_what_is_held_down_where_nobody_may_jog_is_not_told(ready):
    ready.staff = (StaffJog(1, 9, 1, 0, 2, 1, stand_in=True),)
    assert ready.tick() is Mode.READY
    assert ready.authority.jog is None


def test_the_arm_goes_to_the_local_staff_when_no_surgeon_comes_back(following):
    following.lift()
    following.tick()
    following.session = msgspec.structs.replace(following.session, number=0)
    assert following.wait(29_990) is Mode.READY
    assert following.tick(9) is Mode.READY
    assert following.tick() is Mode.LOCAL
    assert following.authority.calling is True
    assert following.authority.culprit == "no good link for 30 s"


def test_frozen_calls_after_2_s_and_hands_over_after_30(following):
    following.tick(1, Action.FREEZE)
    assert following.tick(1999) is Mode.FROZEN
    assert not following.authority.calling
    following.tick()
    assert following.authority.calling
    assert following.wait(27_990) is Mode.FROZEN
    assert following.tick(9) is Mode.FROZEN
    assert following.tick() is Mode.LOCAL
    assert following.authority.culprit == "frozen for 30 s: FREEZE pressed by the local staff"
    assert following.authority.calling
    following.tick(1, Action.ATTEND)
    assert following.authority.calling is False


def test_freeze_outranks_take_and_both_are_heard(following):
    following.tick(1, Action.TAKE, Action.FREEZE)
    assert following.authority.mode is Mode.FROZEN
    assert following.tick() is Mode.LOCAL


def test_a_stop_drops_what_was_asked_for_before_it(world):
    world.tick(1, Action.GIVE, Action.FREEZE)
    assert world.authority.mode is Mode.FROZEN
    assert world.tick(1, Action.RELEASE) is Mode.LOCAL
    assert world.tick(5) is Mode.LOCAL


def test_the_surgeons_stop_freezes_calls_and_is_acknowledged_once(following):
    following.command_changes = {"stops": 1}
    assert following.tick() is Mode.FROZEN
    assert following.authority.freeze_class is FreezeClass.LOCAL
    assert following.authority.calling
    assert following.authority.stops_heard == 1
    stop_number = following.authority.stop_number
    following.tick(10)
    assert following.authority.stop_number == stop_number
    assert following.tick(1, Action.RELEASE) is Mode.READY


def test_energy_runs_only_while_following_and_after_a_stop_only_when_pressed_anew(following):
    following.command_changes = {"energy": 3}
    following.tick()
    assert following.permit.energy
    following.talking = False
    following.tick(51)
    assert not following.permit.energy, "no fresh command"
    following.talking = True
    following.tick(5)
    assert not following.permit.energy, "the press met a stop"
    following.command_changes = {"energy": 4}
    following.tick()
    assert following.permit.energy
    following.tick(1, Action.FREEZE)
    assert not following.permit.energy


def test_a_jog_moves_while_it_is_held_and_ends_with_it(world):
    held = jog(world, 1, 500)
    assert (held.arm, held.axis, held.direction) == (0, 2, -1)
    assert world.permit.grant is Grant.MOVE
    generation = world.permit.generation
    world.tick(155)
    assert world.authority.jog is None
    assert world.permit.grant is Grant.NONE
    assert jog(world, 2) is not None
    assert world.permit.generation == generation + 1


def test_a_jog_that_met_a_stop_must_be_pressed_anew(world):
    jog(world, 1, 10)
    world.tick(1, Action.FREEZE)
    assert jog(world, 1, 10) is None
    assert world.tick(1, Action.RELEASE) is Mode.LOCAL
    assert jog(world, 1, 100) is None
    assert jog(world, 2) is not None


def test_unattended_arms_are_not_jogged(following):
    following.tick(1, Action.FREEZE)
    assert following.wait(30_000) is Mode.LOCAL
    assert jog(following, 1, 10) is None
    following.tick(1, Action.ATTEND)
    assert jog(following, 2) is not None


def test_brakes_may_close_once_the_staff_have_not_moved_their_arms_for_a_minute(world):
    """Shortened to a quarter of a second; a jog opens them and begins the time anew, and no other mode closes them."""
    park_ms = 250
    people = msgspec.structs.replace(LIMITS.people, park_ns=park_ms * NS_PER_MS)
    world.supervisor = Supervisor(ROBOT, msgspec.structs.replace(LIMITS, people=people), LEASE_NS, world.now_ns)
    world.report_changes = world.measured_changes = {"limits_hash": world.supervisor._limits_hash}
    assert world.tick(2 * park_ms) is Mode.SAFE
    assert not world.permit.park, "without power they are closed anyway"
    world.tick(1, Action.RESET)
    while world.tick() is not Mode.LOCAL:
        assert not world.permit.park
    busy_ns = world.now_ns - NS_PER_MS
    while not world.permit.park:
        world.tick()
    assert world.now_ns - busy_ns == park_ms * NS_PER_MS
    assert world.permit.power
    assert jog(world, 1) is not None
    assert not world.permit.park
    jog(world, 1, 100)
    while world.authority.jog is not None:
        world.tick()
    world.tick(park_ms - 2)
    assert not world.permit.park
    world.tick(2)
    assert world.permit.park
    assert world.tick(1, Action.GIVE) is Mode.READY
    assert not world.permit.park
    world.tick(2 * park_ms)
    assert not world.permit.park
    world.tick(1, Action.FREEZE)
    world.tick(2 * park_ms)
    assert world.authority.mode is Mode.FROZEN
    assert not world.permit.park


def test_only_the_owner_moves_the_arm(following):
    assert jog(following, 1, 10) is None


def test_a_press_that_a_worse_event_overtook_is_heard_in_the_next_tick(following):
    following.measured_changes = {"tripped": True}
    assert following.tick(1, Action.TAKE) is Mode.FROZEN
    following.measured_changes = {}
    assert following.tick() is Mode.LOCAL


def test_before_the_controller_has_spoken_nobody_is_given_the_arm_and_nothing_lags():
    world = World()
    world.has_report = False
    world.tick(5)
    world.tick(200, Action.RESET)
    assert world.tick(3000) is Mode.LOCAL
    assert world.tick(5, Action.GIVE) is Mode.LOCAL


def test_after_a_stall_of_the_supervisor_old_presses_start_nothing(world):
    """Nobody who pressed in vain expects the arm to move now."""
    world.tick(1, Action.TAKE)
    world.tick(10)
    stall(world, 5000)
    assert jog(world, 1) is None
    assert world.permit.grant is not Grant.MOVE
    assert jog(world, 1, 10) is None, "held on, it must be pressed anew"
    assert jog(world, 2) is not None


def test_after_a_stall_a_stop_that_was_pressed_meanwhile_counts(following):
    stall(following, 15)
    assert following.tick(1, Action.FREEZE) is Mode.FROZEN


def test_a_stop_right_after_a_release_is_a_stop(following):
    """The acknowledgement of a trip does not hide it: a stop always led to SAFE, so here it is a new one."""
    following.measured_changes = {"tripped": True}
    assert following.tick(2) is Mode.FROZEN
    following.measured_changes = {}
    assert following.tick(2, Action.RELEASE) is Mode.READY
    following.measured_changes = {"stopped": True}
    assert following.tick() is Mode.SAFE


def test_a_freeze_leaves_closed_brakes_closed_and_a_release_keeps_them_for_the_next_jog(world):
    people = msgspec.structs.replace(LIMITS.people, park_ns=250 * NS_PER_MS)
    limits = msgspec.structs.replace(LIMITS, people=people)
    world.supervisor = Supervisor(ROBOT, limits, LEASE_NS, world.now_ns)
    world.report_changes = world.measured_changes = {"limits_hash": limits.hash}
    world.tick(1, Action.RESET)
    while world.tick() is not Mode.LOCAL:
        pass
    assert not world.permit.park
    world.tick(300)
    assert world.permit.park
    assert world.tick(1, Action.FREEZE) is Mode.FROZEN
    assert world.permit.park
    assert world.tick(5, Action.RELEASE) is Mode.LOCAL
    assert world.permit.park
    assert world.permit.grant is Grant.NONE, "a permit to move stands for nobody"
    jog(world, 1)
    assert world.permit.grant is Grant.MOVE
    assert not world.permit.park
