"""The engineers' windows: a patient's side that is watched, and a run that is replayed."""

import tempfile
from collections.abc import Callable
from pathlib import Path

import msgspec
import numpy as np
from PySide6.QtWidgets import QWidget

from bench.screenshots.moments import AUTHORITY, NOW, moment
from bench.screenshots.scene import Scene, Screen
from protocol.clock import NS_PER_MS, NS_PER_S
from protocol.codec import encode
from protocol.messages import FreezeClass, Mode
from protocol.widgets.look import Look
from slave.figures import Told, figures_of
from slave.panel.app import grown
from slave.panel.engineer_view import EngineerView
from slave.panel.replay_window import ReplayWindow
from slave.panel.run_file import StoredRun
from slave.panel.watch_window import WatchWindow
from slave.panel.watching import Watched, heard
from slave.state import state_of
from slave.tick_log import MODES, columns

SILENT = "no command for 250 ms (limit 250 ms)"
TICK_S, RUN_S = 0.001, 40
STORY = ((0.0, Mode.LOCAL), (4.0, Mode.READY), (8.0, Mode.FOLLOWING), (26.0, Mode.FROZEN), (30.0, Mode.FOLLOWING))


class Deaf:
    """A watcher to whom all was told already."""

    def __init__(self, seen: Watched) -> None:
        self.seen = seen

    def look(self) -> Watched:
        """The same again."""
        return self.seen

    def close(self) -> None:
        """Nothing."""


def scenes() -> list[Scene]:
    """All pictures for engineers."""
    return [
        Scene("engineer-watch-following", _watch(Mode.FOLLOWING, FreezeClass.NONE, "")),
        Scene("engineer-watch-frozen", _watch(Mode.FROZEN, FreezeClass.LINK, SILENT)),
        Scene("engineer-replay", _replay),
    ]


def _watch(mode: Mode, freeze_class: FreezeClass, culprit: str) -> Callable[[Look, Screen], QWidget]:
    def make(look: Look, screen: Screen) -> QWidget:
        snapshot = moment(mode, freeze_class)
        authority = msgspec.structs.replace(AUTHORITY, mode=mode, freeze_class=freeze_class, culprit=culprit)
        assert snapshot.report is not None
        assert snapshot.session is not None
        assert snapshot.intake is not None
        told = Told(snapshot.session, snapshot.accepted, authority, snapshot.measured, snapshot.intake.commands)
        seen = Watched(NOW, NOW)
        for message in (
            state_of(0, 1, authority, snapshot.report),
            figures_of(NOW + 5 * NS_PER_MS, "psm", "laparoscopic", told),
        ):
            seen = heard(seen, encode(message))
        return _sized(WatchWindow(_grown(look, screen), Deaf(seen), "theatre-2:7200"), screen)

    return make


def _grown(look: Look, screen: Screen) -> Look:
    """As it is on that screen."""
    return Look(look.theme, grown(look.scale, screen.width, screen.height)[0])


def _replay(look: Look, screen: Screen) -> QWidget:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ticks.npz"
        np.savez(path, **_ticks())  # type: ignore[arg-type]  # its stub takes any keyword for a flag
        window = ReplayWindow(_grown(look, screen), StoredRun(path), path.name)
    window.seek(27.5)
    return _sized(window, screen)


def _sized(window: EngineerView, screen: Screen) -> QWidget:
    window.resize(screen.width, screen.height)
    return window


def _ticks() -> dict[str, np.ndarray[tuple[int], np.dtype[np.float64]]]:
    """Forty seconds of two arms, with a freeze."""
    at_s = np.arange(0.0, RUN_S, TICK_S)
    arrays = {name: np.zeros(len(at_s)) for name in columns(2)}
    arrays["now_ns"] = at_s * NS_PER_S
    for begun_s, mode in STORY:
        arrays["mode"][at_s >= begun_s] = MODES.index(mode)
    arrays["link_age_ns"] = (70.0 + 20.0 * np.sin(at_s) + np.where(at_s > 25.0, 150.0, 0.0)) * NS_PER_MS
    arrays["seen_age_ns"] = arrays["link_age_ns"] + 30.0 * NS_PER_MS
    for arm, side in enumerate((-1.0, 1.0)):
        arrays[f"arm{arm}_measured_x"] = side * 0.02 + 0.01 * np.sin(at_s)
        arrays[f"arm{arm}_measured_z"] = -0.14 + 0.01 * np.cos(at_s)
        arrays[f"arm{arm}_lag_m"] = np.full(len(at_s), 2e-4)
        arrays[f"arm{arm}_following"] = (arrays["mode"] == MODES.index(Mode.FOLLOWING)).astype(np.float64)
    return arrays
