"""What input devices send: whatever they say, a hand stays a hand."""

import gzip
import math
import socket
import struct
from contextlib import closing

from master.devices.catalog import open_device
from master.devices.device import Device, DeviceError, DeviceSample
from master.devices.evdev_pad import PadDevice, PedalDevice
from master.devices.itp import ItpDevice
from master.devices.mouse import MouseDevice
from master.devices.recording import COLUMNS, RecordingDevice
from master.devices.settings import DeviceSettings
from master.devices.spacemouse import SpaceMouseDevice
from protocol.clock import NS_PER_MS
from protocol.pose import norm, subtract
from tests.fuzz.decoder import Decoder
from tests.fuzz.scratch import scratch
from tests.master.input_fakes import FakeReader, FakeSource
from tests.master.itp_wire import packet

SETTINGS = DeviceSettings()
DATAGRAM_MAX = 60_000
REPORT_MAX = 16
EVENT = struct.Struct("<HHi")
SPANS = dict.fromkeys(range(6), (-32768, 32767))
PACKETS = (
    packet(2, delx=(3, -4), Qx=(1.0, 0.0), grasp=(5, 2000), surgeon_mode=1),
    packet(1, delx=(9, 9), surgeon_mode=1),
    packet(2, delx=(10**6, 0), surgeon_mode=1),
    packet(2**31, delx=(9, 9), surgeon_mode=1),
    packet(2, dely=(300, 0), Qz=(0.0, -20.0), version=7, grasp_in_sum=True),
)
REPORTS = (
    bytes([12, 1]) + struct.pack("<6h", 350, -350, 0, 100, 0, -7),
    bytes([6, 1]) + struct.pack("<3h", 1, 2, 3) + bytes([6, 2]) + struct.pack("<3h", 4, 5, -6),
    bytes([2, 3, 3, 0, 1, 23, 99, 5, 2, 0, 0, 0, 0, 0, 0, 3]),
)
EVENTS = (
    b"".join(EVENT.pack(*event) for event in ((3, 0, 20000), (3, 4, -9), (1, 0x137, 1), (0, 0, 0))),
    b"".join(EVENT.pack(*event) for event in ((2, 0, 5), (2, 1, -3), (2, 8, 1), (1, 0x110, 1), (0, 3, 0), (0, 0, 0))),
)


def _row(t_ms: int, motion: int, mode: int) -> str:
    return ",".join(map(str, (t_ms * NS_PER_MS, motion, -motion, 0, 1, 0, -1, 1300, *(0,) * 7, mode)))


CSV = "\n".join([",".join(COLUMNS), _row(0, 0, 0), _row(200, 3, 1), _row(202, -2, 1), _row(204, 0, 0), ""]).encode()


def sound(sample: DeviceSample | None) -> DeviceSample:
    """A sample whose hands are finite and turned by unit quaternions."""
    assert sample is not None
    for hand in sample.hands:
        assert all(map(math.isfinite, (*hand.p_HT_m, *hand.q_HT, hand.jaw_rad)))
        assert abs(math.hypot(*hand.q_HT) - 1.0) < 1e-6
        assert SETTINGS.jaw_min_rad <= hand.jaw_rad <= SETTINGS.jaw_max_rad
    return sample


def watch(device: Device) -> None:
    """Two samples, 5 ms apart."""
    for now_ns in (10**12, 10**12 + 5 * NS_PER_MS):
        sound(device.sample(now_ns))


def hear_datagram(data: bytes) -> None:
    """A live console's port: a datagram is dropped and counted, or moves each hand by a step that a hand can make."""
    console = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    with console, closing(ItpDevice("127.0.0.1", 0, SETTINGS)) as device:
        console.sendto(packet(1, delx=(7, 7)), device.address)
        before = sound(device.sample(10**12))
        console.sendto(data[:DATAGRAM_MAX], device.address)
        after = sound(device.sample(10**12 + NS_PER_MS))
        if sum(device.rejected.values()):
            assert (after.hands, after.pedal_down) == (before.hands, before.pedal_down)
        for was, now in zip(before.hands, after.hands, strict=True):
            assert norm(subtract(now.p_HT_m, was.p_HT_m)) <= SETTINGS.step_max_m * (1.0 + 1e-9)


def hear_reports(data: bytes) -> None:
    """A puck's reports, each after a byte for its length; an empty one would be none."""
    reader = FakeReader()
    while len(data) > 1:
        end = 2 + data[0] % REPORT_MAX
        reader.waiting.append(data[1:end])
        data = data[end:]
    watch(SpaceMouseDevice("spacemouse", reader, SETTINGS))


def hear_events(data: bytes) -> None:
    """The kernel's events, 8 bytes each, as a pad's, a pedal's and a mouse's."""
    events = list(EVENT.iter_unpack(data[: len(data) - len(data) % EVENT.size]))
    axes = dict.fromkeys(SPANS, 0)
    for name in ("pad", "pedal", "mouse"):
        source = FakeSource(axes)
        source.send(*events)
        watch(_opened(name, source))


def _opened(name: str, source: FakeSource) -> Device:
    if name == "pad":
        return PadDevice(name, source, SPANS, SETTINGS)
    return (PedalDevice if name == "pedal" else MouseDevice)(name, source, SETTINGS)


def play(data: bytes) -> None:
    """A recording: refused with its line, or played to its end."""
    device = RecordingDevice(scratch("recording.csv", data), SETTINGS)
    device.start(10**12)
    for after_ms in (0, 500, 512, 10**9):
        sound(device.sample(10**12 + after_ms * NS_PER_MS))
    device.ended(10**12)


def open_port(data: bytes) -> None:
    """`itp:` and any text."""
    open_device("itp:" + data.decode("utf-8", "surrogateescape")).close()


DECODERS = (
    Decoder("itp datagrams", hear_datagram, (), PACKETS, cost=4),
    Decoder("spacemouse reports", hear_reports, (), REPORTS, cost=2),
    Decoder("input events", hear_events, (), EVENTS, cost=4),
    Decoder("recordings", play, (DeviceError,), (CSV, gzip.compress(CSV, mtime=0)), cost=4),
    Decoder("itp ports", open_port, (DeviceError,), (b"1", b"65535", b"07201"), cost=2),
)
