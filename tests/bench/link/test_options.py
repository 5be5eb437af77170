import pytest

from bench.link.options import Cuts, OptionsError, parse_cuts, parse_numbers, parse_rivals


def test_cuts_are_read_and_the_run_is_long_enough_for_them():
    assert parse_cuts("20x5") == Cuts(20, 5.0)
    assert parse_cuts("1x0.5") == Cuts(1, 0.5)
    assert parse_cuts("").take_s == 0.0
    assert parse_cuts("20x5").take_s > 20 * (5.0 + 6.0)


@pytest.mark.parametrize("text", ["20", "x5", "20x", "0x5", "-1x5", "2x0", "2x1e9", "2xnan", "two x 5", "1.5x2"])
def test_what_are_no_cuts_is_refused_with_an_example(text):
    with pytest.raises(OptionsError, match="20x5"):
        parse_cuts(text)


def test_rivals_are_read_once_each():
    assert parse_rivals("udp, zmq,udp") == ("udp", "zmq")
    assert parse_rivals("") == ()
    assert parse_rivals("curve,udp") == ("lanes-keyed", "lanes-plain", "udp")
    with pytest.raises(OptionsError, match="udp, zmq, curve"):
        parse_rivals("udp,quic")


def test_numbers_are_whole_and_within_bounds():
    assert parse_numbers("--lanes", "8, 32", 1, 128) == [8, 32]
    for text in ("", "0", "129", "8;32", "x", "1.5", "-3", "9" * 5000):
        with pytest.raises(OptionsError, match="1 to 128"):
            parse_numbers("--lanes", text, 1, 128)
