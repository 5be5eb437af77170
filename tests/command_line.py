"""farhand as a person types it, for tests: real processes with a mark of this test run, none of which may stay."""

import os
import signal
import subprocess
import sys
import time
import uuid
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
WAIT_S = 60
MARK = f"FARHAND_TEST={uuid.uuid4()}"
MARKED = {**os.environ, "FARHAND_TEST": MARK.partition("=")[2], "FARHAND_KEYS": "/nonexistent/keys"}
"""No test goes by the keys of whoever runs it."""


def farhand(*arguments):
    return [sys.executable, str(ROOT / "farhand.py"), *arguments]


def run(*arguments, cwd=ROOT):
    command = farhand(*arguments)
    return subprocess.run(command, cwd=cwd, env=MARKED, capture_output=True, text=True, timeout=WAIT_S, check=False)


def ours():
    """The processes of farhand that this test run started, by pid: they carry its mark in their environment."""
    found = {}
    for entry in Path("/proc").iterdir():
        try:
            words = (entry / "cmdline").read_bytes().split(b"\0")
            marked = MARK.encode() in (entry / "environ").read_bytes().split(b"\0")
        except (OSError, ValueError):
            continue
        if marked and b"-m" in words and any(word.startswith((b"slave.", b"master.", b"safety.")) for word in words):
            found[int(entry.name)] = b" ".join(words)
    return found


@pytest.fixture(autouse=True, scope="module")
def state_home(tmp_path_factory):
    """What outlives a run goes here, and not among what the user keeps."""
    MARKED["XDG_STATE_HOME"] = str(tmp_path_factory.mktemp("state"))
    return Path(MARKED["XDG_STATE_HOME"])


@pytest.fixture(autouse=True)
def nothing_is_left():
    before_processes = ours()
    yield
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and (set(ours()) - set(before_processes)):
        time.sleep(0.05)
    left = {pid: words for pid, words in ours().items() if pid not in before_processes}
    for pid in left:
        os.kill(pid, signal.SIGKILL)
    assert not left


def start(*arguments):
    return subprocess.Popen(
        farhand(*arguments),
        cwd=ROOT,
        env=MARKED,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def await_children(before, count):
    deadline = time.monotonic() + WAIT_S
    while len(set(ours()) - before) < count:
        assert time.monotonic() < deadline
        time.sleep(0.05)
