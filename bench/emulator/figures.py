"""What the emulator did to packets, beside what its profile says. Pure."""

import msgspec
import numpy as np
from numpy.typing import NDArray

from bench.emulator.engine import COUNTERS, FIRST_BUCKET, STEP_NS
from bench.emulator.profile import LinkProfile
from bench.figure import Figure

Integers = NDArray[np.int64]

ENOUGH = 100_000
TOLERANCE = 0.02
ADDED_MAX_MS = 0.3
DIRECTIONS = ("upstream", "downstream")


class DirectionFigures(msgspec.Struct, frozen=True):
    """One direction of one carrier of one pair. Delays in ms; `added` is what the emulator was late by.

    `loss_share`: lost by the profile's loss, of the packets that no cut, outage or full queue took.
    """

    pair: int
    carrier: int
    direction: str
    packets_in: int
    packets_out: int
    bytes_in: int
    bytes_out: int
    lost: int
    lost_in_bursts: int
    dropped_by_queue: int
    cut: int
    doubled: int
    reordered: int
    overflowed: int
    dropped_by_system: int
    longest_loss_run: int
    mean_loss_run: float | None
    loss_share: float | None
    loss_share_asked: float
    delay_mean_ms: float | None
    delay_mean_ms_asked: float
    delay_min_ms: float | None
    delay_max_ms: float | None
    added_p50_ms: float | None
    added_p99_ms: float | None
    added_max_ms: float | None


def figures_of(profile: LinkProfile, pair: int, carrier: int, direction: int, stats: Integers) -> DirectionFigures:
    """From the counters of one channel."""
    count = dict(zip(COUNTERS, map(int, stats), strict=False))
    lost = count["lost"] + count["lost_in_bursts"]
    exposed = count["packets_in"] - count["cut"] - count["overflowed"]
    delayed = count["delayed"]
    of = profile.carriers[carrier]
    added = stats[FIRST_BUCKET:]
    return DirectionFigures(
        pair=pair,
        carrier=carrier,
        direction=DIRECTIONS[direction],
        packets_in=count["packets_in"],
        packets_out=count["packets_out"],
        bytes_in=count["bytes_in"],
        bytes_out=count["bytes_out"],
        lost=count["lost"],
        lost_in_bursts=count["lost_in_bursts"],
        dropped_by_queue=count["dropped_by_queue"],
        cut=count["cut"],
        doubled=count["doubled"],
        reordered=count["reordered"],
        overflowed=count["overflowed"],
        dropped_by_system=count["dropped_by_system"],
        longest_loss_run=count["longest_run"],
        mean_loss_run=lost / count["runs"] if count["runs"] else None,
        loss_share=lost / exposed if exposed else None,
        loss_share_asked=of.loss.share,
        delay_mean_ms=count["delay_sum_ns"] / delayed * 1e-6 if delayed else None,
        delay_mean_ms_asked=of.direction.delay.mean_ms,
        delay_min_ms=count["delay_min_ns"] * 1e-6 if delayed else None,
        delay_max_ms=count["delay_max_ns"] * 1e-6 if delayed else None,
        added_p50_ms=_quantile_ms(added, 0.5),
        added_p99_ms=_quantile_ms(added, 0.99),
        added_max_ms=count["added_max_ns"] * 1e-6 if delayed else None,
    )


def _quantile_ms(buckets: Integers, share: float) -> float | None:
    """The upper edge of the bucket that the quantile lies in."""
    total = int(buckets.sum())
    if not total:
        return None
    bucket = int(np.searchsorted(np.cumsum(buckets), share * total))
    return (bucket + 1) * STEP_NS * 1e-6


def judge(each: DirectionFigures) -> list[Figure]:
    """Whether it did what its profile says. With too few packets nothing is said of shares and means."""
    where = f"pair {each.pair}, carrier {each.carrier}, {each.direction}"
    enough = each.packets_in >= ENOUGH
    note = f"{each.packets_in} packets" + ("" if enough else f", fewer than {ENOUGH}")
    figures = []
    for name, asked, measured, unit in (
        ("loss", each.loss_share_asked, each.loss_share, "share"),
        ("mean delay", each.delay_mean_ms_asked, each.delay_mean_ms, "ms"),
    ):
        if measured is not None and asked > 0.0:
            off = abs(measured / asked - 1.0)
            holds = off <= TOLERANCE if enough else None
            said = f"{name}, {where}: {measured:.5g} {unit}, asked {asked:.5g}"
            figures.append(Figure(said, "within 2 %", off * 100.0, TOLERANCE * 100.0, "% off", holds, note))
    if each.added_p99_ms is not None:
        holds = each.added_p99_ms <= ADDED_MAX_MS
        figures.append(
            Figure(f"added p99, {where}", "at most 0.3 ms", each.added_p99_ms, ADDED_MAX_MS, "ms", holds, note)
        )
    return figures
