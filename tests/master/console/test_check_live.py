"""The check of the link, as a process of the console beside a real patient's side."""

import time

import msgspec
import pytest

from master.check_link import Advice
from master.console.check_process import CheckConfig
from master.console.options import ConsoleOptions, master_config
from master.console_records import CheckRun
from protocol.board import Board
from protocol.children import Children
from protocol.messages import Mode
from protocol.ports import free_ports
from protocol.records import Authority
from protocol.roles import Role
from safety.limits import load_limits
from slave.config import SlaveConfig
from slave.launch import SlaveProcesses, development_lease_ns

pytestmark = pytest.mark.live

PROCEDURE = "laparoscopic"
SECONDS = 5.0
PATIENCE_S = 60.0


@pytest.fixture
def slave():
    lease_ns = development_lease_ns(load_limits(PROCEDURE))
    slave = SlaveProcesses(SlaveConfig("127.0.0.1", free_ports(), PROCEDURE, lease_ns, "psm"))
    try:
        slave.start()
        yield slave
    finally:
        slave.stop()


@pytest.fixture
def board():
    board = Board.create("console")
    board.add_cell("check.run")
    yield board
    board.remove()


def test_it_is_told_step_by_step_and_moves_nothing(slave, board):
    side = f"127.0.0.1:{slave._config.port}"
    options = ConsoleOptions("test", "/nonexistent/keys", run=str(slave.board.directory))
    config = CheckConfig(master_config(options, side, Role.ENGINEER), SECONDS)
    children = Children(board)
    told, modes = board.view("check.run", CheckRun), set()
    authority = slave.board.view("authority", Authority)
    seen = []
    try:
        children.start("check", "master.console.check_process", msgspec.json.encode(config).decode())
        deadline_s = time.monotonic() + PATIENCE_S
        while children.exit_code("check") is None:
            assert time.monotonic() < deadline_s, seen
            modes.add(authority.latest().mode)
            if told.latest() is not None and told.latest() not in seen[-1:]:
                seen.append(told.latest())
            time.sleep(0.02)
    finally:
        children.stop()
    last = told.latest()
    assert last is not None
    assert not last.failed, last.text
    assert last.found is not None
    # A host that stood still meanwhile is told so, and no advice is made of it.
    assert last.found.advice in Advice
    assert last.found.procedure == PROCEDURE
    assert any(0.0 < each.done_s < SECONDS for each in seen)
    assert modes == {Mode.SAFE}


def test_where_nobody_answers_it_says_so(board):
    options = ConsoleOptions("test", "/nonexistent/keys")
    config = CheckConfig(master_config(options, f"127.0.0.1:{free_ports()}", Role.ENGINEER), SECONDS)
    children = Children(board)
    told = board.view("check.run", CheckRun)
    try:
        children.start("check", "master.console.check_process", msgspec.json.encode(config).decode())
        deadline_s = time.monotonic() + PATIENCE_S
        while children.exit_code("check") is None:
            assert time.monotonic() < deadline_s
            time.sleep(0.05)
    finally:
        children.stop()
    last = told.latest()
    assert last is not None
    assert last.failed
    assert "made keys for this host" in last.text
