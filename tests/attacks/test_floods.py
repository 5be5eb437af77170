"""Floods of connections, handshakes and commands: no tip moves by them, and the surgeon goes on, or the arm freezes
with the right reason.

How much later commands come meanwhile, and how much memory it takes, is measured by `farhand bench attacks`.
"""

import pytest

from bench import attackers
from bench.floods import CASES, LINK
from tests.attacks.tools import ADDRESS

pytestmark = pytest.mark.live

SECONDS = 1.5
ENOUGH = 50
"""How often a flood did what it does, at least, on a machine that is busy with all else."""
WITHOUT_ADDRESS = ("left", "dropped", "broken off")
"""Told of whoever was gone before he was looked at, and of a key."""


@pytest.mark.parametrize("name", CASES)
def test_a_flood_moves_nothing_and_is_told_of(theatre, play, name):
    case, counts = CASES[name], []

    def attack():
        it = attackers.Attack(case.against(theatre, SECONDS))
        try:
            counts[:] = [it.count()]
        finally:
            it.stop()

    scene = play(attack, freezes=LINK)
    scene.moved_nothing()
    scene.surgeon_goes_on()
    if case.connections:
        assert counts == [case.connections]
    elif not (case.rate_hz and case.told is not None and "refused" in case.told.what):
        assert counts[0] > ENOUGH, "who is not let in streams nothing"
    if case.told is not None:
        known = not case.who and not set(case.told.what) & set(WITHOUT_ADDRESS)
        scene.log_tells(" or ".join(case.told.what), ADDRESS if known else "", case.told.why)
