"""Each role at each door, the session's own key alone at its lanes, and a list that changes while we run."""

import msgspec
import pytest

from protocol.curve import new_pair
from protocol.fingerprint import fingerprint
from protocol.key_files import KeyStoreError
from protocol.key_store import TRUSTED, KeyStore
from protocol.roles import DOORS, Door, Peer, Role
from protocol.zap import Knock
from slave.admission import Admission
from slave.doors import Doors
from slave.incidents import KINDS_AT_MOST, Incidents
from tests.protocol.samples import SESSION

KEYS = {role: new_pair().public for role in Role}
PEERS = {key: Peer(key, f"the {role.value}", role) for role, key in KEYS.items()}
STRANGER = new_pair().public


@pytest.fixture
def incidents():
    return Incidents()


@pytest.fixture
def doors(incidents):
    doors = Doors(Admission("", PEERS), incidents)
    doors.session = msgspec.structs.replace(SESSION, key=KEYS[Role.SURGEON])
    return doors


@pytest.mark.parametrize("door", list(Door))
@pytest.mark.parametrize("role", list(Role))
def test_a_role_comes_in_where_it_may_and_lanes_are_the_sessions(doors, door, role):
    lanes = door in (Door.COMMANDS, Door.STATES)
    may = role is Role.SURGEON if lanes else role in DOORS[door]
    assert doors.lets_in(Knock(door.value, "10.0.0.9", KEYS[role])) == may


@pytest.mark.parametrize("door", [*[door.value for door in Door], "", "kitchen"])
def test_a_stranger_comes_in_nowhere_and_is_audited_by_address_and_fingerprint(doors, incidents, door):
    assert not doors.lets_in(Knock(door, "10.0.0.9", STRANGER))
    (told,) = incidents.told(1)
    assert (told.what, told.who) == ("refused", f"10.0.0.9 {fingerprint(STRANGER)}")
    assert "not trusted" in told.why


def test_nobody_comes_in_at_a_door_that_is_not_there(doors):
    assert not doors.lets_in(Knock("kitchen", "10.0.0.9", KEYS[Role.SURGEON]))


def test_without_a_session_and_once_its_key_is_revoked_its_lanes_are_shut(doors):
    knock = Knock(Door.COMMANDS.value, "10.0.0.9", KEYS[Role.SURGEON])
    assert doors.lets_in(knock)
    doors.session = msgspec.structs.replace(doors.session, revoked=True)
    assert not doors.lets_in(knock)
    doors.session = msgspec.structs.replace(SESSION, number=0, key="")
    assert not doors.lets_in(knock)


def test_an_admission_follows_the_list(tmp_path):
    store = KeyStore(tmp_path)
    admission = Admission(str(tmp_path), {})
    assert admission.look() is None
    store.trust("theatre-2", Role.SURGEON, STRANGER)
    change = admission.look()
    assert [peer.name for peer in change.trusted] == ["theatre-2"]
    assert STRANGER in admission.peers
    assert admission.look() is None, "told once"
    store.revoke("theatre-2")
    assert [peer.name for peer in admission.look().revoked] == ["theatre-2"]
    assert admission.peers == {}


def test_a_list_that_cannot_be_read_leaves_the_last_good_one_and_is_told_once(tmp_path):
    store = KeyStore(tmp_path)
    store.trust("theatre-2", Role.SURGEON, STRANGER)
    admission = Admission(str(tmp_path), {})
    (tmp_path / TRUSTED).write_text("{")
    assert str(tmp_path / TRUSTED) in admission.look().trouble
    assert STRANGER in admission.peers
    assert admission.look() is None
    with pytest.raises(KeyStoreError):
        Admission(str(tmp_path), {})


def test_a_list_that_is_gone_leaves_the_last_one_and_is_told(tmp_path):
    """A home that is not mounted for a moment, or an editor that renames, throws no surgeon out of a case."""
    store = KeyStore(tmp_path)
    store.trust("theatre-2", Role.SURGEON, STRANGER)
    admission = Admission(str(tmp_path), {})
    (tmp_path / TRUSTED).rename(tmp_path / "moved")
    assert "gone" in admission.look().trouble
    assert STRANGER in admission.peers
    (tmp_path / "moved").rename(tmp_path / TRUSTED)
    assert admission.look() is None
    assert STRANGER in admission.peers


def test_a_revocation_that_could_not_be_read_at_once_is_read_as_soon_as_it_can_be(tmp_path, monkeypatch):
    store = KeyStore(tmp_path)
    store.trust("theatre-2", Role.SURGEON, STRANGER)
    admission = Admission(str(tmp_path), {})
    store.revoke("theatre-2")
    with monkeypatch.context() as broken:
        broken.setattr(KeyStore, "trusted", _out_of_descriptors)
        assert "too many open files" in admission.look().trouble
        assert admission.look() is None, "told once"
    assert [peer.name for peer in admission.look().revoked] == ["theatre-2"]


def _out_of_descriptors(_store):
    raise KeyStoreError("too many open files")


def test_alike_incidents_are_one_with_their_count_and_a_flood_of_kinds_is_bounded(incidents):
    for number in range(10 * KINDS_AT_MOST):
        incidents.add("refused", f"10.0.0.{number}", "its key is not trusted", 2)
        incidents.add("refused", "10.0.0.1", "its key is not trusted")
    told = incidents.told(7)
    assert len(told) == KINDS_AT_MOST + 1
    assert sum(each.count for each in told) == 30 * KINDS_AT_MOST
    assert next(each.count for each in told if each.who == "10.0.0.1") == 10 * KINDS_AT_MOST + 2
    assert incidents.told(8) == []


def test_a_flood_of_strangers_hides_nothing_else_that_happens_meanwhile(incidents):
    for number in range(10 * KINDS_AT_MOST):
        incidents.add("refused", f"10.0.0.9 {number}", "its key is not trusted")
    incidents.add("key revoked", "theatre-2", "surgeon")
    assert [each.who for each in incidents.told(7) if each.what == "key revoked"] == ["theatre-2"]
