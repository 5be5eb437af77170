"""How the supervisor lets a surgeon move the arm, and when it stops: engage, link, energy."""

import msgspec
import pytest

from protocol.clock import NS_PER_MS
from protocol.messages import Action, FreezeClass, Mode, Owner, Rest
from protocol.records import Grant
from protocol.roles import Role
from safety.limits import load_limits
from safety.supervisor import Supervisor
from tests.safety.patient import LEASE_NS, LIMITS, ROBOT, World, again, in_local


def test_nothing_moves_until_staff_give_and_the_surgeon_engages(world):
    world.press()
    assert world.tick(10) is Mode.LOCAL
    assert world.tick(1, Action.GIVE) is Mode.READY
    assert world.tick(100) is Mode.READY, "a pedal that was down before the arm was given"
    assert world.permit.grant is Grant.NONE
    assert again(world) is Mode.FOLLOWING
    assert world.permit.grant is Grant.MOVE
    world.lift()
    assert world.tick() is Mode.READY
    assert world.permit.grant is Grant.MOVE, "it comes to rest by its own setpoints"


def test_a_quick_second_clutch_is_heard_under_a_new_permit(following):
    first = following.permit.generation
    following.lift()
    assert following.tick(2) is Mode.READY
    following.press()
    assert following.tick() is Mode.FOLLOWING
    assert following.permit.generation == first + 1


@pytest.mark.parametrize("changes", [{"nonce": 1}, {"stop_number": 5}, {"clutch_epoch": 0}])
def test_an_engage_without_what_the_console_showed_is_not_heard(ready, changes):
    ready.press(**changes)
    assert ready.tick(5) is Mode.READY


def test_a_press_that_is_a_second_old_engages_nothing(ready):
    ready.press()
    late = ready.hand
    ready.lift()
    ready.tick(1010)
    ready.hand = late
    assert ready.tick(5) is Mode.READY


def test_nobody_engages_before_the_link_has_been_good_for_3_s(ready):
    ready.age_ns = 230 * NS_PER_MS
    ready.tick(600)
    ready.age_ns = 40 * NS_PER_MS
    ready.tick(501)
    assert not ready.authority.slowed, "the dwell time is over"
    ready.tick(2990)
    assert again(ready) is Mode.READY
    ready.lift()
    ready.tick(20)
    assert again(ready) is Mode.FOLLOWING


def test_silence_freezes_and_only_a_new_press_upon_the_new_picture_goes_on(following):
    following.talking = False
    assert following.tick(249) is Mode.PAUSED
    assert following.tick(1) is Mode.FROZEN
    assert "no command for 250 ms (limit 250 ms)" in following.authority.culprit
    assert following.permit.grant is Grant.NONE
    following.talking = True
    assert following.tick(3600) is Mode.FROZEN, "the pedal is still down"
    following.press(stop_number=0)
    assert following.tick(10) is Mode.FROZEN, "the console had not shown the freeze"
    assert again(following) is Mode.FOLLOWING


def test_an_old_picture_slows_then_freezes_and_is_named(following):
    following.age_ns = 225 * NS_PER_MS
    following.tick()
    assert following.authority.slowed
    assert following.authority.speed_cap_m_s < 0.2
    following.age_ns = 310 * NS_PER_MS
    assert following.tick(200) is Mode.FOLLOWING
    assert following.tick(2) is Mode.FROZEN
    assert "loop age 310 ms" in following.authority.culprit
    assert following.authority.freeze_class is FreezeClass.LINK


def test_what_the_sender_says_of_lost_packets_is_judged(following):
    following.command_changes = {"packet_loss": 0.5}
    assert following.tick() is Mode.FROZEN
    assert following.authority.culprit.startswith("packet loss 50.0%")


