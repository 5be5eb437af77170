"""Floods of connections, handshakes and commands: no tip moves by them, and the surgeon goes on, or the arm freezes
with the right reason.

How much later commands come meanwhile, and how much memory it takes, is measured by `farhand bench attacks`.
"""

import pytest

from bench import attackers
from bench.theatre import SURGEON
from protocol.roles import Door
from tests.attacks.tools import ADDRESS

pytestmark = pytest.mark.live

CONNECTIONS = 10_000
ENOUGH = 50
"""How often a flood did what it does, at least, on a machine that is busy with all else."""
LINK = ("no command for", "loop age", "effective loss", "no state")
"""What a flood may freeze the arm for: the link is what it harms."""


def number(door):
    return list(Door).index(door)


@pytest.fixture
def flooded(theatre, play):
    """Play a flood, and give its scene, and how often the attacker did what he does."""

    def flooded(kind, seconds=1.5, **options):
        counts = []

        def attack():
            it = attackers.Attack(attackers.Flood(kind, theatre.port, seconds, server=theatre.server_key, **options))
            try:
                counts[:] = [it.count()]
            finally:
                it.stop()

        scene = play(attack, freezes=LINK)
        scene.moved_nothing()
        scene.surgeon_goes_on()
        return scene, counts[0]

    return flooded


@pytest.mark.parametrize(("door", "kept"), [(Door.COMMANDS, True), (Door.COMMANDS, False), (Door.OBSERVERS, True)])
def test_ten_thousand_connections_are_turned_away_or_seen_to_leave(flooded, door, kept):
    scene, done = flooded("connections", 1.0, door=number(door), count=CONNECTIONS, kept=kept)
    assert done == CONNECTIONS
    if kept:
        scene.log_tells("turned away", ADDRESS, f"{door.value}: too many connections")
    else:
        scene.log_tells("left", why=f"{door.value}: it went without a word of who it is")


def test_handshakes_with_keys_that_nobody_trusts_are_refused_one_like_the_other(flooded):
    scene, done = flooded("handshakes", door=number(Door.COMMANDS))
    assert done > ENOUGH
    scene.log_tells("refused", ADDRESS, "commands: its key is not trusted")


def test_noise_on_all_ports_is_broken_off(flooded):
    scene, done = flooded("noise")
    assert done > ENOUGH
    scene.log_tells("broken off or left", why="what it sent is no frame of its connection")


def test_observers_who_do_not_read_lose_what_they_do_not_read(theatre, flooded):
    public, secret = theatre.key("observer")
    flooded("readers", door=number(Door.STATES), public=public, secret=secret)


@pytest.mark.parametrize(
    ("who", "door", "what", "why"),
    [
        ("theatre-2", Door.COMMANDS, "refused", "commands: it does not have the session"),
        ("theatre-2", Door.SESSIONS, "dropped", "malformed"),
        (SURGEON, Door.COMMANDS, "dropped", "command: malformed"),
    ],
)
def test_ten_times_the_rate_of_commands_is_dropped_and_told_of(theatre, flooded, who, door, what, why):
    """By the key of the session, too: by one device with a bug, if by nobody else."""
    public, secret = theatre.key(who)
    frame = b"\xc1" * 250
    scene, done = flooded("stream", public=public, secret=secret, door=number(door), rate_hz=10_000, frame=frame)
    assert done > ENOUGH or what == "refused"
    scene.log_tells(what, who, why)
