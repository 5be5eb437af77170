"""Who would take the session, end it, or stop the arm, and has no right to: trusted devices among them."""

import msgspec
import pytest

from bench.theatre import SURGEON
from protocol.codec import decode_other, encode
from protocol.fingerprint import fingerprint
from protocol.messages import Action, Bye, Hello, Refused, StaffAction, StaffJog, StaffStop
from protocol.roles import Door
from tests.attacks.tools import ADDRESS, Attacker, forged

pytestmark = pytest.mark.live

HELLO = Hello(1, 77, "another console", "by hand")
FREEZE = StaffAction(1, 77, 1, Action.FREEZE, stand_in=False)
TAKE = StaffAction(1, 77, 2, Action.TAKE, stand_in=False)
JOG = StaffJog(1, 77, 1, 0, 2, 1, stand_in=False)
STOP = StaffStop(1, 77, stand_in=False)


@pytest.mark.parametrize(
    ("who", "says"), [("theatre-2", "theatre-1 has the session"), (SURGEON, "another console of this key")]
)
def test_a_second_master_is_refused_and_harms_nobody(theatre, play, who, says):
    answers = []

    def attack():
        with Attacker(theatre) as attacker:
            answers[:] = [attacker.asks(theatre.key(who), encode(HELLO))]
            attacker.says(Door.COMMANDS, theatre.key(who), encode(forged(theatre, session=78)))

    scene = play(attack)
    answer = decode_other(answers[0])
    assert isinstance(answer, Refused)
    assert says in answer.reason
    scene.moved_nothing()
    scene.surgeon_goes_on()
    scene.log_tells("session refused", who, says)


@pytest.mark.parametrize(
    ("who", "says", "why"),
    [
        ("theatre-2", FREEZE, "StaffAction from a key trusted as surgeon"),
        ("theatre-2", TAKE, "StaffAction from a key trusted as surgeon"),
        (SURGEON, FREEZE, "StaffAction from a key trusted as surgeon"),
        ("engineer", FREEZE, "StaffAction from a key trusted as engineer"),
        ("engineer", JOG, "StaffJog from a key trusted as engineer"),
        ("tablet", STOP, "StaffStop from a key trusted as local"),
    ],
)
def test_a_forged_stop_stops_nothing_and_a_press_of_the_staffs_is_theirs_alone(theatre, play, who, says, why):
    """RAVEN II was stopped by one forged packet (Bonaci 2015). A tablet may freeze, but not cut the power."""

    def attack():
        with Attacker(theatre) as attacker:
            assert attacker.asks(theatre.key(who), encode(says), 0.2) == b""

    scene = play(attack)
    assert scene.stops == []
    scene.moved_nothing()
    scene.surgeon_goes_on()
    scene.log_tells("dropped", who, why)


@pytest.mark.parametrize("who", ["nobody knows", "theatre-2"])
def test_the_surgeons_stop_in_a_command_that_is_not_his_stops_nothing(theatre, play, who):
    """With the right session, and all else that goes over the wire."""

    def attack():
        stops = forged(theatre).stops + 1
        with Attacker(theatre) as attacker:
            assert not attacker.comes_in(Door.COMMANDS, theatre.key(who))
            attacker.says(Door.SESSIONS, theatre.key("theatre-2"), encode(forged(theatre, stops=stops)))
            assert attacker.asks(theatre.key("theatre-2"), encode(forged(theatre, stops=stops)), 0.2) == b""

    scene = play(attack)
    assert scene.stops == []
    scene.moved_nothing()
    scene.surgeon_goes_on()
    scene.log_tells("refused", why="commands: ")
    scene.log_tells("dropped", "theatre-2")


@pytest.mark.parametrize("says", [encode(FREEZE), encode(STOP), b"\1topic"])
def test_an_observers_stop_is_not_heard_and_the_observer_is_broken_off(theatre, play, says):
    def attack():
        with Attacker(theatre) as attacker:
            assert not attacker.comes_in(Door.SESSIONS, theatre.key("observer"))
            watcher = attacker.says(Door.OBSERVERS, theatre.key("observer"), b"\1")
            assert watcher.poll(5000), "it sees"
            watcher.send(says)
            attacker.says(Door.OBSERVERS, theatre.key("observer"), says)

    scene = play(attack)
    assert scene.stops == []
    scene.moved_nothing()
    scene.surgeon_goes_on()
    scene.log_tells("refused", "observer", "sessions: its key is trusted as observer")
    theirs = fingerprint(theatre.key("observer").public)
    scene.log_tells("broken off", ADDRESS, f"observers: an observer is heard with nothing, of this key too: {theirs}")


@pytest.mark.parametrize("who", ["theatre-2", "tablet"])
def test_a_session_is_ended_by_nobody_else_even_if_he_knows_its_number(theatre, play, who):
    def attack():
        bye = Bye(1, theatre.session.latest().number)
        with Attacker(theatre) as attacker:
            assert attacker.asks(theatre.key(who), encode(bye), 0.2) == b""

    scene = play(attack)
    scene.moved_nothing()
    scene.surgeon_goes_on()
    scene.log_tells("dropped", who, "Bye to a session that it does not have")


def test_an_engineers_console_may_wait_for_a_session_and_gets_none_while_there_is_one(theatre, play):
    answers = []

    def attack():
        with Attacker(theatre) as attacker:
            answers[:] = [attacker.asks(theatre.key("engineer"), encode(msgspec.structs.replace(HELLO, name="rig")))]

    scene = play(attack)
    assert isinstance(decode_other(answers[0]), Refused)
    scene.moved_nothing()
    scene.surgeon_goes_on()
    scene.log_tells("session refused", "engineer")
