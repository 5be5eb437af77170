"""Who is let in: this device's keys as they lie on the disk, and what libzmq asks at a handshake."""

import msgspec
from zmq.utils import z85

from protocol.codec import FrameError
from protocol.curve import KeyPair, check_key
from protocol.key_store import OWN, TRUSTED, KeyStore, KeyStoreError, OwnKey, Trusted
from protocol.roles import Role
from protocol.zap import VERSION, parse_request
from tests.fuzz.decoder import Decoder
from tests.fuzz.scratch import scratch
from tests.fuzz.wire import KEY

PAIR = KeyPair(KEY, "JTKVSB%%)wK0E.X)V>+}o?pNmC{O&4W4b!Ni{Lh6")  # RFC 26's examples
SINCE = "2031-05-06T07:08:09+00:00"
LISTED = [
    Trusted("theatre-2", Role.SURGEON, PAIR.public, SINCE),
    Trusted("kashgar", Role.PATIENT, PAIR.secret, SINCE, host="10.0.0.2", revoked=SINCE),
]
BETWEEN = b"&"
"""Between the parts of a request."""
ASKED = (b"routing", b"", VERSION, b"7", b"commands", b"10.0.0.9", b"", b"CURVE", z85.decode(KEY))


def store_of(name: str, content: bytes) -> KeyStore:
    """A folder of keys in which that file is ours alone, and says this."""
    path = scratch(name, content)
    path.chmod(0o600)
    return KeyStore(path.parent)


def read_own(data: bytes) -> None:
    """A device's key that is taken is one, and is the same when it is written and read again."""
    own = store_of(OWN, data).own()
    assert own is not None
    assert list(map(check_key, own.pair)) == [own.public, own.secret]
    assert store_of(OWN, msgspec.json.encode(own)).own() == own


def read_trusted(data: bytes) -> None:
    """A list that is taken lets in those who stand in it and were not revoked, each as what it says."""
    store = store_of(TRUSTED, data)
    listed = store.trusted()
    peers = store.peers()
    assert {(peer.key, peer.name, peer.role) for peer in peers.values()} == {
        (each.public, each.name, each.role) for each in listed if not each.revoked
    }
    for key in (*peers, *(each.public for each in listed)):
        assert check_key(key) == key
    for host in ("10.0.0.2", ""):
        side = store.patient(host)
        assert not side or peers[side].role is Role.PATIENT
    assert store_of(TRUSTED, msgspec.json.encode(listed)).trusted() == listed


def knock(data: bytes) -> None:
    """A request's key is the one that libzmq has proved, or none; the answer goes back to whoever asked."""
    parts = data.split(BETWEEN)
    request = parse_request(parts)
    if request is None:
        raise FrameError("zap", "no request")
    asked, envelope = request
    assert envelope == parts[:4]
    if asked.key:
        assert parts[7:] == [b"CURVE", z85.decode(check_key(asked.key))]


DECODERS = (
    Decoder("own key", read_own, (KeyStoreError,), (msgspec.json.encode(OwnKey("theatre-2", *PAIR)),), cost=3),
    Decoder("trusted keys", read_trusted, (KeyStoreError,), (msgspec.json.encode(LISTED), b"[]"), cost=8),
    Decoder("zap requests", knock, (FrameError,), (BETWEEN.join(ASKED), BETWEEN.join((*ASKED[:7], b"NULL")))),
)
