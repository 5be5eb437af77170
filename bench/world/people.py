"""Surgeon, console and staff of the simulated world: sensible mostly, and restless by the scenario's measure."""

import math
import random
from typing import NamedTuple

from bench.world.scenario import Scenario
from master.devices.device import DeviceSample, HandInput
from protocol.clock import NS_PER_MS, NS_PER_S
from protocol.messages import Action, ConsoleReport, Other, StaffAction, StaffJog, State
from protocol.pose import Vector, add, from_rotation_vector, norm, scaled
from protocol.records import Authority
from slave.stand_in import next_press

FRAME_NS = 33 * NS_PER_MS
REPEAT_NS = 50 * NS_PER_MS
AXES = 10


class Haste(NamedTuple):
    """The speeds that moves and turns peak at, and how far a move may go."""

    peaks_m_s: tuple[float, ...]
    peaks_rad_s: tuple[float, ...]
    length_max_m: float


CALM = Haste((0.03, 0.06, 0.1), (0.5, 1.5), 0.05)
HASTY = Haste((0.03, 0.06, 0.1, 0.3), (0.5, 1.5, 4.0), 0.1)
"""Farther and faster than an arm can follow to the side near its remote centre: it is left behind."""


class Surgeon:
    """Two hands that rest, press, move, and lift. The device of the pilot."""

    def __init__(self, story: Scenario) -> None:
        self._rng = random.Random(f"surgeon {story.seed}")
        self._restless = story.restlessness
        hasty = story.restlessness > 0.0
        self._hands = [_Hand(self._rng, HASTY if hasty else CALM) for _ in range(2)]
        self._next_ns = self._pressed_ns = 0
        self._down = [False, False]
        self._energy = False

    def sample(self, now_ns: int, stamp_ns: int) -> DeviceSample:
        """Hands and pedals now, which the surgeon's own clock calls `stamp_ns`."""
        if now_ns >= self._next_ns:
            self._act(now_ns)
        hands = tuple(hand.sample(now_ns) for hand in self._hands)
        return DeviceSample(stamp_ns, hands, tuple(self._down), self._energy)

    def sees(self, now_ns: int, *, engaged: bool) -> None:
        """The console shows whether the press was heard: in vain, the pedal comes up and is pressed again soon."""
        if any(self._down) and not engaged and now_ns > self._pressed_ns + 50 * NS_PER_MS:
            self._next_ns = min(self._next_ns, now_ns)

    def presses_stop(self) -> bool:
        """Whether the surgeon stops everything in this tick."""
        return self._restless > 0.0 and self._rng.random() < 2e-5 * self._restless

    def _act(self, now_ns: int) -> None:
        rng = self._rng
        if any(self._down):
            self._down = [False, False]
            self._energy = False
            # A surgeon who lifts lets the hand come to rest before the next press; a restless one does not.
            wait_s = rng.uniform(0.25, 0.6) if rng.random() > 0.1 * self._restless else rng.uniform(0.002, 0.1)
            for hand in self._hands:
                hand.rest(now_ns)
        else:
            self._down = rng.choice(([True, True], [True, True], [True, False], [False, True]))
            self._pressed_ns = now_ns
            self._energy = rng.random() < 0.3
            wait_s = rng.uniform(0.3, 2.5)
            for hand in self._hands:
                hand.move(now_ns, wait_s)
        self._next_ns = now_ns + int(wait_s * NS_PER_S)


