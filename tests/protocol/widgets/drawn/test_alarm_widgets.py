import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QProcess, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from protocol.clock import NS_PER_S
from protocol.widgets.alarm_list import ROWS, AlarmList, AlarmRow, wall_time
from protocol.widgets.alarm_sound import OVERDUE_NS, STUCK_MAX, AlarmSound
from protocol.widgets.alarms import Alarm, Entry
from protocol.widgets.culprits import told
from protocol.widgets.language import Language
from protocol.widgets.look import Look
from protocol.widgets.sentence import sentence
from protocol.widgets.theme import Priority
from tests.tree import ROOT
from tests.window_checks import controls, cut_off, nameless, small_targets
from tests.window_fixtures import PATIENCE_MS, Screen, dress

S = NS_PER_S
LONG = told("LAG: arm 0 is 12.3 mm, 11.4 deg behind the hand (limit 10 mm, 10 deg)")
FROZEN = Alarm("frozen", Priority.HIGH, LONG)
SLOW = Alarm("slow", Priority.MEDIUM, sentence("slowed, for the link is slow"))
LOW = Alarm("low", Priority.LOW, sentence("no sound device answers"))
ENTRIES = (Entry(FROZEN, 90 * S), Entry(SLOW, 80 * S, ended_ns=85 * S), Entry(LOW, 70 * S, acknowledged_ns=75 * S))


@pytest.fixture
def alarm_list(look: Look, qtbot: QtBot) -> AlarmList:
    made = AlarmList(look)
    qtbot.addWidget(made)
    made.resize(700, 500)
    made.show()
    made.show_alarms(ENTRIES, 100 * S)
    return made


def rows(alarm_list: AlarmList) -> list[AlarmRow]:
    return [row for row in alarm_list.findChildren(AlarmRow) if row.isVisible()]


def test_a_touch_on_a_line_acknowledges_that_alarm(alarm_list: AlarmList, qtbot: QtBot) -> None:
    with qtbot.waitSignal(alarm_list.acknowledged, timeout=PATIENCE_MS) as heard:
        qtbot.mouseClick(rows(alarm_list)[1], Qt.MouseButton.LeftButton)
    assert heard.args == ["slow"]


@pytest.fixture
def acknowledged(alarm_list: AlarmList) -> list[str]:
    heard: list[str] = []
    alarm_list.acknowledged.connect(heard.append)
    return heard


def test_all_that_is_shown_is_acknowledged_at_once_by_their_button(
    alarm_list: AlarmList, acknowledged: list[str], qtbot: QtBot
) -> None:
    qtbot.mouseClick(alarm_list._all, Qt.MouseButton.LeftButton)
    assert acknowledged == ["frozen", "slow"]
    alarm_list.show_alarms((), 100 * S)
    assert not alarm_list._all.isEnabled()


def test_what_is_only_counted_below_the_rows_is_not_acknowledged(
    alarm_list: AlarmList, acknowledged: list[str], qtbot: QtBot
) -> None:
    many = [Entry(SLOW._replace(key=str(number)), 90 * S) for number in range(ROWS + 2)]
    alarm_list.show_alarms(many, 100 * S)
    qtbot.mouseClick(alarm_list._all, Qt.MouseButton.LeftButton)
    assert acknowledged == [str(number) for number in range(ROWS)]


@pytest.mark.parametrize("button", ["row", "all"])
def test_what_came_between_finger_down_and_up_is_not_acknowledged(
    button: str, alarm_list: AlarmList, acknowledged: list[str], qtbot: QtBot
) -> None:
    alarm_list.show_alarms((Entry(SLOW, 80 * S),), 100 * S)
    pressed = alarm_list._all if button == "all" else rows(alarm_list)[0]
    qtbot.mousePress(pressed, Qt.MouseButton.LeftButton)
    alarm_list.show_alarms((Entry(FROZEN, 100 * S), Entry(SLOW, 80 * S)), 100 * S)
    qtbot.mouseRelease(pressed, Qt.MouseButton.LeftButton)
    assert acknowledged == ["slow"]


