"""The audit log beside a whole patient's side with a surgeon: what people press is in it, with whose doing it was."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from master.config import MasterConfig
from master.launch import MasterProcesses
from protocol.messages import Action, Owner
from protocol.ports import free_ports
from protocol.records import Authority
from safety.limits import load_limits
from slave.audit_log import verify
from slave.config import SlaveConfig
from slave.launch import SlaveProcesses, development_lease_ns
from tests.tree import ROOT

pytestmark = pytest.mark.live

WAIT_S = 60


class Theatre:
    """Both sides, and staff who reset and give by script; `press` is a panel's."""

    def __init__(self, path):
        self.path = path
        port = free_ports()
        lease_ns = development_lease_ns(load_limits("laparoscopic"))
        self.slave = SlaveProcesses(
            SlaveConfig("127.0.0.1", port, "laparoscopic", lease_ns, stand_ins=True, audit=str(path))
        )
        key = self.slave.server_key
        self.master = MasterProcesses(
            MasterConfig("127.0.0.1", port, "synthetic", "theatre-2", stand_ins=True, server_key=key)
        )
        self.authority = self.slave.board.view("authority", Authority)

    def start(self):
        self.slave.start()
        self.master.start()

    def stop(self):
        self.master.stop()
        self.slave.stop()

    def entries(self):
        return [json.loads(line) for line in self.path.read_bytes().split(b"\n") if line.endswith(b"}")]

    def told(self, what, **details):
        return [
            entry
            for entry in self.entries()
            if entry["what"] == what and all(entry["details"].get(name) == value for name, value in details.items())
        ]

    def until(self, condition, act=lambda: None):
        """Do something twice a second until `condition` holds."""
        deadline_s = time.monotonic() + WAIT_S
        acted_s = 0.0
        while not condition():
            assert time.monotonic() < deadline_s, self.entries()[-5:]
            if time.monotonic() - acted_s > 0.5:
                acted_s = time.monotonic()
                act()
            time.sleep(0.01)

    def is_remote(self):
        return self.authority.latest().owner is Owner.REMOTE

    def press(self, what):
        """At a panel of its own. Whether that calls it done or not: the log is asked."""
        panel = [sys.executable, "farhand.py", "panel", "--board", str(self.slave.board.directory), "--press", what]
        subprocess.run(panel, cwd=ROOT, capture_output=True, timeout=WAIT_S, check=False)


@pytest.fixture
def theatre(tmp_path):
    it = Theatre(tmp_path / "audit" / "audit.jsonl")
    try:
        it.start()
        yield it
    finally:
        it.stop()


def test_a_freeze_a_take_a_stop_and_a_dead_supervisor_are_in_the_log_and_it_verifies(theatre):
    freeze, take = "FREEZE pressed by the local staff", "TAKE pressed by the local staff"
    theatre.until(theatre.is_remote)
    # A host that stalls may freeze the arms by itself before we do: then the staff's stand-in releases, and again.
    theatre.until(
        lambda: [stop for stop in theatre.told("stop", freeze_class="LOCAL") if stop["why"] == freeze],
        lambda: theatre.press(Action.FREEZE.value),
    )
    theatre.until(
        lambda: [one for one in theatre.told("authority", owner="LOCAL") if one["why"] == take],
        lambda: theatre.press(Action.TAKE.value) if theatre.is_remote() else None,
    )
    theatre.until(lambda: theatre.told("STOP + POWER OFF"), lambda: theatre.press("STOP"))
    theatre.until(lambda: theatre.told("stop", mode="SAFE"))
    os.kill(theatre.slave.children.pid("supervisor"), signal.SIGKILL)
    theatre.until(lambda: theatre.told("supervisor silent"))
    theatre.stop()
    entries = theatre.entries()
    assert entries[0]["what"] == "run started"
    assert entries[0]["details"]["stand_ins"] is True
    assert (entries[-1]["what"], entries[-1]["why"]) == ("run ended", "in order")
    assert theatre.told("session opened")[0]["who"] == "theatre-2"
    given = theatre.told("authority", owner="REMOTE")[0]
    assert given["why"] == "GIVE pressed by the local staff"
    numbers = [entry["details"]["stop_number"] for entry in theatre.told("stop")]
    assert numbers == list(range(1, len(numbers) + 1)), "no stop is missing, and none is told twice"
    epochs = [entry["details"]["authority_epoch"] for entry in theatre.told("authority")]
    assert epochs == list(range(epochs[0], epochs[0] + len(epochs)))
    with theatre.path.open("rb") as file:
        account = verify(file)
    assert (account.bad, account.torn_bytes, account.entries) == ("", 0, len(entries))


def test_the_death_of_the_audit_log_stops_nobody(theatre):
    theatre.until(theatre.is_remote)
    os.kill(theatre.slave.children.pid("audit"), signal.SIGKILL)
    theatre.until(lambda: "audit" in theatre.slave.children.ended())
    stamp_ns = theatre.authority.latest().stamp_ns
    theatre.until(lambda: theatre.authority.latest().stamp_ns > stamp_ns + 10**9)
    assert theatre.slave.children.ended() == ("audit",)
    assert theatre.slave.survives("audit")


def test_a_run_without_a_log_writes_none(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    lease_ns = development_lease_ns(load_limits("laparoscopic"))
    slave = SlaveProcesses(SlaveConfig("127.0.0.1", free_ports(), "laparoscopic", lease_ns))
    try:
        slave.start()
        assert "audit" not in dict(slave.children.pairs())
    finally:
        slave.stop()
    assert list(tmp_path.iterdir()) == []
