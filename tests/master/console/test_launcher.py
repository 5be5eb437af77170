"""The launcher, with processes that live and die as a test says."""

import msgspec
import pytest

from master.check_link import Advice, LinkCheck
from master.config import MasterConfig
from master.console.launcher import CHECK, HELD_UP_NS, HUNG_NS, OPENS_NS, PILOT, WINDOW, Launcher
from master.console.options import NO_DEVICE, ConsoleOptions, WindowOptions
from master.console.restarts import AT_MOST, OVER_NS, Restarts
from master.console_messages import LauncherWish
from master.console_records import CheckRun, PilotStands
from protocol.board import Board
from protocol.records import Ready
from protocol.roles import Role

SIDE = "127.0.0.1:7200"
WISH = LauncherWish(1, 7, "", 0, 0, 20.0)
FOUND = LinkCheck(Advice.GO, (), "laparoscopic", 20.0, 90.0, 95.0, 99.0, 2.0, 3.0, 0.0, None)
STEP_NS = HELD_UP_NS // 2
_replace = msgspec.structs.replace


class Processes:
    """By name what was started, in order; what is ready, and what has ended."""

    def __init__(self):
        self.started = []
        self.stopped = []
        self.said = {}
        self.codes = {}

    def start(self, name, module, argument):
        self.started.append((name, argument))
        self.said.pop(name, None)
        self.codes.pop(name, None)

    def stop_one(self, name):
        self.stopped.append(name)

    def ready(self, name):
        return self.said.get(name)

    def exit_code(self, name):
        return self.codes.get(name)

    def names(self):
        return [name for name, _ in self.started]


class Scene:
    def __init__(self, board, **options):
        self.processes = Processes()
        self.board = board
        self.no_window = ""
        options = ConsoleOptions("theatre-2", "/keys", **options)
        self.launcher = Launcher(self.processes, board, options, lambda: self.no_window)
        self.now_ns = 10**12
        self.step()

    def step(self, wish=None, after_ns=50_000_000):
        self.now_ns += after_ns
        if wish is not None:
            self.launcher.hear(wish, self.now_ns)
        self.launcher.step(self.now_ns)
        return self.word

    @property
    def word(self):
        return self.launcher.word(self.now_ns, (), "")

    def ready(self, name, *notes, ok=True):
        self.processes.said[name] = Ready(ok, notes)

    def dies(self, name, code):
        self.processes.codes[name] = code


@pytest.fixture
def board():
    board = Board.create("console")
    yield board
    board.remove()


@pytest.fixture
def scene(board):
    scene = Scene(board)
    scene.ready(WINDOW)
    return scene


def test_it_opens_the_window_and_starts_no_pilot_before_a_side_is_chosen(scene):
    scene.step()
    assert scene.processes.names() == [WINDOW]
    options = msgspec.json.decode(scene.processes.started[0][1], type=WindowOptions)
    assert (options.number, options.device) == (1, "window")
    assert scene.word.pilot is PilotStands.NONE


def test_a_window_that_dies_comes_again_at_once(scene):
    scene.dies(WINDOW, -9)
    word = scene.step()
    assert scene.processes.names() == [WINDOW, WINDOW]
    assert word.windows == 2
    assert scene.launcher.over is None


def test_where_the_display_has_gone_away_no_other_window_is_tried(scene):
    scene.no_window = "the display :0 does not answer"
    scene.dies(WINDOW, 1)
    scene.step()
    assert scene.processes.names() == [WINDOW]
    assert "is gone" in scene.launcher.over
    assert "display :0 does not answer" in scene.launcher.over


def test_a_window_that_the_surgeon_closed_ends_all_without_a_complaint(scene):
    scene.dies(WINDOW, 0)
    scene.step()
    assert scene.processes.names() == [WINDOW]
    assert scene.launcher.over == ""


def test_a_window_that_dies_again_and_again_is_given_up_and_said_so(scene):
    while scene.launcher.over is None:
        scene.ready(WINDOW)
        scene.dies(WINDOW, -11)
        scene.step()
        assert len(scene.processes.started) <= AT_MOST
    assert f"ended {AT_MOST} times within a minute" in scene.launcher.over