@pytest.mark.parametrize(("early_ms", "mode"), [(1, Mode.READY), (0, Mode.FOLLOWING)])
def test_an_engage_is_heard_when_the_link_has_been_good_for_exactly_long_enough(ready, early_ms, mode):
    ready.talking = False
    ready.tick(LIMITS.link.silence.pause_ns // NS_PER_MS + 1)
    ready.talking = True
    good_ns = LIMITS.people.link_good_ns - early_ms * NS_PER_MS
    while ready.authority.link_good_ns != good_ns - NS_PER_MS:
        ready.tick()
    ready.press()
    assert ready.tick() is mode
    assert ready.authority.link_good_ns == good_ns


def test_an_arm_is_not_given_to_a_session_that_has_fallen_silent_until_it_is_back():
    world = in_local()
    world.session = msgspec.structs.replace(world.session, silent=True)
    assert world.tick(1, Action.GIVE) is Mode.LOCAL
    world.session = msgspec.structs.replace(world.session, silent=False)
    assert world.tick(1, Action.GIVE) is Mode.READY


def test_a_session_that_falls_silent_and_comes_back_is_no_stranger(ready):
    ready.session = msgspec.structs.replace(ready.session, silent=True)
    assert ready.tick(10) is Mode.READY
    ready.session = msgspec.structs.replace(ready.session, silent=False)
    assert ready.tick(10) is Mode.READY
    assert again(ready) is Mode.READY, "its link has to prove good anew"
    ready.tick(3000)
    assert again(ready) is Mode.FOLLOWING


def test_a_console_that_died_comes_back_with_its_key_to_the_arms_it_had(following):
    """Another session of the same key: what was engaged is frozen, and its new press goes on without the staff."""
    following.talking = False
    following.session = msgspec.structs.replace(following.session, number=6)
    assert following.tick(2) is Mode.FROZEN
    assert following.authority.freeze_class is FreezeClass.MASTER
    following.talking, following.command_changes = True, {"session": 6}
    assert following.tick(3000) is Mode.FROZEN, "the pedal that was down all the time engages nothing"
    assert following.authority.owner is Owner.REMOTE
    assert again(following) is Mode.FOLLOWING


def test_revoking_the_acting_surgeons_key_freezes_calls_and_lets_only_the_staff_go_on(following):
    following.session = msgspec.structs.replace(following.session, revoked=True, silent=True)
    assert following.tick() is Mode.FROZEN
    told = following.authority
    assert (told.freeze_class, told.calling) == (FreezeClass.LOCAL, True)
    assert told.culprit == "the key of the surgeon's console was revoked"
    following.tick(3000)
    assert again(following) is Mode.FROZEN
    assert following.tick(1, Action.RELEASE) is Mode.READY
    assert following.tick() is Mode.FROZEN, "a release gives nothing back to it"
    assert following.tick(1, Action.TAKE) is Mode.LOCAL
    assert following.tick(5, Action.GIVE) is Mode.LOCAL


def test_a_revoked_key_that_is_not_yet_silent_is_heard_with_nothing(ready):
    ready.session = msgspec.structs.replace(ready.session, revoked=True)
    assert again(ready) is Mode.FROZEN


def test_while_the_staff_have_the_arms_a_revoked_key_stops_nobody():
    world = in_local()
    world.session = msgspec.structs.replace(world.session, revoked=True)
    assert world.tick(10) is Mode.LOCAL
    assert world.authority.culprit == ""


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SURGEON])
def test_arms_are_given_to_a_surgeons_session_alone(role):
    world = in_local()
    world.session = msgspec.structs.replace(world.session, role=role)
    assert world.tick(5, Action.GIVE) is Mode.LOCAL


def test_a_console_that_said_goodbye_is_given_the_arms_anew(ready):
    ours = ready.session
    ready.session = msgspec.structs.replace(ours, number=0)
    assert ready.tick() is Mode.READY
    ready.session, ready.command_changes = msgspec.structs.replace(ours, number=6), {"session": 6}
    assert ready.tick(2) is Mode.LOCAL
    assert ready.authority.calling


def test_a_stop_is_the_surgeons_to_press_and_no_engineers(ready):
    """Who measures a link stops no arm: the staff have it."""
    ready.session = msgspec.structs.replace(ready.session, role=Role.ENGINEER)
    ready.command_changes = {"stops": 1}
    assert ready.tick(5) is Mode.READY
    ready.session = msgspec.structs.replace(ready.session, role=Role.SURGEON)
    assert ready.tick() is Mode.FROZEN


def test_where_no_limit_of_the_link_freezes_a_session_that_fell_silent_does():
    """Without it the arms would stay engaged through a cut of any length, and follow at once whoever comes back."""
    world = in_local(load_limits("none"))
    world.tick(3000)
    world.tick(1, Action.GIVE)
    assert again(world) is Mode.FOLLOWING
    world.talking = False
    assert world.tick(100) is Mode.FOLLOWING
    world.session = msgspec.structs.replace(world.session, silent=True)
    assert world.tick() is Mode.FROZEN
    assert world.authority.freeze_class is FreezeClass.MASTER
    assert "fell silent" in world.authority.culprit
    world.session = msgspec.structs.replace(world.session, silent=False)
    world.talking = True
    assert world.tick(3000) is Mode.FROZEN, "the pedal that was down all the time engages nothing"
    assert again(world) is Mode.FOLLOWING


