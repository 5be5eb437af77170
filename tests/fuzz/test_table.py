"""No reader of bytes is missing from the table, and each takes its own samples."""

import re
from pathlib import Path
from typing import get_args

import pytest

from master import console_records, pilot_records
from protocol import audit_records, records
from protocol.codec import FrameError, decode_other
from protocol.messages import Other
from tests.fuzz.decoder import Decoder
from tests.fuzz.table import DECODERS
from tests.tree import CYTHON, PYTHON, ROOT, sources

READS = re.compile(
    r"msgspec\.\w+\.decode\(|\.Decoder\(|tomllib\.loads?\(|loadtxt\(|unpack(?:_from)?\(|frombuffer\(|memmap\("
    r"|from_bytes\(|decompress\(|z85\.decode\(|parse_monitor_message\(|json\.loads?\(|\brecv\w*\(|os\.read\("
    r"|\.read_text\(|\.read_bytes\(|mmap\.mmap\(|unistd cimport read|open\([^)]*\"rb\"\)|dup\([^)]*\), \"rb\"\)"
)
COVERED = {
    "bench/emulator/profile.py": "profiles",
    "bench/link/compare.py": "stored runs",
    "kinematics/description.py": "robots",
    "master/console_messages.py": "console wishes",
    "master/devices/itp.py": "itp datagrams",
    "master/devices/itp_packet.py": "itp datagrams",
    "master/devices/recording.py": "recordings",
    "master/devices/spacemouse.py": "spacemouse reports",
    "protocol/board.py": "record Accepted",
    "protocol/cells.pyx": "ring",
    "protocol/codec.py": "command",
    "protocol/curve.py": "keys",
    "protocol/key_files.py": "trusted keys",
    "protocol/key_store.py": "trusted keys",
    "protocol/run_keys.py": "keys of a run",
    "protocol/zap.py": "zap requests",
    "safety/limits.py": "limits",
    "slave/audit_command.py": "audit logs",
    "slave/audit_file.py": "audit files",
    "slave/audit_log.py": "audit logs",
    "slave/audit_process.py": "incidents",
    "slave/panel/case_log.py": "case logs",
    "slave/panel/run_file.py": "stored ticks",
}
ARGUMENT = "an argument that our own launcher wrote for its child"
OWN = "the rows of our own run, in memory or in a file that it made a moment ago"
NOT_FROM_OUTSIDE = {
    "bench/attacks.py": "the kernel's own account of a process",
    "bench/emulator/engine.pyx": "packets between two TUN devices of its own: carried, never looked into",
    "bench/emulator/namespaces.py": "the kernel's answer to a request of ours, of a fixed length",
    "bench/emulator/process.py": ARGUMENT,
    "bench/link/means.py": "what rivals carry, of our own sender: decoded as a command",
    "bench/link/rival.py": ARGUMENT,
    "bench/link/rivals.py": OWN,
    "bench/link/run.py": OWN,
    "bench/loop.py": OWN,
    "bench/sim.py": "a file of its own, that its user names: what is none is refused",
    "bench/sources.py": "our own sources, into a digest",
    "bench/store.py": "the kernel's own account of the processor; a file of its own, that its user names",
    "bench/summary.py": OWN,
    "bench/attackers.py": ARGUMENT,
    "bench/theatre.py": OWN,
    "bench/trips.py": "datagrams of the bare loop to itself, on loopback",
    "bench/world/stalls.py": OWN,
    "bench/virtual_display.py": "the number that an Xvfb of our own wrote",
    "bench/windows/memory.py": OWN,
    "bench/yardstick.py": "lines of a process of ours",
    "master/console/check_process.py": ARGUMENT,
    "master/console/window_process.py": ARGUMENT,
    "master/link_watch.py": OWN,
    "master/pilot_process.py": ARGUMENT,
    "protocol/fingerprint.py": "a digest that it makes, into a number",
    "protocol/lanes.py": "sockets: frames go on as they are",
    "protocol/monitor.py": "what libzmq tells within the process",
    "protocol/pose.pyx": "tuples, into numbers",
    "protocol/widgets/window_second.py": OWN,
    "protocol/tcp.py": "the kernel's word on a connection; a shorter one is caught",
    "safety/supervisor_process.py": ARGUMENT,
    "slave/blackbox_process.py": OWN,
    "slave/controller_process.py": ARGUMENT,
    "slave/gateway.py": ARGUMENT,
    "slave/panel/bedside.py": "the kernel's own name of this start of the host",
    "slave/panel/text.py": "keys of the staff's own terminal, one character at a time",
    "slave/plants/drives_process.py": ARGUMENT,
    "slave/plants/plant_process.py": ARGUMENT,
}
BOARD = re.compile(r"\.(?:post|view)\(\s*f?\"[\w.{}]+\", (\w+)\)")
NAMES = [decoder.name for decoder in DECODERS]


def readers(root: Path) -> set[str]:
    """The files of ours that read bytes."""
    found = (path for path in sources(root) if path.suffix in (PYTHON[0], CYTHON[0]))
    return {str(path.relative_to(root)) for path in found if READS.search(path.read_text(encoding="utf-8"))}


def test_every_file_that_reads_bytes_is_in_the_table_or_reads_none_from_outside() -> None:
    assert readers(ROOT) == {*COVERED, *NOT_FROM_OUTSIDE}
    assert not set(COVERED) & set(NOT_FROM_OUTSIDE)
    assert set(COVERED.values()) <= set(NAMES)


def test_a_planted_reader_is_found(tmp_path: Path) -> None:
    (tmp_path / "slave").mkdir()
    (tmp_path / "slave" / "a.py").write_text("x = msgspec.msgpack.decode(frame)\n")
    (tmp_path / "slave" / "b.py").write_text("x = encode(frame)\n")
    assert readers(tmp_path) == {"slave/a.py"}


def test_every_record_on_a_board_is_in_the_table() -> None:
    kinds = {kind for path in sources(ROOT) for kind in BOARD.findall(path.read_text(encoding="utf-8"))}
    assert {"Authority", "Ready", "Welcome", "PilotCounts", "Turns"} <= kinds
    places = (records, audit_records, pilot_records, console_records)
    assert all(any(hasattr(place, kind) for place in places) or kind == "Welcome" for kind in kinds)
    assert {f"record {kind}" for kind in kinds} == {name for name in NAMES if name.startswith("record ")}


def test_every_kind_of_message_is_among_the_samples() -> None:
    (decoder,) = (each for each in DECODERS if each.name == "other")
    assert {type(decode_other(sample)) for sample in decoder.samples} == set(get_args(Other))


def test_names_tell_decoders_apart() -> None:
    assert len(set(NAMES)) == len(NAMES)


@pytest.mark.parametrize("decoder", DECODERS, ids=NAMES)
def test_every_sample_is_taken(decoder: Decoder) -> None:
    for sample in decoder.samples:
        decoder.read(sample)


def test_what_is_not_declared_is_raised() -> None:
    def read(data: bytes) -> None:
        raise FrameError("field", "declared") if data else ValueError("not declared")

    decoder = Decoder("planted", read, (FrameError,), (b"x",))
    decoder.survive(b"x")
    with pytest.raises(ValueError, match="not declared"):
        decoder.survive(b"")