def passes(scene, ns, wish=None):
    """So long, as a launcher steps that is not held up."""
    for _ in range(ns // STEP_NS):
        scene.step(wish, after_ns=STEP_NS)


def test_a_window_that_hangs_is_ended_and_comes_again(scene):
    scene.step(WISH)
    passes(scene, HUNG_NS)
    assert scene.processes.names() == [WINDOW]
    passes(scene, STEP_NS)
    assert scene.processes.stopped.count(WINDOW) == 1
    assert scene.processes.names() == [WINDOW, WINDOW]
    assert scene.word.windows == 2
    scene.ready(WINDOW)
    passes(scene, 3 * HUNG_NS, WISH)
    assert scene.processes.names() == [WINDOW, WINDOW]


def test_a_window_that_comes_again_may_take_its_time_to_open_but_not_for_ever(scene):
    scene.step(WISH)
    passes(scene, HUNG_NS + STEP_NS)
    passes(scene, OPENS_NS)
    assert scene.processes.names() == [WINDOW, WINDOW]
    passes(scene, STEP_NS)
    assert scene.processes.names() == [WINDOW, WINDOW, WINDOW]


def test_a_window_that_hangs_again_and_again_is_given_up_and_said_so(scene):
    for _ in range(AT_MOST + 1):
        assert scene.launcher.over is None
        scene.ready(WINDOW)
        passes(scene, HUNG_NS + 2 * STEP_NS)
    assert f"hung {AT_MOST} times within 10 minutes" in scene.launcher.over


def test_a_launcher_that_was_held_up_takes_no_window_for_hung(scene):
    scene.step(WISH)
    scene.step(after_ns=10 * HUNG_NS)
    passes(scene, HUNG_NS)
    assert scene.processes.names() == [WINDOW]


def test_a_window_that_was_closed_and_took_long_to_end_does_not_come_again(scene):
    scene.step(WISH)
    passes(scene, HUNG_NS)
    scene.dies(WINDOW, 0)
    passes(scene, STEP_NS)
    assert scene.processes.names() == [WINDOW]
    assert scene.launcher.over == ""


def test_a_window_that_never_opened_is_not_tried_again(board):
    scene = Scene(board)
    scene.dies(WINDOW, -6)
    scene.step()
    assert scene.processes.names() == [WINDOW]
    assert "signal 6" in scene.launcher.over
    assert "display" in scene.launcher.over


def test_a_window_that_says_why_it_cannot_open_is_believed(board):
    scene = Scene(board)
    scene.ready(WINDOW, "libEGL.so.1 is missing: apt-get install libegl1", ok=False)
    scene.dies(WINDOW, 2)
    scene.step()
    assert "libegl1" in scene.launcher.over


def test_the_pilot_is_started_for_the_chosen_side_and_asks_for_nothing_by_itself(scene):
    word = scene.step(_replace(WISH, side=SIDE))
    assert word.pilot is PilotStands.STARTING
    config = msgspec.json.decode(scene.processes.started[-1][1], type=MasterConfig)
    assert (config.host, config.port, config.console, config.device) == ("127.0.0.1", 7200, True, NO_DEVICE)
    assert config.keys == ""
    assert config.role is Role.SURGEON
    scene.ready(PILOT, "SCHED_FIFO was refused")
    word = scene.step()
    assert word.pilot is PilotStands.RUNNING
    assert word.notes == ("SCHED_FIFO was refused",)


def test_a_side_elsewhere_goes_by_this_devices_keys(scene):
    scene.step(_replace(WISH, side="10.1.2.3:7300"))
    config = msgspec.json.decode(scene.processes.started[-1][1], type=MasterConfig)
    assert config.keys == "/keys"


def test_another_side_ends_the_pilot_of_the_first(scene):
    scene.step(_replace(WISH, side=SIDE))
    scene.ready(PILOT)
    scene.step()
    scene.processes.stopped.clear()
    word = scene.step(_replace(WISH, side="127.0.0.1:7300"))
    assert scene.processes.stopped == [CHECK, PILOT]
    assert word.pilot is PilotStands.STARTING
    assert scene.step(WISH).pilot is PilotStands.NONE


def test_the_same_wish_again_starts_nothing_anew(scene):
    for _ in range(5):
        scene.step(_replace(WISH, side=SIDE))
    assert scene.processes.names().count(PILOT) == 1


def test_a_pilot_that_dies_is_said_and_comes_again_only_when_asked_for(scene):
    wish = _replace(WISH, side=SIDE)
    scene.step(wish)
    scene.ready(PILOT)
    scene.step()
    scene.dies(PILOT, -9)
    word = scene.step(wish)
    assert word.pilot is PilotStands.ENDED
    assert word.trouble == "the pilot ended by itself (signal 9)"
    scene.step(wish)
    assert scene.processes.names().count(PILOT) == 1
    asked = _replace(wish, pilot_starts=1)
    assert scene.step(asked).pilot is PilotStands.STARTING
    scene.step(asked)
    assert scene.processes.names().count(PILOT) == 2


def test_an_address_that_is_none_is_said_and_starts_nothing(scene):
    word = scene.step(_replace(WISH, side="no address"))
    assert word.pilot is PilotStands.ENDED
    assert "HOST:PORT" in word.trouble
    assert PILOT not in scene.processes.names()


def test_a_new_window_goes_on_with_the_side_and_counts_from_nothing(scene):
    asked = _replace(WISH, side=SIDE, pilot_starts=3, checks=2)
    scene.step(asked)
    checks = scene.processes.names().count(CHECK)
    scene.step(_replace(WISH, window=8, side=SIDE))
    assert scene.processes.names().count(PILOT) == 1
    assert scene.processes.names().count(CHECK) == checks
    scene.step(_replace(WISH, window=8, side=SIDE, checks=1))
    assert scene.processes.names().count(CHECK) == checks + 1


def test_a_check_is_run_once_and_what_it_found_is_told(scene):
    wish = _replace(WISH, side=SIDE, checks=1)
    assert scene.step(wish).check.running
    assert scene.processes.names().count(CHECK) == 1
    run = scene.board.post("check.run", CheckRun)
    run.publish(CheckRun("measuring; nothing moves", 4.0, failed=False, found=None))
    word = scene.step(wish)
    assert (word.check.running, word.check.done_s) == (True, 4.0)
    run.publish(CheckRun("", 20.0, failed=False, found=FOUND))
    scene.dies(CHECK, 0)
    word = scene.step(wish)
    assert (word.check.running, word.check.found) == (False, FOUND)
    assert scene.step(wish).check.found == FOUND
    assert scene.processes.names().count(CHECK) == 1


def test_a_check_that_dies_or_fails_says_why(scene):
    scene.step(_replace(WISH, side=SIDE, checks=1))
    scene.dies(CHECK, -9)
    assert "signal 9" in scene.step().check.text
    scene.step(_replace(WISH, side=SIDE, checks=2))
    scene.board.post("check.run", CheckRun).publish(CheckRun("no answer", 0.0, failed=True, found=None))
    scene.dies(CHECK, 0)
    word = scene.step()
    assert (word.check.running, word.check.text) == (False, "no answer")


def test_what_was_found_of_one_side_is_not_shown_of_another(scene):
    scene.step(_replace(WISH, side=SIDE, checks=1))
    scene.board.post("check.run", CheckRun).publish(CheckRun("", 20.0, failed=False, found=FOUND))
    scene.dies(CHECK, 0)
    scene.step()
    assert scene.word.check.found == FOUND
    assert scene.step(_replace(WISH, side="127.0.0.1:7300", checks=1)).check.found is None


def test_restarts_are_counted_over_a_minute():
    restarts = Restarts()
    assert all(restarts.may_start(10**12) for _ in range(AT_MOST))
    assert not restarts.may_start(10**12 + OVER_NS - 1)
    assert restarts.may_start(10**12 + OVER_NS)
