"""The permit: a lease without which no setpoint is passed on. The supervisor issues it, the plant watches it. Pure.

Whoever dies, hangs or starves between the two lets it lapse, and the arm stops. A lapse is latched: a lease that comes
late was not renewed by somebody who knew what happened meanwhile, so only a newer generation lives.
"""

from protocol.records import Grant, Permit

TEST_GENERATION = 0
"""The self-test's, good for holding only, and once after each acknowledgement."""


class Lease:
    """Issues permits that expire one lease from now."""

    def __init__(self, lease_ns: int) -> None:
        self._lease_ns = lease_ns

    def permit(
        self, now_ns: int, *, grant: Grant, generation: int, power: bool, park: bool, resets: int, energy: bool
    ) -> Permit:
        """One tick's permit. One that is withdrawn has expired already, and runs no energy."""
        expires_ns = now_ns if grant is Grant.NONE else now_ns + self._lease_ns
        may_park, runs_energy = park and grant is Grant.NONE, energy and grant is Grant.MOVE
        return Permit(now_ns, expires_ns, generation, grant, power, may_park, resets, runs_energy)


class PermitWatch:
    """What the plant may do, tick by tick, by the newest permit that it could read.

    `grant`, `energy`: what is permitted now, under `generation`. `lapsed`: a permit expired unrenewed, or was no honest
    one; latched until a newer one lives. `power`, `park`, `resets`: as the supervisor said last.
    """

    def __init__(self, lease_ns: int) -> None:
        self._lease_ns = lease_ns
        self._dead_to = TEST_GENERATION
        self._test_spent = True
        self.grant = Grant.NONE
        self.generation = TEST_GENERATION
        self.lapsed = False
        self.energy = False
        self.power = self.park = False
        self.resets = 0

    def step(self, now_ns: int, permit: Permit | None) -> None:
        """Judge the newest permit, worst first. None before the first."""
        self.grant, self.energy = Grant.NONE, False
        if permit is None:
            return
        self.power, self.park = permit.power, permit.park and permit.grant is Grant.NONE
        if permit.resets != self.resets:
            self.resets, self._test_spent = permit.resets, False
        if permit.grant is Grant.NONE:
            # Withdrawn by a supervisor that knows why: dead, but nothing lapsed.
            self._bury(permit.generation)
        elif self._lives(permit):
            self._judge(now_ns, permit)

    def _lives(self, permit: Permit) -> bool:
        """Whether its generation has not been withdrawn, lapsed or overtaken."""
        if permit.generation == TEST_GENERATION:
            return not self._test_spent and permit.grant is Grant.HOLD
        return permit.generation > self._dead_to

    def _judge(self, now_ns: int, permit: Permit) -> None:
        self.generation = permit.generation
        is_honest = permit.stamp_ns <= now_ns and permit.expires_ns - now_ns <= self._lease_ns
        if not is_honest or now_ns >= permit.expires_ns:
            self.lapsed = True
            self._bury(permit.generation)
            return
        self.lapsed = False
        self.grant = permit.grant
        self.energy = permit.energy and permit.grant is Grant.MOVE
        # An older one that turns up again comes from a supervisor that has been replaced.
        self._dead_to = max(self._dead_to, permit.generation - 1)

    def _bury(self, generation: int) -> None:
        if generation == TEST_GENERATION:
            self._test_spent = True
        self._dead_to = max(self._dead_to, generation)
