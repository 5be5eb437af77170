"""The process of a window: what happens when it fails."""

import sys

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QApplication, QWidget

from bench.screenshots.panel import Still, moments
from slave.panel.app import FAILED, show
from slave.panel.window import PanelWindow


class Broken(QWidget):
    """Fails in each frame, and once more as it closes."""

    def __init__(self) -> None:
        super().__init__()
        self.closed = 0
        self._timer = QTimer(self, interval=1)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def look(self) -> None:
        raise ZeroDivisionError("a frame")

    def closeEvent(self, event: QCloseEvent) -> None:
        self.closed += 1
        self._timer.stop()
        super().closeEvent(event)
        raise ZeroDivisionError("the end")


@pytest.fixture(autouse=True)
def no_signals(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("slave.panel.app.signal.signal", lambda *_: None)


def test_a_window_that_fails_in_a_frame_ends_says_so_and_exits_as_failed(
    qapp: QApplication, capfd: pytest.CaptureFixture[str]
) -> None:
    window, before = Broken(), sys.excepthook
    QTimer.singleShot(5000, qapp, qapp.quit)
    assert show(lambda _look, _roomy: window, "en", "dark") == FAILED
    assert window.closed == 1
    assert sys.excepthook is before
    assert "open it again" in " ".join(capfd.readouterr().err.split())


def test_a_panel_that_fails_to_show_a_moment_ends_what_is_held(qapp: QApplication) -> None:
    place = Still(moments()["local"])
    kept = []

    def broken(look: object, _roomy: bool) -> QWidget:
        window = PanelWindow(look, place)  # type: ignore[arg-type]
        window.jog.plus.begun.emit()
        window.surgeon.show_surgeon = lambda *_: 1 / 0  # type: ignore[assignment]
        kept.append(window)
        return window

    QTimer.singleShot(5000, qapp, qapp.quit)
    assert show(broken, "en", "dark") == FAILED
    (window,) = kept
    assert window.jog.held is None
    assert place.jogged == [], "nothing is sent behind a picture that is not shown"
    assert place.let_go_of
    assert not window._timer.isActive()


def test_a_window_that_is_closed_exits_well(qapp: QApplication) -> None:
    window = QWidget()
    QTimer.singleShot(100, window, window.close)
    assert show(lambda _look, _roomy: window, "en", "dark") == 0
