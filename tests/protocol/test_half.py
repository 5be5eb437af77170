import pytest

from protocol.half import Half


@pytest.mark.parametrize("width_px", [2560, 1281])
def test_two_halves_are_the_whole(width_px):
    (left, left_width), (right, right_width) = Half.LEFT.of(40, width_px), Half.RIGHT.of(40, width_px)
    assert (left, left + left_width, left_width + right_width) == (40, right, width_px)
    assert Half.WHOLE.of(40, width_px) == (40, width_px)
    assert abs(left_width - right_width) <= 1
