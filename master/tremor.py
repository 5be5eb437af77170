"""A filter against the tremor of a hand: a notch between 8 and 12 Hz on the six ways a pose can move.

The notch is what is left of a signal after its own band around 10 Hz is taken away: y = x - B(x), where B is the
band-pass of R. Bristow-Johnson's Audio EQ Cookbook ("constant 0 dB peak gain", bilinear transform with prewarping).
Taken so, the gain at rest is 1 to the last bit, whatever the coefficients were rounded to, and nothing can drift.
"""

import math

from protocol.pose import IDENTITY, ZERO, Quaternion, Vector

CENTRE_HZ = 10.0
Q_FACTOR = 0.7  # 10.3 dB down at 8 Hz, 12 dB at 12 Hz


class TremorFilter:
    """The notch on one hand's pose, called once a tick. To do without it, do not call it.

    Its price is a delay of slow motion by `delay_s`, 23 ms as built. Position components are filtered as they are.
    Quaternion components are too, taken on the side of the sphere where the last one was, and the result is normalised:
    within one delay a hand turns so little that the chord is as good as the arc.

    Raises ValueError for a tick rate at which a notch at `centre_hz` makes no sense.
    """

    def __init__(self, tick_hz: float, centre_hz: float = CENTRE_HZ, q_factor: float = Q_FACTOR) -> None:
        if not (tick_hz > 4.0 * centre_hz > 0.0 and q_factor > 0.0 and math.isfinite(tick_hz + q_factor)):
            raise ValueError(
                f"tremor filter: tick rate {tick_hz} Hz, centre {centre_hz} Hz, Q {q_factor}: the tick rate must be"
                " above four times the centre, and all be positive and finite"
            )
        omega = math.tau * centre_hz / tick_hz
        alpha = math.sin(omega) / (2.0 * q_factor)
        # B(z) = b (1 - z^-2) / (1 + a1 z^-1 + a2 z^-2)
        self._b = alpha / (1.0 + alpha)
        self._a1 = -2.0 * math.cos(omega) / (1.0 + alpha)
        self._a2 = (1.0 - alpha) / (1.0 + alpha)
        self._tick_hz = tick_hz
        self._s1 = [0.0] * 7
        self._s2 = [0.0] * 7
        self._side = IDENTITY
        self.reset(ZERO, IDENTITY)

    @property
    def delay_s(self) -> float:
        """By how much slow motion comes out late.

        The band-pass is 2 b / (1 + a1 + a2) times the slope of its input per tick near DC; the notch is short of its
        input by just that, which for a slow ramp is a delay of as many ticks.
        """
        return 2.0 * self._b / (1.0 + self._a1 + self._a2) / self._tick_hz

    def reset(self, p: Vector, q: Quaternion) -> None:
        """Begin as if the hand had rested at this pose for ever."""
        self._side = q
        for k, x in enumerate((*p, *q)):
            self._s1[k] = self._s2[k] = -self._b * x

    def filter(self, p: Vector, q: Quaternion) -> tuple[Vector, Quaternion]:
        """The pose with its tremor taken out, q unit, and of the sign that follows on from the tick before."""
        w, x, y, z = q
        sw, sx, sy, sz = self._side
        if w * sw + x * sx + y * sy + z * sz < 0.0:
            w, x, y, z = -w, -x, -y, -z
        self._side = (w, x, y, z)
        b, a1, a2, s1, s2 = self._b, self._a1, self._a2, self._s1, self._s2
        out = [p[0], p[1], p[2], w, x, y, z]
        for k in range(7):
            forced = b * out[k]
            band = forced + s1[k]
            s1[k] = s2[k] - a1 * band
            s2[k] = -forced - a2 * band
            out[k] -= band
        px, py, pz, w, x, y, z = out
        norm = math.sqrt(w * w + x * x + y * y + z * z)
        if norm < 0.5:  # a hand that flips over within the notch's memory: the mean of its poses means nothing
            self.reset(p, self._side)
            return p, self._side
        return (px, py, pz), (w / norm, x / norm, y / norm, z / norm)
