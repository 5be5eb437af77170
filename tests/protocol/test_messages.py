import math
from contextlib import suppress

import msgpack
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol import messages
from protocol.codec import FrameError, decode_command, decode_other, decode_state, encode
from protocol.messages import AxisDisplacement, Command, Hello, Rest, TipPose
from protocol.pose import normalise
from tests.protocol.samples import COMMAND, STATE, TIP_POSE

counts = st.integers(0, 2**63 - 1)
lengths = st.floats(-100.0, 100.0)
quaternions = st.tuples(*[st.floats(-1.0, 1.0)] * 4).filter(lambda q: sum(x * x for x in q) > 1e-6).map(normalise)
tip_poses = st.builds(
    TipPose,
    clutch_epoch=counts,
    engaged=st.booleans(),
    stop_number=counts,
    nonce=counts,
    p_W_m=st.tuples(lengths, lengths, lengths),
    q_W=quaternions,
    jaw_rad=st.floats(-10.0, 10.0),
)
axes = st.builds(
    AxisDisplacement,
    clutch_epoch=counts,
    engaged=st.booleans(),
    stop_number=counts,
    nonce=counts,
    axes=st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=8).map(tuple),
)
commands = st.builds(
    Command,
    version=st.just(1),
    session=counts,
    authority_epoch=counts,
    sequence=counts,
    sent_ns=counts,
    received_ns=counts,
    shown_ns=counts,
    device_age_ns=counts,
    packet_loss=st.none() | st.floats(0.0, 1.0),
    rest=st.sampled_from(Rest),
    energy=counts,
    stops=counts,
    hands=st.lists(tip_poses | axes, min_size=1, max_size=4).map(tuple),
)


def with_hand(**changes: object) -> bytes:
    return encode(msgspec.structs.replace(COMMAND, hands=(msgspec.structs.replace(TIP_POSE, **changes),)))


@given(commands)
def test_a_command_survives_the_wire(command):
    assert decode_command(encode(command)) == command


@given(commands)
def test_another_reader_of_messagepack_reads_the_same(command):
    frame = encode(command)
    assert msgpack.unpackb(frame) == msgspec.msgpack.decode(frame)
    assert encode(command) == msgpack.packb(msgpack.unpackb(frame))


def test_a_state_survives_the_wire():
    assert decode_state(encode(STATE)) == STATE
    assert len(encode(STATE)) < messages.MAX_FRAME_BYTES / 2


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf, 101.0, -101.0])
def test_positions_that_are_no_positions_are_refused(number):
    with pytest.raises(FrameError, match="Expected") as refused:
        decode_command(with_hand(p_W_m=(0.0, number, 0.0)))
    assert refused.value.reason == "field"


@pytest.mark.parametrize("q", [(math.nan, 0.0, 0.0, 0.0), (0.0,) * 4, (1.0, 0.1, 0.0, 0.0), (0.99, 0.0, 0.0, 0.0)])
def test_quaternions_that_are_no_rotations_are_refused(q):
    with pytest.raises(FrameError) as refused:
        decode_command(with_hand(q_W=q))
    assert refused.value.reason in ("quaternion", "field")


def test_every_quaternion_of_a_state_is_checked():
    for name in ("base_q_W", "opening_q_W", "setpoint_q_W", "measured_q_W"):
        arm = msgspec.structs.replace(STATE.arms[1], **{name: (0.9, 0.0, 0.0, 0.0)})
        with pytest.raises(FrameError, match="unit"):
            decode_state(encode(msgspec.structs.replace(STATE, arms=(STATE.arms[0], arm))))


def test_a_peer_of_another_version_is_told_apart():
    with pytest.raises(FrameError, match="version 2") as refused:
        decode_command(encode(msgspec.structs.replace(COMMAND, version=2)))
    assert refused.value.reason == "version"


def test_a_message_of_another_kind_is_refused():
    with pytest.raises(FrameError):
        decode_command(encode(STATE))
    with pytest.raises(FrameError):
        decode_other(encode(COMMAND))
    assert decode_other(encode(Hello(1, 5, "console", "mouse"))) == Hello(1, 5, "console", "mouse")


@given(st.data())
def test_a_truncated_or_longer_frame_is_refused(data):
    frame = encode(COMMAND)
    cut = data.draw(st.integers(0, len(frame) - 1))
    for damaged in (frame[:cut], frame + b"\x00"):
        with pytest.raises(FrameError):
            decode_command(damaged)


def test_an_element_too_many_is_refused():
    content = msgpack.unpackb(encode(COMMAND))
    with pytest.raises(FrameError):
        decode_command(msgpack.packb([*content, 0]))


@given(st.binary(max_size=400))
def test_bytes_of_any_kind_end_in_a_counted_refusal(junk):
    for decode in (decode_command, decode_state, decode_other):
        with suppress(FrameError):
            assert encode(decode(junk))


@pytest.mark.parametrize("junk", [b"\xa2\x00\x80", b"\x91" * 4000, b"\xd4\xff\x00", b"\xd7\xff" + b"\xff" * 8])
def test_bytes_that_break_a_decoder_in_its_own_ways_are_refused(junk):
    for decode in (decode_command, decode_state, decode_other):
        with pytest.raises(FrameError):
            decode(junk)


def test_an_oversize_frame_is_named_so():
    with pytest.raises(FrameError) as refused:
        decode_command(b"\xc4" * (messages.MAX_FRAME_BYTES + 1))
    assert refused.value.reason == "oversize"
