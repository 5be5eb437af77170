"""Keys are ours alone, each device has one role, and what was revoked stays so."""

import os
import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from zmq.utils import z85

from protocol.curve import new_pair
from protocol.fingerprint import fingerprint
from protocol.key_files import KeyStoreError
from protocol.key_store import OWN, TRUSTED, KeyStore, default_folder
from protocol.roles import DOORS, Door, Role

PUBLIC = new_pair().public


@pytest.fixture
def store(tmp_path):
    return KeyStore(tmp_path / "keys")


def mode_of(path):
    return path.stat().st_mode & 0o777


def test_a_key_is_made_once_and_kept_from_others(store):
    assert store.own() is None
    own = store.make_own("theatre-2")
    assert store.own() == own
    assert (mode_of(store.folder), mode_of(store.folder / OWN)) == (0o700, 0o600)
    with pytest.raises(KeyStoreError, match="--replace"):
        store.make_own("theatre-2")
    assert store.make_own("theatre-2", replace=True).public != own.public


@pytest.mark.parametrize("name", [OWN, TRUSTED])
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o622])
def test_a_file_that_is_open_to_others_is_refused_with_the_remedy(store, name, mode):
    store.make_own("theatre-2")
    store.trust("kashgar", Role.PATIENT, PUBLIC)
    (store.folder / name).chmod(mode)
    with pytest.raises(KeyStoreError, match=r"chmod 600"):
        store.own() if name == OWN else store.peers()


def test_a_link_in_place_of_a_file_is_refused(store, tmp_path):
    store.make_own("theatre-2")
    (store.folder / OWN).rename(tmp_path / "elsewhere")
    os.symlink(tmp_path / "elsewhere", store.folder / OWN)
    with pytest.raises(KeyStoreError, match="plain files"):
        store.own()


@pytest.mark.parametrize("mode", [0o770, 0o702, 0o777])
def test_a_folder_that_others_can_write_is_refused(store, mode):
    """They could put an older list in place of ours, and trust again whom we revoked."""
    store.trust("theatre-2", Role.SURGEON, PUBLIC)
    store.folder.chmod(mode)
    for use in (store.peers, lambda: store.revoke("theatre-2"), lambda: store.make_own("a", replace=True)):
        with pytest.raises(KeyStoreError, match="chmod 700"):
            use()


def test_what_is_no_plain_file_is_refused_and_waits_for_nobody(store):
    store.make_own("theatre-2")
    os.mkfifo(store.folder / TRUSTED, 0o600)
    with pytest.raises(KeyStoreError, match="no plain file"):
        store.peers()
    (store.folder / TRUSTED).unlink()
    (store.folder / TRUSTED).mkdir(0o700)
    with pytest.raises(KeyStoreError, match=TRUSTED):
        store.peers()


def test_a_damaged_secret_is_not_told(store):
    own = store.make_own("theatre-2")
    path = store.folder / OWN
    path.write_text(path.read_text().replace(own.secret, own.secret[:-1] + "é"))
    with pytest.raises(KeyStoreError) as refused:
        store.own()
    assert own.secret[:8] not in str(refused.value)


def test_two_halves_of_different_keys_are_no_key_of_a_device(store):
    own = store.make_own("theatre-2")
    path = store.folder / OWN
    path.write_text(path.read_text().replace(own.public, PUBLIC))
    with pytest.raises(KeyStoreError, match="not that of its secret"):
        store.own()


def test_of_two_who_change_the_list_at_once_neither_undoes_the_other(store, monkeypatch):
    store.trust("theatre-2", Role.SURGEON, PUBLIC)
    slow, seen = threading.Event(), []

    def reads_and_waits():
        listed = KeyStore.trusted(store)
        if threading.current_thread() is not threading.main_thread():
            slow.set()
            time.sleep(0.3)
        return listed

    monkeypatch.setattr(store, "trusted", reads_and_waits)
    other = threading.Thread(target=lambda: seen.append(store.trust("theatre-3", Role.SURGEON, new_pair().public)))
    other.start()
    assert slow.wait(10)
    KeyStore(store.folder).revoke("theatre-2")
    other.join()
    assert [peer.name for peer in KeyStore(store.folder).peers().values()] == ["theatre-3"]


def test_another_users_file_is_refused(store):
    if os.getuid() != 0:
        pytest.skip("only root can give a file away")
    store.make_own("theatre-2")
    os.chown(store.folder / OWN, 65534, 65534)
    with pytest.raises(KeyStoreError, match="belongs to user 65534"):
        store.own()


@pytest.mark.parametrize("content", ["", "{", '{"name": "a", "public": "b", "secret": "c"}', "[1]", "\x00"])
@pytest.mark.parametrize("name", [OWN, TRUSTED])
def test_a_damaged_file_is_one_clear_line(store, name, content):
    store.make_own("theatre-2")
    path = store.folder / name
    path.write_text(content)
    path.chmod(0o600)
    with pytest.raises(KeyStoreError, match=str(path)):
        store.own() if name == OWN else store.trusted()


