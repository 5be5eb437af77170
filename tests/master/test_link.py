import time

import pytest
import zmq
from msgspec.structs import replace

from master.config import MasterConfig
from master.link import SlaveLink
from protocol import curve, lanes, run_keys
from protocol.board import Board
from protocol.codec import encode
from protocol.ports import free_ports, session_port
from tests.master.test_pilot import WELCOME

pytestmark = pytest.mark.live

PATIENCE_S = 10.0


def told(answer):
    """Whether a session is open, and what the surgeon is told, once the patient's side has answered so."""
    port = free_ports()
    board = Board.create("slave")
    run_keys.make(board, "127.0.0.1", port, None)
    context = zmq.Context()
    desk = lanes.router(context)
    curve.be_server(desk, run_keys.server_pair(board.directory))
    desk.bind(f"tcp://127.0.0.1:{session_port(port)}")
    link = SlaveLink(context, MasterConfig("127.0.0.1", port, "still", "console", run=str(board.directory)))
    link.read(time.monotonic_ns())
    before = link.mode(time.monotonic_ns())
    deadline_s = time.monotonic() + PATIENCE_S
    try:
        while link.welcome is None and link.mode(time.monotonic_ns()) == before and time.monotonic() < deadline_s:
            link.read(time.monotonic_ns())
            for peer, _ in lanes.hear_router(desk):
                lanes.reply(desk, peer, answer)
            time.sleep(0.001)
        return link.lanes is not None, link.mode(time.monotonic_ns())
    finally:
        link.bye()
        context.destroy(0)
        board.remove()


def test_a_welcome_opens_the_lanes_of_its_session():
    is_open, _ = told(encode(replace(WELCOME, state_key=curve.new_pair().public)))
    assert is_open


@pytest.mark.parametrize("key", ["", "x" * 39, "#" * 40])
def test_a_welcome_whose_key_is_none_opens_nothing_and_the_surgeon_is_told(key):
    is_open, trouble = told(encode(replace(WELCOME, state_key=key)))
    assert not is_open
    assert "is no key" in trouble


def test_an_answer_of_another_version_is_told():
    is_open, trouble = told(encode(replace(WELCOME, version=2)))
    assert not is_open
    assert "version 2" in trouble
