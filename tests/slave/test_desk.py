import msgspec
import pytest

from protocol.clock import NS_PER_S
from protocol.messages import Bye, Hello, Owner, Refused, Welcome
from protocol.records import NO_SESSION
from protocol.roles import THIS_HOST, Peer, Role
from slave.desk import DEAD_AFTER_NS, Desk, Draft
from tests.master.test_pilot import WELCOME

HELLO = Hello(1, 1, "console", "mouse")
OTHER = Hello(1, 2, "intruder", "pad")
OURS, THEIRS = Peer("our key", "theatre-2", Role.SURGEON), Peer("their key", "theatre-3", Role.SURGEON)
FIRST, SECOND = Draft(11, "first"), Draft(12, "second")


def ask(desk, hello, draft, now_ns, owner=Owner.LOCAL):
    return desk.hello(hello, THEIRS if hello is OTHER else OURS, lambda: draft, owner, now_ns)


def opened():
    desk = Desk(WELCOME)
    ask(desk, HELLO, FIRST, 0)
    return desk


def test_the_first_who_asks_has_the_session_and_asking_again_changes_nothing():
    desk = Desk(WELCOME)
    first = ask(desk, HELLO, FIRST, 0)
    assert first == msgspec.structs.replace(WELCOME, session=11, state_key="first")
    assert ask(desk, HELLO, SECOND, 1) == first
    assert desk.session.master == OURS.name, "not what it calls itself"


def test_a_second_console_is_refused_by_name_and_harms_nobody():
    desk = opened()
    answer = ask(desk, OTHER, SECOND, 1)
    assert isinstance(answer, Refused)
    assert OURS.name in answer.reason
    assert not desk.bye(Bye(1, 12), OURS.key)
    assert not desk.bye(Bye(1, 11), THEIRS.key)
    assert desk.session.number == 11


def test_a_silent_session_is_dead_after_five_seconds_and_another_may_come():
    desk = opened()
    desk.heard(NS_PER_S)
    desk.expire(NS_PER_S + DEAD_AFTER_NS)
    assert not desk.session.silent
    desk.expire(NS_PER_S + DEAD_AFTER_NS + 1)
    assert desk.session.silent
    welcome = ask(desk, OTHER, SECOND, 7 * NS_PER_S)
    assert isinstance(welcome, Welcome)
    assert (welcome.session, welcome.state_key) == (12, "second")
    assert (desk.session.number, desk.session.master, desk.session.silent) == (12, THEIRS.name, False)
    assert isinstance(ask(desk, HELLO, Draft(13, "third"), 7 * NS_PER_S), Refused), "the first has lost it"


def test_while_the_surgeon_owns_the_arms_nobody_else_has_a_dead_session_and_its_console_comes_back():
    desk = opened()
    desk.expire(2 * DEAD_AFTER_NS)
    answer = ask(desk, OTHER, SECOND, 2 * DEAD_AFTER_NS, Owner.REMOTE)
    assert isinstance(answer, Refused)
    assert "TAKE" in answer.reason
    assert ask(desk, HELLO, SECOND, 2 * DEAD_AFTER_NS, Owner.REMOTE).session == 11


def test_keys_are_drawn_only_for_a_session_that_opens():
    desk = opened()
    desk.hello(HELLO, OURS, lambda: pytest.fail("drawn for a repeat"), Owner.LOCAL, 1)
    desk.hello(OTHER, THEIRS, lambda: pytest.fail("drawn for a refusal"), Owner.LOCAL, 1)


def test_after_a_cut_the_same_console_goes_on_with_the_session_it_had():
    desk = opened()
    desk.expire(2 * DEAD_AFTER_NS)
    assert desk.session.silent
    welcome = ask(desk, HELLO, SECOND, 2 * DEAD_AFTER_NS)
    assert (welcome.session, welcome.state_key) == (11, "first")
    assert desk.session.silent, "a hello is no command"
    desk.heard(2 * DEAD_AFTER_NS + 1)
    assert not desk.session.silent


def test_a_farewell_frees_the_session_at_once():
    desk = opened()
    assert desk.bye(Bye(1, 11), OURS.key)
    assert desk.session == NO_SESSION
    assert isinstance(ask(desk, OTHER, SECOND, 1), Welcome)