class _Hand:
    """Minimum-jerk moves one after the other, or rest."""

    def __init__(self, rng: random.Random, haste: Haste) -> None:
        self._rng = rng
        self._haste = haste
        self._p: Vector = (0.0, 0.0, 0.0)
        self._way: Vector = (0.0, 0.0, 0.0)
        self._turn: Vector = (0.0, 0.0, 0.0)
        self._turned: Vector = (0.0, 0.0, 0.0)
        self._jaw = rng.uniform(0.0, 1.0)
        self._jaw_way = 0.0
        self._still: HandInput | None = None
        self._begin_ns, self._length_ns, self._until_ns = 0, 1, 0

    def move(self, now_ns: int, seconds: float) -> None:
        """Move for so long, starting a moment after the press."""
        self._until_ns = now_ns + int(seconds * NS_PER_S)
        self._still = None
        self._plan(now_ns + 20 * NS_PER_MS)

    def rest(self, now_ns: int) -> None:
        """Stop where the hand is."""
        sample = self._now(now_ns)
        self._p, self._turned, self._jaw = sample
        self._way = self._turn = (0.0, 0.0, 0.0)
        self._jaw_way = 0.0
        self._until_ns = 0
        self._still = HandInput(self._p, from_rotation_vector(self._turned), self._jaw)

    def sample(self, now_ns: int) -> HandInput:
        """Where the hand is."""
        if now_ns > self._begin_ns + self._length_ns and now_ns < self._until_ns:
            self._plan(now_ns)
        if self._still is not None:
            return self._still
        p, turned, jaw = self._now(now_ns)
        return HandInput(p, from_rotation_vector(turned), jaw)

    def _now(self, now_ns: int) -> tuple[Vector, Vector, float]:
        t = min(1.0, max(0.0, (now_ns - self._begin_ns) / self._length_ns))
        share = t * t * t * (10.0 + t * (6.0 * t - 15.0))
        return (
            add(self._p, scaled(self._way, share)),
            add(self._turned, scaled(self._turn, share)),
            self._jaw + share * self._jaw_way,
        )

    def _plan(self, now_ns: int) -> None:
        self._p, self._turned, self._jaw = self._now(now_ns)
        rng = self._rng
        length_m, peak_m_s = rng.uniform(0.002, self._haste.length_max_m), rng.choice(self._haste.peaks_m_s)
        self._way = scaled(_direction(rng), length_m)
        # Back towards the middle, so that hands do not wander off.
        self._way = add(self._way, scaled(self._p, -0.3))
        self._turn = add(scaled(_direction(rng), rng.uniform(0.0, 0.4)), scaled(self._turned, -0.3))
        self._jaw_way = rng.uniform(0.0, 1.0) - self._jaw
        self._begin_ns = now_ns
        way_s, turn_s = (
            1.875 * norm(self._way) / peak_m_s,
            1.875 * norm(self._turn) / rng.choice(self._haste.peaks_rad_s),
        )
        self._length_ns = int(max(0.1, way_s, turn_s) * NS_PER_S)


def _direction(rng: random.Random) -> Vector:
    z, angle = rng.uniform(-1.0, 1.0), rng.uniform(0.0, math.tau)
    across = math.sqrt(1.0 - z * z)
    return (across * math.cos(angle), across * math.sin(angle), z)


class Console:
    """Paints at 30 Hz and reports what the frame before showed, as master.stand_in does."""

    def __init__(self) -> None:
        self._next_ns = 0
        self._drawing: State | None = None

    def frame(self, now_ns: int, state: State | None) -> ConsoleReport | None:
        """The report of the frame that falls due now, if any."""
        if now_ns < self._next_ns:
            return None
        self._next_ns = now_ns + FRAME_NS
        shown, self._drawing = self._drawing, state
        if shown is None:
            return None
        return ConsoleReport(1, shown.stamp_ns, shown.stop_number, shown.nonce, stand_in=True)


class Staff:
    """Presses what leads back to work, and now and then anything."""

    def __init__(self, story: Scenario) -> None:
        self._rng = random.Random(f"staff {story.seed}")
        self._restless = story.restlessness
        self._next_ns = 0
        self._number = 0
        self._jog: StaffJog | None = None
        self._jog_until_ns = 0
        self._stopped_ns = 0
        self._repeat_ns = 0

    def messages(self, now_ns: int, authority: Authority | None) -> tuple[Other, ...]:
        """What the panel sends in this tick."""
        if self._jog is not None and now_ns < self._jog_until_ns:
            if now_ns >= self._repeat_ns:
                self._repeat_ns = now_ns + REPEAT_NS
                return (self._jog,)
            return ()
        rng = self._rng
        if now_ns == self._stopped_ns and rng.random() < 0.5:
            # Two people at one panel: the one releases as the other stops.
            return (self._press(Action.RELEASE),)
        if now_ns < self._next_ns:
            return ()
        self._next_ns = now_ns + int(rng.uniform(0.02, 0.3) * NS_PER_S)
        if rng.random() < 0.1 * self._restless:
            return self._anything(now_ns)
        wanted = next_press(authority)
        if authority is not None and authority.freeze_class in ("LOCAL", "ARM") and rng.random() < 0.5:
            wanted = Action.RELEASE
        return () if wanted is None else (self._press(wanted),)

    def presses_stop(self, now_ns: int, authority: Authority | None) -> bool:
        """Whether somebody hits STOP + POWER OFF in this tick: seldom, but less so when the arms are frozen."""
        if self._restless == 0.0:
            return False
        frozen = authority is not None and authority.freeze_class in ("LOCAL", "ARM")
        if self._rng.random() >= (3e-4 if frozen else 2e-5) * self._restless:
            return False
        self._stopped_ns = now_ns
        return True

    def _press(self, action: Action) -> StaffAction:
        self._number += 1
        return StaffAction(1, 5, self._number, action, stand_in=True)

    def _anything(self, now_ns: int) -> tuple[Other, ...]:
        rng = self._rng
        if rng.random() < 0.3:
            self._number += 1
            self._jog = StaffJog(1, 5, self._number, rng.randrange(2), rng.randrange(AXES), rng.choice((1, -1)), True)
            self._jog_until_ns = now_ns + int(rng.uniform(0.05, 0.6) * NS_PER_S)
            return (self._jog,)
        return (self._press(rng.choice(list(Action))),)
