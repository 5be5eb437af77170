"""A synthetic surgeon: both hands reach, turn, grasp, pause and re-clutch, from a seed.

The script is a pure function of seed and time, so the same seed gives the same hand whatever the sampling instants:

    0 .. LEAD_IN_S                    pedal up, hands at rest
    then cycles of CYCLE_S:           DOWN_S with the pedal down: LEGS reaches, each followed by a pause
                                      UP_S with the pedal up: one short move back, as a surgeon re-clutches

A surgeon sees where the tips are and brings them back by re-clutching. So does the script: all cycles together lead a
tip no further than DRIFT_MAX_M and DRIFT_MAX_RAD away, and not, over minutes, to where the arm cannot follow.

A reach is a minimum-jerk move (Flash and Hogan, J. Neurosci. 5(7), 1985). Every leg begins and ends at rest, MARGIN_S
away from the pedal's edges, so that at an edge nothing moves but the tremor.

Tremor is three sinusoids an axis between 8 and 12 Hz, 0.03 mm and 0.3 mrad rms (assumed). With 0.1 mm rms an axis the
tremor alone would exceed the 10 mm/s at which a hand still counts as slow enough to engage; with 0.03 mm it stays below
0.03 mm sqrt(2/3) * 3 sinusoids * 2 pi 12 Hz * sqrt(3) axes = 9.6 mm/s in the worst phase.
"""

import math
import random
from typing import NamedTuple

from master.devices.device import DeviceSample, HandInput
from master.devices.settings import DeviceSettings
from protocol.pose import (
    Quaternion,
    Vector,
    add,
    conjugate,
    from_rotation_vector,
    multiply,
    norm,
    rotation_vector,
    scaled,
    subtract,
)

LEAD_IN_S = 0.5
DOWN_S = 5.0
UP_S = 0.8
CYCLE_S = DOWN_S + UP_S
LEGS = 3
MARGIN_S = 0.1

REACH_M = 0.04  # radius of the ball that the reaches end in
RECLUTCH_M = 0.03  # how far the hand moves back with the pedal up, at most
DRIFT_MAX_M = 2.0 * (REACH_M - RECLUTCH_M) + RECLUTCH_M  # between two anchors, and between two of `_strayed`
TURN_RAD = math.radians(15.0)  # from H's axes, so 30 deg between two ends of a leg, and 40 deg in the last
STRAY_RAD = TURN_RAD / 3.0
DRIFT_MAX_RAD = 2.0 * STRAY_RAD
SPEED_MIN_M_S, SPEED_MAX_M_S = 0.06, 0.12  # of a leg's peak
TURN_RATE_MAX_RAD_S = 2.0
REACH_MIN_S, REACH_MAX_S = 0.4, 1.4
PEAK = 1.875  # a minimum-jerk move's peak speed over its mean speed

TREMOR_M = 3e-5
TREMOR_RAD = 3e-4
TREMOR_HZ = (8.0, 12.0)
TREMOR_LINES = 3

HANDS = (0, 1)


class _Stance(NamedTuple):
    """Where a hand stands between legs."""

    p_HT_m: Vector
    q_HT: Quaternion
    jaw_rad: float


class _Leg(NamedTuple):
    """A move between two stances, at rest before and after. Times count from the cycle's begin."""

    begin_s: float
    duration_s: float
    start: _Stance
    move_m: Vector
    turn_rad: Vector  # rotation vector on the left
    jaw_change_rad: float


class _Line(NamedTuple):
    """One sinusoid of the tremor."""

    amplitude: float
    omega_rad_s: float
    phase_rad: float