def test_what_began_anew_or_got_worse_under_the_finger_is_not_acknowledged(
    alarm_list: AlarmList, acknowledged: list[str], qtbot: QtBot
) -> None:
    row = rows(alarm_list)[0]
    alarm_list.show_alarms((Entry(SLOW, 80 * S),), 100 * S)
    qtbot.mousePress(row, Qt.MouseButton.LeftButton)
    old = Entry(SLOW._replace(key=f"slow#{80 * S}"), 80 * S, ended_ns=90 * S)
    alarm_list.show_alarms((Entry(SLOW, 99 * S), old), 100 * S)
    qtbot.mouseRelease(row, Qt.MouseButton.LeftButton)
    assert acknowledged == [old.alarm.key]
    alarm_list.show_alarms((Entry(SLOW, 99 * S),), 100 * S)
    qtbot.mousePress(row, Qt.MouseButton.LeftButton)
    alarm_list.show_alarms((Entry(SLOW._replace(priority=Priority.HIGH), 99 * S),), 100 * S)
    qtbot.mouseRelease(row, Qt.MouseButton.LeftButton)
    assert acknowledged == [old.alarm.key]


def test_the_pause_of_the_sound_shows_how_long_it_lasts(alarm_list: AlarmList, qtbot: QtBot) -> None:
    with qtbot.waitSignal(alarm_list.pause_pressed, timeout=PATIENCE_MS):
        qtbot.mouseClick(alarm_list._pause, Qt.MouseButton.LeftButton)
    alarm_list.show_alarms(ENTRIES, 100 * S, pause_left_ns=61 * S)
    assert "1:01" in alarm_list._pause.text()


def test_a_system_without_sound_says_so(alarm_list: AlarmList) -> None:
    alarm_list.show_alarms(ENTRIES, 100 * S, trouble=sentence("no sound device answers"))
    assert "no sound device" in alarm_list._pause.note


def test_only_what_asks_flashes(alarm_list: AlarmList, monkeypatch: pytest.MonkeyPatch) -> None:
    def pictures(lit: bool) -> list[object]:
        monkeypatch.setattr("protocol.widgets.alarm_list.flash_is_on", lambda _priority: lit)
        for row in rows(alarm_list):
            row.flash()
        return [row.grab().toImage() for row in rows(alarm_list)]

    same = [one == other for one, other in zip(pictures(lit=True), pictures(lit=False), strict=True)]
    assert same == [False, True, True]


def test_nothing_is_cut_off_and_all_can_be_pressed_with_gloves(
    screen: Screen, language: Language, qapp: QApplication, qtbot: QtBot
) -> None:
    look = dress(qapp, screen.dpi)
    made = AlarmList(look)
    qtbot.addWidget(made)
    made.resize(look.px(120.0), look.px(105.0))
    made.show_alarms((*ENTRIES, *ENTRIES), 100 * S)
    with qtbot.waitExposed(made, timeout=PATIENCE_MS):
        made.show()
    assert cut_off(made) == []
    assert small_targets(made, look.scale) == []
    assert nameless(made) == []
    assert len(controls(made)) == 6


def test_a_stamp_is_told_by_the_time_of_day() -> None:
    assert len(wall_time(90 * S, 100 * S)) == len("12:00:00")
    assert wall_time(90 * S, 100 * S) != wall_time(80 * S, 100 * S)


def player(folder: Path, script: str) -> str:
    path = folder / "player"
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


def test_a_burst_is_played_as_a_file_of_its_priority(
    look: Look, qapp: QApplication, qtbot: QtBot, tmp_path: Path
) -> None:
    sound = AlarmSound(qapp, player(tmp_path, f'head -c 4 "$1" > {tmp_path}/heard; echo "$1" >> {tmp_path}/heard'))
    sound.play(Priority.HIGH)
    qtbot.waitUntil(
        lambda: (tmp_path / "heard").exists() and b"high.wav" in (tmp_path / "heard").read_bytes(), timeout=PATIENCE_MS
    )
    assert (tmp_path / "heard").read_bytes().startswith(b"RIFF")
    assert sound.trouble is None


