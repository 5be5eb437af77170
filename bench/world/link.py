"""A simulated link: frames in, the same frames out later, out of order, twice, damaged, or never. From a seed.

It stands for many lanes: a frame that is lost on its way comes late, by the round trips that its lane needs, or not at
all where the lane is given up; it never holds back the frames behind it.
"""

import heapq
import random
from typing import NamedTuple

from protocol.clock import NS_PER_MS


class Outage(NamedTuple):
    """Nothing gets through from `begin_ns` to `end_ns`."""

    begin_ns: int
    end_ns: int


class Profile(NamedTuple):
    """One direction. Delay is a floor and an exponential tail, in `far_share` of cases a farther one."""

    floor_ms: float
    tail_ms: float
    far_share: float
    far_tail_ms: float
    loss: float
    burst_length: float
    duplicates: float
    corruption: float
    outages: tuple[Outage, ...]


class SimulatedLink:
    """One direction of a link."""

    def __init__(self, profile: Profile, seed: str) -> None:
        self._profile = profile
        self._rng = random.Random(seed)
        self._flying: list[tuple[int, int, bytes]] = []
        self._count = 0
        self._burst = 0

    def send(self, now_ns: int, frame: bytes) -> None:
        """Put a frame on its way."""
        profile, rng = self._profile, self._rng
        for outage in profile.outages:
            if outage.begin_ns <= now_ns < outage.end_ns:
                return
        delay_ms = profile.floor_ms + rng.expovariate(1.0) * profile.tail_ms
        if profile.far_share and rng.random() < profile.far_share:
            delay_ms += rng.expovariate(1.0) * profile.far_tail_ms
        if profile.loss and self._is_lost():
            if rng.random() < 0.5:
                return
            delay_ms += 2.0 * profile.floor_ms * rng.randint(1, 3) + 10.0
        if profile.corruption and rng.random() < profile.corruption:
            frame = self._damaged(frame)
        self._fly(now_ns + int(delay_ms * NS_PER_MS), frame)
        if profile.duplicates and rng.random() < profile.duplicates:
            self._fly(now_ns + int(rng.uniform(1.0, 4.0) * delay_ms * NS_PER_MS), frame)

    def receive(self, now_ns: int) -> list[bytes]:
        """What has arrived by now."""
        frames = []
        while self._flying and self._flying[0][0] <= now_ns:
            frames.append(heapq.heappop(self._flying)[2])
        return frames

    def _fly(self, arrives_ns: int, frame: bytes) -> None:
        self._count += 1
        heapq.heappush(self._flying, (arrives_ns, self._count, frame))

    def _is_lost(self) -> bool:
        if self._burst == 0 and self._rng.random() < self._profile.loss / self._profile.burst_length:
            self._burst = 1 + int(self._rng.expovariate(1.0) * (self._profile.burst_length - 0.5))
        self._burst = max(0, self._burst - 1) if self._burst else 0
        return self._burst > 0

    def _damaged(self, frame: bytes) -> bytes:
        """Some bits flipped, or the end cut off, or bytes that never were a frame."""
        rng = self._rng
        damaged = bytearray(frame)
        for _ in range(rng.randint(1, 8)):
            damaged[rng.randrange(len(damaged))] ^= 1 << rng.randrange(8)
        return bytes(damaged[: rng.randint(1, len(damaged))]) if rng.random() < 0.3 else bytes(damaged)
