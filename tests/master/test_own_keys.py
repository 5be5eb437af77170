"""Which keys the surgeon's side goes by, and what it says where there are none."""

import pytest

from master.config import MasterConfig
from master.own_keys import NoKeysError, keys_for
from protocol import run_keys
from protocol.board import Board
from protocol.curve import new_pair
from protocol.key_store import OWN, KeyStore
from protocol.ports import free_ports
from protocol.roles import Role

PORT = free_ports()
SERVER = new_pair().public


def config(**changes):
    return MasterConfig(**({"host": "127.0.0.1", "port": PORT, "device": "still", "name": "test"} | changes))


@pytest.fixture
def store(tmp_path):
    store = KeyStore(tmp_path)
    store.make_own("theatre-2")
    return store


def test_on_this_host_it_goes_by_the_keys_of_the_run(store):
    board = Board.create("slave")
    try:
        server = run_keys.make(board, "127.0.0.1", PORT, None)
        found = keys_for(config())
        assert found.server == server
        assert keys_for(config(role=Role.ENGINEER)).own != found.own
        assert keys_for(config(run=str(board.directory), port=1)) == found
    finally:
        board.remove()
    with pytest.raises(NoKeysError, match="farhand slave"):
        keys_for(config())


def test_elsewhere_by_this_devices_and_the_trusted_side(store):
    with pytest.raises(NoKeysError, match="farhand keys trust NAME patient KEY --host kashgar"):
        keys_for(config(host="kashgar", keys=str(store.folder)))
    store.trust("kashgar", Role.PATIENT, SERVER)
    assert keys_for(config(host="kashgar", keys=str(store.folder))).server == SERVER
    other = new_pair().public
    assert keys_for(config(host="kashgar", keys=str(store.folder), server_key=other)).server == other


def test_without_a_key_of_our_own_it_says_how_to_make_one(tmp_path):
    with pytest.raises(NoKeysError, match="farhand keys new"):
        keys_for(config(host="kashgar", keys=str(tmp_path)))


def test_a_key_that_others_can_read_is_refused(store):
    (store.folder / OWN).chmod(0o644)
    with pytest.raises(NoKeysError, match="chmod 600"):
        keys_for(config(host="kashgar", keys=str(store.folder)))
