"""Both windows' memory over hours of a case, run as fast as they paint: by how much did it grow?"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from bench.figure import Figure
from bench.screenshots.scene import SCREENS
from bench.virtual_display import environment_on, virtual_display
from bench.windows.turn import CONSOLE, PANEL
from master.console.options import FLAT
from protocol.children import ChildError

GROWTH_MAX_MIB = 2.0
FILLED_MINUTES = 10
"""By then all that is bounded is full: plots of a minute, lists of alarms, caches of pictures and fonts."""
LEAST_MINUTES = 30
MIB = 2**20
LOOK_EVERY_S = 0.5


class Minute(msgspec.Struct, frozen=True):
    """So many have passed, and so much memory is resident."""

    minute: int
    resident_bytes: int


def run(hours: float, progress: Callable[[str], None]) -> list[Figure]:
    """Both at once, without OpenGL. Raises ChildError where one ends before its time."""
    with (
        virtual_display(SCREENS[0].width, SCREENS[0].height) as display,
        tempfile.TemporaryDirectory(prefix="farhand-windows-") as folder,
    ):
        environment = {**environment_on(display), FLAT: "1"}
        files = {name: Path(folder) / name for name in (CONSOLE, PANEL)}
        running = {name: _start(name, hours, environment, file) for name, file in files.items()}
        try:
            while all(process.poll() in (None, 0) for process in running.values()) and any(
                process.poll() is None for process in running.values()
            ):
                time.sleep(LOOK_EVERY_S)
                passed = [told[-1].minute if (told := _read(file)) else 0 for file in files.values()]
                progress(f"memory: {min(passed)} of {hours * 60:.0f} simulated minutes")
            for name, process in running.items():
                if process.poll() != 0:
                    raise ChildError(f"the {name} ended before its time (exit code {process.poll()})")
        finally:
            for process in running.values():
                process.kill()
                process.wait()
        return [figure(name, hours, _read(file)) for name, file in files.items()]


def figure(name: str, hours: float, told: Sequence[Minute]) -> Figure:
    """From what it had when all was full, to the end."""
    asked = f"{name}, without OpenGL: growth over {hours * 60:.0f} simulated minutes, from the {FILLED_MINUTES}th on"
    filled = [each for each in told if each.minute >= FILLED_MINUTES]
    if len(filled) < LEAST_MINUTES:
        why = f"less than {FILLED_MINUTES + LEAST_MINUTES} minutes tell nothing: --hours 1"
        return Figure(f"{name}.memory", asked, 0.0, GROWTH_MAX_MIB, "MiB", None, why)
    first, last = filled[0].resident_bytes / MIB, filled[-1].resident_bytes / MIB
    most = max(each.resident_bytes for each in filled) / MIB
    return Figure(
        name=f"{name}.memory",
        asked=asked,
        measured=most - first,
        bound=GROWTH_MAX_MIB,
        unit="MiB",
        holds=most - first <= GROWTH_MAX_MIB,
        note=f"{first:.1f} MiB, at the end {last:.1f}, at most {most:.1f}",
    )


def _start(name: str, hours: float, environment: dict[str, str], file: Path) -> subprocess.Popen[bytes]:
    with file.open("wb") as out:
        return subprocess.Popen(
            [sys.executable, "-m", "bench.windows.hour", name, str(hours)],
            cwd=Path(__file__).resolve().parent.parent.parent,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=out,
        )


def _read(file: Path) -> list[Minute]:
    lines = file.read_bytes().split(b"\n")
    return [msgspec.json.decode(line, type=Minute) for line in lines if line.endswith(b"}")]
