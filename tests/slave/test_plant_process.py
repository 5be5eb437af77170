"""The edge around the plant's tick."""

from protocol.clock import ManualClock
from protocol.records import Grant, Permit
from safety.permit import PermitWatch
from slave.plants.plant_process import look

LEASE_NS = 20_000_000


class Writing:
    """A cell whose writer is one of higher priority: it writes just before it is read."""

    def __init__(self, clock, make, later_ns=300_000):
        self._clock, self._make, self._later_ns = clock, make, later_ns

    def latest(self):
        self._clock.advance(self._later_ns)
        return self._make(self._clock.now_ns())

    measured = latest


def permit(now_ns):
    return Permit(now_ns, now_ns + LEASE_NS, 1, Grant.MOVE, True, False, 0, False)


def test_a_permit_that_is_renewed_while_the_plant_looks_is_no_permit_of_the_future():
    clock = ManualClock(10**12)
    nothing = Writing(clock, lambda _: None)
    watch = PermitWatch(LEASE_NS)
    for _ in range(3):
        now_ns, _, _, seen = look(nothing, nothing, Writing(clock, permit), clock)
        watch.step(now_ns, seen)
        assert watch.grant is Grant.MOVE
        assert not watch.lapsed
