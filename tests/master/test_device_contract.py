"""What every device must do, over all that can be opened here."""

import math
import socket
from contextlib import ExitStack
from pathlib import Path

import pytest

from master.devices.catalog import open_device
from master.devices.device import DeviceSample
from master.devices.itp import ItpDevice
from master.devices.mouse import BTN_LEFT, REL_X, MouseDevice
from master.devices.settings import DeviceSettings
from master.devices.spacemouse import SpaceMouseDevice

from .input_fakes import FakeReader, FakeSource
from .itp_wire import packet

RECORDING = Path(__file__).parents[2].parent / "shared" / "data" / "surgeon-peg-transfer.csv.gz"
BEGIN_NS = 5_000_000_000
MS = 1_000_000


@pytest.fixture
def closing():
    with ExitStack() as stack:
        yield stack


@pytest.fixture(params=["synthetic", "recording", "itp", "mouse", "spacemouse"])
def world(request, closing):
    """A device, and what the outside does to it before each sample."""
    settings = DeviceSettings()
    if request.param == "synthetic":
        device, happen = open_device("synthetic", seed=3), lambda k: None
    elif request.param == "recording":
        if not RECORDING.exists():
            pytest.skip(f"the recording is not here: {RECORDING}")
        device, happen = open_device(f"recording:{RECORDING}"), lambda k: None
    elif request.param == "itp":
        device = ItpDevice("127.0.0.1", 0, settings)
        sender = closing.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))

        def happen(k):
            sender.sendto(packet(k + 1, delx=(3, -2), Qz=(1, 0), surgeon_mode=int(k % 200 > 50)), device.address)
    elif request.param == "mouse":
        source = FakeSource()
        device = MouseDevice("mouse", source, settings)

        def happen(k):
            source.send((2, REL_X, 3), (1, BTN_LEFT, int(k % 200 > 50)))
    else:
        reader = FakeReader()
        device = SpaceMouseDevice("spacemouse", reader, settings)

        def happen(k):
            reader.waiting.append(bytes([1]) + (100).to_bytes(2, "little") + bytes(4))
            reader.waiting.append(bytes([3, int(k % 200 > 50)]))

    yield device, happen
    device.close()


def play(device, happen, samples=1000, step_ns=9 * MS):
    device.start(BEGIN_NS)
    for k in range(samples):
        happen(k)
        now_ns = BEGIN_NS + k * step_ns
        yield now_ns, device.sample(now_ns)


def test_samples_are_well_formed(world):
    device, happen = world
    settings = DeviceSettings()
    for now_ns, sample in play(device, happen):
        assert isinstance(sample, DeviceSample)
        assert sample.stamp_ns <= now_ns
        assert len(sample.hands) == len(sample.pedal_down) == 2
        for hand in sample.hands:
            assert all(map(math.isfinite, (*hand.p_HT_m, *hand.q_HT, hand.jaw_rad)))
            assert math.hypot(*hand.q_HT) == pytest.approx(1.0, abs=1e-12)
            assert settings.jaw_min_rad <= hand.jaw_rad <= settings.jaw_max_rad


def test_stamps_never_go_back_and_are_fresh_while_the_device_reports(world):
    device, happen = world
    last_ns = 0
    for now_ns, sample in play(device, happen):
        assert sample.stamp_ns >= last_ns
        assert now_ns - sample.stamp_ns <= 100 * MS
        last_ns = sample.stamp_ns


def test_hands_move_and_pedals_go_both_ways(world):
    device, happen = world
    samples = [sample for _, sample in play(device, happen)]
    assert {sample.pedal_down[1] for sample in samples} == {True, False}
    xs = [sample.hands[1].p_HT_m[0] for sample in samples]
    assert max(xs) - min(xs) > 1e-3


def test_the_pedal_is_up_before_anything_happened(world):
    device, _ = world
    assert device.sample(BEGIN_NS).pedal_down == (False, False)


def test_hands_keep_to_speeds_of_hands(world):
    device, happen = world
    before = None
    for _, sample in play(device, happen):
        for hand, earlier in zip(sample.hands, before.hands if before else sample.hands, strict=True):
            assert math.dist(hand.p_HT_m, earlier.p_HT_m) < 0.4 * 9e-3 + 2e-4
        before = sample


def test_closing_twice_is_harmless(world):
    device, _ = world
    device.close()
    device.close()


def test_name_is_a_spec_that_catalogs_know(world):
    device, _ = world
    assert device.name.partition(":")[0] in {"synthetic", "recording", "itp", "mouse", "spacemouse"}
