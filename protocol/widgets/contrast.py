"""Contrast of two colours as WCAG 2.2 defines it ("relative luminance", "contrast ratio"). Pure."""

TEXT_MIN = 4.5
"""Level AA, for text of any size."""
BANNER_MIN = 7.0
"""Level AAA: what must be read at a glance, from two metres."""
SHAPE_MIN = 3.0
"""For what is no text: borders, marks, lines (success criterion 1.4.11)."""


def luminance(colour: str) -> float:
    """Relative luminance of "#rrggbb", from 0 (black) to 1 (white)."""
    red, green, blue = (_linear(int(colour[i : i + 2], 16) / 255.0) for i in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """From 1 (the same) to 21 (black on white)."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)
