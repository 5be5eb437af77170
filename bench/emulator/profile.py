"""A link's profile: what it does to packets, as data. Read from TOML, checked whole before anything is started."""

import math
from collections.abc import Iterable
from pathlib import Path

import msgspec

from protocol.codec import UNDECODABLE

FOLDER = Path(__file__).resolve().parent / "profiles"
DELAY_MAX_MS = 60_000.0
FAR = 2.0
"""How many of its own means the far tail's greatest ping is away."""


class ProfileError(ValueError):
    """A profile that is unknown or impossible; the text names the value, the bound and what to do."""


class _Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    pass


class Delay(_Part, frozen=True):
    """One way, in ms: a floor, and a tail that is a mixture of exponentials with `weights` and `rates_per_ms`.

    `correlation_ms`: how long a delay lasts; 0 draws every packet's anew. `stalls_per_hour` times everything waits for
    `stall_ms` and then comes at once (only where delays are correlated).
    """

    floor_ms: float
    weights: tuple[float, ...] = ()
    rates_per_ms: tuple[float, ...] = ()
    correlation_ms: float = 0.0
    stalls_per_hour: float = 0.0
    stall_ms: float = 0.0

    @property
    def tail_mean_ms(self) -> float:
        """The mean of what comes on top of the floor, stalls not counted."""
        return sum(w / r for w, r in zip(self.weights, self.rates_per_ms, strict=True))

    @property
    def mean_ms(self) -> float:
        """Stalls counted: a packet that comes at a random time in one waits half of it."""
        return (
            self.floor_ms
            + self.tail_mean_ms
            + self.stalls_per_hour * max(self.stall_ms - self.floor_ms, 0.0) ** 2 / 2.0 / 3.6e6
        )


class Pings(_Part, frozen=True):
    """Round trips as a ping told them, in ms, from which a `Delay` is fitted; `samples` pings, a second apart."""

    mean_ms: float
    min_ms: float
    max_ms: float
    correlation_ms: float = 0.0
    samples: int = 3600


class Loss(_Part, frozen=True):
    """Share of packets lost, one by one or in bursts of `burst_mean` packets on average."""

    share: float = 0.0
    burst_mean: float = 1.0


class Reorder(_Part, frozen=True):
    """Share of packets that come `by_ms` later than they should, and so behind those that followed them."""

    share: float = 0.0
    by_ms: float = 0.0


class Rate(_Part, frozen=True):
    """Bits a second, and the bytes that may wait for their turn; 0 for no limit."""

    mbit_s: float = 0.0
    queue_bytes: int = 65536


class Outages(_Part, frozen=True):
    """Times in which nothing comes through: of random lengths, `pause_s` apart, and at given times (begin, length)."""

    pause_s: float = 0.0
    shortest_s: float = 0.0
    longest_s: float = 0.0
    at_s: tuple[tuple[float, float], ...] = ()


class Direction(_Part, frozen=True):
    """One way of one carrier. `keeps_order`: no packet overtakes another, but for those in `reorder`."""

    delay: Delay
    loss: Loss = Loss()
    reorder: Reorder = Reorder()
    rate: Rate = Rate()
    duplicate_share: float = 0.0
    keeps_order: bool = True


class Carrier(_Part, frozen=True):
    """One network: alike in both directions. Either `delay` or `pings` is given."""

    delay: Delay | None = None
    pings: Pings | None = None
    loss: Loss = Loss()
    reorder: Reorder = Reorder()
    rate: Rate = Rate()
    duplicate_share: float = 0.0
    keeps_order: bool = True
    outages: Outages = Outages()

    @property
    def direction(self) -> Direction:
        """Either of its two."""
        delay = self.delay if self.delay is not None else fit(self.pings or Pings(0.0, 0.0, 0.0))
        return Direction(delay, self.loss, self.reorder, self.rate, self.duplicate_share, self.keeps_order)


class LinkProfile(_Part, frozen=True):
    """`about`: where its figures come from, for the report. `paper`: the rows that its source reports, as it does."""

    about: str
    carriers: tuple[Carrier, ...]
    name: str = ""
    paper: dict[str, str] = {}


def fit(pings: Pings) -> Delay:
    """One way's share of a ping's mean, least and greatest: half of the floor, half of the mean, and the greatest once.

    Where every packet draws its own delay the tail has two exponentials, one of them rare and far: half as long as the
    greatest round trip is above the least, and just so rare that of all the pings, in both directions, one is expected
    there. Where delays last, the greatest is a stall of that height instead. What is left of the mean is the other's.
    """
    above_ms = pings.max_ms - pings.min_ms
    floor_ms, tail_ms = pings.min_ms / 2.0, (pings.mean_ms - pings.min_ms) / 2.0
    ways = 2.0 * pings.samples
    far_ms, far_share = above_ms / FAR, math.exp(FAR) / ways
    if pings.correlation_ms > 0.0:
        stalls_per_hour = 3600.0 / ways
        near_ms = tail_ms - stalls_per_hour * above_ms**2 / 2.0 / 3.6e6
        if near_ms > 0.0:
            stall_ms = floor_ms + above_ms
            return Delay(floor_ms, (1.0,), (1.0 / near_ms,), pings.correlation_ms, stalls_per_hour, stall_ms)
    elif far_share < 1.0 and far_ms > 0.0:
        near_ms = (tail_ms - far_share * far_ms) / (1.0 - far_share)
        if 0.0 < near_ms < far_ms:
            return Delay(floor_ms, (1.0 - far_share, far_share), (1.0 / near_ms, 1.0 / far_ms))
    return Delay(floor_ms, (1.0,), (1.0 / tail_ms,), pings.correlation_ms) if tail_ms > 0.0 else Delay(floor_ms)


