"""The devices on the real evdev package, reading input devices that Debian's umockdev fakes beneath it."""

import json
import shutil
import struct
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EVENT = "/dev/input/event5"

pytestmark = [
    pytest.mark.skipif(shutil.which("umockdev-run") is None, reason="umockdev is not installed (apt install umockdev)"),
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="evdev exists on Linux only"),
]

DESCRIPTION = f"""P: /devices/virtual/input/input5/event5
N: input/event5
E: DEVNAME={EVENT}
E: SUBSYSTEM=input
A: dev=13:69
"""

# Opens a device, samples it at made-up times until what the test waits for has been seen, and prints that sample.
# The faked events come from another thread in their own time: hence a real clock for giving up, and for that alone.
CLIENT = """
import json, sys, time
from master.devices.catalog import open_device
spec, wanted = sys.argv[1:]
device = open_device(spec)
until, now_ns, found = time.monotonic() + 20.0, 0, None
while time.monotonic() < until and found is None:
    now_ns += 1_000_000
    sample = device.sample(now_ns)
    (lx, ly, _), (rx, ry, rz) = (hand.p_HT_m for hand in sample.hands)
    if eval(wanted, {"pedal": sample.pedal_down, "lx": lx, "ly": ly, "rx": rx, "ry": ry, "rz": rz}):
        found = [device.name, sample.pedal_down, [hand.p_HT_m for hand in sample.hands], sample.stamp_ns == now_ns]
    time.sleep(0.001)
print(json.dumps(found))
"""


def bits(codes, size):
    field = bytearray(size)
    for code in codes:
        field[code // 8] |= 1 << code % 8
    return bytes(field)


def ioctls(codes, spans):
    """umockdev's dump of what evdev asks of a device: `codes` by event type, `spans` of absolute axes."""
    answers = [
        ("EVIOCGVERSION", 0, struct.pack("<i", 0x10001)),
        ("EVIOCGID", 0, struct.pack("<4H", 3, 0x1234, 0x5678, 1)),
        ("EVIOCGNAME", 256, b"faked".ljust(256, b"\0")),
        ("EVIOCGPHYS", 256, bytes(256)),
        ("EVIOCGUNIQ", 256, bytes(256)),
        ("EVIOCGEFFECTS", 0, bytes(4)),
        ("EVIOCGKEY", 96, bytes(96)),
        ("EVIOCGBIT(0)", 4, bits([0, *codes], 4)),
        *((f"EVIOCGBIT({kind})", 96, bits(of_kind, 96)) for kind, of_kind in codes.items()),
        *(
            (f"EVIOCGABS({code})", 0, struct.pack("<6i", rest, low, high, 0, 0, 0))
            for code, (rest, low, high) in spans.items()
        ),
    ]
    return f"@DEV {EVENT}\n" + "".join(f"{name} {ret} {data.hex().upper()}\n" for name, ret, data in answers)


def observe(tmp_path, spec, wanted, codes, reports, spans=()):
    """What a device opened by `spec` shows once `wanted` holds, while a faked one plays `reports`."""
    (tmp_path / "device").write_text(DESCRIPTION)
    (tmp_path / "ioctl").write_text(ioctls(codes, dict(spans)))
    lines = [
        f"E: {0.01 * k:.6f} {kind:04x} {code:04x} {value:04d}\n"
        for k, r in enumerate(reports)
        for kind, code, value in (*r, (0, 0, 0))
    ]
    (tmp_path / "events").write_text("".join(lines))
    command = ["umockdev-run", "-d", tmp_path / "device", "-i", f"{EVENT}={tmp_path / 'ioctl'}"]
    command += ["-e", f"{EVENT}={tmp_path / 'events'}", "--", sys.executable, "-c", CLIENT, spec, wanted]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_mouse_is_found_and_followed(tmp_path):
    reports = [[(1, 0x110, 1)], *[[(2, 0, 3), (2, 1, -2)]] * 10, [(2, 8, 2)]]
    name, pedal, hands, fresh = observe(tmp_path, "mouse", "rz > 0", {1: [0x110, 0x111], 2: [0, 1, 8]}, reports)
    assert name == "mouse"
    assert pedal == [False, True]
    assert hands[1] == pytest.approx([30 * 5e-5, 20 * 5e-5, 2e-3])
    assert fresh


def test_a_foot_pedal_is_a_pedal(tmp_path):
    found = observe(tmp_path, f"evdev:{EVENT}", "pedal == (True, True)", {1: [30, 48]}, [[], [(1, 48, 1)]])
    assert found[0] == f"evdev:{EVENT}"
    assert found[2] == [[0, 0, 0], [0, 0, 0]]


def test_a_pad_moves_its_hands(tmp_path):
    axes = {code: (0, 0, 255) if code in (2, 5) else (0, -32768, 32767) for code in range(6)}
    reports = [[], [(3, 0, 32767), (1, 0x136, 1)]]
    codes = {1: [0x130, 0x136, 0x137, 0x13D, 0x13E], 3: list(axes)}
    _, pedal, hands, _ = observe(tmp_path, f"evdev:{EVENT}", "lx > 0.001", codes, reports, axes)
    assert pedal == [True, False]
    assert hands[0][1] == pytest.approx(0.0, abs=1e-6)
    assert hands[1] == [0, 0, 0]


def test_a_device_that_is_neither_is_refused(tmp_path):
    with pytest.raises(AssertionError, match="neither a pad with two sticks nor a foot pedal"):
        observe(tmp_path, f"evdev:{EVENT}", "True", {2: [0, 1]}, [[]])
