import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from protocol.widgets.frame_clock import FrameClock, stands_on_screen
from tests.window_fixtures import PATIENCE_MS


class Covered:
    """The handle of a window of which nothing is to be seen."""

    def isExposed(self) -> bool:
        return False


class Scene:
    """A window of two parts, and what its clock tells."""

    def __init__(self, qtbot: QtBot) -> None:
        self.window = QWidget()
        qtbot.addWidget(self.window)
        self.parts = (QLabel("a"), QLabel("b"))
        layout = QVBoxLayout(self.window)
        for part in self.parts:
            layout.addWidget(part)
        self.shown: list[int] = []
        self.clock = FrameClock[int](self.window, self.parts, self.shown.append)


def test_what_was_painted_is_told_once(qtbot: QtBot) -> None:
    scene = Scene(qtbot)
    with qtbot.waitExposed(scene.window, timeout=PATIENCE_MS):
        scene.window.show()
    scene.clock.offer(7)
    qtbot.waitUntil(lambda: scene.shown == [7], timeout=PATIENCE_MS)
    scene.parts[0].update()
    qtbot.wait(50)
    assert scene.shown == [7]


def test_nothing_is_told_while_the_window_is_hidden(qtbot: QtBot) -> None:
    scene = Scene(qtbot)
    scene.clock.offer(7)
    qtbot.wait(50)
    assert scene.shown == []
    scene.window.show()
    qtbot.waitUntil(lambda: scene.shown == [7], timeout=PATIENCE_MS)
    scene.window.hide()
    scene.clock.offer(8)
    qtbot.wait(50)
    assert scene.shown == [7]


def test_nothing_is_told_of_a_window_that_is_minimised_though_it_paints(qtbot: QtBot) -> None:
    scene = Scene(qtbot)
    with qtbot.waitExposed(scene.window, timeout=PATIENCE_MS):
        scene.window.show()
    assert stands_on_screen(scene.parts[0])
    scene.window.setWindowState(Qt.WindowState.WindowMinimized)
    scene.clock.offer(7)
    for part in scene.parts:
        part.repaint()
    qtbot.wait(50)
    assert scene.shown == []
    assert not stands_on_screen(scene.parts[0])
    scene.window.setWindowState(Qt.WindowState.WindowNoState)
    scene.clock.offer(8)
    qtbot.waitUntil(lambda: scene.shown == [8], timeout=PATIENCE_MS)


def test_nothing_is_told_of_a_window_that_is_not_exposed_though_it_paints(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = Scene(qtbot)
    with qtbot.waitExposed(scene.window, timeout=PATIENCE_MS):
        scene.window.show()
    monkeypatch.setattr(scene.window, "windowHandle", Covered)
    scene.clock.offer(7)
    for part in scene.parts:
        part.repaint()
    qtbot.wait(50)
    assert scene.shown == []


def test_nothing_is_told_before_all_parts_have_painted(qtbot: QtBot) -> None:
    scene = Scene(qtbot)
    with qtbot.waitExposed(scene.window, timeout=PATIENCE_MS):
        scene.window.show()
    scene.parts[1].hide()
    qtbot.wait(20)
    scene.clock.offer(7)
    qtbot.wait(50)
    assert scene.shown == []
    scene.parts[1].show()
    qtbot.waitUntil(lambda: scene.shown == [7], timeout=PATIENCE_MS)


def test_it_is_told_after_the_paint_and_not_within_it(qtbot: QtBot) -> None:
    scene = Scene(qtbot)
    with qtbot.waitExposed(scene.window, timeout=PATIENCE_MS):
        scene.window.show()
    scene.clock.offer(7)
    scene.parts[0].repaint()
    scene.parts[1].repaint()
    assert scene.shown == []
    qtbot.waitUntil(lambda: scene.shown == [7], timeout=PATIENCE_MS)


def test_of_what_comes_faster_than_it_is_painted_the_newest_is_told(qtbot: QtBot) -> None:
    scene = Scene(qtbot)
    with qtbot.waitExposed(scene.window, timeout=PATIENCE_MS):
        scene.window.show()
    for stamp in range(5):
        scene.clock.offer(stamp)
    qtbot.waitUntil(lambda: scene.shown == [4], timeout=PATIENCE_MS)


def test_a_stream_faster_than_any_screen_is_not_silenced(qtbot: QtBot) -> None:
    scene = Scene(qtbot)
    with qtbot.waitExposed(scene.window, timeout=PATIENCE_MS):
        scene.window.show()
    stream = QTimer(scene.window, interval=0)
    stamps = iter(range(1_000_000))
    stream.timeout.connect(lambda: scene.clock.offer(next(stamps)))
    stream.start()
    qtbot.waitUntil(lambda: len(scene.shown) > 10, timeout=PATIENCE_MS)
    stream.stop()
    assert scene.shown == sorted(set(scene.shown))
