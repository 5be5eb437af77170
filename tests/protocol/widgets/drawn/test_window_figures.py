import time
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from protocol.clock import NS_PER_MS
from protocol.widgets.window_figures import Pulse, Shown, Updates, WindowFigures, tell_if_asked
from protocol.widgets.window_second import FOLDER, WindowSecond, read
from tests.window_fixtures import PATIENCE_MS

MS = NS_PER_MS


def shown(qtbot: QtBot) -> QWidget:
    window = QLabel("a")
    qtbot.addWidget(window)
    with qtbot.waitExposed(window, timeout=PATIENCE_MS):
        window.show()
    return window


def test_the_longest_block_is_what_lies_beyond_the_interval_and_is_told_once() -> None:
    pulse = Pulse(10 * MS)
    for now_ms in (0, 10, 20, 95, 105):
        pulse.step(now_ms * MS)
    assert pulse.take() == 65 * MS
    pulse.step(115 * MS)
    assert pulse.take() == 0


def test_a_window_tells_its_frames_its_blocks_and_its_cost(qtbot: QtBot) -> None:
    window, told = shown(qtbot), list[WindowSecond]()
    WindowFigures(window, Updates(window), told.append, every_ms=100)
    painting = QTimer(window, interval=10)
    painting.timeout.connect(window.update)
    painting.start()
    QTimer.singleShot(250, lambda: time.sleep(0.3))
    qtbot.waitUntil(lambda: any(each.longest_blocked_ns > 250 * MS for each in told), timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: sum(each.frames for each in told) > 5, timeout=PATIENCE_MS)
    for before, now in pairwise(told):
        assert now.begin_ns == before.end_ns
        assert now.process_ns >= before.process_ns
        assert now.thread_ns >= before.thread_ns
    assert told[-1].resident_bytes > 10_000_000


def test_a_window_that_does_not_paint_tells_of_no_frames(qtbot: QtBot) -> None:
    window, told = shown(qtbot), list[WindowSecond]()
    qtbot.wait(100)
    WindowFigures(window, Updates(window), told.append, every_ms=100)
    qtbot.waitUntil(lambda: len(told) > 2, timeout=PATIENCE_MS)
    assert sum(each.frames for each in told[1:]) == 0


def test_frames_are_those_that_the_window_counts_where_it_does(qtbot: QtBot) -> None:
    window, told, counts = shown(qtbot), list[WindowSecond](), iter((7, 9, 30))
    WindowFigures(window, lambda: Shown(next(counts, 30), "flat"), told.append, every_ms=20)
    qtbot.waitUntil(lambda: len(told) > 2, timeout=PATIENCE_MS)
    assert [(each.frames, each.drawn) for each in told[:3]] == [(2, "flat"), (21, "flat"), (0, "flat")]


def test_a_block_is_told_in_the_second_that_it_was_in(qtbot: QtBot) -> None:
    window, told = shown(qtbot), list[WindowSecond]()
    WindowFigures(window, Updates(window), told.append, every_ms=50)
    qtbot.waitUntil(lambda: len(told) > 0, timeout=PATIENCE_MS)
    QTimer.singleShot(0, lambda: time.sleep(0.3))
    qtbot.waitUntil(lambda: any(each.end_ns - each.begin_ns > 250 * MS for each in told), timeout=PATIENCE_MS)
    long = next(each for each in told if each.end_ns - each.begin_ns > 250 * MS)
    assert long.longest_blocked_ns > 200 * MS


def test_it_writes_only_where_it_is_asked(qtbot: QtBot, tmp_path: Path) -> None:
    window = shown(qtbot)
    assert tell_if_asked(window, "panel", environment={}) is window
    assert window.findChildren(WindowFigures) == []
    tell_if_asked(window, "panel", environment={FOLDER: str(tmp_path)})
    assert read(tmp_path, "panel") == []
    qtbot.waitUntil(lambda: len(read(tmp_path, "panel")) >= 1, timeout=PATIENCE_MS)
    assert read(tmp_path, "panel")[0].end_ns <= time.monotonic_ns()
    assert read(tmp_path, "console") == []


def test_a_folder_that_is_not_there_is_told_and_ends_no_window(
    qtbot: QtBot, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    window = shown(qtbot)
    assert tell_if_asked(window, "panel", environment={FOLDER: str(tmp_path / "nowhere")}) is window
    assert window.findChildren(WindowFigures) == []
    assert "name a folder that is there" in "".join(capsys.readouterr()).replace("\n", " ")


def test_half_a_line_is_not_read_yet(tmp_path: Path) -> None:
    whole = msgspec.json.encode(WindowSecond(1, 2, 3, 4, 5, 6, 7)) + b"\n"
    (tmp_path / "panel.jsonl").write_bytes(whole + whole[:40])
    assert read(tmp_path, "panel") == [WindowSecond(1, 2, 3, 4, 5, 6, 7)]
