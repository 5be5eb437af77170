"""What do the figures of the link cost, on each frame and at each tick?"""

from itertools import count

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from protocol.clock import NS_PER_MS
from protocol.offset import ClockBound
from protocol.packet_loss import PacketLoss
from protocol.quality import LinkQuality

pytestmark = pytest.mark.bench

START_NS = 10**15
PEER_NS = 3 * 10**14
DELAY_NS = 45 * NS_PER_MS
WARM_FRAMES = 20_000


def warm_quality() -> LinkQuality:
    """After 20 s at 1 kHz, of which each tenth frame was lost."""
    quality = LinkQuality()
    for number in range(WARM_FRAMES):
        if number % 10:
            quality.heard(START_NS + number * NS_PER_MS, number, PEER_NS + number * NS_PER_MS)
    return quality


def warm_clock() -> ClockBound:
    """After 20 s at 1 kHz."""
    clock = ClockBound()
    for number in range(WARM_FRAMES):
        now_ns = START_NS + number * NS_PER_MS
        clock.exchange(now_ns - 2 * DELAY_NS, now_ns - PEER_NS - DELAY_NS, now_ns)
    return clock


def test_heard(benchmark: BenchmarkFixture) -> None:
    """A frame each millisecond, in order."""
    quality, numbers = warm_quality(), count(WARM_FRAMES)

    def frame() -> None:
        number = next(numbers)
        quality.heard(START_NS + number * NS_PER_MS, number, PEER_NS + number * NS_PER_MS)

    benchmark(frame)


def test_heard_after_loss(benchmark: BenchmarkFixture) -> None:
    """Each second frame lost: the dearest that a frame can be, but for the turn of a slot."""
    quality, numbers = warm_quality(), count(WARM_FRAMES, 2)

    def frame() -> None:
        number = next(numbers)
        quality.heard(START_NS + number * NS_PER_MS, number, PEER_NS + number * NS_PER_MS)

    benchmark(frame)


def test_figures(benchmark: BenchmarkFixture) -> None:
    """At a tick."""
    quality = warm_quality()
    benchmark(quality.figures, START_NS + WARM_FRAMES * NS_PER_MS)


def test_figures_at_the_turn_of_a_slot(benchmark: BenchmarkFixture) -> None:
    """The dearest tick, ten times in a second at most."""
    quality, numbers = warm_quality(), count(WARM_FRAMES, 100)
    benchmark(lambda: quality.figures(START_NS + next(numbers) * NS_PER_MS))


def test_exchange(benchmark: BenchmarkFixture) -> None:
    """A stamp each millisecond, the turn of each second included."""
    clock, numbers = warm_clock(), count(WARM_FRAMES)

    def exchange() -> None:
        now_ns = START_NS + next(numbers) * NS_PER_MS
        clock.exchange(now_ns - 2 * DELAY_NS, now_ns - PEER_NS - DELAY_NS, now_ns)

    benchmark(exchange)


def test_bound(benchmark: BenchmarkFixture) -> None:
    """The offset as of a tick."""
    clock = warm_clock()
    benchmark(clock.bound, START_NS + WARM_FRAMES * NS_PER_MS)


def test_packet_loss(benchmark: BenchmarkFixture) -> None:
    """32 lanes, ten times in a second."""
    loss, numbers = PacketLoss(), count()

    def step() -> None:
        number = next(numbers)
        loss.step(START_NS + number * 100 * NS_PER_MS, dict.fromkeys(range(32), (number * 3, number)))

    benchmark(step)
