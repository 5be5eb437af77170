"""The field types of our messages, and the checks that a type alone cannot make.

A bound on a float makes msgspec reject NaN and infinities too; without one, NaN would pass every clamp behind it.
"""

from typing import Annotated

import msgspec

NORM2_MIN, NORM2_MAX = 1.0 - 1e-6, 1.0 + 1e-6
"""Where the square of a unit quaternion's norm must lie: rounding is nine orders below, damage far above."""

Count = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]
Metre = Annotated[float, msgspec.Meta(ge=-100.0, le=100.0)]
Share = Annotated[float, msgspec.Meta(ge=0.0, le=1.0)]
Limit = Annotated[float, msgspec.Meta(ge=0.0, le=1e18)]
Distance = Annotated[float, msgspec.Meta(ge=0.0, le=1000.0)]
Speed = Annotated[float, msgspec.Meta(ge=0.0, le=10.0)]
Radian = Annotated[float, msgspec.Meta(ge=-1000.0, le=1000.0)]
Number = Annotated[float, msgspec.Meta(ge=-1e9, le=1e9)]
Position = tuple[Metre, Metre, Metre]
Quaternion = tuple[float, float, float, float]
"""Unbounded as a type: the check of its norm, which every decoder makes, rejects NaN and infinities too."""
TEXT_MAX = 200
Text = Annotated[str, msgspec.Meta(max_length=TEXT_MAX)]


def clipped(text: str) -> str:
    """`text` as a Text: a longer one would be refused by whoever reads it, and a name or reason lost altogether."""
    return text if len(text) <= TEXT_MAX else f"{text[: TEXT_MAX - 3]}..."


def is_unit(q: tuple[float, float, float, float]) -> bool:
    """Whether `q` is a unit quaternion, to within the bounds above."""
    w, x, y, z = q
    return NORM2_MIN < w * w + x * x + y * y + z * z < NORM2_MAX
