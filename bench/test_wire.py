"""The figure of `bench.wire`, and its calls one by one under pytest-benchmark."""

import msgpack
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from bench import wire
from protocol.codec import decode_command, encode

pytestmark = pytest.mark.bench


def test_encode(benchmark: BenchmarkFixture) -> None:
    """A command to its bytes."""
    benchmark(encode, wire.sample_command())


def test_decode(benchmark: BenchmarkFixture) -> None:
    """Bytes to a command, every check included."""
    benchmark(decode_command, encode(wire.sample_command()))


def test_msgpack(benchmark: BenchmarkFixture) -> None:
    """The peer: the same list, both ways, unchecked."""
    content = msgpack.unpackb(encode(wire.sample_command()))
    benchmark(lambda: msgpack.unpackb(msgpack.packb(content)))


def test_figures_hold() -> None:
    """Ratios in one run."""
    assert [figure for figure in wire.run(lambda _: None) if figure.holds is not True] == []
