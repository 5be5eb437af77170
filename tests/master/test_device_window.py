"""The window's hands, as the pilot sees them over a real ipc socket."""

import time

import pytest
import zmq
from msgspec.structs import replace

from master.console_messages import WindowHand, WindowHands
from master.devices.catalog import open_device
from master.devices.device import DeviceError
from master.devices.settings import DeviceSettings
from master.devices.window import AHEAD_NS, WindowDevice
from protocol import lanes
from protocol.codec import encode
from protocol.pose import IDENTITY

NOW = 10**12
UP = WindowHand((0.01, 0.02, 0.03), IDENTITY, 0.5, pedal_down=False)
DOWN = replace(UP, pedal_down=True)
HANDS = WindowHands(1, 7, NOW, (UP, UP))


@pytest.fixture
def ends(tmp_path):
    endpoint = f"ipc://{tmp_path / 'hands'}"
    device = WindowDevice(endpoint, DeviceSettings())
    context = zmq.Context()
    socket = lanes.push(context)
    socket.connect(endpoint)
    yield device, socket
    device.close()
    context.destroy(0)


def say(ends, message, now_ns=NOW):
    """Send, and return the first sample that another message could have changed."""
    device, socket = ends
    before = device.sample(now_ns)
    deadline_s = time.monotonic() + 5.0
    while not lanes.send(socket, encode(message)):
        assert time.monotonic() < deadline_s
        time.sleep(0.001)
    until_s = time.monotonic() + 0.2
    sample = before
    while sample == before and time.monotonic() < until_s:
        sample = device.sample(now_ns)
        time.sleep(0.001)
    return sample


def test_hands_come_with_the_windows_own_stamp(ends):
    sample = say(ends, HANDS, NOW + 1000)
    assert sample.stamp_ns == NOW
    assert sample.hands[1].p_HT_m == UP.p_HT_m
    assert sample.hands[1].jaw_rad == UP.jaw_rad


def test_the_first_word_of_a_window_is_no_press(ends):
    assert say(ends, replace(HANDS, hands=(DOWN, DOWN))).pedal_down == (False, False)
    second = replace(HANDS, stamp_ns=NOW + 1, hands=(UP, DOWN))
    assert say(ends, second, NOW + 1).pedal_down == (False, True)
    another = replace(HANDS, window=8, stamp_ns=NOW + 2, hands=(DOWN, DOWN))
    assert say(ends, another, NOW + 2).pedal_down == (False, False)


def test_what_is_from_the_future_or_older_than_known_is_not_taken(ends):
    assert say(ends, HANDS).stamp_ns == NOW
    moved = replace(UP, p_HT_m=(0.5, 0.0, 0.0))
    for stamp_ns in (NOW + AHEAD_NS + 1, NOW - 1):
        sample = say(ends, replace(HANDS, stamp_ns=stamp_ns, hands=(moved, moved)))
        assert sample.hands[0].p_HT_m == UP.p_HT_m


def test_a_jaw_keeps_to_its_range(ends):
    wide = replace(UP, jaw_rad=9.0)
    assert say(ends, replace(HANDS, hands=(wide, wide))).hands[0].jaw_rad == DeviceSettings().jaw_max_rad


def test_a_silent_window_grows_old_and_a_closed_one_is_gone(ends):
    device, _ = ends
    say(ends, HANDS)
    assert device.sample(NOW + 10**9).stamp_ns == NOW
    device.close()
    device.close()
    assert device.sample(NOW + 10**9) is None


def test_without_a_console_there_is_no_window():
    with pytest.raises(DeviceError, match="only `farhand console` has one"):
        open_device("window")
