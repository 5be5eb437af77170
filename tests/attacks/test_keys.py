"""Who has no key, one that nobody knows, one that was revoked, or one of another role: he comes in nowhere."""

import pytest

from bench.theatre import REVOKED, SURGEON
from protocol.fingerprint import fingerprint
from protocol.roles import Door
from tests.attacks.tools import ADDRESS, PORTS, Attacker, greeting, is_ended

pytestmark = pytest.mark.live

UNKNOWN = "127.0.0.9"
"""An address from which nobody was ever let in: of others it is not told that they come and go."""
NO_FRAME = "what it sent is no frame of its connection"
WRONG_ROLES = (
    ("observer", Door.SESSIONS, "its key is trusted as observer"),
    ("observer", Door.COMMANDS, "its key is trusted as observer"),
    ("tablet", Door.COMMANDS, "its key is trusted as local"),
    ("engineer", Door.COMMANDS, "it does not have the session"),
    ("theatre-2", Door.COMMANDS, "it does not have the session"),
)


def test_without_a_key_nobody_comes_in_at_any_door(theatre, play):
    def attack():
        with Attacker(theatre, UNKNOWN) as attacker:
            assert not any(attacker.comes_in(door, None) for door in PORTS)

    scene = play(attack)
    scene.moved_nothing()
    scene.surgeon_goes_on()
    for door in PORTS:
        scene.log_tells("broken off or left", why=f"{door.value}: ")


def test_who_would_speak_without_a_key_or_by_a_password_is_broken_off_and_told_of(theatre, play):
    def attack():
        with Attacker(theatre) as attacker:
            peers = [(attacker.bare(door), mechanism) for door in PORTS for mechanism in (b"NULL", b"PLAIN")]
            for peer, mechanism in peers:
                peer.sendall(greeting(mechanism))
            assert all(is_ended(peer, 5.0) for peer, _ in peers)

    scene = play(attack)
    scene.moved_nothing()
    scene.surgeon_goes_on()
    for door in PORTS:
        scene.log_tells("broken off", ADDRESS, f"{door.value}: {NO_FRAME}")


@pytest.mark.parametrize("who", ["nobody knows", REVOKED])
def test_a_key_that_is_not_trusted_comes_in_nowhere_and_is_told_of_by_its_fingerprint(theatre, play, who):
    key = theatre.key(who)

    def attack():
        with Attacker(theatre) as attacker:
            assert not any(attacker.comes_in(door, key) for door in PORTS)

    scene = play(attack)
    scene.moved_nothing()
    scene.surgeon_goes_on()
    for door in (Door.SESSIONS, Door.COMMANDS, Door.OBSERVERS):
        scene.log_tells("refused", f"{ADDRESS} {fingerprint(key.public)}", f"{door.value}: its key is not trusted")
    scene.log_tells("broken off or left", why=f"states: {NO_FRAME}")


def test_a_trusted_key_comes_in_where_its_role_has_to_be_and_nowhere_else(theatre, play):
    def attack():
        with Attacker(theatre) as attacker:
            for who, door, _ in WRONG_ROLES:
                assert not attacker.comes_in(door, theatre.key(who))
                assert attacker.comes_in(Door.OBSERVERS, theatre.key(who))

    scene = play(attack)
    scene.moved_nothing()
    scene.surgeon_goes_on()
    for who, door, why in WRONG_ROLES:
        scene.log_tells("refused", who, f"{door.value}: {why}")


def test_a_sessions_states_are_for_those_alone_who_were_told_their_key_even_of_its_own_device(theatre, play):
    def attack():
        with Attacker(theatre) as attacker:
            assert not attacker.comes_in(Door.STATES, theatre.key(SURGEON))

    scene = play(attack)
    scene.moved_nothing()
    scene.surgeon_goes_on()
    scene.log_tells("broken off or left", why=f"states: {NO_FRAME}")
