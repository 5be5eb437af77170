"""What a direction of the link does to each packet, drawn beforehand from the seed. Pure.

Shares are held exactly in every block of packets, and quantiles of delay in every block of time: within a block chance
decides which packets, not how many. A run of 10^5 packets so has the profile's loss and delay, not a sample of them.
"""

import itertools
import zlib

import numpy as np
from numpy.typing import NDArray

from bench.emulator.engine import DOUBLED, LOST, LOST_IN_BURST, REORDERED
from bench.emulator.profile import Delay, Direction, Outages

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Bytes = NDArray[np.uint8]

BLOCK = 20_000
"""Packets; those of 0.055 % loss hold 11 losses."""
BLOCKS = 25
STEP_NS = 1_000_000
TIME_BLOCK = 100_000
TIME_BLOCKS = 6
HOUR_S = 3600.0
OUTAGES_FOR_S = 7200.0


def generator(seed: int, carrier: int, direction: str, what: str) -> np.random.Generator:
    """Chance of its own for each table: a change of one figure of a profile changes nothing else."""
    return np.random.default_rng([seed, carrier, zlib.crc32(f"{direction} {what}".encode())])


def fates(direction: Direction, seed: int, carrier: int, name: str) -> Bytes:
    """(BLOCK * BLOCKS,) flags by packet number."""
    count = BLOCK * BLOCKS
    flags = np.zeros(count, dtype=np.uint8)
    loss = direction.loss
    for share, flag, what in (
        (loss.share if loss.burst_mean <= 1.0 else 0.0, LOST, "loss"),
        (direction.duplicate_share, DOUBLED, "duplicates"),
        (direction.reorder.share, REORDERED, "reorder"),
    ):
        rng = generator(seed, carrier, name, what)
        for block, chosen in enumerate(_quotas(share)):
            flags[block * BLOCK + rng.choice(BLOCK, chosen, replace=False)] |= flag
    if loss.burst_mean > 1.0:
        rng = generator(seed, carrier, name, "bursts")
        for block, lost in enumerate(_quotas(loss.share)):
            flags[block * BLOCK : (block + 1) * BLOCK][_bursts(rng, lost, loss.burst_mean)] |= LOST_IN_BURST
    return flags


def _quotas(share: float) -> list[int]:
    """How many of each block, so that the remainders add up."""
    edges = [round(share * BLOCK * block) for block in range(BLOCKS + 1)]
    return [b - a for a, b in itertools.pairwise(edges)]


def _bursts(rng: np.random.Generator, lost: int, mean: float) -> NDArray[np.bool_]:
    """(BLOCK,) where bursts of geometric lengths lie, `lost` packets in all, with at least one packet between them."""
    lengths: list[int] = []
    while sum(lengths) < lost:
        lengths.append(int(rng.geometric(1.0 / mean)))
    if lengths:
        lengths[-1] -= sum(lengths) - lost
    spare = BLOCK - lost - len(lengths)
    mask = np.zeros(BLOCK, dtype=np.bool_)
    if spare < 0:
        mask[:lost] = True
        return mask
    cuts = np.sort(rng.integers(0, spare + 1, len(lengths)))
    gaps = np.diff(cuts, prepend=0) + 1
    at = 0
    for gap, length in zip(gaps, lengths, strict=True):
        at += int(gap)
        mask[at - 1 : at - 1 + length] = True
        at += length
    return mask


def delays(direction: Direction, seed: int, carrier: int, name: str) -> tuple[Integers, int]:
    """Delays in ns, and the step between them in ns of the link's time; 0 where each packet draws its own."""
    delay = direction.delay
    rng = generator(seed, carrier, name, "delay")
    if delay.correlation_ms <= 0.0:
        blocks = [rng.permutation(_quantiles(delay, BLOCK)) for _ in range(BLOCKS)]
        return np.rint(np.concatenate(blocks) * 1e6).astype(np.int64), 0
    smooth = _smooth(rng, TIME_BLOCK * TIME_BLOCKS, delay.correlation_ms)
    ranked = np.empty_like(smooth)
    quantiles = _quantiles(delay, TIME_BLOCK)
    for block in range(TIME_BLOCKS):
        part = slice(block * TIME_BLOCK, (block + 1) * TIME_BLOCK)
        ranked[part] = quantiles[np.argsort(np.argsort(smooth[part]))]
    _add_stalls(ranked, delay, generator(seed, carrier, name, "stalls"))
    return np.rint(ranked * 1e6).astype(np.int64), STEP_NS


def _quantiles(delay: Delay, count: int) -> Floats:
    """(count,) ms in rising order: the delay's quantiles at the middles of equal shares, by bisection.

    A tail of weights w and rates r exceeds x with probability sum(w exp(-r x)).
    """
    exceeds = 1.0 - (np.arange(count) + 0.5) / count
    if not delay.weights:
        return np.full(count, delay.floor_ms)
    weights, rates = np.array(delay.weights)[:, None], np.array(delay.rates_per_ms)[:, None]
    low, high = np.zeros(count), np.full(count, 60.0 / float(rates.min()))
    for _ in range(60):
        middle = (low + high) / 2.0
        above = (weights * np.exp(-rates * middle)).sum(axis=0) > exceeds
        low, high = np.where(above, middle, low), np.where(above, high, middle)
    tail = (low + high) / 2.0
    # The middles of shares cut the last share's tail a little short: the mean is held by what is above the floor.
    scaled: Floats = delay.floor_ms + tail * (delay.tail_mean_ms / float(tail.mean()))
    return scaled


def _smooth(rng: np.random.Generator, count: int, correlation_ms: float) -> Floats:
    """Gaussian noise through two equal low passes: it has a slope, so that delays change without tearing the order."""
    frequency = np.fft.rfftfreq(count, STEP_NS * 1e-6)
    passed = 1.0 / (1.0 + (2.0 * np.pi * frequency * correlation_ms) ** 2)
    return np.asarray(np.fft.irfft(np.fft.rfft(rng.standard_normal(count)) * passed, count), dtype=np.float64)


def _add_stalls(delays_ms: Floats, delay: Delay, rng: np.random.Generator) -> None:
    """Now and then everything waits: what comes during a stall leaves at its end."""
    expected = delay.stalls_per_hour * len(delays_ms) * STEP_NS * 1e-9 / HOUR_S
    for begin in rng.integers(0, len(delays_ms), int(rng.poisson(expected))):
        wait = np.arange(delay.stall_ms, 0.0, -STEP_NS * 1e-6)
        part = np.arange(begin, begin + len(wait)) % len(delays_ms)
        delays_ms[part] = np.maximum(delays_ms[part], wait)


def outages(plan: Outages, seed: int, carrier: int) -> Integers:
    """(k, 2) begin and end in ns of the link's time: alike in both directions, and on all links of one seed."""
    rng = generator(seed, carrier, "both", "outages")
    spans = [(begin * 1e9, (begin + length) * 1e9) for begin, length in plan.at_s]
    end_s = 0.0
    while plan.pause_s > 0.0 and end_s < OUTAGES_FOR_S:
        begin_s = end_s + plan.pause_s
        end_s = begin_s + rng.uniform(plan.shortest_s, plan.longest_s)
        spans.append((begin_s * 1e9, end_s * 1e9))
    return np.array(sorted(spans), dtype=np.int64).reshape(-1, 2)
