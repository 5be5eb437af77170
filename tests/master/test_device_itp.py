import math
import socket
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from master.devices.device import DeviceError
from master.devices.increments import HandIntegrator
from master.devices.itp import DRAIN_MAX, ItpDevice
from master.devices.itp_packet import LAYOUT, REASONS, RESTART_RUN, WINDOW, ItpPacket, SequenceGate, decode
from master.devices.recording import MOTION, RecordingDevice, read_table
from master.devices.settings import DeviceSettings

from .itp_wire import U_STRUCT, packet

SETTINGS = DeviceSettings()
RECORDING = Path(__file__).parents[2].parent / "shared" / "data" / "surgeon-peg-transfer.csv.gz"
VERSIONS = SETTINGS.itp_versions
MS = 1_000_000
counts = st.integers(-100, 100)
u32 = st.integers(0, 2**32 - 1)

# A packet of UVA-DSA/telesurgery-qos-analysis, console_data_complete_7.bin, number 20000: its bytes as recorded.
RECORDED = (
    "149e00000000000000000000"
    + 6 * "00000000"
    + 6 * "0000000000000000"
    + 2 * "000000000000f03f"
    + 2 * "78000000070a0000"
    + "0100000094a80000"
)


@pytest.fixture
def link():
    """A device on loopback and a function that sends it datagrams."""
    device = ItpDevice("127.0.0.1", 0, SETTINGS)
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as witness,
    ):
        witness.bind(("127.0.0.1", 0))
        witness.settimeout(10.0)

        def send(*datagrams):
            for data in datagrams:
                sender.sendto(data, device.address)
            sender.sendto(b"all before me have arrived", witness.getsockname())
            witness.recv(64)

        yield device, send
    device.close()


def test_layout_is_that_of_the_protocol():
    assert LAYOUT.size == U_STRUCT.itemsize == 124


def test_a_recorded_packet_is_read():
    assert decode(bytes.fromhex(RECORDED), VERSIONS) == ItpPacket(
        40468, ((0, 0, 0), (0, 0, 0)), ((0.0, 0.0, 0.0), (0.0, 0.0, 0.0)), (120, 2567), True
    )


@given(
    u32, st.tuples(counts, counts), st.tuples(counts, counts), st.tuples(counts, counts), st.booleans(), st.booleans()
)
def test_packets_are_read_as_written(sequence, x, qz, grasp, down, grasp_in_sum):
    data = packet(sequence, delx=x, Qz=qz, grasp=grasp, surgeon_mode=down, grasp_in_sum=grasp_in_sum)
    read = decode(data, VERSIONS)
    assert read == ItpPacket(sequence, ((x[0], 0, 0), (x[1], 0, 0)), ((0, 0, qz[0]), (0, 0, qz[1])), grasp, down)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_packet_or_a_reason(data):
    assert isinstance(decode(data, VERSIONS), (str, ItpPacket))


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (packet()[:-1], "length"),
        (packet() + b"\0", "length"),
        (b"", "length"),
        (packet(version=3), "version"),
        (packet(damage=1), "checksum"),
        (packet(Qw=(0.999, 1.0)), "quaternion"),
        (packet(Qw=(1.0, math.nan)), "quaternion"),
        (packet(Qx=(math.nan, 0.0)), "not finite"),
        (packet(Qy=(0.0, math.inf)), "not finite"),
        (packet(delx=(600, 0)), "too far"),
        (packet(delz=(-(2**31), 2**31 - 1)), "too far"),
        (packet(Qz=(0.0, 101.0)), "too far"),
        (packet(Qz=(0.0, 1e300)), "too far"),
    ],
)
def test_bad_packets_are_counted_by_reason_and_move_nothing(link, data, reason):
    device, send = link
    before = device.sample(1)
    send(data)
    after = device.sample(2)
    assert device.rejected == dict.fromkeys(REASONS, 0) | {reason: 1}
    assert after == before


def test_versions_are_a_setting():
    assert isinstance(decode(packet(version=3), (3,)), ItpPacket)


def test_increments_of_all_that_waited_are_summed(link):
    device, send = link
    send(*(packet(k, delx=(1, -2), dely=(0, 3), Qx=(1, 0), grasp=(1300, 2600), surgeon_mode=1) for k in range(1, 101)))
    sample = device.sample(5 * MS)
    assert sample.hands[0].p_HT_m == pytest.approx((100 * 9.5e-6, 0.0, 0.0))
    assert sample.hands[1].p_HT_m == pytest.approx((-200 * 9.5e-6, 300 * 9.5e-6, 0.0))
    assert sample.hands[0].q_HT == pytest.approx((math.cos(0.05), math.sin(0.05), 0.0, 0.0))
    assert [hand.jaw_rad for hand in sample.hands] == pytest.approx([math.radians(30.0), 0.0])
    assert sample.pedal_down == (True, True)
    assert not any(device.rejected.values())


