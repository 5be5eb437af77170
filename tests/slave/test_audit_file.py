"""The audit log on a real disk: who may have it, what is done when it is full, and what is found when it is opened."""

import json
import os
import resource
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest

from slave import audit_writer
from slave.audit_file import AuditFile, AuditFileError, utc_at
from slave.audit_log import Happening, verify
from slave.audit_writer import Writer
from tests.tree import ROOT

WAIT_S = 20


def happening(what="stop", count=1):
    return Happening(time.monotonic_ns(), what, "supervisor", "FREEZE pressed", count, {"stop_number": 3})


def account(path):
    with path.open("rb") as file:
        return verify(file)


def whats(path):
    return [json.loads(line)["what"] for line in path.read_bytes().splitlines() if line.endswith(b"}")]


@contextmanager
def opened(path):
    file = AuditFile(path)
    try:
        yield file
    finally:
        file.close()


@contextmanager
def no_more_than(size):
    """The kernel lets no file of this process grow beyond `size` bytes: a disk full in the middle of a write."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def await_that(condition):
    deadline_s = time.monotonic() + WAIT_S
    while not condition():
        assert time.monotonic() < deadline_s
        time.sleep(0.01)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "audit" / "audit.jsonl"


@pytest.fixture
def slept(monkeypatch):
    """Retries need not be waited for."""
    monkeypatch.setattr(audit_writer, "RETRY_S", 0.01)


def test_a_new_log_is_its_owners_alone_and_what_is_appended_stays_when_it_is_opened_again(path):
    for run in range(3):
        with opened(path) as file:
            assert file.chain.number == 2 * run
            file.append(happening())
            file.append(happening())
            file.sync()
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert account(path)[0] == 6


def test_an_entry_names_the_time_of_day_and_the_start_of_the_host_that_its_stamp_counts_from(path):
    now_ns = time.monotonic_ns()
    with opened(path) as file:
        file.append(Happening(now_ns - 3600 * 10**9, "stop", "", ""))
    entry = json.loads(path.read_text())
    ago_s = (datetime.now(UTC) - datetime.fromisoformat(entry["utc"])).total_seconds()
    assert 3600 <= ago_s < 3600 + WAIT_S
    assert entry["monotonic_ns"] == now_ns - 3600 * 10**9
    assert len(entry["boot"]) == 36


@pytest.mark.parametrize("at_ns", [0, 2**63 - 1])
def test_a_stamp_of_any_time_has_a_time_of_day(at_ns):
    assert utc_at(at_ns).endswith("Z")


def test_two_runs_do_not_write_one_log(path):
    with opened(path) as first:
        first.append(happening())
        with pytest.raises(AuditFileError, match="being written by another run"):
            AuditFile(path)
        code = "import sys, pathlib\nfrom slave.audit_file import AuditFile\nAuditFile(pathlib.Path(sys.argv[1]))"
        other = subprocess.run(
            [sys.executable, "-c", code, str(path)], cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert "being written by another run" in other.stderr
        first.append(happening())
    with opened(path) as third:
        assert third.chain.number == 2


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602, 0o601])
def test_a_log_that_others_may_read_or_write_is_refused(path, mode):
    with opened(path):
        path.chmod(mode)
    with pytest.raises(AuditFileError, match=f"open to others, mode {mode:o}: chmod 600 it"):
        AuditFile(path)
    path.chmod(0o600)
    AuditFile(path).close()


def test_a_log_in_a_folder_that_others_may_write_to_is_refused(path):
    path.parent.mkdir()
    path.parent.chmod(0o777)
    with pytest.raises(AuditFileError, match="that others may write to"):
        AuditFile(path)
    assert not path.exists()


def test_a_log_of_another_user_is_refused(path, monkeypatch):
    with opened(path):
        pass
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    with pytest.raises(AuditFileError, match=r"that others may write to|belongs to another user"):
        AuditFile(path)


def test_what_is_no_file_is_refused(path, tmp_path):
    with opened(path):
        pass
    (tmp_path / "link").symlink_to(path)
    os.mkfifo(tmp_path / "fifo", 0o600)
    for name, why in (("link", "symbolic link"), ("fifo", "no regular file"), ("audit", "is a directory")):
        with pytest.raises(AuditFileError, match=why):
            AuditFile(tmp_path / name)
    with pytest.raises(AuditFileError, match="cannot be opened"):
        AuditFile(tmp_path / "fifo" / "audit.jsonl")


def test_a_log_that_was_falsified_is_not_gone_on_with_and_stays_as_it_is(path):
    with opened(path) as file:
        for _ in range(3):
            file.append(happening())
    content = path.read_bytes().replace(b"FREEZE", b"freeze", 1)
    path.write_bytes(content)
    with pytest.raises(AuditFileError, match=r"line 1: was changed.*choose another with --audit"):
        AuditFile(path)
    assert path.read_bytes() == content


@pytest.mark.parametrize("content", ["my letters", "my letters\n", "{}\n"])
def test_a_file_that_is_no_log_is_refused_and_stays_as_it_is(path, content):
    path.parent.mkdir(mode=0o700)
    path.write_text(content)
    path.chmod(0o600)
    with pytest.raises(AuditFileError, match="line 1"):
        AuditFile(path)
    assert path.read_text() == content


@pytest.mark.parametrize("kept", [1, 100, 350])
def test_a_torn_last_line_is_told_of_and_gone_on_from(path, kept):
    with opened(path) as file:
        file.append(happening())
        size = path.stat().st_size
        file.append(happening())
    os.truncate(path, size + kept)
    with opened(path) as file:
        assert (file.chain.number, len(file.chain.torn)) == (1, kept)
        file.append(happening("next"))
    assert whats(path) == ["stop", "torn line", "next"]
    assert account(path)[2:] == (0, 1, 0, 0, "")


@pytest.mark.parametrize("room", [0, 1, 100, 350])
def test_a_write_that_the_disk_cut_short_is_gone_on_from_once_there_is_room(path, room):
    with opened(path) as file:
        file.append(happening())
        with no_more_than(path.stat().st_size + room):
            for _ in range(3):
                with pytest.raises(OSError, match="large"):
                    file.append(happening())
        assert path.stat().st_size == file._size
        file.append(happening("room again"))
    assert whats(path) == ["stop", *(["torn line"] if room else []), "room again"]
    assert account(path).bad == ""


def calls_of(monkeypatch):
    """What is asked of the kernel: the last byte of each write, and "sync"."""
    calls = []
    write, fdatasync = os.write, os.fdatasync
    monkeypatch.setattr(os, "write", lambda descriptor, data: calls.append(data[-1:]) or write(descriptor, data))
    monkeypatch.setattr(os, "fdatasync", lambda descriptor: calls.append("sync") or fdatasync(descriptor))
    return calls


def test_each_entry_is_one_write_and_is_then_brought_to_the_disk(path, monkeypatch):
    calls = calls_of(monkeypatch)
    writer = Writer(AuditFile(path))
    for number in range(1, 4):
        writer.put(happening())
        await_that(lambda number=number: len(calls) == 2 * number)
    assert calls == [b"\n", "sync"] * 3
    assert writer.close(WAIT_S)


def test_entries_that_wait_are_brought_to_the_disk_together_but_not_too_many(path, monkeypatch):
    calls = calls_of(monkeypatch)
    file = AuditFile(path)
    gate, append = threading.Event(), file.append
    monkeypatch.setattr(file, "append", lambda happening: gate.wait(WAIT_S) and append(happening))
    writer = Writer(file)
    for _ in range(100):
        writer.put(happening())
    gate.set()
    assert writer.close(WAIT_S)
    assert calls[:65] == [b"\n"] * 64 + ["sync"]
    assert calls.count(b"\n") == 100
    assert calls[-1] == "sync"


def test_what_another_program_does_to_the_file_is_told(path):
    with opened(path) as file:
        file.append(happening())
        file.append(happening())
        assert file.disturbed == ""
        with path.open("ab") as other:
            other.write(b"x")
        file.append(happening())
        assert "another program changed" in file.disturbed
        path.rename(path.with_name("elsewhere"))
        file.append(happening())
        assert "was moved or removed" in file.disturbed
    assert account(path.with_name("elsewhere")).bad_line == 3


def test_a_writer_writes_all_in_order_and_tells_how_many(path):
    writer = Writer(AuditFile(path))
    for number in range(200):
        writer.put(happening(str(number)))
    assert writer.close(WAIT_S)
    assert whats(path) == [str(number) for number in range(200)]
    assert (writer.entries, writer.waiting, writer.lost) == (200, 0, 0)
    assert not writer.alive


def test_a_disk_that_is_full_is_told_and_tried_again_and_nothing_is_lost(path, slept):
    writer = Writer(AuditFile(path))
    writer.put(happening("before"))
    await_that(lambda: writer.entries == 1 and not writer.trouble(time.monotonic_ns()))
    with no_more_than(path.stat().st_size + 50):
        for number in range(5):
            writer.put(happening(str(number)))
        await_that(lambda: "entries wait" in writer.trouble(time.monotonic_ns()))
        assert writer.alive
    await_that(lambda: not writer.waiting and not writer.trouble(time.monotonic_ns()))
    assert writer.close(WAIT_S)
    assert whats(path) == ["before", "torn line", *"01234"]
    assert account(path).bad == ""


def test_what_found_no_room_to_wait_is_counted_and_told_by_an_entry(path, slept, monkeypatch):
    monkeypatch.setattr(audit_writer, "WAITING_MAX", 4)
    writer = Writer(AuditFile(path))
    with no_more_than(0):
        for number in range(20):
            writer.put(happening(str(number)))
        await_that(lambda: writer.trouble(time.monotonic_ns()))
        assert 15 <= writer.lost <= 16
    await_that(lambda: not writer.waiting)
    writer.put(happening("last"))
    assert writer.close(WAIT_S)
    entries = [json.loads(line) for line in path.read_text().splitlines()]
    lost = [entry["count"] for entry in entries if entry["what"] == "entries lost"]
    assert sum(lost) == writer.lost
    assert account(path)[0] == 20 - writer.lost + len(lost) + 1


def test_a_disk_that_does_not_answer_delays_nobody_and_is_told(path, monkeypatch):
    stuck = threading.Event()
    file = AuditFile(path)
    monkeypatch.setattr(file, "sync", lambda: stuck.wait(WAIT_S))
    writer = Writer(file)
    begun_s = time.monotonic()
    writer.put(happening())
    await_that(lambda: writer.entries == 1)
    for _ in range(100):
        writer.put(happening())
    assert writer.trouble(time.monotonic_ns()) == ""
    assert "taken no entry for" in writer.trouble(time.monotonic_ns() + 60 * 10**9)
    assert not writer.close(0.1)
    assert time.monotonic() - begun_s < WAIT_S, "nobody waited until it answered"
    stuck.set()


def test_a_sync_that_fails_is_told_to_the_end_and_by_an_entry_and_no_entry_is_written_twice(path, monkeypatch):
    file = AuditFile(path)
    failing = [True]

    def sync():
        if failing and failing.pop():
            raise OSError(5, "Input/output error")

    monkeypatch.setattr(file, "sync", sync)
    writer = Writer(file)
    for number in range(3):
        writer.put(happening(str(number)))
        await_that(lambda: "entries up to 1 may not be on the disk" in writer.trouble(time.monotonic_ns()))
    assert writer.close(WAIT_S)
    assert "Input/output error" in writer.trouble(time.monotonic_ns())
    assert whats(path) == ["0", "log disturbed", "1", "2"]


def test_a_log_that_is_moved_away_is_told_in_the_status_and_by_an_entry(path):
    writer = Writer(AuditFile(path))
    writer.put(happening("0"))
    await_that(lambda: writer.entries == 1)
    path.rename(path.with_name("elsewhere"))
    writer.put(happening("1"))
    await_that(lambda: "moved or removed" in writer.trouble(time.monotonic_ns()))
    writer.put(happening("2"))
    assert writer.close(WAIT_S)
    assert whats(path.with_name("elsewhere")) == ["0", "1", "log disturbed", "2"]
