"""The key of the surgeon who has the arms is revoked, in the middle of it: his console was stolen, say."""

import functools
import time

import pytest

from bench.theatre import SURGEON, Theatre
from protocol.fingerprint import fingerprint
from protocol.messages import FreezeClass, Mode
from protocol.roles import Door
from tests.attacks import scene
from tests.attacks.tools import Attacker

pytestmark = pytest.mark.live

REVOKED = "the key of the surgeon's console was revoked"


@pytest.fixture
def theatre(house):
    yield house.show("with a surgeon who is thrown out", Theatre)
    house.close()


@pytest.fixture
def play(theatre, yardsticks):
    return functools.partial(scene.play, theatre, yardsticks)


def test_a_surgeon_whose_key_is_revoked_is_frozen_out_at_once_and_does_not_come_back(theatre, play):
    frozen, modes = [], set()

    def attack():
        theatre.revoke(SURGEON)
        # Should this host have stood still just before: the staff then release what froze, and this freezes it again.
        assert theatre.until(lambda: theatre.authority.latest().culprit == REVOKED, 10.0)
        frozen[:] = [theatre.authority.latest()]
        with Attacker(theatre) as attacker:
            assert not any(attacker.comes_in(door, theatre.key(SURGEON)) for door in (Door.SESSIONS, Door.COMMANDS))
        end_s = time.monotonic() + 3.0
        while time.monotonic() < end_s:
            modes.add(theatre.mode())
            time.sleep(0.01)

    played = play(attack, freezes=(REVOKED, *scene.HELD_UP))
    played.moved_nothing()
    assert (frozen[0].freeze_class, frozen[0].culprit, frozen[0].calling) == (FreezeClass.LOCAL, REVOKED, True)
    assert Mode.FOLLOWING not in modes
    session = theatre.session.latest()
    assert session.revoked
    played.log_tells("key revoked", SURGEON, "surgeon")
    played.log_tells("stop", why=REVOKED)
    played.log_tells("refused", fingerprint(theatre.key(SURGEON).public), "its key is not trusted")
    assert theatre.intake.latest().rejected["key"] > 0, "what its lanes went on to say was not heard"
