"""Where the servo of one arm should be at any moment: the newest setpoint, and what becomes of it when none follows."""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Vector: TypeAlias = NDArray[np.float64]

COAST_NS = 2_000_000
"""How long after its stamp a setpoint's velocity is trusted: a late tick passes unfelt; at 0.2 m/s it is 0.4 mm."""


class Follower:
    """The reference of one arm: a pure function of the newest setpoint and of the time since.

    It goes on at the setpoint's velocity for COAST_NS, then comes to rest along a straight line in joint space, as fast
    as the joint nearest to its limit of acceleration allows. So a stream that falters ends at rest before a watchdog.
    `position` and `velocity` are views of (n,) into the caller's arrays and are written in place.
    """

    def __init__(self, position: Vector, velocity: Vector, acceleration_max: Vector) -> None:
        self.position = position
        self.velocity = velocity
        self._acceleration_max = acceleration_max
        self._position_0 = position.copy()
        self._velocity_0 = np.zeros_like(position)
        self._origin_ns = 0
        self._brake_ns = 0  # how long the deceleration takes; 0 while coasting, for it is computed when it begins
        self._resting = True

    def track(self, position: Sequence[float], velocity: Sequence[float], stamp_ns: int) -> None:
        """Take a new setpoint, which is meant for `stamp_ns`. Does not check it."""
        self._position_0[:] = position
        self._velocity_0[:] = velocity
        self._origin_ns, self._brake_ns, self._resting = stamp_ns, 0, False

    def rest_at(self, position: Vector) -> None:
        """Rest at `position` from now on."""
        self.position[:] = position
        self.velocity[:] = 0.0
        self._resting = True

    def stop(self, now_ns: int) -> int:
        """Begin to come to rest from the present reference. Returns the time at which it rests."""
        if self._resting:
            return now_ns
        self._position_0[:] = self.position
        self._velocity_0[:] = self.velocity
        self._begin_braking(now_ns)
        return now_ns + self._brake_ns

    def advance(self, now_ns: int) -> None:
        """Write the reference of `now_ns` into `position` and `velocity`."""
        if self._resting:
            return
        elapsed_ns = now_ns - self._origin_ns
        if self._brake_ns == 0:
            if elapsed_ns <= COAST_NS:
                self._write(max(elapsed_ns, 0) * 1e-9, 1.0)
                return
            self._write(COAST_NS * 1e-9, 1.0)
            self._position_0[:] = self.position
            self._begin_braking(self._origin_ns + COAST_NS)
            elapsed_ns -= COAST_NS
        # s(t) = t - t^2 / 2T along the velocity of the beginning, until it vanishes at T.
        ratio = min(elapsed_ns / self._brake_ns, 1.0)
        self._write((ratio - 0.5 * ratio * ratio) * self._brake_ns * 1e-9, 1.0 - ratio)
        self._resting = ratio == 1.0

    def _begin_braking(self, now_ns: int) -> None:
        braking_s = float(np.max(np.abs(self._velocity_0) / self._acceleration_max))
        self._origin_ns, self._brake_ns = now_ns, int(braking_s * 1e9) + 1

    def _write(self, seconds_along: float, share_of_velocity: float) -> None:
        np.multiply(self._velocity_0, seconds_along, out=self.position)
        self.position += self._position_0
        np.multiply(self._velocity_0, share_of_velocity, out=self.velocity)
