"""How large things are in the world: millimetres of glass, whatever the screen's pixels.

Who stands two metres away, or works with gloves, is helped by sizes on the glass alone. Screens tell their own size,
and some lie: projectors and televisions tell an aspect ratio in place of it. A lie that can be seen is not believed.
"""

import math
import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from PySide6.QtGui import QScreen

MM_PER_INCH = 25.4
DPI_MIN, DPI_MAX = 40.0, 600.0
"""A wall display of two metres has 48 (1920 pixels in 1 m wide is 49), a telephone 560; beyond lies nonsense."""
DPI_ASSUMED = 96.0
"""Where nothing believable is told; too many pixels rather than too few would cut text off, too few make it small."""
RATIOS_MM = ((16, 9), (16, 10), (160, 90), (160, 100), (1600, 900), (4, 3))
"""Sizes that are aspect ratios: EDID lets a device without a size tell so."""
VARIABLE = "FARHAND_DPI"

TOUCH_MM = 15.0
"""A target for a gloved finger: at least so wide and high."""
GAP_MM = 3.0
"""Between two targets, so that a finger that misses one does not press the next."""

FAR_HEADING_MM = 11.6
"""Height of capitals: 20 arc minutes at 2 m, the comfortable size of ISO 9241-303. The mode stands so."""
FAR_TEXT_MM = 5.8
"""10 arc minutes at 2 m: what an eye with a visual acuity of 0.5 still reads. All that must be read from 2 m."""
NEAR_TEXT_MM = 2.9
"""20 arc minutes at 0.5 m: details for whoever stands at the screen."""


class Scale(NamedTuple):
    """Pixels for millimetres. `note` says why the screen's own word was not taken; empty where it was."""

    dpi: float
    note: str = ""

    def px(self, mm: float) -> int:
        """So many millimetres on the glass, rounded up: a target is never smaller than it was asked to be."""
        return math.ceil(mm * self.dpi / MM_PER_INCH - 1e-9)

    def mm(self, px: float) -> float:
        """How large so many pixels are on the glass."""
        return px * MM_PER_INCH / self.dpi


def scale_of(screen: "QScreen", environment: Mapping[str, str] = os.environ) -> Scale:
    """The scale of a screen, or what FARHAND_DPI says of it."""
    size = screen.physicalSize()
    told = screen.physicalDotsPerInch()
    return judge_dpi(told, (size.width(), size.height()), environment.get(VARIABLE, ""))


def judge_dpi(told: float, size_mm: tuple[float, float], wanted: str) -> Scale:
    """Whom to believe: first `wanted`, then the screen, which told `told` and `size_mm`; else DPI_ASSUMED."""
    doubts = ""
    if wanted:
        try:
            dpi = float(wanted)
        except ValueError:
            dpi = math.nan
        if DPI_MIN <= dpi <= DPI_MAX:
            return Scale(dpi)
        doubts = f"{VARIABLE}={wanted} is no number from {DPI_MIN:.0f} to {DPI_MAX:.0f}; "
    rounded = (round(size_mm[0]), round(size_mm[1]))
    if rounded in RATIOS_MM or rounded[::-1] in RATIOS_MM:
        why = f"the screen tells an aspect ratio, {rounded[0]} x {rounded[1]}, in place of its size"
    elif not DPI_MIN <= told <= DPI_MAX:
        why = f"the screen tells {told:.0f} dots per inch (from {DPI_MIN:.0f} to {DPI_MAX:.0f} is possible)"
    else:
        return Scale(told, doubts)
    return Scale(DPI_ASSUMED, f"{doubts}{why}: {DPI_ASSUMED:.0f} assumed; set {VARIABLE} to the true number")
