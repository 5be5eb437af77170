"""Two devices that were never told of each other: enrolled as the README says, refused before, and thrown out after."""

import signal
import time

import pytest

from protocol.board import Board, boards_root
from protocol.key_store import KeyStore
from protocol.messages import FreezeClass, Mode
from protocol.ports import free_ports
from protocol.records import Authority, Session
from tests.command_line import WAIT_S, await_children, nothing_is_left, ours, run, start, state_home

__all__ = ["nothing_is_left", "state_home"]
pytestmark = pytest.mark.live


def typed(folder, *arguments):
    done = run("keys", *arguments, "--keys", str(folder))
    assert done.returncode == 0, done.stderr
    return done.stdout


def until(condition, told=lambda: ""):
    deadline = time.monotonic() + WAIT_S
    while not condition():
        assert time.monotonic() < deadline, told()
        time.sleep(0.02)


def test_a_console_is_let_in_by_two_commands_and_thrown_out_by_one(tmp_path):
    here, there = tmp_path / "patient", tmp_path / "surgeon"
    port = free_ports()
    typed(here, "new", "--name", "kashgar")
    typed(there, "new", "--name", "theatre-2")
    typed(there, "trust", "kashgar", "patient", KeyStore(here).own().public, "--host", "127.0.0.1")

    before = set(ours())
    slave = start("slave", "--bind", f"127.0.0.1:{port}", "--stand-ins", "--keys", str(here))
    await_children(before, 6)
    board = Board(boards_root() / f"farhand-slave-{slave.pid}")
    authority, session = board.view("authority", Authority), board.view("session", Session)
    master = start("master", "--connect", f"127.0.0.1:{port}", "--stand-ins", "--keys", str(there))
    try:
        seen = ""
        while "does not trust our key" not in seen:
            seen += (line := master.stdout.readline())
            assert line, seen
        assert session.latest().number == 0

        typed(here, "trust", "theatre-2", "surgeon", KeyStore(there).own().public)
        until(lambda: authority.latest().mode is Mode.FOLLOWING)
        assert session.latest().key == KeyStore(there).own().public

        typed(here, "revoke", "theatre-2")
        until(lambda: session.latest().revoked)
        until(lambda: authority.latest().mode is not Mode.FOLLOWING)
        told = authority.latest()
        assert (told.mode, told.freeze_class) == (Mode.FROZEN, FreezeClass.LOCAL)
        assert told.culprit == "the key of the surgeon's console was revoked"
        assert told.calling
    finally:
        for side in (master, slave):
            side.send_signal(signal.SIGINT)
            side.communicate(timeout=WAIT_S)