def test_a_datagram_bears_the_drain_before_it_and_silence_ages(link):
    device, send = link
    assert device.sample(3 * MS).stamp_ns == 0
    send(packet(1))
    assert device.sample(4 * MS).stamp_ns == 3 * MS
    assert device.sample(500 * MS).stamp_ns == 3 * MS
    send(packet(2))
    assert device.sample(501 * MS).stamp_ns == 500 * MS


def test_a_rejected_packet_is_no_sign_of_life(link):
    device, send = link
    device.sample(1 * MS)
    send(packet(1))
    device.sample(2 * MS)
    send(packet(1), packet(2, damage=1))
    assert device.sample(3 * MS).stamp_ns == 1 * MS


def test_a_flood_is_taken_in_portions(link):
    device, send = link
    send(*(packet(k, delx=(1, 0)) for k in range(1, DRAIN_MAX + 3)))
    assert device.sample(1).hands[0].p_HT_m[0] == pytest.approx(DRAIN_MAX * 9.5e-6)
    assert device.sample(2).hands[0].p_HT_m[0] == pytest.approx((DRAIN_MAX + 2) * 9.5e-6)


def test_a_closed_socket_is_a_device_that_vanished(link):
    device, _ = link
    device.close()
    assert device.sample(1) is None
    assert device.sample(2) is None


def test_a_port_in_use_and_a_foreign_address_are_refused(link):
    device, _ = link
    with pytest.raises(DeviceError, match="Address already in use"):
        ItpDevice("127.0.0.1", device.address[1], SETTINGS)
    with pytest.raises(DeviceError, match=r"203\.0\.113\.1"):
        ItpDevice("203.0.113.1", 0, SETTINGS)


def judged(*numbers):
    gate = SequenceGate()
    return [gate.judge(number % 2**32) for number in numbers]


def test_numbers_in_order_are_taken_also_where_they_wrap():
    assert judged(-2, -1, 0, 1, 2) == [None] * 5
    assert judged(5, 5 + WINDOW, 5 + 2 * WINDOW) == [None] * 3


def test_repeated_and_reordered_numbers_count_once():
    assert judged(5, 7, 6, 6, 7, 8) == [None, None, "reordered", "reordered", "repeated", None]


def test_a_lone_forged_number_costs_nothing():
    assert judged(5, 10_000, 6, 10_001, 7) == [None, "leaping", None, "leaping", None]


@given(u32, st.integers(1, 2**32 - 1))
def test_no_forged_number_locks_the_surgeon_out(start, lead):
    gate = SequenceGate()
    assert gate.judge(start) is None
    gate.judge((start + lead) % 2**32)
    refused = 0
    for k in range(1, 2 * WINDOW):
        refused += gate.judge((start + k) % 2**32) is not None
    assert refused <= WINDOW


@given(u32, u32)
def test_a_restarted_console_is_followed_after_a_few_packets(old, new):
    gate = SequenceGate()
    for k in range(5):
        gate.judge((old + k) % 2**32)
    results = [gate.judge((new + k) % 2**32) for k in range(2 * WINDOW + RESTART_RUN)]
    assert results[-1] is None
    assert sum(result is not None for result in results) <= WINDOW + RESTART_RUN


@given(u32, st.lists(st.integers(0, 40), min_size=1, max_size=60))
def test_no_number_is_taken_twice_whatever_the_order(start, offsets):
    gate = SequenceGate()
    taken = [n for n in offsets if gate.judge((start + n) % 2**32) is None]
    assert len(taken) == len(set(taken))


@pytest.mark.skipif(not RECORDING.exists(), reason=f"the recording is not here: {RECORDING}")
def test_live_packets_and_recording_make_the_same_hand():
    table = read_table(RECORDING, SETTINGS)
    live = HandIntegrator(SETTINGS)
    for values in table[:, 1:8].astype(int).tolist():
        left = {name: (value, 0) for name, value in zip(MOTION, values, strict=True)}
        read = decode(packet(**left), VERSIONS)
        live.advance(read.del_counts[0], read.rotation_counts[0], read.grasps[0])
    played = RecordingDevice(RECORDING, SETTINGS)
    played.start(0)
    last = played.sample(10**12).hands[0]
    assert live.hand().p_HT_m == pytest.approx(last.p_HT_m, abs=1e-15)
    assert np.allclose(live.hand().q_HT, last.q_HT, atol=1e-12)
