import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.numerals import whole


@given(st.integers(0, 10**17))
def test_a_number_within_its_bounds_is_read_and_one_beside_them_is_none(number):
    assert whole(str(number), number, number) == number
    assert whole(str(number), number + 1, number + 2) is None
    assert whole(str(number), number - 2, number - 1) is None


@pytest.mark.parametrize("text", ["", " 1", "1 ", "+1", "-1", "1.0", "1_0", "0x1", "x", "\u0661", "\u00b2", "9" * 5000])
def test_what_is_no_plain_number_is_none(text):
    assert whole(text, -10, 10**30) is None