def test_a_player_without_a_device_is_told_and_no_error(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> None:
    sound = AlarmSound(qapp, player(tmp_path, "echo 'aplay: no soundcards found' >&2; exit 1"))
    with qtbot.waitSignal(sound.changed, timeout=PATIENCE_MS):
        sound.play(Priority.LOW)
    assert sound.trouble is not None
    assert "no soundcards found" in sound.details


def test_sound_that_comes_back_is_no_trouble_any_more(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> None:
    sound = AlarmSound(qapp, player(tmp_path, f"test -e {tmp_path}/card"))
    with qtbot.waitSignal(sound.changed, timeout=PATIENCE_MS):
        sound.play(Priority.LOW)
    (tmp_path / "card").touch()
    with qtbot.waitSignal(sound.changed, timeout=PATIENCE_MS):
        sound.play(Priority.LOW)
    assert sound.trouble is None


def test_a_program_that_is_not_there_is_told(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> None:
    sound = AlarmSound(qapp, str(tmp_path / "nothing"))
    with qtbot.waitSignal(sound.changed, timeout=PATIENCE_MS):
        sound.play(Priority.LOW)
    assert sound.trouble is not None


def test_a_system_without_any_player_names_the_package(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("protocol.widgets.alarm_sound.player", lambda: None)
    sound = AlarmSound(qapp)
    assert sound.trouble is not None
    assert "alsa-utils" in sound.trouble.english
    sound.play(Priority.HIGH)


def test_sounds_leave_no_files_behind(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> None:
    sound = AlarmSound(qapp, player(tmp_path, "exit 0"))
    folder = sound._folder.name
    assert os.path.isdir(folder)
    sound.deleteLater()
    qtbot.waitUntil(lambda: not os.path.isdir(folder))


def running(sound: AlarmSound, qtbot: QtBot) -> QProcess:
    process = sound._process
    assert process is not None
    qtbot.waitUntil(lambda: process.state() is QProcess.ProcessState.Running)
    return process


def test_to_hush_a_program_that_hangs_waits_for_nothing(
    qapp: QApplication, qtbot: QtBot, qtlog: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sound = AlarmSound(qapp, player(tmp_path, "exec sleep 60"))
    sound.play(Priority.HIGH)
    process = running(sound, qtbot)
    with monkeypatch.context() as unkillable:
        unkillable.setattr("protocol.widgets.alarm_sound.QProcess.kill", lambda _process: None)
        sound.hush()
        qtbot.wait(50)
        assert process.state() is QProcess.ProcessState.Running, "nobody destroyed it, and waited"
    sound.end()
    qtbot.waitUntil(lambda: sound._ending == [])
    assert "Destroyed" not in " ".join(record.message for record in qtlog.records)  # type: ignore[attr-defined]


def test_a_burst_that_still_runs_when_the_next_is_due_is_told(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> None:
    now_ns = [0]
    sound = AlarmSound(qapp, player(tmp_path, "exec sleep 60"), clock=lambda: now_ns[0])
    sound.play(Priority.MEDIUM)
    running(sound, qtbot)
    now_ns[0] = OVERDUE_NS - 1
    sound.play(Priority.HIGH)
    assert sound.trouble is None, "a worse alarm cuts a burst short"
    running(sound, qtbot)
    now_ns[0] += OVERDUE_NS
    sound.play(Priority.HIGH)
    assert sound.trouble is not None
    running(sound, qtbot)
    sound.end()


def test_programs_that_do_not_go_are_not_heaped_up(
    qapp: QApplication, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sound = AlarmSound(qapp, player(tmp_path, "exec sleep 60"))
    with monkeypatch.context() as unkillable:
        unkillable.setattr("protocol.widgets.alarm_sound.QProcess.kill", lambda _process: None)
        for _ in range(STUCK_MAX):
            sound.play(Priority.HIGH)
            running(sound, qtbot)
        sound.play(Priority.HIGH)
        assert sound._process is None
        assert len(sound._ending) == STUCK_MAX
    sound.end()
    assert sound._ending == []


QUITS = """
import sys
from PySide6.QtCore import QCoreApplication, QTimer
from protocol.widgets.alarm_sound import OVERDUE_NS, STUCK_MAX, AlarmSound
from protocol.widgets.theme import Priority
app = QCoreApplication([])
sound = AlarmSound(app, sys.argv[1])
sound.play(Priority.LOW)
QTimer.singleShot(200, lambda: (sound.play(Priority.HIGH), app.quit()))
sys.exit(app.exec())
"""


def test_an_application_that_ends_while_a_burst_sounds_ends_quietly(tmp_path: Path) -> None:
    asked = [sys.executable, "-c", QUITS, player(tmp_path, "exec sleep 60")]
    done = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, timeout=25, check=False)
    assert (done.returncode, done.stderr) == (0, "")
