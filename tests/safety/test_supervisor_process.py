"""The edge around the supervisor's step."""

from protocol.clock import ManualClock
from safety.supervisor_process import Cells, observe


class Stamped:
    """A cell whose writer, on another core, writes just before it is read: what it holds is the time of writing."""

    def __init__(self, clock):
        self._clock = clock

    def latest(self):
        self._clock.advance(50_000)
        return self._clock.now_ns()


def test_nothing_that_is_read_is_of_the_future():
    clock = ManualClock(10**12)
    seen = observe(Cells(*(Stamped(clock) for _ in range(5))), (), clock)
    stamps = (seen.session, seen.accepted, seen.report, seen.setpoint, seen.measured)
    assert len(set(stamps)) == 5
    assert max(stamps) <= seen.now_ns


def test_each_cell_is_read_for_what_it_is():
    class Named:
        def __init__(self, name):
            self.latest = lambda: name

    names = Cells._fields
    seen = observe(Cells(*map(Named, names)), ("pressed",), ManualClock(5))
    assert tuple(getattr(seen, name) for name in names) == names
    assert seen.staff == ("pressed",)
    assert seen.now_ns == 5
