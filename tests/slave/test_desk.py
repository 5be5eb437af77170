import msgspec

from protocol.clock import NS_PER_S
from protocol.messages import Bye, Hello, Refused, Welcome
from slave.desk import DEAD_AFTER_NS, NOBODY, Desk
from tests.master.test_pilot import WELCOME

HELLO = Hello(1, "console", "mouse")
OTHER = Hello(1, "intruder", "pad")


def test_the_first_who_asks_has_the_session_and_asking_again_changes_nothing():
    desk = Desk(WELCOME)
    first = desk.hello(b"a", HELLO, 11, 0)
    assert first == msgspec.structs.replace(WELCOME, session=11)
    assert desk.hello(b"a", HELLO, 12, 1) == first
    assert desk.session.master == "console"


def test_a_second_console_is_refused_by_name_and_harms_nobody():
    desk = Desk(WELCOME)
    desk.hello(b"a", HELLO, 11, 0)
    answer = desk.hello(b"b", OTHER, 12, 1)
    assert isinstance(answer, Refused)
    assert "console" in answer.reason
    desk.bye(b"b", Bye(1, 11))
    desk.bye(b"a", Bye(1, 12))
    assert desk.session.number == 11


def test_a_silent_session_dies_after_five_seconds_and_another_may_come():
    desk = Desk(WELCOME)
    desk.hello(b"a", HELLO, 11, 0)
    desk.heard(NS_PER_S)
    desk.expire(NS_PER_S + DEAD_AFTER_NS)
    assert desk.session.number == 11
    desk.expire(NS_PER_S + DEAD_AFTER_NS + 1)
    assert desk.session == NOBODY
    assert isinstance(desk.hello(b"b", OTHER, 12, 7 * NS_PER_S), Welcome)


def test_a_farewell_frees_the_session_at_once():
    desk = Desk(WELCOME)
    desk.hello(b"a", HELLO, 11, 0)
    desk.bye(b"a", Bye(1, 11))
    assert isinstance(desk.hello(b"b", OTHER, 12, 1), Welcome)


def test_a_session_that_has_just_opened_is_not_dead_before_its_first_command():
    desk = Desk(WELCOME)
    desk.hello(b"a", HELLO, 11, 100 * NS_PER_S)
    desk.expire(100 * NS_PER_S + DEAD_AFTER_NS)
    assert desk.session.number == 11
