"""The packet of RAVEN II's interoperable teleoperation protocol, and which packets count. Pure: no socket, no clock.

Layout: `u_struct` in include/itp_teleoperation.h of uw-biorobotics/raven2 (commit d2307c5), packed, little endian,
124 bytes. Checksum: `UDPChecksum` in src/raven/network_layer.cpp there, a 32-bit sum of the pedal, the position
increments, the buttons and the sequence number; RAVEN II itself never compares it. All 41 508 packets of the recorded
console obey it (UVA-DSA/telesurgery-qos-analysis, console_data_complete_7.bin: packet type 0, version 0). A second
sender there (Mantis_Client, `UDPChecksumI`: type 6, version 7) adds the grasps. Either sum is taken here. It guards
against a foreign or damaged packet, not against an attacker: there is no key in ITP.

RAVEN II drops every packet that is not ahead of the last, so one packet with a leading sequence number locks the
surgeon out (Bonaci et al., To Make a Robot Secure, 2015). `SequenceGate` cannot be locked.
"""

import struct
from typing import NamedTuple

from master.devices.increments import Counts

LAYOUT = struct.Struct(
    "<3I 6i 8d 6i"
)  # sequence type version | x0 x1 y0 y1 z0 z1 | Qx0 .. Qw1 | buttons grasps mode sum
REASONS = ("length", "version", "checksum", "not finite", "quaternion", "too far", "repeated", "reordered", "leaping")
WINDOW = 64  # packets; 0.12 s of the recorded console
RESTART_RUN = 3


class ItpPacket(NamedTuple):
    """What a packet says of both hands: increments in counts, grasps, and the one pedal."""

    sequence: int
    del_counts: tuple[Counts, Counts]
    rotation_counts: tuple[Counts, Counts]
    grasps: tuple[int, int]
    pedal_down: bool


def decode(data: bytes, versions: tuple[int, ...]) -> ItpPacket | str:
    """Read one datagram; a string instead of a packet is the reason to drop it.

    Reasons: "length", "version", "checksum", and "quaternion": rotation increments are read as counts, with Qw a
    constant 1 (or 0 from a sender without rotations). A console that sends unit quaternions would hardly turn the tip
    at all if their parts were taken for counts.
    """
    if len(data) != LAYOUT.size:
        return "length"
    values = LAYOUT.unpack(data)
    sequence, _, version, x0, x1, y0, y1, z0, z1 = values[:9]
    qx0, qx1, qy0, qy1, qz0, qz1, qw0, qw1 = values[9:17]
    button0, button1, grasp0, grasp1, mode, checksum = values[17:]
    if version not in versions:
        return "version"
    expected = mode + x0 + y0 + z0 + x1 + y1 + z1 + button0 + button1 + sequence
    if (checksum - expected) & 0xFFFFFFFF not in (0, (grasp0 + grasp1) & 0xFFFFFFFF):
        return "checksum"
    if qw0 not in (0.0, 1.0) or qw1 not in (0.0, 1.0):
        return "quaternion"
    return ItpPacket(
        sequence,
        ((x0, y0, z0), (x1, y1, z1)),
        ((qx0, qy0, qz0), (qx1, qy1, qz1)),
        (grasp0, grasp1),
        mode == 1,
    )


class SequenceGate:
    """Which packets count, by their sequence number alone. Each must count once: counted twice, it is motion.

    Up to WINDOW ahead of the last is taken; as far behind or equal is "repeated" or "reordered", for at most WINDOW
    packets. Anything farther is "leaping": a restarted console, one cut off for a while, or a forgery. It is dropped,
    but RESTART_RUN leaping packets on end, each up to WINDOW ahead of the one before, move the gate to where they are.
    So a forged packet costs at most WINDOW packets of motion, whatever number it bears, and a restart two.
    """

    def __init__(self) -> None:
        self._last: int | None = None
        self._leapt = 0  # the newest leaping number
        self._run = 0  # how many of them in a row

    def judge(self, sequence: int) -> str | None:
        """The reason to drop the packet, or None to take it. `sequence` wraps at 2^32."""
        ahead = 1 if self._last is None else _ahead(sequence, self._last)
        if 1 <= ahead <= WINDOW:
            self._last, self._run = sequence, 0
            return None
        if -WINDOW <= ahead <= 0:
            return "reordered" if ahead else "repeated"
        follows = self._run > 0 and 1 <= _ahead(sequence, self._leapt) <= WINDOW
        self._run = self._run + 1 if follows else 1
        self._leapt = sequence
        if self._run < RESTART_RUN:
            return "leaping"
        self._last, self._run = sequence, 0
        return None


def _ahead(sequence: int, of: int) -> int:
    """How far `sequence` is ahead of `of` on the circle of 2^32 numbers; negative when behind."""
    return (sequence - of + 0x80000000) % 0x100000000 - 0x80000000
