"""What the controller notes of every tick, as rows of float64 in the ring `ticks`: for the summary and the bench.

Lengths in m in the world W, times in ns (exact in float64 for the first hundred days after a host's start). `sent_ns`
is the newest command's own, on the master's clock.
"""

from itertools import chain
from typing import NamedTuple

from protocol.messages import Mode
from slave.arm import ArmTick
from slave.controller import Decision


class Timing(NamedTuple):
    """How the process kept time: `cpu_ns` is what it used since its last tick, all of the period included."""

    lateness_ns: int
    cpu_ns: int
    missed: int


RING_ROWS = 16384
"""Sixteen seconds at 1 kHz: a reader that looks in every second loses nothing."""

MODES = tuple(Mode)
"""The number of a mode in the log is its place here."""

TICK_COLUMNS = (
    "now_ns",
    "lateness_ns",
    "cpu_ns",
    "missed",
    "mode",
    "slowed",
    "adrift",
    "sequence",
    "sent_ns",
    "link_age_ns",
    "seen_age_ns",
)
ARM_COLUMNS = (
    "opened_epoch",
    "following",
    *(f"commanded_{axis}" for axis in "xyz"),
    *(f"displacement_{axis}" for axis in "xyz"),
    *(f"setpoint_{axis}" for axis in "xyz"),
    *(f"measured_{axis}" for axis in "xyz"),
    "lag_m",
    "reach",
)


def columns(arms: int) -> tuple[str, ...]:
    """The names of a row's numbers, for so many arms."""
    return (*TICK_COLUMNS, *(f"arm{arm}_{name}" for arm in range(arms) for name in ARM_COLUMNS))


def row(now_ns: int, timing: Timing, decided: Decision) -> tuple[float, ...]:
    """One tick as numbers, in the order of `columns`."""
    head = (
        now_ns,
        timing.lateness_ns,
        timing.cpu_ns,
        timing.missed,
        MODES.index(decided.mode),
        decided.slowed,
        decided.adrift,
        decided.sequence,
        decided.sent_ns,
        -1 if decided.age is None else decided.age.link_ns,
        -1 if decided.age is None else decided.age.seen_ns,
    )
    return (*head, *chain.from_iterable(map(_arm_row, decided.arms)))


def _arm_row(arm: ArmTick) -> tuple[float, ...]:
    state = arm.state
    return (
        state.opened_epoch,
        state.following,
        *arm.commanded_p_W_m,
        *arm.displacement_p_W_m,
        *state.setpoint_p_W_m,
        *state.measured_p_W_m,
        state.lag_m,
        state.reach,
    )
