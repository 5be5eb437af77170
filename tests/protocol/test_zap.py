"""Whoever is not let in by name is not let in: whatever is asked, and however."""

import pytest
import zmq
from hypothesis import given
from hypothesis import strategies as st
from zmq.utils import z85

from protocol.curve import new_pair
from protocol.zap import ENDPOINT, Doorman

PUBLIC = new_pair().public
KEY = z85.decode(PUBLIC.encode())
ASKED = [b"", b"1.0", b"7", b"commands", b"10.0.0.9", b"", b"CURVE", KEY]


@pytest.fixture(scope="module")
def rig():
    context = zmq.Context()
    doorman = Doorman(context)
    libzmq = context.socket(zmq.DEALER)
    libzmq.connect(ENDPOINT)
    yield doorman, libzmq
    libzmq.close(0)
    doorman.close()
    context.term()


def answered(rig, parts, lets_in):
    doorman, libzmq = rig
    libzmq.send_multipart(parts)
    assert doorman.socket.poll(5000)
    doorman.answer(lets_in)
    return libzmq.recv_multipart() if libzmq.poll(20) else None


def test_one_who_is_let_in_is_named_by_his_key_from_then_on(rig):
    knocks = []
    answer = answered(rig, ASKED, lambda knock: not knocks.append(knock))
    assert knocks == [("commands", "10.0.0.9", PUBLIC)]
    assert answer == [b"", b"1.0", b"7", b"200", b"OK", PUBLIC.encode(), b""]


def test_one_who_is_not_is_told_so(rig):
    answer = answered(rig, ASKED, lambda _: False)
    assert answer[2:4] == [b"7", b"400"]


@pytest.mark.parametrize(
    ("at", "part"), [(6, b"NULL"), (6, b"PLAIN"), (7, KEY[:-1]), (7, KEY + b"x"), (7, b""), (6, b"curve")]
)
def test_without_a_key_nobody_is_let_in_whoever_he_says_he_is(rig, at, part):
    asked = [*ASKED]
    asked[at] = part
    assert answered(rig, asked, lambda _: True)[3] == b"400"


@pytest.mark.parametrize("parts", [[], [b""], ASKED[:6], [b"x", *ASKED[1:]], [b"", b"2.0", *ASKED[2:]]])
def test_what_is_no_request_has_no_answer(rig, parts):
    assert answered(rig, parts or [b""], lambda _: True) is None


@given(st.lists(st.binary(max_size=40), max_size=12))
def test_no_request_raises_and_none_without_a_key_is_let_in(rig, parts):
    answer = answered(rig, parts or [b""], lambda knock: len(z85.decode(knock.key.encode())) == 32)
    assert answer is None or answer[3] == b"400" or parts[6] == b"CURVE"
