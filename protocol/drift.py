"""How fast one clock gains on another, from what was known of their offset then and now. Pure: handed the time.

Between two instants A and B the average drift lies in

    (low(B) - high(A)) / (B - A)  ...  (high(B) - low(A)) / (B - A)

whatever either clock did in between: a bound, not a fit. It is as wide as the round trip is long, so it takes time:
with 90 ms there and back it is under 100 ppm after a quarter of an hour.
"""

from collections import deque

import msgspec

from protocol.clock import NS_PER_S

DRIFT_MAX_PPM = 100
"""How much faster or slower one monotonic clock may run than another, in us per s.

The quartz of a host is good for 50 ppm over temperature and age, rarely reached; two of them may err in opposite
directions. A host whose clock a daemon is slewing (500 ppm by NTP's own rule, far more with chrony's) exceeds this, and
so does one that was suspended: what then contradicts itself is thrown away, see `protocol.offset`.
"""
PPM = 1_000_000
KEPT = 64
KEEP_EVERY_NS = 60 * NS_PER_S
"""With KEPT: a little over an hour, in bounded memory."""
OVER_MIN_NS = 10 * NS_PER_S


class Drift(msgspec.Struct, frozen=True, gc=False):
    """The average over the last `over_ns`, within `error_ppm` of `drift_ppm`; positive when the peer's clock is fast.

    `drift_ppm` itself is the likeliest where the path is as asymmetric now as it was then; the bound holds in any case.
    """

    drift_ppm: float
    error_ppm: float
    over_ns: int


class DriftBound:
    """Offsets in, as intervals; `drift` is None until 10 s have passed."""

    def __init__(self) -> None:
        self._kept: deque[tuple[int, int, int]] = deque(maxlen=KEPT)
        self.drift: Drift | None = None

    def forget(self) -> None:
        """Another clock, or one that was set."""
        self._kept.clear()
        self.drift = None

    def step(self, now_ns: int, low_ns: int, high_ns: int) -> bool:
        """At `now_ns` the offset was in `low_ns ... high_ns`. False when no drift up to DRIFT_MAX_PPM explains that."""
        tightest: tuple[float, int, int, int] | None = None
        for at_ns, low_then_ns, high_then_ns in self._kept:
            over_ns = now_ns - at_ns
            if over_ns >= OVER_MIN_NS:
                width = (high_then_ns - low_then_ns + high_ns - low_ns) / over_ns
                if tightest is None or width < tightest[0]:
                    tightest = (width, over_ns, low_then_ns, high_then_ns)
        if not self._kept or now_ns - self._kept[-1][0] >= KEEP_EVERY_NS:
            self._kept.append((now_ns, low_ns, high_ns))
        if tightest is None:
            return True
        _, over_ns, low_then_ns, high_then_ns = tightest
        least_ppm = (low_ns - high_then_ns) * PPM / over_ns
        most_ppm = (high_ns - low_then_ns) * PPM / over_ns
        if least_ppm > DRIFT_MAX_PPM or most_ppm < -DRIFT_MAX_PPM:
            return False
        middle_ppm = (least_ppm + most_ppm) / 2
        least_ppm, most_ppm = max(least_ppm, -DRIFT_MAX_PPM), min(most_ppm, DRIFT_MAX_PPM)
        drift_ppm = min(max(middle_ppm, least_ppm), most_ppm)
        self.drift = Drift(drift_ppm, max(most_ppm - drift_ppm, drift_ppm - least_ppm), over_ns)
        return True