class SyntheticDevice:
    """The script above, from `seed`. Never ends. Time stands at 0 until `start`."""

    def __init__(self, seed: int, settings: DeviceSettings) -> None:
        self.name = "synthetic"
        self._seed = seed
        self._jaws = (settings.jaw_min_rad, settings.jaw_max_rad)
        self._tremors = [_tremor(random.Random(f"{seed} tremor {hand}")) for hand in HANDS]
        self._cycle = 0
        self._legs = [self._plan(hand, 0) for hand in HANDS]
        self._start_ns: int | None = None

    def start(self, now_ns: int) -> None:
        """Script time is 0 here."""
        self._start_ns = now_ns

    def sample(self, now_ns: int) -> DeviceSample | None:
        """Both hands now, stamped now."""
        script_s = 0.0 if self._start_ns is None else (now_ns - self._start_ns) * 1e-9
        cycle, in_cycle_s = divmod(max(0.0, script_s - LEAD_IN_S), CYCLE_S)
        if cycle != self._cycle:
            self._cycle = int(cycle)
            self._legs = [self._plan(hand, self._cycle) for hand in HANDS]
        left, right = (self._hand(hand, script_s, in_cycle_s) for hand in HANDS)
        down = script_s >= LEAD_IN_S and in_cycle_s < DOWN_S
        return DeviceSample(now_ns, (left, right), (down, down))

    def ended(self, now_ns: int) -> bool:
        """Never."""
        return False

    def close(self) -> None:
        """Nothing was opened."""

    def _hand(self, hand: int, script_s: float, in_cycle_s: float) -> HandInput:
        leg = self._legs[hand][0]
        for later in self._legs[hand][1:]:
            if in_cycle_s < later.begin_s:
                break
            leg = later
        share = _minimum_jerk((in_cycle_s - leg.begin_s) / leg.duration_s)
        sway = [sum(a * math.sin(w * script_s + phase) for a, w, phase in lines) for lines in self._tremors[hand]]
        p = add(add(leg.start.p_HT_m, scaled(leg.move_m, share)), (sway[0], sway[1], sway[2]))
        q = multiply(from_rotation_vector(scaled(leg.turn_rad, share)), leg.start.q_HT)
        q = multiply(from_rotation_vector((sway[3], sway[4], sway[5])), q)
        return HandInput(p, q, leg.start.jaw_rad + share * leg.jaw_change_rad)

    def _plan(self, hand: int, cycle: int) -> list[_Leg]:
        """The legs of one cycle: from its anchor by LEGS reaches to beside the next cycle's anchor, and then there."""
        rng = random.Random(f"{self._seed} cycle {hand} {cycle}")
        anchor, following = self._anchor(hand, cycle), self._anchor(hand, cycle + 1)
        stances = [anchor, *(self._stance(rng, REACH_M) for _ in range(LEGS - 1))]
        before, after = self._strayed(hand, cycle), self._strayed(hand, cycle + 1)
        beside = add(following.p_HT_m, subtract(after.p_HT_m, before.p_HT_m))
        turned = multiply(multiply(after.q_HT, conjugate(before.q_HT)), anchor.q_HT)
        stances.append(self._stance(rng, REACH_M)._replace(p_HT_m=beside, q_HT=turned))
        slot_s = DOWN_S / LEGS
        legs = []
        for k in range(LEGS):
            speed = rng.uniform(SPEED_MIN_M_S, SPEED_MAX_M_S)
            legs.append(_leg(k * slot_s + MARGIN_S, stances[k], stances[k + 1], speed, REACH_MAX_S))
        legs.append(_leg(DOWN_S + MARGIN_S, stances[-1], following, SPEED_MAX_M_S, UP_S - 2.0 * MARGIN_S))
        return legs

    def _anchor(self, hand: int, cycle: int) -> _Stance:
        """Where a cycle begins, known without the cycles before it."""
        return self._stance(random.Random(f"{self._seed} anchor {hand} {cycle}"), REACH_M - RECLUTCH_M)

    def _strayed(self, hand: int, cycle: int) -> _Stance:
        """Where the cycles before this one have led the tip, but for the anchors' places: what each adds is the
        difference between the next and this."""
        rng = random.Random(f"{self._seed} strayed {hand} {cycle}")
        return _Stance(_in_ball(rng, RECLUTCH_M / 2.0), from_rotation_vector(_in_ball(rng, STRAY_RAD)), 0.0)

    def _stance(self, rng: random.Random, radius_m: float) -> _Stance:
        jaw = rng.uniform(*self._jaws)
        return _Stance(_in_ball(rng, radius_m), from_rotation_vector(_in_ball(rng, TURN_RAD)), jaw)


def _leg(begin_s: float, start: _Stance, end: _Stance, peak_m_s: float, duration_max_s: float) -> _Leg:
    """Shortened to `duration_max_s`, a leg across the ball peaks at PEAK * 2 REACH_M / REACH_MAX_S = 0.107 m/s."""
    move = subtract(end.p_HT_m, start.p_HT_m)
    turn = rotation_vector(multiply(end.q_HT, conjugate(start.q_HT)))
    needed_s = PEAK * max(norm(move) / peak_m_s, norm(turn) / TURN_RATE_MAX_RAD_S)
    duration_s = min(max(needed_s, REACH_MIN_S), duration_max_s)
    return _Leg(begin_s, duration_s, start, move, turn, end.jaw_rad - start.jaw_rad)


def _minimum_jerk(share_of_time: float) -> float:
    """How much of the move is done: 10 t^3 - 15 t^4 + 6 t^5 between 0 and 1."""
    t = min(1.0, max(0.0, share_of_time))
    return t * t * t * (10.0 + t * (6.0 * t - 15.0))


def _in_ball(rng: random.Random, radius: float) -> Vector:
    """Uniform in a ball, by rejection."""
    while True:
        x, y, z = (rng.uniform(-1.0, 1.0) for _ in range(3))
        if x * x + y * y + z * z <= 1.0:
            return (radius * x, radius * y, radius * z)


def _tremor(rng: random.Random) -> list[list[_Line]]:
    """The lines of six axes: position (m), then orientation (rad)."""
    axes = []
    for rms in (TREMOR_M,) * 3 + (TREMOR_RAD,) * 3:
        amplitude = rms * math.sqrt(2.0 / TREMOR_LINES)
        draws = [(rng.uniform(*TREMOR_HZ), rng.uniform(0.0, math.tau)) for _ in range(TREMOR_LINES)]
        axes.append([_Line(amplitude, math.tau * hz, phase) for hz, phase in draws])
    return axes
