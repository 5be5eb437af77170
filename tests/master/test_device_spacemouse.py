import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from master.devices.settings import DeviceSettings
from master.devices.spacemouse import SILENCE_NS, HidReader, Puck, SpaceMouseDevice, after_report, is_puck
from protocol.pose import ZERO, rotation_vector

from .input_fakes import FakeReader

SETTINGS = DeviceSettings()
MS = 1_000_000
words = st.integers(-350, 350)


def translation(x, y, z):
    return struct.pack("<B3h", 1, x, y, z)


def rotation(x, y, z):
    return struct.pack("<B3h", 2, x, y, z)


@pytest.fixture
def puck():
    reader = FakeReader()
    return SpaceMouseDevice("spacemouse", reader, SETTINGS), reader


@given(words, words, words)
def test_reports_are_read_in_the_axes_of_the_hand(x, y, z):
    there = (x / 350, -y / 350, -z / 350)
    assert after_report(Puck(), translation(x, y, z)) == Puck(deflection=there)
    assert after_report(Puck(), rotation(x, y, z)) == Puck(twist=there)
    both = struct.pack("<B6h", 1, x, y, z, z, y, x)
    assert after_report(Puck(), both) == Puck(there, (z / 350, -y / 350, -x / 350))


@given(st.binary(min_size=1, max_size=64))
def test_any_report_is_survived(report):
    after_report(Puck(), report)


def test_foreign_reports_change_nothing():
    held = Puck((0.5, 0.0, 0.0), ZERO, 1)
    assert after_report(held, bytes([0x17, 100])) == held
    assert after_report(held, bytes([1, 0])) == held


def test_the_newest_of_all_waiting_reports_decides(puck):
    device, reader = puck
    reader.waiting.extend([translation(350, 0, 0)] * 500 + [translation(0, 0, 0)])
    device.sample(0)
    assert device.sample(10 * MS).hands[1].p_HT_m == ZERO
    assert not reader.waiting


def test_full_deflection_is_full_speed(puck):
    device, reader = puck
    for ms in range(1001):
        reader.waiting.extend([translation(0, -350, 0), rotation(0, 0, -350)])
        hand = device.sample(ms * MS).hands[1]
    assert hand.p_HT_m == pytest.approx((0.0, SETTINGS.speed_max_m_s, 0.0))
    assert rotation_vector(hand.q_HT) == pytest.approx((0.0, 0.0, SETTINGS.turn_rate_max_rad_s))


def test_a_deflected_puck_that_falls_silent_counts_as_released(puck):
    device, reader = puck
    reader.waiting.extend([translation(350, 0, 0), bytes([3, 1])])
    device.sample(0)
    assert device.sample(SILENCE_NS).pedal_down == (False, True)
    here = device.sample(SILENCE_NS + 1)
    assert here.pedal_down == (False, False)
    assert device.sample(SILENCE_NS + 20 * MS).hands == here.hands


def test_a_puck_at_rest_is_silent_by_right(puck):
    device, reader = puck
    reader.waiting.extend([translation(0, 0, 0), bytes([3, 1])])
    device.sample(0)
    late = device.sample(10_000 * MS)
    assert late.pedal_down == (False, True)
    assert late.stamp_ns == 10_000 * MS


def test_the_right_button_closes_the_jaw_and_releasing_opens_it(puck):
    device, reader = puck
    device.sample(0)
    reader.waiting.append(bytes([3, 2]))
    closed = [device.sample(ms * MS) for ms in range(1, 1001)][-1]
    assert closed.hands[1].jaw_rad == SETTINGS.jaw_min_rad
    assert closed.pedal_down == (False, False)
    reader.waiting.append(bytes([3, 0]))
    assert [device.sample(ms * MS) for ms in range(1001, 2001)][-1].hands[1].jaw_rad == SETTINGS.jaw_max_rad


def test_an_unplugged_puck_is_gone_for_good(puck):
    device, reader = puck
    device.sample(0)
    reader.unplugged = True
    assert device.sample(1) is None
    reader.unplugged = False
    assert device.sample(2) is None


class Handle:
    """hidapi's handle: lists of integers, ValueError once closed."""

    def __init__(self):
        self.blocking = True
        self.reports = [[1, 2, 3], []]

    def set_nonblocking(self, on):
        self.blocking = not on

    def read(self, max_length):
        if not self.reports:
            raise ValueError("not open")
        return self.reports.pop(0)[:max_length]

    def close(self):
        self.reports = []


def test_hidapi_is_read_without_blocking_and_its_closed_handle_is_an_unplugged_device():
    handle = Handle()
    reader = HidReader(handle)
    assert not handle.blocking
    assert (reader.read(), reader.read()) == (bytes([1, 2, 3]), b"")
    with pytest.raises(OSError, match="closed"):
        reader.read()


@pytest.mark.parametrize(
    ("vendor", "product", "usage", "ours"),
    [
        (0x256F, 0xC635, (1, 8), True),
        (0x256F, 0xC652, (0, 0), True),
        (0x256F, 0xC652, (1, 6), False),
        (0x046D, 0xC626, (1, 8), True),
        (0x046D, 0xC52B, (1, 2), False),
        (0x1234, 0xC626, (1, 8), False),
    ],
)
def test_which_hid_devices_are_pucks(vendor, product, usage, ours):
    entry = {"vendor_id": vendor, "product_id": product, "usage_page": usage[0], "usage": usage[1]}
    assert is_puck(entry) == ours
