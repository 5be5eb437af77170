"""The limits in force, as frozen data, read from `procedures/*.toml`: there each number stands with its source.

A limit that is missing, zero, not finite, unknown or at odds with another refuses to start. None has a default, and
none has a value that switches a check off; the one way without the link's verdict is the procedure called "none".
"""

import hashlib
import math
import tomllib
from collections.abc import Callable
from importlib import resources
from typing import Any

import msgspec

from protocol.clock import NS_PER_MS
from protocol.codec import UNDECODABLE

PERIOD_NS = NS_PER_MS
"""Of the control loops: a timeout is at least PERIODS_MIN of it."""
PERIODS_MIN = 5
NO_PROCEDURE = "none"
NUMBER_MAX = 1e9
"""In the units of the files: 11 days in ms. What is beyond that is a slip, and might not even fit the wire."""


class LimitsError(Exception):
    """A limit that cannot be in force; the text names file, limit, value, bound and remedy."""


class _Section(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Times in ns, lengths in m, angles in rad, shares of 1; a limit is in force at its value."""


class People(_Section, frozen=True):
    """What surgeon and staff may do, and how soon somebody is called."""

    call_ns: int
    handover_ns: int
    park_ns: int
    engage_life_ns: int
    link_good_ns: int
    near_m: float
    near_rad: float
    lag_m: float
    lag_rad: float
    jog_life_ns: int
    jog_m_s: float
    jog_rad_s: float


class ArmLimits(_Section, frozen=True):
    """What a healthy arm does."""

    opening_error_m: float
    tracking_m: float
    tracking_rad: float
    tracking_for_ns: int
    overspeed_m_s: float
    overspeed_for_ns: int
    saturation_share: float
    saturation_for_ns: int
    standstill_m: float
    standstill_m_s: float
    standstill_for_ns: int
    settle_ns: int
    shaft_gap_m: float
    wall_slack_m: float


class Process(_Section, frozen=True):
    """How long a process may be silent. `lease_shared_ns` is in force where SCHED_FIFO is refused."""

    lease_ns: int
    lease_shared_ns: int
    setpoint_life_ns: int
    progress_ns: int
    watchdog_ns: int


class Silence(_Section, frozen=True):
    """Since the last accepted command."""

    pause_ns: int
    freeze_ns: int


class Age(_Section, frozen=True):
    """Of the picture on which the surgeon acts: the loop age."""

    slow_enter_ns: int
    slow_leave_ns: int
    freeze_ns: int
    freeze_for_ns: int
    freeze_at_once_ns: int


class EffectiveLoss(_Section, frozen=True):
    """The share of ticks over `over_ns` whose link age exceeds its minimum over `minimum_over_ns` by `late_by_ns`."""

    over_ns: int
    late_by_ns: int
    minimum_over_ns: int
    silence_from_ns: int
    slow_enter_share: float
    slow_leave_share: float
    freeze_share: float


class PacketLoss(_Section, frozen=True):
    """As the sender's network stack tells it; may only tighten."""

    slow_enter_share: float
    slow_leave_share: float
    freeze_share: float


class Slow(_Section, frozen=True):
    """How slow slowed is, and for how long at least."""

    dwell_ns: int
    blind_travel_m: float
    cap_floor_share: float


class LinkLimits(_Section, frozen=True, tag_field="verdict", tag="on"):
    """The link's verdict, per procedure."""

    silence: Silence
    age: Age
    effective_loss: EffectiveLoss
    packet_loss: PacketLoss
    slow: Slow


class NoLinkLimits(_Section, frozen=True, tag_field="verdict", tag="off"):
    """No verdict on the link."""


class Master(_Section, frozen=True):
    """What the surgeon's side must keep."""

    blind_ns: int


class Limits(_Section, frozen=True):
    """All limits of one procedure. `link` is None for the procedure "none" alone."""

    procedure: str
    people: People
    arm: ArmLimits
    process: Process
    link: LinkLimits | NoLinkLimits
    master: Master

    @property
    def hash(self) -> int:
        """One number for all of them: two processes with the same number have the same limits."""
        return int.from_bytes(hashlib.sha256(msgspec.msgpack.encode(self)).digest()[:7], "big")

    def named(self) -> dict[str, float]:
        """All numbers by name, such as "link.silence.freeze_ns"."""
        return dict(_numbers(msgspec.to_builtins(self), ""))


def procedures() -> tuple[str, ...]:
    """Names of the procedures that ship with farhand, sorted."""
    files = resources.files("safety").joinpath("procedures").iterdir()
    names = (file.name.removesuffix(".toml") for file in files if file.name.endswith(".toml"))
    return tuple(sorted(name for name in names if name != "common"))


def load_limits(procedure: str) -> Limits:
    """Read and check the limits of a procedure. Raises LimitsError, which lists the known names."""
    if procedure not in procedures():
        raise LimitsError(f"unknown procedure {procedure!r}; known are: {', '.join(procedures())}")
    folder = resources.files("safety").joinpath("procedures")
    common, own = (folder.joinpath(f"{name}.toml").read_text(encoding="utf-8") for name in ("common", procedure))
    return parse_limits(procedure, common, own)


def parse_limits(procedure: str, common: str, own: str) -> Limits:
    """Limits from the text of the two files. Raises LimitsError."""
    where = f"{procedure}.toml"
    try:
        tables = {**tomllib.loads(common), **tomllib.loads(own)}
        raw = {name: _in_si(table, f"{where}: {name}") for name, table in tables.items()}
        limits = msgspec.convert({"procedure": procedure, **raw}, Limits)
    except UNDECODABLE as error:
        raise LimitsError(f"{where}: {error}") from error
    _check(limits, where)
    return limits


def hardware_may_use(limits: Limits) -> bool:
    """Whether these limits may be in force with drives that are not simulated."""
    return isinstance(limits.link, LinkLimits)


_UNITS: tuple[tuple[str, str, Callable[[float], float]], ...] = (
    ("_ms", "_ns", lambda x: round(x * NS_PER_MS)),
    ("_mm", "_m", lambda x: x / 1e3),
    ("_mm_s", "_m_s", lambda x: x / 1e3),
    ("_deg", "_rad", math.radians),
    ("_deg_s", "_rad_s", math.radians),
    ("_percent", "_share", lambda x: x / 1e2),
)


def _in_si(value: object, where: str) -> object:
    """A table with its units made SI. Raises LimitsError for a number that is not above zero, or beyond NUMBER_MAX."""
    if not isinstance(value, dict):
        return value
    table: dict[str, Any] = {}
    for name, entry in value.items():
        if isinstance(entry, dict | str):
            table[name] = _in_si(entry, f"{where}.{name}")
            continue
        if isinstance(entry, bool) or not isinstance(entry, int | float) or not 0.0 < entry <= NUMBER_MAX:
            raise LimitsError(
                f"{where}.{name} = {entry!r} must be a finite number above 0, at most {NUMBER_MAX:g}:"
                " no value switches it off"
            )
        unit = next((unit for unit in _UNITS if name.endswith(unit[0])), None)
        if unit is None:
            raise LimitsError(f"{where}.{name}: end its name with a unit: {', '.join(unit[0] for unit in _UNITS)}")
        table[name.removesuffix(unit[0]) + unit[1]] = unit[2](entry)
    return table


def _check(limits: Limits, where: str) -> None:
    """The relations between limits. Raises LimitsError."""
    numbers = limits.named()
    for low, high in _ORDERED:
        if low in numbers and high in numbers and not numbers[low] < numbers[high]:
            raise LimitsError(f"{where}: {low} = {numbers[low]:g} must be below {high} = {numbers[high]:g}")
    for name, value in numbers.items():
        if name.endswith("_share") and value > 1.0:
            raise LimitsError(f"{where}: {name} = {value:g} is a share: at most 1 (100 percent)")
        if name.endswith("_ns") and value < PERIODS_MIN * PERIOD_NS:
            raise LimitsError(
                f"{where}: {name} = {value / NS_PER_MS:g} ms is below {PERIODS_MIN} periods of the loops it watches"
                f" ({PERIODS_MIN * PERIOD_NS / NS_PER_MS:g} ms)"
            )
    if numbers["process.watchdog_ns"] < numbers["process.lease_shared_ns"]:
        raise LimitsError(f"{where}: process.watchdog_ns must not be below process.lease_shared_ns")
    if isinstance(limits.link, NoLinkLimits) != (limits.procedure == NO_PROCEDURE):
        raise LimitsError(
            f'{where}: link.verdict = "off" is for the procedure "{NO_PROCEDURE}" alone, and it has no other'
        )
    if isinstance(limits.link, LinkLimits):
        asked_ns = limits.link.silence.freeze_ns + 50 * NS_PER_MS
        if limits.master.blind_ns != asked_ns:
            raise LimitsError(f"{where}: master.blind_ns must be link.silence.freeze_ns + 50 ms = {asked_ns}")


_ORDERED = (
    ("people.call_ns", "people.handover_ns"),
    ("people.handover_ns", "people.park_ns"),
    ("people.near_m", "people.lag_m"),
    ("people.near_rad", "people.lag_rad"),
    ("link.silence.pause_ns", "link.silence.freeze_ns"),
    ("link.age.slow_leave_ns", "link.age.slow_enter_ns"),
    ("link.age.slow_enter_ns", "link.age.freeze_ns"),
    ("link.age.freeze_ns", "link.age.freeze_at_once_ns"),
    ("link.effective_loss.slow_leave_share", "link.effective_loss.slow_enter_share"),
    ("link.effective_loss.slow_enter_share", "link.effective_loss.freeze_share"),
    ("link.effective_loss.late_by_ns", "link.effective_loss.over_ns"),
    ("link.effective_loss.over_ns", "link.effective_loss.minimum_over_ns"),
    ("link.effective_loss.silence_from_ns", "link.silence.pause_ns"),
    ("link.packet_loss.slow_leave_share", "link.packet_loss.slow_enter_share"),
    ("link.packet_loss.slow_enter_share", "link.packet_loss.freeze_share"),
    ("process.lease_ns", "process.lease_shared_ns"),
)


def _numbers(table: dict[str, Any], prefix: str) -> list[tuple[str, float]]:
    rows: list[tuple[str, float]] = []
    for name, value in table.items():
        if isinstance(value, dict):
            rows += _numbers(value, f"{prefix}{name}.")
        elif isinstance(value, int | float):
            rows.append((f"{prefix}{name}", value))
    return rows
