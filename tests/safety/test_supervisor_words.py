"""Sessions, and the words in which the supervisor tells what ended a motion."""

import msgspec
import pytest

from protocol.clock import NS_PER_MS
from protocol.messages import Action, FreezeClass, Mode, Owner, Rest
from protocol.records import Authority, Grant, Permit
from safety import modes, supervisor
from tests.safety.patient import LEASE_NS, LIMITS, World, again, in_local, of_session, words


def test_what_ended_a_motion_is_told_in_words_and_what_began_one_needs_none(world):
    assert words(world, Action.GIVE) == (Mode.READY, "")
    world.press()
    assert words(world) == (Mode.FOLLOWING, "")
    assert words(world, Action.FREEZE) == (Mode.FROZEN, "FREEZE pressed by the local staff")
    assert words(world, Action.RELEASE) == (Mode.READY, "")
    world.command_changes = {"stops": 1}
    assert words(world) == (Mode.FROZEN, "STOP pressed by the surgeon")
    assert words(world, Action.TAKE) == (Mode.LOCAL, "")
    assert words(world, Action.GIVE) == (Mode.READY, "")
    world.session = msgspec.structs.replace(world.session, number=9, key="another")
    assert words(world) == (Mode.LOCAL, "another console has opened the session")


def test_a_session_that_ends_freezes_a_hand_that_was_followed(following):
    following.session = msgspec.structs.replace(following.session, number=0)
    assert words(following) == (Mode.FROZEN, "the surgeon's session ended or fell silent")


def test_a_reason_to_rest_without_words_freezes_all_the_same(following, monkeypatch):
    monkeypatch.setattr(supervisor, "REST_TEXT", {})
    following.rest = Rest.DEVICE_LOST
    assert words(following) == (Mode.FROZEN, "the surgeon's side let go")


def test_another_console_takes_nothing_over_though_something_worse_happens_as_it_comes(ready):
    ready.session = msgspec.structs.replace(ready.session, number=9, key="another")
    assert ready.tick(1, Action.FREEZE) is Mode.FROZEN
    assert ready.authority.owner is Owner.REMOTE
    ready.tick()
    assert (ready.authority.mode, ready.authority.owner) == (Mode.FROZEN, Owner.LOCAL)


def test_all_that_a_ruling_tells(following):
    """Every field once, of a hand that is followed."""
    begin = following.supervisor.machine
    assert following.authority == Authority(
        stamp_ns=following.now_ns,
        tick=following.ticks,
        owner=Owner.REMOTE,
        mode=Mode.FOLLOWING,
        entered_ns=following.now_ns,
        freeze_class=FreezeClass.NONE,
        culprit="",
        calling=False,
        slowed=False,
        testing=False,
        energy=False,
        authority_epoch=modes.start(10**12).authority_epoch + 1,
        generation=modes.start(10**12).generation + 1,
        stop_number=begin.stop_number,
        stops_heard=0,
        nonces=following.authority.nonces,
        open_epochs=(1, 0, 0, 0),
        jog=None,
        link_good_ns=(following.ticks - 1) * NS_PER_MS,
        speed_cap_m_s=0.2,
        limits_hash=LIMITS.hash,
    )
    assert following.permit == Permit(
        stamp_ns=following.now_ns,
        expires_ns=following.now_ns + LEASE_NS,
        generation=following.authority.generation,
        grant=Grant.MOVE,
        power=True,
        park=False,
        resets=1,
        energy=False,
    )


def test_without_a_command_there_is_no_energy():
    world = World()
    world.talking = False
    world.tick()
    assert world.authority.energy is False


def test_rulings_are_counted():
    world = World()
    counts = []
    for _ in range(3):
        world.tick()
        counts.append(world.authority.tick)
    assert counts == [1, 2, 3]


def test_a_self_test_that_passed_is_no_culprit():
    assert in_local().authority.culprit == ""


@pytest.mark.parametrize("number", [0, None])
def test_nobody_is_given_the_arm_without_a_session(world, number):
    world.session = None if number is None else msgspec.structs.replace(world.session, number=number)
    assert world.tick(1, Action.GIVE) is Mode.LOCAL


@pytest.mark.parametrize(
    ("session", "command", "mode"),
    [(1, 1, Mode.FROZEN), (0, 0, Mode.READY), (1, 2, Mode.LOCAL), (2, 2, Mode.FROZEN), (0, 1, Mode.READY)],
)
def test_only_a_command_of_the_session_is_heard(ready, session, command, mode):
    assert of_session(ready, session, command) is mode


def test_before_the_first_command_of_a_session_nothing_is_heard():
    world = World()
    world.talking = False
    assert world.tick(100) is Mode.SAFE


def test_pedals_up_is_no_culprit(following):
    following.lift()
    assert following.tick() is Mode.READY
    assert following.authority.culprit == ""


@pytest.mark.parametrize("rest", [rest for rest in Rest if rest is not Rest.NONE])
def test_what_the_master_reports_freezes_and_is_named(following, rest):
    following.rest = rest
    assert words(following) == (Mode.FROZEN, supervisor.REST_TEXT[rest])
    assert following.authority.freeze_class is FreezeClass.MASTER


def test_another_session_than_the_one_it_was_given_to_gets_nothing_without_the_staff(following):
    following.session = msgspec.structs.replace(following.session, number=6, key="another")
    following.command_changes = {"session": 6}
    assert following.tick() is Mode.LOCAL
    assert following.authority.calling
    assert again(following) is Mode.LOCAL


def test_a_session_that_ends_while_the_arm_follows_freezes_it(following):
    following.session = msgspec.structs.replace(following.session, number=0)
    assert following.tick() is Mode.FROZEN
    assert "session ended" in following.authority.culprit