def test_a_hand_too_many_engages_nothing():
    ready = in_local()
    assert ready.tick(1, Action.GIVE) is Mode.READY
    ready.press()
    idle, third = msgspec.structs.replace(ready.hand, engaged=False), ready.hand
    ready.command_changes = {"hands": (idle, idle, third)}
    assert ready.tick() is Mode.READY


def test_a_pedal_that_was_refused_moves_nothing_when_the_other_one_is_heard(world):
    """Both hands engaged, the left one before the arm was given: only the right one may move its arm."""
    world.press()
    refused = world.hand
    world.tick(100)
    world.tick(1, Action.GIVE)
    world.press(clutch_epoch=1)
    world.command_changes = {"hands": (refused, world.hand)}
    assert world.tick() is Mode.FOLLOWING
    assert world.authority.open_epochs[:2] == (0, 1)


def test_a_hand_that_is_no_longer_spoken_of_is_no_longer_engaged(ready):
    ready.press()
    both = (msgspec.structs.replace(ready.hand, engaged=False), ready.hand)
    ready.command_changes = {"hands": both}
    assert ready.tick() is Mode.FOLLOWING
    ready.command_changes = {"hands": both[:1]}
    assert ready.tick() is Mode.READY


def test_a_hand_beyond_the_arms_engages_nothing(ready):
    ready.press()
    up = msgspec.structs.replace(ready.hand, engaged=False)
    ready.command_changes = {"hands": (up, up, ready.hand)}
    assert ready.tick() is Mode.READY


@pytest.mark.parametrize(("away_ms", "mode"), [(19, Mode.FOLLOWING), (20, Mode.READY)])
def test_a_supervisor_that_was_away_for_a_lease_does_not_know_that_the_link_was_good(ready, away_ms, mode):
    ready.step_ns = away_ms * NS_PER_MS
    ready.tick()
    ready.step_ns = NS_PER_MS
    ready.tick()
    ready.press()
    assert ready.tick() is mode
    assert (ready.authority.link_good_ns > LIMITS.people.link_good_ns) == (mode is Mode.FOLLOWING)


def is_void(world, *actions):
    """Whether this tick takes back all that the console could have shown before it."""
    before = world.authority.nonces
    world.tick(1, *actions)
    return not set(before) & set(world.authority.nonces)


def test_what_was_shown_before_a_freeze_or_a_change_of_owner_is_void_and_nothing_else(following):
    following.rest = Rest.DEVICE_LOST
    assert is_void(following), "FROZEN for the surgeon's side"
    assert not is_void(following), "still FROZEN"
    assert is_void(following, Action.FREEZE), "frozen anew, by the staff"
    following.rest = Rest.NONE
    following.lift()
    assert not is_void(following), "still FROZEN"
    assert not is_void(following, Action.RELEASE), "READY again"
    assert is_void(following, Action.TAKE)
    assert is_void(following, Action.GIVE)


def test_energy_goes_on_for_as_long_as_a_process_may_be_silent(following):
    following.command_changes = {"energy": 1}
    following.tick()
    assert following.authority.energy is True
    following.talking = False
    following.tick(LIMITS.process.progress_ns // NS_PER_MS)
    assert following.authority.energy is True
    following.tick()
    assert following.authority.energy is False


def test_without_the_links_verdict_silence_stops_nothing_but_everything_else_does():
    world = World()
    limits = load_limits("none")
    world.supervisor = Supervisor(ROBOT, limits, LEASE_NS, world.now_ns)
    world.measured_changes = {"limits_hash": limits.hash}
    world.report_changes = {"limits_hash": limits.hash}
    world.tick(5)
    world.tick(200, Action.RESET)
    world.tick(3000)
    world.tick(1, Action.GIVE)
    world.press()
    assert world.tick() is Mode.FOLLOWING
    world.talking = False
    assert world.tick(900) is Mode.FOLLOWING
    assert world.tick(1, Action.FREEZE) is Mode.FROZEN
