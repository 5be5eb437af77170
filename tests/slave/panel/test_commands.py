"""The commands beside a real patient's side, where there is no display: said, and something else offered."""

import subprocess
import sys

import pytest

from protocol.ports import free_ports
from safety.limits import load_limits
from slave.config import SlaveConfig
from slave.launch import SlaveProcesses, development_lease_ns
from tests.command_line import MARKED
from tests.tree import ROOT

pytestmark = pytest.mark.live

BLIND = {name: value for name, value in MARKED.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")}


@pytest.fixture(scope="module")
def slave():
    lease_ns = development_lease_ns(load_limits("laparoscopic"))
    it = SlaveProcesses(SlaveConfig("127.0.0.1", free_ports(), "laparoscopic", lease_ns))
    try:
        it.start()
        yield it
    finally:
        it.stop()


def run(*arguments, environment=BLIND):
    command = [sys.executable, "farhand.py", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False)


def at_panel(slave, *arguments, environment=BLIND):
    return run("panel", "--board", str(slave.board.directory), *arguments, environment=environment)


def test_without_a_display_the_panel_says_so_and_offers_the_terminal(slave):
    done = at_panel(slave)
    assert done.returncode == 2
    assert "no window" in done.stderr
    assert "--text" in done.stderr


def test_a_display_that_is_gone_is_told_and_ends_in_no_crash(slave):
    done = at_panel(slave, environment={**BLIND, "DISPLAY": ":987"})
    assert done.returncode == 2
    assert ":987" in done.stderr
    assert "--text" in done.stderr


def test_a_status_and_a_press_need_no_display(slave):
    done = at_panel(slave, "--once")
    assert done.returncode == 0
    assert "owner:" in done.stdout
    done = at_panel(slave, "--press", "STOP")
    assert (done.returncode, done.stdout.split(" | ")[0]) == (0, "STOP: done")


def test_who_watches_sees_what_the_panel_sees(slave):
    port = next(slave.board.directory.glob("curve.at.*")).name.rpartition(".")[2]
    done = run("watch", f"127.0.0.1:{port}", "--once")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "owner: the local team" in done.stdout


def test_watching_where_nothing_runs_is_told():
    done = run("watch", f"127.0.0.1:{free_ports()}", "--once")
    assert done.returncode == 2
    assert "farhand slave" in done.stderr


def test_without_a_terminal_either_it_says_what_is_left(slave):
    port = next(slave.board.directory.glob("curve.at.*")).name.rpartition(".")[2]
    done = run("watch", f"127.0.0.1:{port}")
    assert done.returncode == 2
    assert "--once" in done.stderr
