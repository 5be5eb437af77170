"""Who would take the session, end it, or stop the arm, and has no right to: trusted devices among them."""

import time

import pytest

from bench.theatre import SURGEON
from protocol.codec import decode_other, encode
from protocol.fingerprint import fingerprint
from protocol.messages import Action, Bye, Hello, Refused, StaffAction, StaffJog, StaffStop
from protocol.roles import Door
from tests.attacks.tools import ADDRESS, Attacker, forged

pytestmark = pytest.mark.live

SOON_S = 0.1
HELLO = Hello(1, 77, "another console", "by hand")
FREEZE = StaffAction(1, 77, 1, Action.FREEZE, stand_in=False)
TAKE = StaffAction(1, 77, 2, Action.TAKE, stand_in=False)
JOG = StaffJog(1, 77, 1, 0, 2, 1, stand_in=False)
STOP = StaffStop(1, 77, stand_in=False)
SECOND_MASTERS = {
    "theatre-2": "theatre-1 has the session",
    "engineer": "theatre-1 has the session",
    SURGEON: "another console of this key",
}
NOT_THEIRS = (
    ("theatre-2", FREEZE, "StaffAction from a key trusted as surgeon"),
    (SURGEON, TAKE, "StaffAction from a key trusted as surgeon"),
    ("engineer", FREEZE, "StaffAction from a key trusted as engineer"),
    ("engineer", JOG, "StaffJog from a key trusted as engineer"),
    ("tablet", STOP, "StaffStop from a key trusted as local"),
)


def test_a_second_master_is_refused_and_harms_nobody(theatre, play):
    answers = {}

    def attack():
        with Attacker(theatre) as attacker:
            for who in SECOND_MASTERS:
                answers[who] = decode_other(attacker.asks(theatre.key(who), encode(HELLO)))
                attacker.says(Door.COMMANDS, theatre.key(who), encode(forged(theatre, session=78)))
            time.sleep(SOON_S)

    scene = play(attack)
    scene.moved_nothing()
    scene.surgeon_goes_on()
    for who, says in SECOND_MASTERS.items():
        assert isinstance(answers[who], Refused)
        assert says in answers[who].reason
        scene.log_tells("session refused", who, says)


def test_a_forged_stop_stops_nothing_and_a_press_of_the_staffs_is_theirs_alone(theatre, play):
    """RAVEN II was stopped by one forged packet (Bonaci 2015). A tablet may freeze, but not cut the power."""

    def attack():
        with Attacker(theatre) as attacker:
            for who, says, _ in NOT_THEIRS:
                assert attacker.asks(theatre.key(who), encode(says), SOON_S) == b""

    scene = play(attack)
    assert scene.stops == []
    scene.moved_nothing()
    scene.surgeon_goes_on()
    for who, _, why in NOT_THEIRS:
        scene.log_tells("dropped", who, why)


def test_the_surgeons_stop_in_a_command_that_is_not_his_stops_nothing(theatre, play):
    """With the right session, and all else that goes over the wire."""

    def attack():
        stop = encode(forged(theatre, stops=forged(theatre).stops + 1))
        with Attacker(theatre) as attacker:
            for who in ("nobody knows", "theatre-2", "tablet"):
                attacker.says(Door.COMMANDS, theatre.key(who), stop)
            assert attacker.asks(theatre.key("theatre-2"), stop, SOON_S) == b""

    scene = play(attack)
    assert scene.stops == []
    scene.moved_nothing()
    scene.surgeon_goes_on()
    for who in (ADDRESS, "theatre-2", "tablet"):
        scene.log_tells("refused", who, "commands: ")
    scene.log_tells("dropped", "theatre-2", "field")


def test_an_observers_stop_is_not_heard_and_the_observer_is_broken_off(theatre, play):
    def attack():
        with Attacker(theatre) as attacker:
            assert not attacker.comes_in(Door.SESSIONS, theatre.key("observer"))
            for says in (encode(FREEZE), encode(STOP), b"\1topic"):
                watcher = attacker.says(Door.OBSERVERS, theatre.key("observer"), b"\1")
                assert watcher.poll(5000), "it sees"
                watcher.send(says)
            time.sleep(SOON_S)

    scene = play(attack)
    assert scene.stops == []
    scene.moved_nothing()
    scene.surgeon_goes_on()
    scene.log_tells("refused", "observer", "sessions: its key is trusted as observer")
    theirs = fingerprint(theatre.key("observer").public)
    told = scene.log_tells(
        "broken off", ADDRESS, f"observers: an observer is heard with nothing, of this key too: {theirs}"
    )
    assert told.count == 3


def test_a_session_is_ended_by_nobody_else_even_if_he_knows_its_number(theatre, play):
    def attack():
        bye = encode(Bye(1, theatre.session.latest().number))
        with Attacker(theatre) as attacker:
            for who in ("theatre-2", "engineer", "tablet"):
                assert attacker.asks(theatre.key(who), bye, SOON_S) == b""

    scene = play(attack)
    scene.moved_nothing()
    scene.surgeon_goes_on()
    for who in ("theatre-2", "engineer", "tablet"):
        scene.log_tells("dropped", who, "Bye to a session that it does not have")
