"""The loop age of the last minute, in so many equal slots, each with its worst. Pure: handed the time.

The worst of a slot and not its mean: one peak is what freezes an arm. Memory is bounded and allocated once.
"""

import math

import numpy as np
from numpy.typing import NDArray

from protocol.clock import NS_PER_MS, NS_PER_S

SLOT_NS = 100 * NS_PER_MS
SLOTS = 600
"""One minute."""

Floats = NDArray[np.float64]


class AgeHistory:
    """Ages in, a minute of them out."""

    def __init__(self) -> None:
        self._ages_ms: Floats = np.full(SLOTS, np.nan)
        self._slot: int | None = None

    def add(self, now_ns: int, age_ns: int | None) -> None:
        """The age of now; None where nothing is known, which stays a gap."""
        slot = self._turn(now_ns)
        if age_ns is not None:
            was_ms = self._ages_ms[slot % SLOTS]
            age_ms = age_ns / NS_PER_MS
            self._ages_ms[slot % SLOTS] = age_ms if math.isnan(was_ms) else max(was_ms, age_ms)

    def series(self, now_ns: int) -> tuple[Floats, Floats]:
        """Seconds before now (negative, rising), and ages in ms, NaN where there was none. Shapes (SLOTS,)."""
        slot = self._turn(now_ns)
        order = np.arange(slot - SLOTS + 1, slot + 1)
        seconds: Floats = (order - slot).astype(np.float64) * (SLOT_NS / NS_PER_S)
        return seconds, self._ages_ms[order % SLOTS]

    def worst_ms(self, now_ns: int) -> float | None:
        """The greatest age of the last minute."""
        self._turn(now_ns)
        return None if np.isnan(self._ages_ms).all() else float(np.nanmax(self._ages_ms))

    def _turn(self, now_ns: int) -> int:
        """Forget what is older than a minute; the slot of now."""
        slot = now_ns // SLOT_NS
        if self._slot is None:
            self._slot = slot
        for passed in range(max(self._slot + 1, slot - SLOTS + 1), slot + 1):
            self._ages_ms[passed % SLOTS] = np.nan
        self._slot = max(slot, self._slot)
        return self._slot