def test_nobody_is_never_silent():
    desk = Desk(WELCOME)
    desk.expire(3 * DEAD_AFTER_NS)
    desk.heard(3 * DEAD_AFTER_NS)
    assert desk.session == NO_SESSION


def test_a_session_that_has_just_opened_is_not_dead_before_its_first_command():
    desk = Desk(WELCOME)
    ask(desk, HELLO, FIRST, 100 * NS_PER_S)
    desk.expire(100 * NS_PER_S + DEAD_AFTER_NS)
    assert not desk.session.silent


def test_a_console_that_was_started_anew_has_a_session_of_its_own_once_the_old_one_is_silent():
    desk, again = opened(), Hello(1, 3, "console", "mouse")
    answer = ask(desk, again, SECOND, 1, Owner.REMOTE)
    assert isinstance(answer, Refused)
    assert "5 s" in answer.reason
    desk.expire(2 * DEAD_AFTER_NS)
    assert ask(desk, again, SECOND, 2 * DEAD_AFTER_NS, Owner.REMOTE).session == 12
    assert (desk.session.key, desk.session.silent) == (OURS.key, False)


@pytest.mark.parametrize("role", [Role.LOCAL, Role.OBSERVER, Role.PATIENT])
def test_who_is_no_surgeon_and_no_engineer_has_no_session(role):
    desk = Desk(WELCOME)
    answer = desk.hello(HELLO, Peer("key", "tablet", role), lambda: pytest.fail("drawn"), Owner.LOCAL, 1)
    assert isinstance(answer, Refused)
    assert role.value in answer.reason
    assert desk.session == NO_SESSION


def test_an_engineer_has_one_and_it_says_so():
    desk = Desk(WELCOME)
    desk.hello(HELLO, Peer("key", "bench", Role.ENGINEER), lambda: FIRST, Owner.LOCAL, 1)
    assert desk.session.role is Role.ENGINEER


def test_a_revoked_key_has_no_session_that_lives_and_another_may_come_once_the_arms_are_local():
    desk = opened()
    desk.revoke({THEIRS.key: THEIRS})
    assert (desk.session.revoked, desk.session.silent, desk.session.number) == (True, True, 11)
    desk.heard(1)
    desk.expire(1)
    assert desk.session.silent
    assert isinstance(ask(desk, OTHER, SECOND, 2, Owner.REMOTE), Refused)
    assert ask(desk, OTHER, SECOND, 2).session == 12
    assert not desk.session.revoked


def test_revoking_another_harms_nobody():
    desk = opened()
    before = desk.session
    desk.revoke({OURS.key: OURS})
    assert desk.session == before
    nobody = Desk(WELCOME)
    nobody.revoke({})
    assert nobody.session == NO_SESSION


def test_a_revoked_key_that_is_trusted_again_gets_a_session_that_lives():
    desk = opened()
    desk.revoke({})
    desk.revoke({OURS.key: OURS})
    answer = ask(desk, HELLO, SECOND, 1)
    assert answer.session == 12
    assert (desk.session.revoked, desk.session.silent) == (False, False)


def test_a_key_that_is_trusted_in_another_role_now_has_lost_its_session():
    desk = opened()
    desk.revoke({OURS.key: OURS._replace(role=Role.OBSERVER)})
    assert desk.session.revoked


def test_a_surgeon_need_not_wait_for_one_who_measures_unless_the_arms_are_remote():
    desk = Desk(WELCOME)
    desk.hello(HELLO, Peer("key", "bench", Role.ENGINEER), lambda: FIRST, Owner.LOCAL, 1)
    assert isinstance(ask(desk, OTHER, SECOND, 2, Owner.REMOTE), Refused)
    assert ask(desk, OTHER, SECOND, 2).session == 12
    measuring = desk.hello(HELLO, Peer("key", "bench", Role.ENGINEER), lambda: FIRST, Owner.LOCAL, 3)
    assert isinstance(measuring, Refused)


def test_programs_of_this_host_are_told_apart_by_what_they_call_themselves():
    desk = Desk(WELCOME)
    desk.hello(HELLO, Peer("key", THIS_HOST, Role.SURGEON), lambda: FIRST, Owner.LOCAL, 1)
    assert desk.session.master == HELLO.name
