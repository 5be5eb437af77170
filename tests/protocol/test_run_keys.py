import os
import stat

import pytest

from protocol import run_keys
from protocol.board import Board
from protocol.curve import NoKeyError, check_key, new_pair
from protocol.ports import free_ports
from protocol.roles import Peer, Role

HOST, PORT = "127.0.0.1", free_ports()


@pytest.fixture
def board():
    board = Board.create("slave")
    yield board
    board.remove()


def test_keys_of_a_run_are_found_by_its_port_on_this_host_and_gone_with_it(board):
    server = run_keys.make(board, HOST, PORT, None)
    assert run_keys.server_pair(board.directory).public == server
    found = run_keys.find(PORT, Role.SURGEON)
    assert found is not None
    assert found.server == server
    assert run_keys.run_peers(board.directory)[found.own.public] == Peer(
        found.own.public, run_keys.THIS_HOST, Role.SURGEON
    )
    assert run_keys.find(PORT + 1, Role.SURGEON) is None
    board.remove()
    assert run_keys.find(PORT, Role.SURGEON) is None


def test_each_role_has_a_key_of_its_own(board):
    run_keys.make(board, HOST, PORT, None)
    peers = run_keys.run_peers(board.directory)
    assert {peer.role for peer in peers.values()} == {Role.SURGEON, Role.LOCAL, Role.OBSERVER, Role.ENGINEER}
    assert run_keys.find(PORT, Role.PATIENT) is None


def test_a_run_that_goes_by_this_devices_key_lets_nobody_in_by_keys_of_its_own(board):
    own = new_pair()
    assert run_keys.make(board, HOST, PORT, own) == own.public
    assert own.secret not in "".join(path.read_text() for path in board.directory.glob("curve.*"))
    assert run_keys.run_peers(board.directory) == {}
    assert run_keys.find(PORT, Role.SURGEON) is None


def test_the_keys_of_a_run_that_listens_elsewhere_are_not_taken_for_those_of_this_host(board):
    run_keys.make(board, "0.0.0.0", PORT, None)
    assert run_keys.find(PORT, Role.SURGEON) is None
    assert run_keys.keys_on(board.directory, Role.SURGEON) is not None


def test_nobody_else_can_read_them(board):
    run_keys.make(board, HOST, PORT, None)
    files = list(board.directory.glob("curve.*"))
    assert len(files) == 7
    assert all(stat.S_IMODE(os.stat(path).st_mode) == 0o600 for path in files)


@pytest.mark.parametrize("damage", [b"torn", b"\xff" * 40, b"#" * 40, b""])
@pytest.mark.parametrize("name", ["curve.public", "curve.surgeon"])
def test_a_damaged_key_is_none(board, name, damage):
    run_keys.make(board, HOST, PORT, None)
    (board.directory / name).write_bytes(damage)
    assert run_keys.find(PORT, Role.SURGEON) is None
    if name == "curve.public":
        with pytest.raises(NoKeyError, match="40 characters"):
            run_keys.server_pair(board.directory)


def test_keys_are_fresh_and_know_themselves():
    first, second = new_pair(), new_pair()
    assert first != second
    assert check_key(first.public) == first.public


@pytest.mark.parametrize("text", ["", "x" * 39, "x" * 41, " " * 40, "é" * 40, "x" * 80, "#" * 40])
def test_what_is_no_key_is_refused(text):
    with pytest.raises(NoKeyError):
        check_key(text)
