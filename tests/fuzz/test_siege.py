"""The raw ports: what is told of a siege, and a short one of a real patient's side."""

import random

import pytest
import zmq

from protocol import curve, lanes
from protocol.ports import free_ports
from tests.fuzz.raw import GREETING_BYTES, greeting, hello, overhear, speech
from tests.fuzz.siege import GROWTH_MAX_MIB, besiege, noise

STANDING = {"mode": "LOCAL", "session": 0}


class Crowd:
    """Strangers whose hundredth connection does something to what is watched."""

    def __init__(self, watch, **harm):
        self.watch, self.harm = watch, harm
        self.connections = self.left = 0

    def annoy(self):
        self.connections += 1
        if self.connections == 100:
            vars(self.watch).update(self.harm)

    def leave(self):
        self.left += 1


class Town:
    def __init__(self):
        self.mode, self.session, self.dead, self.mib = "LOCAL", 0, (), 50.0

    def standing(self):
        return {"mode": self.mode, "session": self.session}

    def gateway_mib(self):
        return self.mib

    def ended(self):
        return self.dead


def told(**harm):
    town = Town()
    crowd = Crowd(town, **harm)
    _, wrong = noise(crowd, town, 0.1, tuple(STANDING))
    assert crowd.left == 1
    return wrong


def test_a_siege_that_changes_nothing_is_nothing_to_tell():
    assert told() == []


@pytest.mark.parametrize(
    ("harm", "says"),
    [
        ({"mode": "FROZEN"}, ["mode was LOCAL, is FROZEN"]),
        ({"session": 7}, ["session was 0, is 7"]),
        ({"dead": ("gateway",)}, ["the gateway process died"]),
    ],
)
def test_what_strangers_changed_is_told(harm, says):
    assert told(**harm) == says


def test_growth_is_told_with_its_limit():
    town = Town()

    class Hoard(Crowd):
        def annoy(self):
            super().annoy()
            town.mib += GROWTH_MAX_MIB

    grew_mib, wrong = noise(Hoard(town), town, 0.1, ())
    assert grew_mib >= GROWTH_MAX_MIB
    assert f"limit {GROWTH_MAX_MIB:.0f} MiB" in wrong[0]


def test_what_strangers_say_has_the_form_of_the_protocol():
    chance = random.Random(1)
    assert {len(greeting(chance)) for _ in range(100)} == {GREETING_BYTES}
    assert hello(chance)[:10] == b"\x04\xc8\x05HELLO\x01\x00"
    assert len(hello(chance)) == 2 + 200
    overheard = ((b"greeting", b"hello"),)
    said = [speech(chance, overheard) for _ in range(300)]
    assert [b"greeting", b"hello"] in said
    assert any(len(pieces) > 2 for pieces in said)


@pytest.mark.live
def test_a_rightful_clients_handshake_is_overheard_whole():
    port, keys, context = free_ports(), curve.new_pair(), zmq.Context()
    with context, lanes.pull(context) as sink:
        curve.be_server(sink, keys)
        sink.bind(f"tcp://127.0.0.1:{port}")
        said = overhear("127.0.0.1", port, keys.public, zmq.PUSH)
        assert sink.recv() == b"no message of ours"
    whole = b"".join(said)
    assert whole.startswith(b"\xff")
    assert [name in whole for name in (b"CURVE", b"\x05HELLO", b"\x08INITIATE", b"\x07MESSAGE")] == [True] * 4
    assert len(said) >= 3, "the answers' places are kept"


@pytest.mark.live
def test_strangers_at_the_ports_end_nobody_change_nothing_and_keep_no_surgeon_out():
    outcome = besiege(4.0, seed=1)
    assert outcome.wrong == []
    assert outcome.connections > 0
