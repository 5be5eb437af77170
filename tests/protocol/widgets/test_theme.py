"""Contrast by WCAG 2.2, and nothing that hangs on colour alone."""

import pytest

from protocol.messages import Mode
from protocol.widgets.contrast import BANNER_MIN, SHAPE_MIN, TEXT_MIN, contrast, luminance
from protocol.widgets.theme import (
    LEVEL_GLYPHS,
    MODE_GLYPHS,
    PRIORITY_GLYPHS,
    THEMES,
    Level,
    Priority,
    Theme,
    Tone,
    mode_glyph,
)

MODES = (*Mode, None)
themes = pytest.mark.parametrize("theme", THEMES.values(), ids=list(THEMES))


def test_contrast_is_that_of_wcag() -> None:
    """Grey #767676 on white is the well-known darkest grey that still passes at 4.5."""
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)
    assert contrast("#ffffff", "#767676") == contrast("#767676", "#ffffff")
    assert luminance("#ff0000") == pytest.approx(0.2126)


@themes
@pytest.mark.parametrize("mode", MODES)
def test_the_banner_is_read_at_a_glance(theme: Theme, mode: Mode | None) -> None:
    paint = theme.mode(mode)
    assert contrast(paint.ink, paint.ground) >= BANNER_MIN


@themes
@pytest.mark.parametrize("ground", ["window", "surface", "raised"])
@pytest.mark.parametrize("ink", ["text", "dim", "good", "slow", "bad", "note"])
def test_text_is_read_on_every_ground(theme: Theme, ground: str, ink: str) -> None:
    assert contrast(getattr(theme, ink), getattr(theme, ground)) >= TEXT_MIN


@themes
def test_text_is_read_on_alarms_and_buttons(theme: Theme) -> None:
    for paint in (*theme.alarms.values(), *theme.tones.values()):
        assert contrast(paint.ink, paint.ground) >= TEXT_MIN


@themes
def test_borders_and_marks_are_seen(theme: Theme) -> None:
    for ground in (theme.window, theme.surface):
        assert contrast(theme.line, ground) >= SHAPE_MIN
        assert contrast(theme.focus, ground) >= SHAPE_MIN
    for paint in theme.tones.values():
        assert contrast(paint.edge, theme.window) >= SHAPE_MIN


@themes
def test_a_seen_alarm_still_shows_its_priority_on_the_surface(theme: Theme) -> None:
    for paint in theme.alarms.values():
        assert contrast(paint.edge, theme.surface) >= SHAPE_MIN


def test_modes_levels_and_priorities_have_shapes_of_their_own() -> None:
    assert len({mode_glyph(mode) for mode in MODES}) == len(MODES)
    assert set(MODE_GLYPHS) == set(Mode)
    assert len(set(PRIORITY_GLYPHS.values())) == len(Priority)
    assert len(set(LEVEL_GLYPHS.values())) == len(Level)


@themes
def test_every_meaning_has_its_colours(theme: Theme) -> None:
    assert set(theme.modes) == set(Mode)
    assert set(theme.alarms) == set(Priority)
    assert set(theme.tones) == set(Tone)
    assert len({theme.level(level) for level in Level}) == len(Level)


@themes
def test_alarms_have_the_colours_of_the_standard(theme: Theme) -> None:
    """High red, medium yellow, low cyan."""
    high, medium, low = (theme.alarms[p].ground for p in (Priority.HIGH, Priority.MEDIUM, Priority.LOW))
    assert hue(high) == pytest.approx(0.0, abs=10.0)
    assert hue(medium) == pytest.approx(50.0, abs=10.0)
    assert hue(low) == pytest.approx(187.0, abs=10.0)


def hue(colour: str) -> float:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    most, least = max(red, green, blue), min(red, green, blue)
    if most == red:
        turn = ((green - blue) / (most - least)) % 6.0
        return min(60.0 * turn, 360.0 - 60.0 * turn)
    return 60.0 * ((blue - red) / (most - least) + 2.0 if most == green else (red - green) / (most - least) + 4.0)
