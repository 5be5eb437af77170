"""What a run of the bench is asked for. Checked before anything is started."""

from typing import NamedTuple

from protocol.carriers import Carriage
from protocol.lanes import LANES
from protocol.numerals import whole

SETTLE_S = 14.0
"""After a cut and before the next: to recover, for the link to be good for 3 s, and for the next press of a pedal."""
FIRST_CUT_S = 5.0
RIVALS = {"udp": ("udp",), "zmq": ("zmq",), "curve": ("lanes-keyed", "lanes-plain")}
"""What may be asked for, and the kinds of rivals that it takes: what keys cost, only two can tell."""


class OptionsError(ValueError):
    """Options that cannot be run; the text says which, and what can."""


class Cuts(NamedTuple):
    """So many cuts of the link, each of so many seconds."""

    number: int
    seconds: float

    @property
    def every_s(self) -> float:
        """From the beginning of one to that of the next."""
        return self.seconds + SETTLE_S

    @property
    def take_s(self) -> float:
        """How long a run must be to hold them all."""
        return FIRST_CUT_S + self.number * self.every_s if self.number else 0.0


class LinkOptions(NamedTuple):
    """`seconds` are measured from 3 s after the arm is ready. `rivals` are kinds, as RIVALS names them."""

    profile: str
    seconds: float
    rate_hz: int = 1000
    lanes: int = LANES
    seed: int = 1
    procedure: str = "laparoscopic"
    robot: str = "psm"
    device: str = "synthetic"
    carriage: str = "stripe"
    rivals: tuple[str, ...] = ()
    cuts: Cuts = Cuts(0, 0.0)
    cut_carrier: int | None = None
    netem: bool = False


def parse_carriage(text: str) -> str:
    """What several carriers are used for. Raises OptionsError."""
    if text not in list(Carriage):
        raise OptionsError(f"--carriage {text!r} is not known; there are: {', '.join(Carriage)}")
    return text


def parse_rivals(text: str) -> tuple[str, ...]:
    """`udp,zmq` to the kinds of rivals. Raises OptionsError."""
    names = [part.strip() for part in text.split(",") if part.strip()]
    for name in names:
        if name not in RIVALS:
            raise OptionsError(f"--rivals {name!r} is not known; there are: {', '.join(RIVALS)}")
    return tuple(dict.fromkeys(kind for name in names for kind in RIVALS[name]))


def parse_numbers(option: str, text: str, low: int, high: int) -> list[int]:
    """`8,32` to its parts, each within bounds. Raises OptionsError."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    numbers = [number for number in (whole(part, low, high) for part in parts) if number is not None]
    if len(numbers) != len(parts) or not numbers:
        raise OptionsError(f"{option} {text!r}: write whole numbers from {low} to {high} with commas between")
    return numbers


def parse_cuts(text: str) -> Cuts:
    """`20x5` is twenty cuts of five seconds. Raises OptionsError."""
    if not text:
        return Cuts(0, 0.0)
    count, times, seconds = text.partition("x")
    try:
        cuts = Cuts(int(count), float(seconds))
    except ValueError:
        cuts = Cuts(0, 0.0)
    if not times or not 1 <= cuts.number <= 1000 or not 0.05 <= cuts.seconds <= 300.0:
        raise OptionsError(f"--cuts {text!r}: write COUNTxSECONDS, such as 20x5; 1 to 1000 cuts of 0.05 to 300 s")
    return cuts
