"""Which patient's sides can be chosen."""

import pytest

from master.console.sides import AT_MOST, HERE, known_sides
from protocol import run_keys
from protocol.board import Board
from protocol.curve import new_pair
from protocol.fingerprint import fingerprint
from protocol.key_store import KeyStore
from protocol.roles import Role


@pytest.fixture
def store(tmp_path):
    store = KeyStore(tmp_path / "keys")
    store.make_own("theatre-2")
    return store


@pytest.fixture
def run():
    board = Board.create("slave")
    run_keys.make(board, "127.0.0.1", 7260, None)
    yield board
    board.remove()


def test_a_side_on_this_host_comes_first_and_those_that_are_trusted_follow(store, run):
    public = new_pair().public
    store.trust("kashgar", Role.PATIENT, public, "10.1.2.3")
    sides, trouble = known_sides(store.folder, str(run.directory))
    assert trouble == ""
    assert [(side.name, side.address) for side in sides] == [(HERE, "127.0.0.1:7260"), ("kashgar", "10.1.2.3:7200")]
    assert sides[1].fingerprint == fingerprint(public)


def test_only_patients_sides_that_are_still_trusted_can_be_chosen(store, run):
    store.trust("tablet", Role.LOCAL, new_pair().public)
    store.trust("gone", Role.PATIENT, new_pair().public)
    store.revoke("gone")
    sides, _ = known_sides(store.folder, str(run.directory))
    assert [side.name for side in sides] == [HERE]


def test_a_side_here_that_lets_in_only_whom_it_trusts_is_reached_by_its_trusted_name_alone(store):
    board = Board.create("slave")
    try:
        run_keys.make(board, "127.0.0.1", 7261, new_pair())
        assert known_sides(store.folder, str(board.directory))[0] == ()
    finally:
        board.remove()


def test_a_list_that_cannot_be_read_is_said_and_hides_nothing_else(store, run):
    store.trust("kashgar", Role.PATIENT, new_pair().public)
    (store.folder / "trusted.json").write_text("[")
    sides, trouble = known_sides(store.folder, str(run.directory))
    assert [side.name for side in sides] == [HERE]
    assert "is damaged" in trouble


def test_no_more_are_listed_than_can_be_shown(store, run):
    for number in range(AT_MOST + 3):
        store.trust(f"side-{number}", Role.PATIENT, new_pair().public, f"10.0.0.{number + 1}")
    assert len(known_sides(store.folder, str(run.directory))[0]) == AT_MOST
