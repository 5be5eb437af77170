"""What do both windows cost, and does the surgeon's hand notice them? Turns of a demo, with windows and without."""

import tempfile
from collections.abc import Callable
from pathlib import Path

from bench.figure import Figure
from bench.screenshots.scene import SCREENS, Screen
from bench.windows import ages, cost, memory
from bench.windows.turn import CONSOLE, PANEL, Turn, headless, windowed

ROUNDS = 4
SECONDS = 20.0


def run(hours: float, progress: Callable[[str], None]) -> list[Figure]:
    """All figures; memory over so many hours, none for 0. Raises ChildError."""
    small, large = SCREENS
    figures: list[Figure] = []
    opened: list[Turn] = []
    closed: list[Turn] = []
    for number in range(ROUNDS):
        progress(f"round {number + 1} of {ROUNDS}: both windows, {small.name}, {SECONDS:.0f} s and start-up")
        opened.append(_windowed(number, small, flat=True))
        progress(f"round {number + 1} of {ROUNDS}: no window, {SECONDS:.0f} s and start-up")
        closed.append(headless(SECONDS, number))
    figures += _costs(small, opened)
    figures += [ages.figure(opened, closed), ages.freezes(opened)]
    progress(f"both windows, {large.name}")
    figures += _costs(large, [_windowed(ROUNDS, large, flat=True)])
    progress(f"both windows, {small.name}, 3-D")
    solid = _windowed(ROUNDS + 1, small, flat=False)
    figures.append(cost.apart(CONSOLE, small.name, cost.cost(CONSOLE, [solid])))
    if hours:
        figures += memory.run(hours, progress)
    return figures


def _costs(screen: Screen, turns: list[Turn]) -> list[Figure]:
    return [
        figure for window in (CONSOLE, PANEL) for figure in cost.figures(window, screen.name, cost.cost(window, turns))
    ]


def _windowed(seed: int, screen: Screen, *, flat: bool) -> Turn:
    with tempfile.TemporaryDirectory(prefix="farhand-windows-") as folder:
        return windowed(SECONDS, seed, Path(folder), screen, flat=flat)