def known_profiles() -> tuple[str, ...]:
    """The names of those that are shipped."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


def load_profile(name: str) -> LinkProfile:
    """A shipped profile by its name, or one of the user's by the path of its file. Raises ProfileError."""
    path = Path(name) if name.endswith(".toml") else FOLDER / f"{name}.toml"
    if not path.is_file() or not (name.endswith(".toml") or name in known_profiles()):
        raise ProfileError(f"unknown profile {name!r}; known are: {', '.join(known_profiles())}; or give a .toml file")
    try:
        profile = msgspec.toml.decode(path.read_bytes(), type=LinkProfile)
    except UNDECODABLE as error:
        raise ProfileError(f"profile {name}: {error}") from None
    for number, carrier in enumerate(profile.carriers):
        wrong = next(filter(None, _faults(carrier)), "")
        if wrong:
            raise ProfileError(f"profile {name}, carrier {number}: {wrong}")
    if not 1 <= len(profile.carriers) <= 4:
        raise ProfileError(f"profile {name}: {len(profile.carriers)} carriers; give 1 to 4")
    return msgspec.structs.replace(profile, name=path.stem)


def _faults(carrier: Carrier) -> Iterable[str]:
    """What is impossible about a carrier; empty texts for what is not."""
    if (carrier.delay is None) == (carrier.pings is None):
        yield "give either [delay] or [pings], not both and not neither"
        return
    pings = carrier.pings
    if pings is not None:
        yield _outside("pings.min_ms", pings.min_ms, 0.0, DELAY_MAX_MS)
        if not pings.min_ms <= pings.mean_ms <= pings.max_ms <= DELAY_MAX_MS:
            yield (
                f"pings: min {pings.min_ms}, mean {pings.mean_ms}, max {pings.max_ms} ms must not fall"
                f" and not exceed {DELAY_MAX_MS:.0f} ms"
            )
            return
        yield _outside("pings.samples", pings.samples, 10, 1e9)
    delay = carrier.direction.delay
    yield _outside("delay.floor_ms", delay.floor_ms, 0.0, DELAY_MAX_MS)
    yield _outside("delay.correlation_ms", delay.correlation_ms, 0.0, DELAY_MAX_MS)
    yield _outside("delay.stalls_per_hour", delay.stalls_per_hour, 0.0, 1e4)
    yield _outside("delay.stall_ms", delay.stall_ms, 0.0, 2.0 * DELAY_MAX_MS)
    if len(delay.weights) != len(delay.rates_per_ms):
        yield f"delay: {len(delay.weights)} weights but {len(delay.rates_per_ms)} rates_per_ms; give as many of both"
    elif delay.weights:
        if not all(0.0 < weight <= 1.0 for weight in delay.weights) or abs(sum(delay.weights) - 1.0) > 1e-3:
            yield f"delay.weights {delay.weights} must be above 0 and add up to 1"
        if not all(1e-5 <= rate <= 1e4 for rate in delay.rates_per_ms):
            yield f"delay.rates_per_ms {delay.rates_per_ms} must be 0.00001 to 10000"
    yield from _share_faults(carrier)


def _share_faults(carrier: Carrier) -> Iterable[str]:
    yield _outside("loss.share", carrier.loss.share, 0.0, 1.0)
    yield _outside("loss.burst_mean", carrier.loss.burst_mean, 1.0, 1000.0)
    yield _outside("reorder.share", carrier.reorder.share, 0.0, 1.0)
    yield _outside("reorder.by_ms", carrier.reorder.by_ms, 0.0, DELAY_MAX_MS)
    yield _outside("duplicate_share", carrier.duplicate_share, 0.0, 1.0)
    yield _outside("rate.mbit_s", carrier.rate.mbit_s, 0.0, 1e5)
    yield _outside("rate.queue_bytes", carrier.rate.queue_bytes, 1500, 1e9)
    outages = carrier.outages
    yield _outside("outages.pause_s", outages.pause_s, 0.0, 1e5)
    if not 0.0 <= outages.shortest_s <= outages.longest_s <= 1e5:
        yield f"outages: shortest_s {outages.shortest_s}, longest_s {outages.longest_s} must be 0 or more and not fall"
    if not all(0.0 <= begin <= 1e5 and 0.0 < length <= 1e5 for begin, length in outages.at_s):
        yield f"outages.at_s {outages.at_s}: each is [begin, length] in s, begin 0 to 1e5, length above 0 and to 1e5"


def _outside(name: str, value: float, low: float, high: float) -> str:
    return "" if low <= value <= high else f"{name} = {value} is outside {low:g} to {high:g}"
