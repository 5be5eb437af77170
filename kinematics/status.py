"""What became of a pose that was asked for. Pure Python, so that those who only read a status need no compiled code."""

from enum import IntEnum


class Status(IntEnum):
    """Result of an inverse, or of following a commanded pose. Compiled code writes these numbers: see `chain.pxd`."""

    OK = 0
    LIMITED = 1  # joints would have to pass their limits; those returned are clamped to them
    SINGULAR = 2  # infinitely many joints give this pose; what is free was left as it was near
    UNREACHABLE = 3  # no joints give this pose, limits or not
