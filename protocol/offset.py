"""How far a peer's clock is from ours, with a bound that no path can break. Pure: handed the stamps. For display only.

A peer stamps at P(T), T on our clock, when it has accepted what we sent at t1, and we hear of it at t4: t1 <= T <= t4.
Clocks only run forwards, so P(t1) <= stamp <= P(t4), and the offset P(t) - t is at most stamp - t1 at t1, and at least
stamp - t4 at t4. Nothing is assumed of the delays, not that they are alike, nor that frames keep their order.

Each of the two bounds holds for later times as well, when it is widened by the most that one clock may gain on the
other (`DRIFT_MAX_PPM`); the largest lower and the least upper one are the answer. Bounds that cross tell that a clock
was set, or drifts by more: then what is older than the newest exchange is thrown away, and that is counted.
"""

import msgspec

from protocol.clock import NS_PER_S
from protocol.drift import DRIFT_MAX_PPM, PPM, Drift, DriftBound

BUCKET_NS = NS_PER_S
BUCKETS = 64
"""How many seconds an exchange counts for. By then it has been widened by 6.4 ms each way; and what a clock that was
set by less than the bound had left behind is gone."""
RESOLUTION_NS = 1
"""What reading a clock cuts off."""
STAMP_MAX_NS = 2**63 - 1
_FAR = 1 << 200
"""Beyond every bound, in the unit that bounds are kept in."""


class OffsetBound(msgspec.Struct, frozen=True, gc=False):
    """The peer's clock minus ours is within `error_ns` of `offset_ns`; `drift` is None until it has been seen for 10 s.

    Exact for as long as neither clock was set and they drift by no more than DRIFT_MAX_PPM; half a round trip at best.
    """

    offset_ns: int
    error_ns: int
    drift: Drift | None


class ClockBound:
    """One peer's clock.

    Bounds are kept in 1e-6 ns, as whole numbers, and as if widened since time zero: then they compare with each other
    at any age, and nothing is rounded until the end.
    """

    def __init__(self) -> None:
        self._lows = [-_FAR] * BUCKETS
        self._highs = [_FAR] * BUCKETS
        self._drift = DriftBound()
        self.restarts = 0
        self.refused = 0
        self._low, self._high = -_FAR, _FAR
        self._bucket = self._latest_ns = -1

    def forget(self) -> None:
        """Another peer: nothing is known of its clock."""
        self.restarts = self.refused = 0
        self._start()

    def exchange(self, sent_ns: int, stamp_ns: int, received_ns: int) -> None:
        """What we sent at `sent_ns` had been accepted when the peer stamped `stamp_ns`, which came at `received_ns`.

        The first and the last are on our clock, `stamp_ns` is on the peer's. A stamp that was taken before the peer
        accepted what it tells of breaks the bound by as much as it was early: it must be read after that, and before
        it is sent. `sent_ns` 0 means that nothing of ours was accepted yet.
        """
        if not (0 < sent_ns <= received_ns <= STAMP_MAX_NS and 0 <= stamp_ns <= STAMP_MAX_NS):
            self.refused += 1
            return
        low = (stamp_ns - received_ns - RESOLUTION_NS) * PPM + DRIFT_MAX_PPM * received_ns
        high = (stamp_ns - sent_ns + RESOLUTION_NS) * PPM - DRIFT_MAX_PPM * sent_ns
        if received_ns // BUCKET_NS > self._bucket:
            self._turn(received_ns // BUCKET_NS)
        latest_ns = max(self._latest_ns, received_ns)
        # All that is known was seen by now, so that no honest pair of bounds can cross here.
        if max(low, self._low) - min(high, self._high) > 2 * DRIFT_MAX_PPM * latest_ns:
            self._restart()
            self._bucket = received_ns // BUCKET_NS
            latest_ns = received_ns
        self._latest_ns = latest_ns
        place = self._bucket % BUCKETS
        if low > self._lows[place]:
            self._lows[place] = low
            self._low = max(self._low, low)
        if high < self._highs[place]:
            self._highs[place] = high
            self._high = min(self._high, high)

    def bound(self, now_ns: int) -> OffsetBound | None:
        """The offset at `now_ns` on our clock; None before the first exchange. It widens for as long as none comes."""
        if self._latest_ns < 0:
            return None
        low_ns, high_ns = self._interval(now_ns)
        offset_ns = (low_ns + high_ns) // 2
        return OffsetBound(offset_ns, high_ns - offset_ns, self._drift.drift)

    def one_way_ns(self, sent_peer_ns: int, now_ns: int) -> tuple[int, int] | None:
        """How long a frame was on its way to us, and by how much that may be wrong.

        `sent_peer_ns` is when it was sent, on the peer's clock, `now_ns` when it came, on ours. Never for a decision:
        the error is half a round trip at best.
        """
        if self._latest_ns < 0:
            return None
        low_ns, high_ns = self._interval(now_ns)
        low_ns, high_ns = now_ns - sent_peer_ns + low_ns, now_ns - sent_peer_ns + high_ns
        # The offset was another when the frame was sent: by as much as one clock may have gained since.
        drifted_ns = max(abs(low_ns), abs(high_ns)) * DRIFT_MAX_PPM // (PPM - DRIFT_MAX_PPM) + 1
        delay_ns = (low_ns + high_ns) // 2
        return delay_ns, high_ns - delay_ns + drifted_ns + 2 * RESOLUTION_NS

    def _interval(self, now_ns: int) -> tuple[int, int]:
        latest_ns = max(now_ns, self._latest_ns)
        widened = DRIFT_MAX_PPM * (latest_ns + latest_ns - now_ns)  # back again, for a time before the latest
        return (self._low - widened) // PPM, -(-(self._high + widened) // PPM)

    def _turn(self, bucket: int) -> None:
        """Another bucket begins: ask for the drift until now, and leave out what is too old."""
        if self._latest_ns >= 0 and not self._drift.step(self._latest_ns, *self._interval(self._latest_ns)):
            self._restart()
        for number in range(max(self._bucket + 1, bucket - BUCKETS + 1), bucket + 1):
            self._lows[number % BUCKETS], self._highs[number % BUCKETS] = -_FAR, _FAR
        self._bucket = bucket
        self._low, self._high = max(self._lows), min(self._highs)

    def _restart(self) -> None:
        self.restarts += 1
        self._start()

    def _start(self) -> None:
        self._lows[:] = [-_FAR] * BUCKETS
        self._highs[:] = [_FAR] * BUCKETS
        self._low, self._high = -_FAR, _FAR
        self._bucket = self._latest_ns = -1
        self._drift.forget()
