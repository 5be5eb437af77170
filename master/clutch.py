"""The clutch of one hand: from a hand's poses to a displacement since the pedal went down.

The displacement is absolute within an epoch, so that any command may be lost, and is made of the hand's increments, so
that nothing jumps when the scale changes, the pedal falls, or the hand moves while it is up. It is kept in the world W.
"""

import msgspec

from protocol.pose import (
    IDENTITY,
    ZERO,
    Quaternion,
    Vector,
    add,
    conjugate,
    from_rotation_vector,
    multiply,
    norm,
    rotate,
    rotation_vector,
    scaled,
    subtract,
    turned,
)

SCALE_MIN, SCALE_MAX = 0.01, 2.0

BACKLOG_S = 0.02
"""Input comes in bursts: over so long a hand may run ahead of the speed cap and is caught up with. More is let go."""


class Token(msgspec.Struct, frozen=True, gc=False):
    """What the console showed of the slave when the pedal went down; the slave hears no engage without it."""

    stop_number: int
    nonce: int


class Caps(msgspec.Struct, frozen=True, gc=False):
    """How fast a displacement may grow: the speed that the slave streams, and the tip's angular speed."""

    speed_m_s: float
    angular_speed_rad_s: float


NO_TOKEN = Token(0, 0)


class Clutch:
    """Engages on the pedal's way down, never on a pedal that is down already. One a hand.

    `q_WH` leads from the hand's axes H to the world W that the surgeon sees; `scale` is tip metres a hand's metre.
    """

    def __init__(self, q_WH: Quaternion = IDENTITY, scale: float = 1.0) -> None:
        self._q_WH = q_WH
        self.epoch = 0
        self.engaged = False
        self.token = NO_TOKEN
        self.p_W_m: Vector = ZERO
        self.q_W: Quaternion = IDENTITY
        self._wanted_p_W_m: Vector = ZERO
        self._wanted_q_W: Quaternion = IDENTITY
        self._hand: tuple[Vector, Quaternion] | None = None
        self._pedal_was_down = True  # a pedal found down at the start must come up first
        self._share = 1.0
        self.set_scale(scale)

    def set_scale(self, scale: float) -> None:
        """Change the motion scale from now on; what was moved before stays. Rotation is never scaled."""
        if not SCALE_MIN <= scale <= SCALE_MAX:
            raise ValueError(f"motion scale {scale} is outside {SCALE_MIN} to {SCALE_MAX}; 0.2 to 1 is usual")
        self.scale = scale

    def update(
        self, p_HT_m: Vector, q_HT: Quaternion, pedal_down: bool, token: Token | None, caps: Caps, dt_s: float
    ) -> None:
        """One tick. `token` is None when an engage is out of the question now; an engaged hand then goes on."""
        pressed = self.pressed_by(pedal_down)
        self._pedal_was_down = pedal_down
        before = self._hand
        self._hand = (p_HT_m, q_HT)
        if not pedal_down:
            self.engaged = False
        elif pressed and token is not None:
            self.engaged = True
            self.epoch += 1
            self.token = token
            self._share = 1.0
            self.p_W_m = self._wanted_p_W_m = ZERO
            self.q_W = self._wanted_q_W = IDENTITY
        elif self.engaged and before is not None:
            self._add_motion(before, self._hand)
            self._approach(caps, dt_s)

    def pressed_by(self, pedal_down: bool) -> bool:
        """Whether the pedal would come down with this tick."""
        return pedal_down and not self._pedal_was_down

    def slow_to(self, share: float) -> None:
        """While the slave is slowed, motion scales down with its speed cap; up again only with the next press."""
        self._share = min(self._share, max(share, 0.0))

    def forget_hand(self) -> None:
        """Another device: where its hand is tells nothing of a way, and a pedal found down must come up first."""
        self.engaged = False
        self._hand = None
        self._pedal_was_down = True

    def rest(self) -> None:
        """Let go; engage again only when the pedal has been up and comes down."""
        self.engaged = False

    def _add_motion(self, before: tuple[Vector, Quaternion], now: tuple[Vector, Quaternion]) -> None:
        moved_H = subtract(now[0], before[0])
        self._wanted_p_W_m = add(self._wanted_p_W_m, rotate(self._q_WH, scaled(moved_H, self.scale * self._share)))
        turned_H = multiply(now[1], conjugate(before[1]))
        self._wanted_q_W = multiply(turned(self._q_WH, turned_H), self._wanted_q_W)

    def _approach(self, caps: Caps, dt_s: float) -> None:
        """Move the displacement towards where the hand is, within the caps; forget what they would make it lag."""
        owed = subtract(self._wanted_p_W_m, self.p_W_m)
        step, kept = _split(norm(owed), caps.speed_m_s, dt_s)
        self.p_W_m = add(self.p_W_m, scaled(owed, step))
        if kept < 1.0:
            self._wanted_p_W_m = add(self.p_W_m, scaled(owed, kept))
        owed_q = multiply(self._wanted_q_W, conjugate(self.q_W))
        owed_rad = rotation_vector(owed_q)
        step, kept = _split(norm(owed_rad), caps.angular_speed_rad_s, dt_s)
        if step < 1.0:
            self.q_W = multiply(from_rotation_vector(scaled(owed_rad, step)), self.q_W)
        else:
            self.q_W = self._wanted_q_W
        if kept < 1.0:
            self._wanted_q_W = multiply(from_rotation_vector(scaled(owed_rad, kept)), self.q_W)


def _split(owed: float, cap_per_s: float, dt_s: float) -> tuple[float, float]:
    """The share of `owed` to give in this tick, and the share that may remain owed after it (1: all that is left)."""
    allowed = cap_per_s * dt_s
    if owed <= allowed:
        return 1.0, 1.0
    left = owed - allowed
    backlog = cap_per_s * BACKLOG_S
    return allowed / owed, 1.0 if left <= backlog else backlog / owed
