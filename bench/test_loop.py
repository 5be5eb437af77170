"""The figures of `bench.loop`: minutes of the whole stack, live. A quiet machine is asked for."""

import pytest

from bench import loop

pytestmark = pytest.mark.bench


def test_figures_hold() -> None:
    """The tick's CPU, and its lateness beside a bare C loop."""
    assert [figure for figure in loop.run(lambda _: None) if figure.holds is not True] == []
