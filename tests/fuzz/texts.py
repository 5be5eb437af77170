"""Texts that people give, on the command line and in files: taken whole, or refused with a reason."""

import math
from collections.abc import Callable
from contextlib import suppress

import msgspec
from msgspec.structs import replace

from bench.emulator.profile import FOLDER, LinkProfile, ProfileError, load_profile
from bench.link import compare
from bench.link.compare import CompareError
from bench.link.options import OptionsError, parse_carriage, parse_cuts, parse_numbers, parse_rivals
from bench.sim import SeedsError, parse_seeds
from kinematics.description import DescriptionError, parse_description
from protocol import run_keys
from protocol.carriers import CarrierError, parse_carrier
from protocol.curve import NoKeyError, check_key
from protocol.ports import AddressError, parse_address
from safety.limits import LimitsError, parse_limits
from tests.bench.link.test_findings import found
from tests.fuzz.decoder import Decoder
from tests.fuzz.scratch import scratch
from tests.fuzz.wire import KEY
from tests.tree import ROOT

PROCEDURES = ROOT / "safety" / "procedures"
COMMON, OWN = ((PROCEDURES / f"{name}.toml").read_text(encoding="utf-8") for name in ("common", "laparoscopic"))
ROBOT = (ROOT / "kinematics" / "robots" / "psm.toml").read_bytes()
PROFILES = tuple((FOLDER / f"{name}.toml").read_bytes() for name in ("two-carriers", "netfi-outages-long", "4g"))


def worded(parse: Callable[[str], object]) -> Callable[[bytes], None]:
    """A word of the command line, as Python hands it on: what is no UTF-8 comes as surrogates."""

    def read(data: bytes) -> None:
        parse(data.decode("utf-8", "surrogateescape"))

    return read


def written(parse: Callable[[str], object]) -> Callable[[bytes], None]:
    """A text file; one that is no UTF-8 is refused before it comes here."""

    def read(data: bytes) -> None:
        parse(data.decode("utf-8", "replace"))

    return read


def parse_host(text: str) -> None:
    """An address, and what becomes of it."""
    host, port = parse_address(text)
    assert parse_address(f"{host}:{port}") == (host, port)


def carrier_of(text: str) -> None:
    """A carrier has an address or a device, not both, and leads to a host."""
    carrier = parse_carrier(text, "theatre")
    assert bool(carrier.source) != bool(carrier.device)
    assert carrier.host


def parse_options(text: str) -> None:
    """One word as any of the bench's options."""
    for parse in (parse_carriage, parse_rivals, parse_cuts, lambda words: parse_numbers("--lanes", words, 1, 128)):
        with suppress(OptionsError):
            parse(text)


def read_profile(data: bytes) -> None:
    """A profile that is taken can be told to the emulator's process, and has a mean delay."""
    profile = load_profile(str(scratch("profile.toml", data)))
    assert msgspec.json.decode(msgspec.json.encode(profile), type=LinkProfile) == profile
    assert all(math.isfinite(carrier.direction.delay.mean_ms) for carrier in profile.carriers)


def read_limits(text: str) -> None:
    """Limits that are taken are finite numbers, with a hash."""
    limits = parse_limits("laparoscopic", COMMON, text)
    assert all(map(math.isfinite, limits.named().values()))
    assert limits.hash >= 0


def read_robot(text: str) -> None:
    """A robot that is taken has finite figures."""
    robot = parse_description(text, "robot.toml")
    assert all(map(math.isfinite, (number for joint in robot.joints for number in (joint.position_min, joint.home))))


def read_run(data: bytes) -> None:
    """A stored run of the bench can be compared with itself."""
    run = compare.load(scratch("run.json", data))
    compare.unlike(run, run)
    compare.rows(run, run)


def read_keys(data: bytes) -> None:
    """A run's keys on its board, damaged."""
    scratch("curve.secret", KEY.encode())
    path = scratch("curve.public", data)
    scratch("curve.surgeon", data)
    assert run_keys.server_pair(path.parent).secret == KEY
    run_keys.run_peers(path.parent)


def _run() -> bytes:
    """A stored run without its curves."""
    run = found()
    streams = {
        name: replace(getattr(run, name), trace_ms=[1.0, None], tail=[(0.5, 1.0)]) for name in ("farhand", "udp")
    }
    return msgspec.json.encode(replace(run, **streams, link=[], checks=[]))


DECODERS = (
    Decoder("addresses", worded(parse_host), (AddressError,), (b"127.0.0.1:7200", b"theatre-2.lan:1")),
    Decoder("carriers", worded(carrier_of), (CarrierError,), (b"10.0.0.2", b"wwan0@10.1.0.1")),
    Decoder("keys", worded(check_key), (NoKeyError,), (KEY.encode(),)),
    Decoder("keys of a run", read_keys, (NoKeyError, OSError), (KEY.encode(),), cost=2),
    Decoder("seeds", worded(parse_seeds), (SeedsError,), (b"0:100",)),
    Decoder("bench options", worded(parse_options), (), (b"20x5", b"8,32", b"udp,zmq", b"stripe")),
    Decoder("profiles", read_profile, (ProfileError,), PROFILES, cost=5),
    Decoder("limits", written(read_limits), (LimitsError,), (OWN.encode(),), cost=20),
    Decoder("robots", written(read_robot), (DescriptionError,), (ROBOT,), cost=20),
    Decoder("stored runs", read_run, (CompareError,), (_run(),), cost=5),
)
