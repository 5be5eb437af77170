"""The networks that a link may use at once: lanes are shared out among them, or each message goes over all of them."""

import ipaddress
import re
from enum import StrEnum
from typing import NamedTuple

from protocol.ports import HOST

DEVICE = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,14}")


class Carriage(StrEnum):
    """What two carriers are used for. Duplicating costs twice the bandwidth, and a cut of one then costs nothing."""

    STRIPE = "stripe"
    DUPLICATE = "duplicate"


class Carrier(NamedTuple):
    """One network: our address on it or our device to it, either may be empty, and the peer's address over it."""

    source: str
    device: str
    host: str


class CarrierError(ValueError):
    """A text that names no carrier; it says what one looks like."""


def parse_carrier(text: str, host: str) -> Carrier:
    """`SOURCE` or `SOURCE@HOST`, SOURCE an address or a device of ours. `host` is taken where none is given."""
    where, at, peer = text.partition("@")
    if at and not HOST.fullmatch(peer):
        raise CarrierError(f"--carrier {text!r}: {peer!r} is no host: write a name or an IPv4 address")
    try:
        return Carrier(str(ipaddress.IPv4Address(where)), "", peer or host)
    except ValueError:
        pass
    if not DEVICE.fullmatch(where):
        raise CarrierError(
            f"--carrier {text!r}: write an IPv4 address or a device of this host, then @HOST where the peer has"
            " another address over it, for example 10.0.0.2 or wwan0@10.1.0.1"
        )
    return Carrier("", where, peer or host)
