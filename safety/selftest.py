"""The self-test: it proves that a lapsed permit stops the plant, before the first real one is granted. Pure.

Under power, with the arms at rest: a permit that is good for holding only is granted, renewed, and let lapse. The plant
must first follow under it, and then stop by itself within a lease. Anything else leaves the arms without power.
"""

from enum import Enum, auto
from typing import NamedTuple

from protocol.clock import NS_PER_MS
from protocol.records import Grant, Measured
from safety.permit import TEST_GENERATION

POWER_WITHIN_NS = 2000 * NS_PER_MS
FOLLOW_WITHIN_NS = 1000 * NS_PER_MS
"""The plant joins resting setpoints to still arms: some ticks, or the damping of what shook when the brakes opened."""
FOLLOW_FOR_NS = 50 * NS_PER_MS
STOP_MARGIN_NS = 20 * NS_PER_MS
"""After the lease: a tick each of plant and drives, their telling, and a late one of each."""


class Outcome(Enum):
    """How the test stands."""

    RUNNING = auto()
    PASSED = auto()
    FAILED = auto()


class SelfTestStep(NamedTuple):
    """What the supervisor is to do in this tick. `renewed` is false while the last permit is left to lapse."""

    outcome: Outcome
    grant: Grant
    renewed: bool
    culprit: str


class _Phase(Enum):
    POWERING = auto()
    JOINING = auto()
    FOLLOWING = auto()
    LAPSING = auto()


class SelfTest:
    """One run after each `start`."""

    def __init__(self, lease_ns: int) -> None:
        self._lease_ns = lease_ns
        self._phase = _Phase.POWERING
        self._since_ns = 0

    def start(self, now_ns: int) -> None:
        """Begin anew."""
        self._enter(_Phase.POWERING, now_ns)

    def step(self, now_ns: int, measured: Measured | None) -> SelfTestStep:
        """Judge what the plant and its drives tell; a test that has ended is started before it is stepped again."""
        waited_ns = now_ns - self._since_ns
        if measured is None:
            if waited_ns > POWER_WITHIN_NS:
                return _failed(f"self-test: the plant tells nothing {_after(waited_ns, POWER_WITHIN_NS)}")
            return _running(Grant.NONE)
        obeys = measured.permitted and measured.generation == TEST_GENERATION
        if self._phase is _Phase.POWERING:
            return self._power(now_ns, waited_ns, measured)
        if self._phase is _Phase.JOINING:
            if obeys and measured.following:
                self._enter(_Phase.FOLLOWING, now_ns)
            elif waited_ns > FOLLOW_WITHIN_NS:
                return _failed(f"self-test: the drives do not follow {_after(waited_ns, FOLLOW_WITHIN_NS)}")
            return _running(Grant.HOLD)
        if self._phase is _Phase.FOLLOWING:
            if not (obeys and measured.following):
                return _failed(f"self-test: the drives ceased to follow {_after(waited_ns, FOLLOW_FOR_NS)}")
            if waited_ns >= FOLLOW_FOR_NS:
                self._enter(_Phase.LAPSING, now_ns)
                return SelfTestStep(Outcome.RUNNING, Grant.HOLD, False, "")
            return _running(Grant.HOLD)
        return self._lapse(waited_ns, measured)

    def _power(self, now_ns: int, waited_ns: int, measured: Measured) -> SelfTestStep:
        if measured.permitted or measured.following:
            moves = int(measured.permitted) + int(measured.following)
            return _failed(f"self-test: the plant moves without a permit: {moves} signs of it (limit 0)")
        if measured.powered:
            self._enter(_Phase.JOINING, now_ns)
        elif waited_ns > POWER_WITHIN_NS:
            return _failed(f"self-test: no power {_after(waited_ns, POWER_WITHIN_NS)}")
        return _running(Grant.NONE)

    def _lapse(self, waited_ns: int, measured: Measured) -> SelfTestStep:
        if measured.lapsed and not measured.permitted and not measured.following:
            return SelfTestStep(Outcome.PASSED, Grant.NONE, True, "")
        limit_ns = self._lease_ns + STOP_MARGIN_NS
        if waited_ns > limit_ns:
            return _failed(f"self-test: a lapsed permit did not stop the plant {_after(waited_ns, limit_ns)}")
        return SelfTestStep(Outcome.RUNNING, Grant.HOLD, False, "")

    def _enter(self, phase: _Phase, now_ns: int) -> None:
        self._phase, self._since_ns = phase, now_ns


def _running(grant: Grant) -> SelfTestStep:
    return SelfTestStep(Outcome.RUNNING, grant, True, "")


def _failed(culprit: str) -> SelfTestStep:
    return SelfTestStep(Outcome.FAILED, Grant.NONE, True, culprit)


def _after(waited_ns: int, limit_ns: int) -> str:
    return f"after {waited_ns / NS_PER_MS:.0f} ms (limit {limit_ns / NS_PER_MS:.0f} ms)"
