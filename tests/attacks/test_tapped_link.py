"""Who holds the network between surgeon and patient, and can keep, repeat, mix and bend whatever goes over it."""

import functools
import subprocess
import sys
import time

import pytest

from bench.theatre import SURGEON, Theatre
from protocol.messages import FreezeClass, Mode
from protocol.ports import free_ports
from tests.attacks import on_path, scene
from tests.tree import ROOT

pytestmark = pytest.mark.live

HELD_S = 1.6
"""Longer than a command may be old."""


class TheatreOnPath(Theatre):
    """A theatre whose surgeon is connected by way of `tests.attacks.on_path`."""

    def __init__(self, folder, device):
        by_port = free_ports()
        super().__init__(folder, device, by_port=by_port)
        ports = [str(by_port), str(self.port)]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        self._on_path = subprocess.Popen([sys.executable, "-m", on_path.__name__, *ports], cwd=ROOT, text=True, **pipes)

    def ask(self, what):
        """Have him do it, and wait until it is done."""
        self._on_path.stdin.write(f"{what}\n")
        self._on_path.stdin.flush()
        assert self._on_path.stdout.readline() == "done\n"

    def stop(self):
        super().stop()
        self._on_path.kill()
        self._on_path.communicate()


@pytest.fixture
def theatre(house):
    return house.show("on path", TheatreOnPath)


@pytest.fixture
def play(theatre, yardsticks):
    return functools.partial(scene.play, theatre, yardsticks)


@pytest.mark.parametrize("what", ["replay", "bend", "swap"])
def test_frames_that_are_replayed_bent_or_swapped_between_lanes_end_their_lanes_alone(theatre, play, what):
    def attack():
        for _ in range(5):
            theatre.ask(what)

    scene = play(attack)
    scene.moved_nothing()
    scene.surgeon_goes_on()
    scene.log_tells("broken off", "127.0.0.1", "commands: what it sent is no frame of its connection")


def test_all_that_a_lane_ever_said_is_worth_nothing_on_a_new_connection(theatre, play):
    before = theatre.intake.latest()
    scene = play(lambda: theatre.ask("reopen"))
    scene.moved_nothing()
    scene.surgeon_goes_on()
    scene.log_tells("broken off", on_path.ADDRESS, "commands: what it sent is no frame of its connection")
    assert theatre.intake.latest().rejected == before.rejected


def test_what_is_held_back_and_let_go_later_moves_nothing_and_the_surgeon_presses_anew(theatre, play):
    frozen = []

    def attack():
        theatre.ask("hold")
        time.sleep(HELD_S)
        frozen[:] = [theatre.authority.latest()]
        theatre.ask("release")
        time.sleep(0.5)

    scene = play(attack, freezes=("no command for", "loop age"))
    scene.moved_nothing()
    assert (frozen[0].mode, frozen[0].freeze_class) == (Mode.FROZEN, FreezeClass.LINK)
    assert theatre.authority.latest().stop_number == frozen[0].stop_number, "frozen once, and no jump out of it"
    scene.surgeon_goes_on()
    scene.log_tells("stop", why="no command for 25")
    scene.log_tells("dropped", SURGEON, "command: age")
