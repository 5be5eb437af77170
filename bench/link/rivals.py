"""The rivals of a run: processes at both ends of links of their own, and what these leave."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np

from bench.emulator.ends import Ends, Side, address
from bench.link.ages import Integers
from bench.link.rival import RivalConfig
from protocol.curve import KeyPair, new_pair

PLACES = {"lanes-keyed": 0, "lanes-plain": 1}
"""Of those that are to be told apart by microseconds."""
RECEIVER_HZ = 1000
"""As our controller ticks, whatever the rate of commands."""


class RivalLog(NamedTuple):
    """By tick of the receiver its time and the newest command's own, in ns; of both sides the rows of their CpuLog."""

    now_ns: Integers
    sent_ns: Integers
    sender_cpu: Integers
    receiver_cpu: Integers


class Rivals:
    """Of these kinds, each on the pair of its number, counted from 1. To be ended, whatever happens."""

    def __init__(self, kinds: Sequence[str], rate_hz: int, lanes: int) -> None:
        self._kinds = kinds
        self._rate_hz = rate_hz
        self._lanes = lanes
        self._folder = tempfile.TemporaryDirectory(prefix="farhand-rivals-")
        self._processes: list[subprocess.Popen[bytes]] = []

    def start(self, ends: Ends) -> None:
        """Start all."""
        host = address(0, Side.PATIENT)
        for pair, kind in enumerate(self._kinds, start=1):
            own = new_pair() if kind == "lanes-keyed" else None
            public = None if own is None else KeyPair(own.public, "")
            for side, rate_hz, keys in ((Side.PATIENT, RECEIVER_HZ, own), (Side.SURGEON, self._rate_hz, public)):
                sends = side is Side.SURGEON
                place, out = PLACES.get(kind), str(self._path(kind))
                config = RivalConfig(kind, sends, os.getpid(), host, rate_hz, self._lanes, place, keys, out)
                argv = [sys.executable, "-m", "bench.link.rival", msgspec.json.encode(config).decode()]
                self._processes.append(ends.popen(side, argv, pair))

    def end(self) -> dict[str, RivalLog]:
        """End all; what each left, if it left all of it. Safe to call twice."""
        for process in self._processes:
            process.terminate()
        for process in self._processes:
            process.wait()
        self._processes = []
        found = {}
        for kind in self._kinds:
            paths = [self._path(f"{kind}.{name}") for name in ("rows", "sender.cpu", "receiver.cpu")]
            if all(path.exists() for path in paths):
                rows, sender, receiver = (np.frombuffer(path.read_bytes(), dtype=np.int64) for path in paths)
                now_ns, sent_ns = rows.reshape(-1, 2).T
                found[kind] = RivalLog(now_ns, sent_ns, sender.reshape(-1, 3), receiver.reshape(-1, 3))
        return found

    def close(self) -> None:
        """End all, and forget what they left."""
        self.end()
        self._folder.cleanup()

    def _path(self, name: str) -> Path:
        return Path(self._folder.name) / name
