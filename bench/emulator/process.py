"""The emulator's own process: `python -m bench.emulator.process SPEC`. Draws the tables, then carries packets."""

import signal
import sys
from pathlib import Path
from types import FrameType

import msgspec
import numpy as np
from numpy.typing import NDArray

from bench.emulator import fates
from bench.emulator.engine import CONTROL_ROW, STATS_ROW, Engine
from bench.emulator.profile import LinkProfile
from protocol import realtime
from protocol.posix import die_with_parent

PRIORITY = 70
"""Above all whose packets it carries: what it is late by is added to their delay."""
HEAD = 8
STOP, READY = 0, 1
DIRECTIONS = ("upstream", "downstream")

Integers = NDArray[np.int64]


class ChannelSpec(msgspec.Struct, frozen=True):
    """One direction of one carrier of one pair, between two descriptors."""

    carrier: int
    direction: int
    source: int
    sink: int


class Spec(msgspec.Struct, frozen=True):
    """A whole emulator. `shared` is the file of its counters and controls."""

    profile: LinkProfile
    seed: int
    origin_ns: int
    shared: str
    channels: list[ChannelSpec]


class Shared:
    """What bench and emulator share: a head with stop and ready, and for each channel its cut and its counters."""

    def __init__(self, path: Path, channels: int) -> None:
        row = CONTROL_ROW + STATS_ROW
        self._all: Integers = np.memmap(path, dtype=np.int64, mode="r+", shape=(HEAD + channels * row,))
        self.stop = self._all[STOP : STOP + 1]
        self.ready = self._all[READY : READY + 1]
        rows = self._all[HEAD:].reshape(channels, row)
        self.controls = [each[:CONTROL_ROW] for each in rows]
        self.stats = [each[CONTROL_ROW:] for each in rows]

    @staticmethod
    def make(path: Path, channels: int) -> "Shared":
        """A file of the right size, empty."""
        path.write_bytes(bytes(8 * (HEAD + channels * (CONTROL_ROW + STATS_ROW))))
        return Shared(path, channels)


def main(spec: Spec) -> None:
    """Carry until asked to stop, by the shared head or SIGTERM, or until the parent is gone."""
    die_with_parent(signal.SIGTERM)
    shared = Shared(Path(spec.shared), len(spec.channels))

    def stop(_signal: int, _frame: FrameType | None) -> None:
        shared.stop[0] = 1

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    engine = Engine(spec.origin_ns)
    tables = {}
    for number, channel in enumerate(spec.channels):
        key = channel.carrier, channel.direction
        carrier = spec.profile.carriers[channel.carrier]
        if key not in tables:
            direction, name = carrier.direction, DIRECTIONS[channel.direction]
            delays, step_ns = fates.delays(direction, spec.seed, channel.carrier, name)
            flags = fates.fates(direction, spec.seed, channel.carrier, name)
            tables[key] = flags, delays, step_ns, fates.outages(carrier.outages, spec.seed, channel.carrier)
        flags, delays, step_ns, outages = tables[key]
        engine.add(
            channel.source,
            channel.sink,
            flags,
            delays,
            delay_step_ns=step_ns,
            keeps_order=carrier.keeps_order,
            reorder_ns=round(carrier.reorder.by_ms * 1e6),
            rate_bit_s=round(carrier.rate.mbit_s * 1e6),
            queue_bytes=carrier.rate.queue_bytes,
            outages=outages,
            stats=shared.stats[number],
            control=shared.controls[number],
        )
    realtime.enter(PRIORITY, realtime.Cores.CONTROL)
    realtime.settle()
    shared.ready[0] = 1
    engine.carry(shared.stop)


if __name__ == "__main__":
    main(msgspec.json.decode(sys.argv[1], type=Spec))
