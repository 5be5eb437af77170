"""Packets as a console writes them, laid out here on their own so that the decoder is not tested against itself."""

import struct

import numpy as np

U_STRUCT = np.dtype(
    [
        *((name, "<u4") for name in ("sequence", "pactyp", "version")),
        *((name, "<i4", 2) for name in ("delx", "dely", "delz")),
        *((name, "<f8", 2) for name in ("Qx", "Qy", "Qz", "Qw")),
        *((name, "<i4", 2) for name in ("buttonstate", "grasp")),
        *((name, "<i4") for name in ("surgeon_mode", "checksum")),
    ]
)


def packet(sequence=1, *, damage=0, grasp_in_sum=False, **fields):
    """One datagram with a right checksum, plus `damage`. Fields are those of u_struct; pairs are (left, right)."""
    u = np.zeros((), dtype=U_STRUCT)
    u["Qw"] = 1.0
    u["sequence"] = sequence % 2**32
    for name, value in fields.items():
        u[name] = value
    total = int(u["sequence"]) + int(u["surgeon_mode"]) + damage
    total += sum(int(x) for name in ("delx", "dely", "delz", "buttonstate") for x in u[name])
    total += sum(int(x) for x in u["grasp"]) if grasp_in_sum else 0
    u["checksum"] = struct.unpack("<i", struct.pack("<I", total % 2**32))[0]
    return u.tobytes()
