import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.widgets.screen import DPI_ASSUMED, DPI_MAX, DPI_MIN, RATIOS_MM, TOUCH_MM, VARIABLE, Scale, judge_dpi


def test_a_believable_screen_is_believed() -> None:
    assert judge_dpi(163.2, (597.0, 336.0), "") == Scale(163.2)


@pytest.mark.parametrize("told", [0.0, 12.0, 3000.0, float("nan"), float("inf")])
def test_nonsense_is_not_believed_and_said(told: float) -> None:
    scale = judge_dpi(told, (300.0, 200.0), "")
    assert scale.dpi == DPI_ASSUMED
    assert VARIABLE in scale.note


@pytest.mark.parametrize("size", [*RATIOS_MM, (9.0, 16.0)])
def test_an_aspect_ratio_is_no_size(size: tuple[float, float]) -> None:
    """A projector of 160 x 90 mm and 1920 x 1080 pixels would have a believable 305 dots per inch."""
    scale = judge_dpi(305.0, size, "")
    assert scale.dpi == DPI_ASSUMED
    assert "aspect ratio" in scale.note


def test_what_the_user_says_goes_before_all() -> None:
    assert judge_dpi(0.0, (16.0, 9.0), "92.5") == Scale(92.5)


@pytest.mark.parametrize("wanted", ["lots", "nan", "0", "-96", "1e9"])
def test_a_wrong_word_of_the_user_is_told_and_the_screen_asked(wanted: str) -> None:
    scale = judge_dpi(120.0, (300.0, 200.0), wanted)
    assert scale.dpi == 120.0
    assert f"{VARIABLE}={wanted}" in scale.note


@given(dpi=st.floats(DPI_MIN, DPI_MAX))
def test_a_target_is_never_smaller_on_the_glass_than_asked_for(dpi: float) -> None:
    scale = Scale(dpi)
    assert TOUCH_MM - 1e-6 <= scale.mm(scale.px(TOUCH_MM)) < TOUCH_MM + 25.4 / dpi
