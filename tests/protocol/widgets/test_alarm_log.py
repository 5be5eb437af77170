import json
import os
import time
from contextlib import suppress
from pathlib import Path

import pytest

from protocol.widgets import alarm_log
from protocol.widgets.alarm_log import AlarmLog
from protocol.widgets.alarms import Alarm, Happening, What
from protocol.widgets.sentence import sentence
from protocol.widgets.theme import Priority

FROZEN = Alarm("frozen", Priority.HIGH, sentence("frozen for {time}: {cause}", time="2 s", cause="no command"))


def read_log(path: Path) -> list[dict[str, object]]:
    """The whole lines of a log; one that was cut off is passed over."""
    lines = []
    for line in path.read_text(encoding="utf-8").splitlines():
        with suppress(ValueError):
            lines.append(json.loads(line))
    return lines


def happening(what: What = What.BEGAN) -> Happening:
    return Happening(time.monotonic_ns(), what, None if what is What.AUDIO_PAUSED else FROZEN)


def test_each_happening_is_a_line_with_both_clocks(tmp_path: Path) -> None:
    log = AlarmLog(tmp_path / "state" / "alarms.jsonl", "panel")
    log.add((happening(), happening(What.AUDIO_PAUSED)))
    log.close()
    first, second = read_log(tmp_path / "state" / "alarms.jsonl")
    assert first["what"] == "began"
    assert (first["priority"], first["alarm"]) == ("HIGH", "frozen")
    assert first["text"] == "frozen for 2 s: no command"
    assert first["window"] == "panel"
    assert second["what"] == "audio paused"
    told = time.strptime(str(first["utc"])[:19], "%Y-%m-%dT%H:%M:%S")
    assert abs(time.mktime(time.gmtime()) - time.mktime(told)) < 60.0


def test_every_line_is_on_the_disk_before_the_next_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    write, sync = os.write, os.fdatasync
    monkeypatch.setattr(alarm_log.os, "write", lambda fd, line: done.append("write") or write(fd, line))
    monkeypatch.setattr(alarm_log.os, "fdatasync", lambda fd: done.append("sync") or sync(fd))
    log = AlarmLog(tmp_path / "alarms.jsonl", "panel")
    log.add((happening(), happening(What.ENDED)))
    log.close()
    assert done == ["write", "sync", "write", "sync"]


def test_a_line_that_a_loss_of_power_cut_off_harms_no_other(tmp_path: Path) -> None:
    path = tmp_path / "alarms.jsonl"
    path.write_text(json.dumps({"what": "began"}) + '\n{"what": "en', encoding="utf-8")
    log = AlarmLog(path, "panel")
    log.add((happening(What.ACKNOWLEDGED),))
    log.close()
    assert [line["what"] for line in read_log(path)] == ["began", "acknowledged"]


def test_a_long_log_is_put_aside_and_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alarm_log, "BYTES_MAX", 10)
    path = tmp_path / "alarms.jsonl"
    for what in (What.BEGAN, What.ENDED):
        log = AlarmLog(path, "panel")
        log.add((happening(what),))
        log.close()
    assert [line["what"] for line in read_log(path)] == ["ended"]
    assert [line["what"] for line in read_log(tmp_path / "alarms.jsonl.1")] == ["began"]


def test_a_disk_that_refuses_is_told_and_ends_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    log = AlarmLog(tmp_path / "file" / "alarms.jsonl", "panel")
    log.add((happening(),))
    log.close()
    assert "alarms are not logged" in log.trouble
