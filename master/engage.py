"""Whether a press of the pedal may engage: the surgeon's half of the rule, so that a refusal is told at once. Pure.

The patient's side has the last word (`safety/engage.py`); what only the surgeon's side can know is judged here: how
fast the hand moves at that moment.
"""

from collections import deque
from collections.abc import Mapping

from protocol.clock import NS_PER_MS, NS_PER_S
from protocol.messages import FreezeClass, Mode, State
from protocol.pose import Vector, norm, subtract

HAND_SPEED_MAX_M_S = 0.010
"""docs/safety.md: a hand that engages is at rest."""
OVER_NS = 100 * NS_PER_MS
"""A hand's speed is its way over this time: about one period of tremor, which alone swings at up to 9.6 mm/s."""
GOOD_LIMIT = "people.link_good_ns"


class Steadiness:
    """How fast a hand goes, tremor apart."""

    def __init__(self) -> None:
        self._way: deque[tuple[int, Vector]] = deque()
        self.speed_m_s = 0.0

    def step(self, now_ns: int, p_HT_m: Vector) -> None:
        """Where the hand is now."""
        self._way.append((now_ns, p_HT_m))
        while now_ns - self._way[0][0] > OVER_NS:
            self._way.popleft()
        then_ns, before = self._way[0]
        passed_ns = now_ns - then_ns
        self.speed_m_s = norm(subtract(p_HT_m, before)) * NS_PER_S / passed_ns if passed_ns > 0 else 0.0


def refusal(state: State, hand_speed_m_s: float, limits: Mapping[str, float]) -> str:
    """Why a press engages nothing now, with value, limit and remedy; '' when it may."""
    by_surgeon = state.freeze_class in (FreezeClass.LINK, FreezeClass.MASTER)
    if state.mode not in (Mode.READY, Mode.FOLLOWING) and not (state.mode is Mode.FROZEN and by_surgeon):
        what = f"{state.mode} ({state.freeze_class})" if state.freeze_class else state.mode.value
        return f"the arm is {what}: the patient's side must act first"
    good_ns, limit_ns = state.link_good_ns, limits.get(GOOD_LIMIT, float("inf"))
    if good_ns < limit_ns:
        return (
            f"the link has been good for {good_ns / NS_PER_S:.1f} s (limit {limit_ns / NS_PER_S:.0f} s):"
            " lift the pedal, wait, and press again"
        )
    if not hand_speed_m_s < HAND_SPEED_MAX_M_S:
        return (
            f"the hand moves at {hand_speed_m_s * 1e3:.0f} mm/s (limit {HAND_SPEED_MAX_M_S * 1e3:.0f} mm/s):"
            " hold still, lift the pedal, and press again"
        )
    return ""
