import pytest

from protocol.carriers import Carrier, CarrierError, parse_carrier


@pytest.mark.parametrize(
    ("text", "carrier"),
    [
        ("10.0.0.2", Carrier("10.0.0.2", "", "patient")),
        ("10.0.0.2@10.0.0.1", Carrier("10.0.0.2", "", "10.0.0.1")),
        ("wwan0", Carrier("", "wwan0", "patient")),
        ("eth0.7@hospital.example", Carrier("", "eth0.7", "hospital.example")),
    ],
)
def test_a_carrier_is_an_address_or_a_device_and_where_the_peer_is_over_it(text, carrier):
    assert parse_carrier(text, "patient") == carrier


@pytest.mark.parametrize("text", ["", "@10.0.0.1", "10.0.0.2@", "10.0.0.300", "a device", "wwan0@no host", "x" * 16])
def test_what_is_no_carrier_is_refused_with_an_example(text):
    with pytest.raises(CarrierError, match="IPv4 address"):
        parse_carrier(text, "patient")
