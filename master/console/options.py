"""How a console is configured, from the command line to its launcher and its window, as JSON."""

import msgspec

from master.config import MasterConfig
from protocol.carriers import Carriage, Carrier, parse_carrier
from protocol.half import Half
from protocol.ports import parse_address
from protocol.roles import Role
from protocol.run_keys import LOOPBACK

NO_DEVICE = "still"
"""What a pilot begins with: the window then tells which device is wished, and one that fails leaves this in use."""
FLAT = "FARHAND_FLAT"
"""In the environment, set to anything: the flat views even where there is OpenGL, for drivers that draw it wrongly."""


class ConsoleOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the user chose. `side` is HOST:PORT of a patient's side that is chosen from the start, or "".

    `keys` is the folder of this device's keys, gone by for every side but those on this host; `keys_always` for those,
    too. `run` is the board of the side on this host that is meant, where it must be a certain one. `carriers` are as
    they were typed: where they lead depends on the side. `request`: control is asked for from the start, as in a demo;
    `place` is where on the screen the window stands.
    """

    name: str
    keys: str
    device: str = "window"
    side: str = ""
    seed: int = 1
    scale: float = 1.0
    tremor_filter: bool = True
    keys_always: bool = False
    run: str = ""
    carriers: tuple[str, ...] = ()
    carriage: Carriage = Carriage.STRIPE
    language: str = ""
    theme: str = "dark"
    request: bool = False
    place: Half = Half.WHOLE


class WindowOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the window is told. `number` is which of its kind it is, from 1. Beside that as in `ConsoleOptions`."""

    number: int
    device: str
    scale: float
    language: str
    theme: str
    request: bool = False
    place: Half = Half.WHOLE


def master_config(options: ConsoleOptions, side: str, role: Role = Role.SURGEON) -> MasterConfig:
    """The pilot's for this side. Raises AddressError, or CarrierError."""
    host, port = parse_address(side)
    carriers: tuple[Carrier, ...] = tuple(parse_carrier(text, host) for text in options.carriers)
    here = host in LOOPBACK and not options.keys_always
    return MasterConfig(
        host,
        port,
        NO_DEVICE,
        options.name,
        seed=options.seed,
        scale=options.scale,
        tremor_filter=options.tremor_filter,
        console=role is Role.SURGEON,
        keys="" if here else options.keys,
        run=options.run if here else "",
        role=role,
        carriers=carriers,
        carriage=options.carriage,
    )
