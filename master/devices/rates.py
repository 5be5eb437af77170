"""Rate control: what a deflection means, integrated to a pose by the device itself.

The pose is absolute, as every device's is, so a lost or late report changes where the hand is by a little and can never
leave it moving once the stick is back.
"""

from master.devices.device import HandInput, resting_hand
from master.devices.settings import DeviceSettings
from protocol.pose import Vector, add, from_rotation_vector, multiply, norm, scaled

STEP_MAX_S = 0.02  # a pilot that stood still for longer does not make up for it in one leap


class RateHand:
    """A hand moved by velocities in H. Begins at H's origin with its jaw open."""

    def __init__(self, settings: DeviceSettings) -> None:
        self._settings = settings
        self._hand = resting_hand(settings.jaw_max_rad)
        self._moved_ns: int | None = None

    def advance(self, now_ns: int, deflection: Vector, twist: Vector, squeeze: float) -> HandInput:
        """Move until `now_ns` and return the hand.

        `deflection` and `twist` are fractions of full speed along and about the axes of H, before the dead zone, and
        `squeeze` how far the jaw is asked to close, 0 to 1; the jaw goes there at `jaw_rate_rad_s`.
        """
        settings = self._settings
        step_s = 0.0 if self._moved_ns is None else min(STEP_MAX_S, max(0, now_ns - self._moved_ns) * 1e-9)
        self._moved_ns = now_ns
        v = scaled(outside(settings.dead_zone, deflection), settings.speed_max_m_s * step_s)
        w = scaled(outside(settings.dead_zone, twist), settings.turn_rate_max_rad_s * step_s)
        self._hand = HandInput(
            add(self._hand.p_HT_m, v),
            multiply(from_rotation_vector(w), self._hand.q_HT),
            jaw_toward(self._hand.jaw_rad, squeeze, step_s, settings),
        )
        return self._hand


def outside(dead_zone: float, deflection: Vector) -> Vector:
    """`deflection` without its dead zone: 0 at the zone's edge, of length 1 at full deflection.

    The zone is a ball, not a cross: a stick pushed aslant leaves it in the direction it is pushed.
    """
    length = norm(deflection)
    if length <= dead_zone:
        return (0.0, 0.0, 0.0)
    return scaled(deflection, min(1.0, (length - dead_zone) / (1.0 - dead_zone)) / length)


def jaw_toward(jaw_rad: float, squeeze: float, step_s: float, settings: DeviceSettings) -> float:
    """The jaw after `step_s` on its way to where `squeeze` (0 open, 1 closed) asks it."""
    goal = settings.jaw_max_rad - min(1.0, max(0.0, squeeze)) * (settings.jaw_max_rad - settings.jaw_min_rad)
    reach = settings.jaw_rate_rad_s * step_s
    return min(max(goal, jaw_rad - reach), jaw_rad + reach)
