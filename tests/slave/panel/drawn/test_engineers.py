"""What engineers see, in real windows: a patient's side elsewhere, and a run that is over."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from bench.screenshots.scene import SCREENS
from protocol.codec import encode
from protocol.messages import FreezeClass, Mode
from slave.panel.replay_window import ReplayWindow
from slave.panel.run_file import StoredRun
from slave.panel.watch_window import WatchWindow
from slave.panel.watching import SILENT_NS, Watched, heard
from tests.protocol.samples import STATE
from tests.slave.panel.scene import replace
from tests.slave.panel.test_run_file import stored
from tests.slave.panel.test_watching import FAR, figures
from tests.window_checks import controls, cut_off, nameless, small_targets
from tests.window_fixtures import dress


class Heard:
    """A watcher to whom it was told already."""

    def __init__(self, *messages):
        self.seen = Watched(FAR, FAR)
        self.closed = False
        self.hear(*messages)

    def hear(self, *messages):
        for message in messages:
            self.seen = heard(self.seen, encode(message))

    def look(self):
        return self.seen

    def close(self):
        self.closed = True


def shown(window, screen, qtbot):
    qtbot.addWidget(window)
    window.resize(screen.width, screen.height)
    window.show()
    qtbot.waitUntil(lambda: window.windowHandle() is not None and window.windowHandle().isExposed(), timeout=30_000)
    window.look()
    return window


@pytest.fixture
def watch(qapp, qtbot):
    watcher = Heard(
        replace(STATE, mode=Mode.FROZEN, freeze_class=FreezeClass.LINK, culprit="loop age 310 ms (limit 300 ms)"),
        figures(),
    )
    window = shown(WatchWindow(dress(qapp, SCREENS[0].dpi), watcher, "theatre:7200"), SCREENS[0], qtbot)
    yield window, watcher
    window.close()
    assert watcher.closed


def test_a_watched_patients_side_shows_mode_reason_link_and_joints(watch):
    window, _ = watch
    assert window.banner.texts[:2] == ("FROZEN", "Loop age 310 ms (limit 300 ms)")
    assert "read only" in window.banner.texts[2]
    assert [cell.value for cell in window.link.shown][:1] == ["95 ms"]
    assert window.arms is not None
    assert "theatre-2" in window.connection.text


def test_states_that_stop_coming_are_unknown_and_said(watch):
    window, watcher = watch
    watcher.seen = watcher.seen._replace(now_ns=FAR + 10 * SILENT_NS)
    window.look()
    assert window.banner.texts[0] != "FROZEN"
    assert "No state for 5.0 s" in window.connection.text


def test_there_is_nothing_to_press_in_a_watching_window(watch):
    window, _ = watch
    assert controls(window) == []


def test_nothing_is_cut_off_in_a_watching_window(screen, language, qapp, qtbot):
    watcher = Heard(replace(STATE, mode=Mode.FOLLOWING), figures())
    window = shown(WatchWindow(dress(qapp, screen.dpi), watcher, "theatre:7200"), screen, qtbot)
    assert cut_off(window) == []
    window.close()


@pytest.fixture
def run(tmp_path):
    return StoredRun(stored(tmp_path / "ticks.npz"))


@pytest.fixture
def replay(run, qapp, qtbot):
    window = shown(ReplayWindow(dress(qapp, SCREENS[0].dpi), run, "ticks.npz"), SCREENS[0], qtbot)
    window._timer.stop()
    yield window
    window.close()


def test_the_slider_goes_anywhere_and_the_picture_with_it(replay):
    for at_s, mode in ((0.5, "READY"), (1.5, "FOLLOWING"), (2.5, "FROZEN"), (0.5, "READY")):
        replay.slider.setSliderPosition(round(at_s * 1000))
        replay.seek(at_s)
        replay.look()
        assert replay.banner.texts[0] == mode
        assert f"{at_s:.3f} of 3.0 s" in replay.time.text


def test_it_plays_at_any_speed_and_stops_at_the_end(replay, qtbot):
    QTest.mouseClick(replay.play, Qt.MouseButton.LeftButton)
    for _ in range(10):
        QTest.mouseClick(replay.faster, Qt.MouseButton.LeftButton)
    for _ in range(5):
        qtbot.wait(30)
        replay.look()
    assert replay.player.at_s == replay.player.seconds
    assert not replay.player.plays
    assert replay.slider.value() == replay.slider.maximum()


def test_the_whole_run_is_in_the_time_line_and_the_age_of_the_minute_in_the_plot(replay):
    assert [stretch.mode for stretch in replay.timeline.history.stretches] == [Mode.READY, Mode.FOLLOWING, Mode.FROZEN]
    replay.seek(2.5)
    ages = replay.plot.history.series(2_500_000_000)[1]
    assert np.nanmax(ages) == 90.0
    assert np.isnan(ages[:-30]).all()


def test_nothing_is_cut_off_in_a_replay(screen, language, run, qapp, qtbot):
    window = shown(ReplayWindow(dress(qapp, screen.dpi), run, "ticks.npz"), screen, qtbot)
    assert cut_off(window) == []
    assert small_targets(window, window._look.scale) == []
    assert nameless(window) == []
    window.close()
