"""An emulated link, ready to use: pairs of namespaces, and between them what the profile says, from a seed."""

import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import msgspec

from bench.emulator.ends import ROOT, Ends, Side
from bench.emulator.figures import DirectionFigures, figures_of
from bench.emulator.process import DIRECTIONS, ChannelSpec, Shared, Spec
from bench.emulator.profile import LinkProfile

START_LIMIT_S = 60.0


class EmulatorError(Exception):
    """The emulator did not start, or ended; the text says what to do."""


class Cut(NamedTuple):
    """Nothing came through from `begin_ns` to `end_ns`, on CLOCK_MONOTONIC."""

    begin_ns: int
    end_ns: int


class EmulatedLink:
    """`pairs` equal links, each with a surgeon's and a patient's namespace of its own, all drawn from the same seed.

    Raises NamespaceError or EmulatorError. To be closed; if this process is killed, all of it vanishes as well.
    """

    def __init__(self, profile: LinkProfile, seed: int, pairs: int = 1) -> None:
        self.profile = profile
        self.pairs = pairs
        carriers = len(profile.carriers)
        self.ends = Ends(pairs, carriers)
        self._folder = Path(tempfile.mkdtemp(prefix="farhand-link-"))
        self._process: subprocess.Popen[bytes] | None = None
        try:
            self._channels = [
                (pair, carrier, direction)
                for pair in range(pairs)
                for carrier in range(carriers)
                for direction in range(len(DIRECTIONS))
            ]
            self._shared = Shared.make(self._folder / "shared", len(self._channels))
            self.origin_ns = time.monotonic_ns()
            self._start(profile, seed)
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> "EmulatedLink":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def cut(self, seconds: float, carrier: int | None = None, after_s: float = 0.0) -> Cut:
        """Let nothing through for so long, in both directions of all pairs; of one carrier, or of all."""
        begin_ns = time.monotonic_ns() + round(after_s * 1e9)
        cut = Cut(begin_ns, begin_ns + round(seconds * 1e9))
        for control, (_, of_carrier, _) in zip(self._shared.controls, self._channels, strict=True):
            if carrier is None or carrier == of_carrier:
                # The end first: read between the two writes, it is a cut that is over, not one that never ends.
                control[1] = cut.end_ns
                control[0] = cut.begin_ns
        return cut

    def figures(self) -> list[DirectionFigures]:
        """What it did so far, for each direction of each carrier of each pair."""
        return [
            figures_of(self.profile, *channel, stats.copy())
            for channel, stats in zip(self._channels, self._shared.stats, strict=True)
        ]

    def check(self) -> None:
        """Raises EmulatorError where its process has ended."""
        if self._process is not None and self._process.poll() is not None:
            raise EmulatorError(f"the emulator's process ended by itself (exit code {self._process.returncode})")

    def close(self) -> None:
        """End it. Processes inside go on with a link that carries nothing."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait()
            self._process = None
        self.ends.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _start(self, profile: LinkProfile, seed: int) -> None:
        specs = []
        for pair, carrier, direction in self._channels:
            ends = [self.ends.namespaces[pair][side].tuns[carrier] for side in Side]
            source, sink = ends if direction == 0 else reversed(ends)
            specs.append(ChannelSpec(carrier, direction, source, sink))
        spec = Spec(profile, seed, self.origin_ns, str(self._folder / "shared"), specs)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.emulator.process", msgspec.json.encode(spec).decode()],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            pass_fds=[tun for pair in self.ends.namespaces for side in pair for tun in side.tuns],
            start_new_session=True,
        )
        deadline_s = time.monotonic() + START_LIMIT_S
        while not self._shared.ready[0]:
            self.check()
            if time.monotonic() > deadline_s:
                raise EmulatorError(f"the emulator was not ready within {START_LIMIT_S:.0f} s")
            time.sleep(0.01)
