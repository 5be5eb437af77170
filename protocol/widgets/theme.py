"""Colours by what they mean, dark by default. Pure: "#rrggbb" in, "#rrggbb" out.

No colour stands alone: each mode, level and priority of an alarm has a glyph of its own beside it, so that whoever sees
no colours, or a screen that shows none, loses nothing. A test keeps every pair's contrast.
"""

from enum import StrEnum
from typing import NamedTuple

from protocol.messages import Mode
from protocol.widgets.glyph import Glyph


class Paint(NamedTuple):
    """What stands on what: `ink` is for text and glyphs on `ground`; `edge` borders it."""

    ground: str
    ink: str
    edge: str


class Priority(StrEnum):
    """Of an alarm, after IEC 60601-1-8. LOW asks for awareness, MEDIUM for prompt and HIGH for immediate response."""

    LOW = "LOW"
    MEDIUM = "MEDIUM"
    HIGH = "HIGH"


class Level(StrEnum):
    """How a figure stands to its limits."""

    UNKNOWN = "UNKNOWN"
    OK = "OK"
    SLOW = "SLOW"
    FREEZE = "FREEZE"


class Tone(StrEnum):
    """What an action does: the button's colour, beside its glyph."""

    PLAIN = "PLAIN"
    GO = "GO"
    CARE = "CARE"
    DANGER = "DANGER"


class Theme(NamedTuple):
    """One set of colours. `unknown` is for a mode that nobody tells."""

    name: str
    window: str
    surface: str
    raised: str
    line: str
    text: str
    dim: str
    focus: str
    good: str
    slow: str
    bad: str
    note: str
    modes: dict[Mode, Paint]
    unknown: Paint
    alarms: dict[Priority, Paint]
    tones: dict[Tone, Paint]

    def level(self, level: Level) -> str:
        """The colour of a figure at that level, on `surface` or `window`."""
        return {Level.OK: self.good, Level.SLOW: self.slow, Level.FREEZE: self.bad, Level.UNKNOWN: self.dim}[level]

    def mode(self, mode: Mode | None) -> Paint:
        """The colours of a mode, or of one that is not known."""
        return self.unknown if mode is None else self.modes[mode]


MODE_GLYPHS = {
    Mode.SAFE: Glyph.POWER,
    Mode.LOCAL: Glyph.PERSON,
    Mode.READY: Glyph.RING,
    Mode.FOLLOWING: Glyph.CHEVRONS,
    Mode.PAUSED: Glyph.BARS,
    Mode.FROZEN: Glyph.OCTAGON,
}
PRIORITY_GLYPHS = {Priority.LOW: Glyph.ALARM_1, Priority.MEDIUM: Glyph.ALARM_2, Priority.HIGH: Glyph.ALARM_3}
LEVEL_GLYPHS = {
    Level.UNKNOWN: Glyph.DASH,
    Level.OK: Glyph.CHECK,
    Level.SLOW: Glyph.TRIANGLE,
    Level.FREEZE: Glyph.OCTAGON,
}


def mode_glyph(mode: Mode | None) -> Glyph:
    """The shape of a mode, or of one that is not known."""
    return Glyph.QUESTION if mode is None else MODE_GLYPHS[mode]


_FROZEN = Paint("#a30d14", "#ffffff", "#ff6b6b")
_PAUSED = Paint("#f5b82e", "#14100a", "#ffe08a")

DARK = Theme(
    name="dark",
    window="#0c1117",
    surface="#151c24",
    raised="#202a35",
    line="#6a7c8d",
    text="#f1f5f8",
    dim="#a9b8c5",
    focus="#7cc4ff",
    good="#5fd08e",
    slow="#ffc24b",
    bad="#ff7b7b",
    note="#5fd6e8",
    modes={
        Mode.SAFE: Paint("#2a3542", "#ffffff", "#8fa3b5"),
        Mode.LOCAL: Paint("#0d4a66", "#ffffff", "#58b6dd"),
        Mode.READY: Paint("#10291e", "#ffffff", "#5fd08e"),
        Mode.FOLLOWING: Paint("#0b5a37", "#ffffff", "#5fd08e"),
        Mode.PAUSED: _PAUSED,
        Mode.FROZEN: _FROZEN,
    },
    unknown=Paint("#51217a", "#ffffff", "#c79bf0"),
    alarms={
        Priority.LOW: Paint("#58d3e6", "#06181c", "#b5eef6"),
        Priority.MEDIUM: Paint("#ffd12e", "#191300", "#ffe999"),
        Priority.HIGH: Paint("#c4161d", "#ffffff", "#ff8a8a"),
    },
    tones={
        Tone.PLAIN: Paint("#202a35", "#f1f5f8", "#6a7c8d"),
        Tone.GO: Paint("#0f5c39", "#ffffff", "#5fd08e"),
        Tone.CARE: Paint("#5c4206", "#ffffff", "#ffc24b"),
        Tone.DANGER: Paint("#a30d14", "#ffffff", "#ff8a8a"),
    },
)

LIGHT = Theme(
    name="light",
    window="#eef2f5",
    surface="#ffffff",
    raised="#e2e8ed",
    line="#5d6d7c",
    text="#10161c",
    dim="#42505d",
    focus="#005fb8",
    good="#0a6b3d",
    slow="#7d4e00",
    bad="#b00020",
    note="#00616f",
    modes={
        Mode.SAFE: Paint("#d5dde4", "#10161c", "#5d6d7c"),
        Mode.LOCAL: Paint("#cbe7f5", "#06202e", "#0b6088"),
        Mode.READY: Paint("#e7f6ed", "#07281a", "#0a6b3d"),
        Mode.FOLLOWING: Paint("#0b5a37", "#ffffff", "#07351f"),
        Mode.PAUSED: Paint("#f5b82e", "#14100a", "#7d4e00"),
        Mode.FROZEN: Paint("#a30d14", "#ffffff", "#5e060a"),
    },
    unknown=Paint("#51217a", "#ffffff", "#2b0d45"),
    alarms={
        Priority.LOW: Paint("#58d3e6", "#06181c", "#00616f"),
        Priority.MEDIUM: Paint("#ffd12e", "#191300", "#7d4e00"),
        Priority.HIGH: Paint("#c4161d", "#ffffff", "#7a0a0f"),
    },
    tones={
        Tone.PLAIN: Paint("#e2e8ed", "#10161c", "#5d6d7c"),
        Tone.GO: Paint("#0f5c39", "#ffffff", "#07351f"),
        Tone.CARE: Paint("#ffe3a6", "#221700", "#7d4e00"),
        Tone.DANGER: Paint("#a30d14", "#ffffff", "#5e060a"),
    },
)

THEMES = {theme.name: theme for theme in (DARK, LIGHT)}
