import os
import stat

import pytest

from protocol import run_keys
from protocol.board import Board
from protocol.curve import NoKeyError, check_key, new_pair
from protocol.ports import free_ports

HOST, PORT = "127.0.0.1", free_ports()


@pytest.fixture
def board():
    board = Board.create("slave")
    yield board
    board.remove()


def test_keys_of_a_run_are_found_by_its_port_on_this_host_and_gone_with_it(board):
    pair = run_keys.make(board, HOST, PORT)
    assert run_keys.load(board, HOST, PORT) == pair
    assert run_keys.find_public(PORT) == pair.public
    assert run_keys.find_public(PORT + 1) == ""
    board.remove()
    assert run_keys.find_public(PORT) == ""


def test_the_key_of_a_run_that_listens_elsewhere_is_not_taken_for_that_of_this_host(board):
    run_keys.make(board, "0.0.0.0", PORT)
    assert run_keys.find_public(PORT) == ""


def test_nobody_else_can_read_them(board):
    run_keys.make(board, HOST, PORT)
    files = list(board.directory.glob("curve.*"))
    assert len(files) == 2
    assert all(stat.S_IMODE(os.stat(path).st_mode) == 0o600 for path in files)


@pytest.mark.parametrize("damage", [b"torn", b"\xff" * 40, b"#" * 40, b""])
def test_a_damaged_key_is_none(board, damage):
    run_keys.make(board, HOST, PORT)
    (board.directory / f"curve.{HOST}.{PORT}.public").write_bytes(damage)
    assert run_keys.find_public(PORT) == ""
    with pytest.raises(NoKeyError, match="40 characters"):
        run_keys.load(board, HOST, PORT)


def test_keys_are_fresh_and_know_themselves():
    first, second = new_pair(), new_pair()
    assert first != second
    assert check_key(first.public) == first.public


@pytest.mark.parametrize("text", ["", "x" * 39, "x" * 41, " " * 40, "é" * 40, "x" * 80, "#" * 40])
def test_what_is_no_key_is_refused(text):
    with pytest.raises(NoKeyError):
        check_key(text)
