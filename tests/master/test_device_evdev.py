"""Mouse, pads and pedals on made-up events. Real evdev: test_device_umockdev.py."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from master.devices.evdev_pad import SIDES, PadDevice, PedalDevice
from master.devices.evdev_source import DRAIN_MAX, EV_ABS, EV_KEY, EV_REL, EV_SYN, SYN_DROPPED, Event, Inputs
from master.devices.mouse import BTN_LEFT, BTN_RIGHT, REL_WHEEL, REL_X, REL_Y, MouseDevice, is_mouse
from master.devices.settings import DeviceSettings
from protocol.pose import IDENTITY, rotation_vector

from .input_fakes import FakeSource

SETTINGS = DeviceSettings()
MS = 1_000_000
LEFT, RIGHT = SIDES[0], SIDES[1]
SPANS = {code: (0, 255) for side in SIDES.values() for code in (side.stick_x, side.stick_y, side.trigger)}
REST = {code: (0 if code in (LEFT.trigger, RIGHT.trigger) else 128) for code in SPANS}


@pytest.fixture
def mouse():
    source = FakeSource()
    return MouseDevice("mouse", source, SETTINGS), source


@pytest.fixture
def pad():
    source = FakeSource(REST)
    return PadDevice("evdev:/dev/input/event9", source, SPANS, SETTINGS), source


def run(device, seconds, begin_ns=0):
    for ms in range(round(seconds * 1000) + 1):
        sample = device.sample(begin_ns + ms * MS)
    return sample


@given(st.lists(st.tuples(st.integers(-20, 20), st.integers(-20, 20), st.integers(-2, 2)), max_size=50))
def test_mouse_sums_its_counts_however_they_are_batched(moves):
    source = FakeSource(batch=3)
    device = MouseDevice("mouse", source, SETTINGS)
    for dx, dy, wheel in moves:
        source.send((EV_REL, REL_X, dx), (EV_REL, REL_Y, dy), (EV_REL, REL_WHEEL, wheel))
    x, y, z = device.sample(1).hands[1].p_HT_m
    assert x == pytest.approx(sum(m[0] for m in moves) * 5e-5)
    assert y == pytest.approx(-sum(m[1] for m in moves) * 5e-5)
    assert z == pytest.approx(sum(m[2] for m in moves) * 1e-3)


def test_mouse_buttons_are_pedal_and_grip(mouse):
    device, source = mouse
    assert device.sample(0).pedal_down == (False, False)
    source.send((EV_KEY, BTN_LEFT, 1), (EV_KEY, BTN_RIGHT, 1))
    assert run(device, 0.1, MS).pedal_down == (False, True)
    assert device.sample(102 * MS).hands[1].jaw_rad == pytest.approx(SETTINGS.jaw_max_rad - 0.102 * 1.5)
    source.send((EV_KEY, BTN_LEFT, 0), (EV_KEY, BTN_RIGHT, 0))
    sample = run(device, 1.0, 103 * MS)
    assert sample.pedal_down == (False, False)
    assert sample.hands[1].jaw_rad == SETTINGS.jaw_max_rad


def test_a_button_held_while_events_were_lost_is_found_again(mouse):
    device, source = mouse
    source.send((EV_REL, REL_X, 5), (EV_KEY, BTN_LEFT, 1))
    device.sample(0)
    source.waiting.append(Event(EV_SYN, SYN_DROPPED, 0))
    source.send((EV_REL, REL_X, 1000))  # the tail of a report that lost its head
    source.send((EV_REL, REL_X, 2))
    sample = device.sample(1)
    assert sample.pedal_down == (False, False)  # it was released meanwhile: the device says that no key is down
    assert sample.hands[1].p_HT_m[0] == pytest.approx(7 * 5e-5)


def test_what_is_a_mouse():
    assert is_mouse({EV_REL: [0, 1, 8], EV_KEY: [BTN_LEFT]})
    assert not is_mouse({EV_REL: [0, 1]})
    assert not is_mouse({EV_KEY: [BTN_LEFT], EV_ABS: [0, 1]})


@pytest.mark.parametrize("kind", ["mouse", "pad", "pedal"])
def test_unplugged_devices_are_gone_for_good(kind):
    source = FakeSource(REST)
    make = {
        "mouse": lambda: MouseDevice("mouse", source, SETTINGS),
        "pad": lambda: PadDevice("pad", source, SPANS, SETTINGS),
        "pedal": lambda: PedalDevice("pedal", source, SETTINGS),
    }
    device = make[kind]()
    assert device.sample(1).stamp_ns == 1
    source.unplugged = True
    assert device.sample(2) is None
    source.unplugged = False
    assert device.sample(3) is None


def test_a_device_lost_during_a_resync_is_gone(mouse):
    device, source = mouse
    source.waiting.append(Event(EV_SYN, SYN_DROPPED, 0))
    source.send()
    source.keys_down = lambda: (_ for _ in ()).throw(OSError(19, "gone"))
    assert device.sample(1) is None


def test_silence_is_fresh_while_the_descriptor_is_healthy(pad):
    device, _ = pad
    assert [device.sample(t).stamp_ns for t in (1, 10**9, 10**12)] == [1, 10**9, 10**12]


def test_pad_at_rest_stays_where_it_is(pad):
    device, _ = pad
    assert run(device, 1.0).hands[0].p_HT_m == (0.0, 0.0, 0.0)


@pytest.mark.parametrize(
    ("code", "value", "axis", "sign"),
    [(LEFT.stick_x, 255, 0, 1), (LEFT.stick_x, 0, 0, -1), (LEFT.stick_y, 0, 1, 1), (LEFT.stick_y, 255, 1, -1)],
)
def test_a_full_stick_is_full_speed_its_way(pad, code, value, axis, sign):
    device, source = pad
    device.sample(0)
    source.send((EV_ABS, code, value))
    left, right = run(device, 1.0).hands
    assert left.p_HT_m[axis] == pytest.approx(sign * SETTINGS.speed_max_m_s, rel=0.02)
    assert right.p_HT_m == (0.0, 0.0, 0.0)


def test_a_released_stick_stops_its_hand(pad):
    device, source = pad
    device.sample(0)
    source.send((EV_ABS, RIGHT.stick_x, 255))
    run(device, 0.2)
    source.send((EV_ABS, RIGHT.stick_x, 128))
    here = device.sample(201 * MS).hands[1]
    assert run(device, 0.5, 202 * MS).hands[1] == here


def test_a_pushed_stick_lifts_and_turns(pad):
    device, source = pad
    device.sample(0)
    source.send((EV_KEY, RIGHT.stick_key, 1), (EV_ABS, RIGHT.stick_y, 0))
    lifted = run(device, 1.0).hands[1]
    assert lifted.p_HT_m == pytest.approx((0.0, 0.0, SETTINGS.speed_max_m_s), rel=0.02)
    assert lifted.q_HT == IDENTITY
    source.send((EV_ABS, RIGHT.stick_y, 128), (EV_ABS, RIGHT.stick_x, 0))
    turned = run(device, 1.0, 1001 * MS).hands[1]
    assert rotation_vector(turned.q_HT) == pytest.approx((0.0, 0.0, SETTINGS.turn_rate_max_rad_s), rel=0.02)


def test_shoulders_are_pedals_of_their_hands_and_triggers_close_the_jaw(pad):
    device, source = pad
    source.send((EV_KEY, LEFT.shoulder, 1), (EV_ABS, RIGHT.trigger, 255))
    sample = run(device, 1.0)
    assert sample.pedal_down == (True, False)
    assert sample.hands[1].jaw_rad == pytest.approx(SETTINGS.jaw_min_rad)
    assert sample.hands[0].jaw_rad == SETTINGS.jaw_max_rad


def test_a_pilot_that_stood_still_does_not_leap(pad):
    device, source = pad
    source.send((EV_ABS, LEFT.stick_x, 255))
    device.sample(0)
    assert device.sample(5000 * MS).hands[0].p_HT_m[0] <= 0.02 * SETTINGS.speed_max_m_s * 1.001


@given(st.floats(-1.0, 1.0), st.floats(-1.0, 1.0))
def test_deflections_never_exceed_full_speed_and_keep_their_direction(x, y):
    source = FakeSource(REST)
    device = PadDevice("pad", source, dict.fromkeys(SPANS, (-1.0, 1.0)), SETTINGS)
    source.axes = {}
    source.send((EV_ABS, LEFT.stick_x, x), (EV_ABS, LEFT.stick_y, -y))
    device.sample(0)
    px, py, _ = device.sample(10 * MS).hands[0].p_HT_m
    assert math.hypot(px, py) <= 0.010 * SETTINGS.speed_max_m_s * (1.0 + 1e-9)
    assert px * y == pytest.approx(py * x, abs=1e-12)
    assert (px, py) == (0.0, 0.0) or math.hypot(x, y) > SETTINGS.dead_zone


def test_any_key_of_a_foot_pedal_is_the_pedal_of_both_hands():
    source = FakeSource()
    device = PedalDevice("pedal", source, SETTINGS)
    source.send((EV_KEY, 30, 1), (EV_KEY, 48, 1))
    assert device.sample(1).pedal_down == (True, True)
    source.send((EV_KEY, 30, 2), (EV_KEY, 30, 0))
    assert device.sample(2).pedal_down == (True, True)
    source.send((EV_KEY, 48, 0))
    assert device.sample(3).pedal_down == (False, False)


def test_a_pedal_held_while_the_device_is_opened_is_seen():
    source = FakeSource()
    source.keys = {30}
    assert PedalDevice("pedal", source, SETTINGS).sample(1).pedal_down == (True, True)


def test_a_flood_of_events_ends_within_one_sample():
    source = FakeSource(batch=64)
    source.waiting.extend(Event(EV_REL, REL_X, 1) for _ in range(DRAIN_MAX + 100))
    inputs = Inputs(source)
    assert inputs.drain()
    assert inputs.moved[REL_X] == DRAIN_MAX
    assert inputs.drain()
    assert inputs.moved[REL_X] == DRAIN_MAX + 100
