"""`farhand audit` as a person meets it."""

import hashlib
import json
import subprocess
import sys

import pytest

from slave.audit_file import AuditFile
from slave.audit_log import GENESIS, Happening
from tests.tree import ROOT


def audit(*arguments):
    command = [sys.executable, "farhand.py", "audit", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "audit.jsonl"
    file = AuditFile(path)
    file.append(Happening(5, "run started", "theatre-pc", "farhand"))
    file.append(Happening(6, "stop", "supervisor", "FREEZE pressed by the local staff", 1, {"stop_number": 3}))
    file.append(Happening(7, "refused", "\x1b[2J192.0.2.1", "[red]no key[/red]", 41))
    file.close()
    return path


def heads(path):
    return [json.loads(line)["hash"] for line in path.read_text().splitlines()]


def test_a_whole_log_is_told_with_its_length_and_its_head(path):
    done = audit("verify", path)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"3 entries, head {heads(path)[-1]}" in done.stdout


def test_a_head_that_was_noted_is_found_wherever_it_is_and_not_once_it_was_cut_off(path):
    for number, head in enumerate(heads(path), start=1):
        done = audit("verify", path, "--head", head)
        assert done.returncode == 0
        assert f"entry {number} has" in done.stdout
    noted = heads(path)[-1]
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))
    assert audit("verify", path).returncode == 0
    done = audit("verify", path, "--head", noted)
    assert done.returncode == 1
    assert "cut off" in done.stderr


def test_the_first_bad_line_of_a_falsified_log_is_named(path):
    path.write_bytes(path.read_bytes().replace(b"FREEZE", b"TAKE"))
    done = audit("verify", path)
    assert done.returncode == 1
    assert "FALSIFIED: line 2" in done.stderr
    assert "whole up to entry 1" in done.stderr
    shown = audit("show", path)
    assert shown.returncode == 1
    assert "192.0.2.1" in shown.stdout, "what cannot be trusted is still worth reading"


def test_a_torn_last_line_is_told_and_is_no_falsification(path):
    path.write_bytes(path.read_bytes()[:-40])
    done = audit("verify", path)
    assert done.returncode == 0
    assert "torn line" in done.stderr
    assert "2 entries" in done.stdout


def test_an_empty_log_is_whole(tmp_path):
    (tmp_path / "empty").write_text("")
    done = audit("verify", tmp_path / "empty")
    assert done.returncode == 0
    assert f"0 entries, head {GENESIS}" in done.stdout


@pytest.mark.parametrize("command", ["verify", "show"])
def test_what_cannot_be_read_is_one_line_and_exit_code_2(command, tmp_path):
    for path in (tmp_path / "missing", tmp_path):
        done = audit(command, path)
        assert done.returncode == 2
        assert str(path) in done.stderr
        assert "Traceback" not in done.stderr


def test_a_head_that_is_no_hash_is_refused(path):
    done = audit("verify", path, "--head", "abc")
    assert done.returncode == 2
    assert "'abc' is no hash" in done.stderr


def test_entries_are_shown_for_people_and_no_name_paints_on_their_terminal(path):
    done = audit("show", path)
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert lines[1].endswith("2 STOP | supervisor: FREEZE pressed by the local staff | stop_number 3")
    assert "REFUSED (41 times) | \\x1b[2J192.0.2.1: [red]no key[/red]" in lines[2]
    assert "\x1b" not in done.stdout
    assert len(lines) == 4


PAINTS = "\x1b[2J\x9b1m\u202e\r"
MADE = {
    "number": 1,
    "utc": PAINTS,
    "monotonic_ns": 5,
    "boot": "",
    "what": PAINTS,
    "who": PAINTS,
    "why": PAINTS,
    "count": 1,
    "details": {PAINTS: PAINTS},
    "before": GENESIS,
}


@pytest.mark.parametrize("made", [MADE, {**MADE, PAINTS: 1}], ids=["an entry", "a field that there is not"])
def test_a_file_that_somebody_else_made_does_not_paint_on_the_terminal_either(made, tmp_path):
    body = json.dumps(made, ensure_ascii=False).encode()
    ending = f',"hash":"{hashlib.sha256(body).hexdigest()}"}}\n'.encode()
    (tmp_path / "made").write_bytes(body[:-1] + ending)
    for command in ("show", "verify"):
        done = audit(command, tmp_path / "made")
        told = (done.stdout + done.stderr).replace("\n", "")
        assert told.isprintable()
        assert "1 entries" in told or "unknown field `\\x1b[2J" in told


def test_so_many_of_the_newest_are_shown(path):
    lines = audit("show", path, "--last", "1").stdout.splitlines()
    assert [line.split()[1] for line in lines[:-1]] == ["3"]
    assert audit("show", path, "--last", "0").returncode == 2
