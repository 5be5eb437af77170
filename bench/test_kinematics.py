"""The same calls as `bench.kinematics`, one by one under pytest-benchmark, and its figures held to their bounds."""

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from bench import kinematics as bench
from kinematics import load_robot, robot_names

pytestmark = pytest.mark.bench


@pytest.mark.parametrize("name", robot_names())
@pytest.mark.parametrize("work", [bench.forward_work, bench.inverse_work, bench.servo_work])
def test_call(benchmark: BenchmarkFixture, work: bench.ArmWork, name: str) -> None:
    """A call, or 2000 ticks of following, on each robot."""
    benchmark.group = work.__name__
    benchmark(work(load_robot(name)))


def test_pinocchio(benchmark: BenchmarkFixture) -> None:
    """The peer."""
    pytest.importorskip("pinocchio")
    benchmark.group = bench.forward_work.__name__
    benchmark(bench.pinocchio_work())


def test_figures_hold() -> None:
    """Ratios in one run; what could not be measured is no failure."""
    failed = [figure for figure in bench.run(lambda _: None) if figure.holds is False]
    assert failed == []
