"""The staff's presses over the real ipc: repeats start nothing twice, and no stop is ever taken for a repeat."""

from contextlib import ExitStack
from types import SimpleNamespace

import pytest
import zmq

from protocol import lanes
from protocol.board import Board
from protocol.codec import encode
from protocol.messages import Action, StaffAction
from safety.supervisor_process import Staff


@pytest.fixture
def press(tmp_path):
    """Presses a button and returns what the supervisor hears of it."""
    with ExitStack() as stack:
        board = Board(tmp_path)
        staff = Staff(SimpleNamespace(board=board))
        stack.callback(staff._socket.context.term)
        stack.callback(staff._socket.close)
        context = zmq.Context()
        stack.callback(context.term)
        panel = stack.enter_context(lanes.push(context))
        panel.connect(board.ipc("staff"))

        def press(number, action, panel_id=1):
            assert panel.poll(5000, zmq.POLLOUT)
            assert lanes.send(panel, encode(StaffAction(1, panel_id, number, action, stand_in=False)))
            assert staff._socket.poll(5000)
            return staff.presses()

        yield press


@pytest.mark.parametrize("action", [Action.GIVE, Action.RELEASE])
def test_a_press_that_is_sent_again_is_heard_once(press, action):
    assert press(7, action) == (action,)
    assert press(7, action) == ()
    assert press(6, action) == ()
    assert press(8, action) == (action,)


@pytest.mark.parametrize("action", [Action.FREEZE, Action.TAKE])
def test_a_stop_is_heard_as_often_as_it_comes(press, action):
    assert press(120, Action.GIVE) == (Action.GIVE,)
    assert press(1, action) == (action,)
    assert press(1, action) == (action,)


def test_a_panel_that_was_started_anew_is_heard(press):
    assert press(120, Action.GIVE) == (Action.GIVE,)
    assert press(1, Action.GIVE, panel_id=2) == (Action.GIVE,)


def test_many_panels_do_not_grow_what_is_remembered(press):
    for panel_id in range(40):
        assert press(1, Action.GIVE, panel_id=panel_id) == (Action.GIVE,)
    assert press(1, Action.GIVE, panel_id=39) == ()
