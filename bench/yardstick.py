"""A bare C loop beside whatever is measured: where it was late the host stood still, and a measurement is void.

As a module it is that loop, scheduled as the controller is, on the cores that it is told: a line every 50 ms, its time
and the worst lateness, in ns.
"""

import os
import subprocess
import sys
from collections import deque
from pathlib import Path

from bench.bare_loop import lateness_ns
from protocol import realtime
from protocol.clock import NS_PER_MS, MonotonicClock
from slave.phases import CONTROLLER

VALID_LATE_NS = 5 * NS_PER_MS
TICKS_A_LINE = 50
LINES_KEPT = 2 * 60 * 20


class Yardstick:
    """The loop as a process, from the moment of its making until `stop`. Cores of one host may stand still apart."""

    def __init__(self, cores: realtime.Cores = realtime.Cores.CONTROL) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.yardstick", cores.name],
            cwd=Path(__file__).resolve().parent.parent,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
        )
        assert self._process.stdout is not None
        self._out = self._process.stdout.fileno()
        os.set_blocking(self._out, False)
        self._lines: deque[tuple[int, int]] = deque(maxlen=LINES_KEPT)
        self._rest = b""

    def worst_ns(self, begin_ns: int, end_ns: int) -> int | None:
        """The worst lateness between two times of the last two minutes; None where the loop did not see all of it."""
        self._read()
        span_ns = 2 * TICKS_A_LINE * NS_PER_MS
        seen = [(at_ns, late_ns) for at_ns, late_ns in self._lines if begin_ns <= at_ns <= end_ns + span_ns]
        if not seen or seen[0][0] > begin_ns + span_ns + seen[0][1] or seen[-1][0] < end_ns:
            return None
        return max(late_ns for _, late_ns in seen)

    def stop(self) -> None:
        """End it."""
        self._process.kill()
        self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()

    def _read(self) -> None:
        while True:
            try:
                chunk = os.read(self._out, 65536)
            except BlockingIOError:
                return
            if not chunk:
                return
            *lines, self._rest = (self._rest + chunk).split(b"\n")
            for line in lines:
                at_ns, late_ns = line.split()
                self._lines.append((int(at_ns), int(late_ns)))


def main() -> None:
    """Loop until killed, or until nobody reads any more."""
    realtime.enter(CONTROLLER.priority, realtime.Cores[sys.argv[1]])
    realtime.settle()
    clock = MonotonicClock()
    ended_ns = clock.now_ns()
    while True:
        # What passes between two stretches of the loop counts as well.
        between_ns = clock.now_ns() - ended_ns
        worst_ns = max(between_ns, *lateness_ns(NS_PER_MS, TICKS_A_LINE, CONTROLLER.phase_ns))
        ended_ns = clock.now_ns()
        try:
            os.write(1, b"%d %d\n" % (ended_ns, worst_ns))
        except OSError:
            return


if __name__ == "__main__":
    main()
