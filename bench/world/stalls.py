"""How late a real host wakes a process: drawn from what was measured on one, in whole milliseconds.

Measured with the bare C loop at the controller's priority and rate on a shared two-core virtual machine that was busy
with other things; measure again with `python -m bench.world.stalls SECONDS`.
"""

import bisect
import itertools
import json
import random
import subprocess
import sys

LATE_MS = ((1, 61), (2, 24), (3, 12), (4, 7), (6, 5), (8, 3), (12, 2), (16, 1), (25, 1))
"""(milliseconds, how often): the stalls of a millisecond and more."""

_LENGTHS = tuple(length for length, _ in LATE_MS)
_SUMS = tuple(itertools.accumulate(count for _, count in LATE_MS))


def stall_ms(rng: random.Random) -> int:
    """The length of one stall."""
    return _LENGTHS[bisect.bisect_left(_SUMS, rng.randint(1, _SUMS[-1]))]


def measure(seconds: int) -> dict[int, int]:
    """Counts by whole milliseconds, on this host now."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.bare_process", "1000", str(seconds)], check=True, stdout=subprocess.PIPE
    )
    counts: dict[int, int] = {}
    for late_ns in json.loads(done.stdout):
        late_ms = late_ns // 1_000_000
        if late_ms:
            counts[late_ms] = counts.get(late_ms, 0) + 1
    return dict(sorted(counts.items()))


if __name__ == "__main__":
    print(measure(int(sys.argv[1])))