def test_a_device_is_trusted_in_one_role_until_it_is_revoked(store):
    store.trust("theatre-2", Role.SURGEON, PUBLIC)
    assert store.peers()[PUBLIC].role is Role.SURGEON
    with pytest.raises(KeyStoreError, match="trusted already"):
        store.trust("theatre-3", Role.OBSERVER, PUBLIC)
    with pytest.raises(KeyStoreError, match="trusted already"):
        store.trust("theatre-2", Role.OBSERVER, new_pair().public)
    assert store.revoke("theatre-2").revoked
    assert store.peers() == {}
    with pytest.raises(KeyStoreError, match="never trusted again"):
        store.trust("theatre-2", Role.SURGEON, PUBLIC)
    with pytest.raises(KeyStoreError, match="nobody"):
        store.revoke("theatre-2")
    assert [each.name for each in store.trusted()] == ["theatre-2"]


def test_a_device_is_revoked_by_its_fingerprint_too(store):
    store.trust("theatre-2", Role.SURGEON, PUBLIC)
    assert store.revoke(fingerprint(PUBLIC)).name == "theatre-2"


def test_the_stamp_changes_with_the_list_and_is_no_read(store):
    stamps = [store.stamp]
    store.trust("theatre-2", Role.SURGEON, PUBLIC)
    stamps.append(store.stamp)
    store.revoke("theatre-2")
    stamps.append(store.stamp)
    assert len(set(stamps)) == 3
    (store.folder / TRUSTED).unlink()
    assert store.stamp == stamps[0]


@pytest.mark.parametrize("name", ["", "-x", "a b", "x" * 33, "ä", "a/b", "a\n"])
def test_a_name_is_what_can_be_typed(store, name):
    with pytest.raises(KeyStoreError, match="letters"):
        store.trust(name, Role.SURGEON, PUBLIC)
    with pytest.raises(KeyStoreError, match="letters"):
        store.make_own(name)


def test_our_own_key_is_not_trusted(store):
    with pytest.raises(KeyStoreError, match="own key"):
        store.trust("myself", Role.SURGEON, store.make_own("theatre-2").public)


def test_a_key_on_a_list_twice_is_refused(store):
    store.trust("theatre-2", Role.SURGEON, PUBLIC)
    path = store.folder / TRUSTED
    entry = path.read_text().strip()[1:-1]
    path.write_text(f"[{entry},{entry}]")
    with pytest.raises(KeyStoreError, match="twice"):
        store.peers()


def test_a_name_that_stands_for_two_keys_is_refused(store):
    store.trust("theatre-2", Role.SURGEON, PUBLIC)
    store.trust("theatre-3", Role.SURGEON, new_pair().public)
    path = store.folder / TRUSTED
    path.write_text(path.read_text().replace("theatre-3", "theatre-2"))
    with pytest.raises(KeyStoreError, match="one name stands there twice"):
        store.peers()


def test_a_patients_side_is_found_by_name_or_host_or_as_the_only_one(store):
    assert store.patient("kashgar") == ""
    store.trust("kashgar", Role.PATIENT, PUBLIC, "10.1.2.3")
    assert store.patient("kashgar") == store.patient("10.1.2.3") == PUBLIC
    assert store.patient("elsewhere") == "", "another host is another side"
    other = new_pair().public
    store.trust("urumqi", Role.PATIENT, other)
    assert (store.patient("10.1.2.3"), store.patient("urumqi"), store.patient("elsewhere")) == (PUBLIC, other, "")
    store.revoke("kashgar")
    assert store.patient("anywhere") == other, "the only one, and nobody said where it is"


def test_a_patients_side_is_let_in_nowhere_and_an_observer_where_it_is_not_heard():
    assert all(Role.PATIENT not in roles for roles in DOORS.values())
    assert [door for door, roles in DOORS.items() if Role.OBSERVER in roles] == [Door.OBSERVERS]
    assert Role.LOCAL not in DOORS[Door.COMMANDS]


@given(st.binary(min_size=32, max_size=32), st.integers(0, 255))
def test_a_fingerprint_is_thirty_digits_and_differs_with_any_bit(key, bit):
    other = bytearray(key)
    other[bit // 8] ^= 1 << bit % 8
    told, others = (fingerprint(z85.encode(bytes(each)).decode()) for each in (key, other))
    assert told != others
    assert [len(group) for group in told.split()] == [5] * 6
    assert told.replace(" ", "").isdecimal()


def test_the_folder_is_named_by_the_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("FARHAND_KEYS", str(tmp_path))
    assert default_folder() == tmp_path
    monkeypatch.delenv("FARHAND_KEYS")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert default_folder() == tmp_path / "farhand" / "keys"
