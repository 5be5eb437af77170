import msgspec

from master.session import ASK_EVERY_NS, LOST_AFTER_NS, SessionClient
from protocol.clock import NS_PER_MS
from protocol.messages import Hello, Refused
from tests.master.test_pilot import WELCOME
from tests.protocol.samples import STATE


def test_it_asks_every_half_second_until_it_is_welcome():
    client = SessionClient(7, "console", "mouse")
    asked = [now for now in range(2000) if client.ask(now * NS_PER_MS) is not None]
    assert asked == [0, 500, 1000, 1500]
    client.answered(WELCOME, 2000 * NS_PER_MS)
    assert client.ask(2000 * NS_PER_MS + ASK_EVERY_NS) is None


def test_what_it_asks_names_it():
    assert SessionClient(7, "console", "mouse").ask(0) == Hello(1, 7, "console", "mouse")


def test_a_refusal_is_kept_for_the_surgeon_to_read_and_asking_goes_on():
    client = SessionClient(7, "console", "mouse")
    client.ask(0)
    client.answered(Refused(1, "another has it"), 1)
    assert client.refusal == "another has it"
    assert client.ask(ASK_EVERY_NS) is not None


def test_states_of_the_session_keep_it_and_a_silent_one_is_asked_for_but_kept():
    client = SessionClient(7, "console", "mouse")
    client.answered(WELCOME, 0)
    assert client.hears(STATE, LOST_AFTER_NS)
    assert client.ask(2 * LOST_AFTER_NS) is None
    assert client.ask(2 * LOST_AFTER_NS + 1) is not None
    assert client.ask(2 * LOST_AFTER_NS + 2) is None
    assert client.welcome == WELCOME, "its lanes are the quickest way back after a cut"
    assert client.hears(STATE, 3 * LOST_AFTER_NS)
    assert client.ask(3 * LOST_AFTER_NS + 1) is None


def test_a_session_that_another_has_taken_is_lost():
    client = SessionClient(7, "console", "mouse")
    client.answered(WELCOME, 0)
    client.answered(Refused(1, "another has it"), 2 * LOST_AFTER_NS)
    assert client.welcome is None
    assert not client.hears(STATE, 2 * LOST_AFTER_NS + 2)


def test_while_states_come_an_answer_that_others_overtook_changes_nothing():
    client = SessionClient(7, "console", "mouse")
    client.answered(WELCOME, 0)
    client.hears(STATE, LOST_AFTER_NS)
    client.answered(Refused(1, "of before"), LOST_AFTER_NS + 1)
    client.answered(msgspec.structs.replace(WELCOME, session=WELCOME.session + 1), LOST_AFTER_NS + 1)
    assert client.welcome == WELCOME
    assert client.refusal == ""


def test_a_patients_side_that_began_anew_gives_another_session():
    client = SessionClient(7, "console", "mouse")
    client.answered(WELCOME, 0)
    anew = msgspec.structs.replace(WELCOME, session=WELCOME.session + 1)
    client.answered(anew, 2 * LOST_AFTER_NS)
    assert client.welcome == anew


def test_states_of_another_session_do_not_keep_ours():
    client = SessionClient(7, "console", "mouse")
    client.answered(WELCOME, 0)
    assert not client.hears(msgspec.structs.replace(STATE, session=WELCOME.session + 1), LOST_AFTER_NS)
    assert client.ask(LOST_AFTER_NS + 1) is not None


def test_a_welcome_counts_as_a_sign_of_life():
    client = SessionClient(7, "console", "mouse")
    client.answered(WELCOME, 3 * LOST_AFTER_NS)
    assert client.ask(3 * LOST_AFTER_NS + 1) is None
    assert client.welcome == WELCOME


def test_a_session_that_nobody_wants_is_not_asked_for_and_none_is_taken():
    client = SessionClient(7, "console", "mouse")
    client.wanted = False
    assert client.ask(0) is None
    client.answered(WELCOME, 1)
    assert client.welcome is None
    client.wanted = True
    assert client.ask(2) is not None


def test_an_ended_session_is_over_and_another_can_be_asked_for_at_once():
    client = SessionClient(7, "console", "mouse")
    client.ask(0)
    client.answered(WELCOME, 1)
    client.end()
    assert client.welcome is None
    assert not client.hears(STATE, 2)
    assert client.ask(3) is not None


def test_another_device_is_named_in_the_next_hello():
    client = SessionClient(7, "console", "mouse")
    client.use("spacemouse")
    assert client.ask(0) == Hello(1, 7, "console", "spacemouse")
