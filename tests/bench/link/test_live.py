"""The whole bench, short: real processes at both ends of a real emulated link."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bench.emulator import namespaces
from bench.emulator.namespaces import NamespaceError
from tests.tree import ROOT


def refusal():
    try:
        namespaces.close(namespaces.make(()))
    except NamespaceError as error:
        return str(error)
    return "" if len(os.sched_getaffinity(0)) > 1 else "takes two cores"


REFUSAL = refusal()
pytestmark = [pytest.mark.live, pytest.mark.skipif(bool(REFUSAL), reason=REFUSAL)]


def bench_link(tmp_path, *arguments):
    out = ["--json", str(tmp_path / "run.json"), "--report", str(tmp_path / "run.html")]
    return subprocess.Popen(
        [sys.executable, "farhand.py", "bench", "link", "--profile", "5g-good", *arguments, *out],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def descendants(pid):
    """Process ids of all below one, by the kernel's own account."""
    found = []
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        found += [int(child), *descendants(int(child))]
    return found


def stored(tmp_path):
    return json.loads((tmp_path / "run.json").read_text())


def test_a_run_beside_its_rivals_through_a_cut(tmp_path):
    running = bench_link(tmp_path, "--seconds", "5", "--cuts", "1x0.4", "--rivals", "udp,zmq,curve")
    said, _ = running.communicate(timeout=120)
    result = stored(tmp_path)
    assert result["complete"], said
    assert (result["profile"], result["ended_by"]) == ("5g-good", "time")
    for name in ("farhand", "udp", "zmq", "lanes_keyed", "lanes_plain"):
        ages = result[name]["command_age_ms"]
        assert ages["n"] > 5000
        assert 8.0 <= ages["p50"] <= ages["p90"] <= ages["p99"] <= ages["p999"] <= ages["max"]
    assert len(result["recovery_s"]) == 1
    assert result["recovery_s"][0] is not None
    assert result["farhand"]["longest_gap_ms"] > 350.0, "the cut let nothing through"
    assert result["clock"]["violations"] == 0
    assert result["clock"]["n"] > 1000
    assert result["farhand"]["upstream_mbit_s"] > 1.0
    assert (tmp_path / "run.html").read_text().count("<svg") == 2
    cost = result["curve"]
    # Of the twenty or so seconds how many were quiet is the host's affair; the cut's are neither counted nor set aside.
    assert cost["seconds"] + cost["seconds_set_aside"] == int(result["seconds"]) - 2
    assert (cost["cpu_us"]["keyed"]["value"] is not None) == bool(cost["seconds"])
    if cost["seconds"]:
        assert all(1.0 < cost["cpu_us"][name]["value"] < 2000.0 for name in ("keyed", "plain"))


def test_a_run_that_is_interrupted_is_never_told_as_whole(tmp_path):
    running = bench_link(tmp_path, "--seconds", "600")
    line = ""
    while "0 of 600 s, READY" not in line:
        line = running.stdout.readline()
        assert line, "it ended before it began"
    end_s = time.monotonic() + 30.0
    while " 0 of 600" in line and time.monotonic() < end_s:
        line = running.stdout.readline()
    running.send_signal(signal.SIGINT)
    said, _ = running.communicate(timeout=60)
    assert running.returncode == 130, said
    assert "ended early" in said
    assert stored(tmp_path)["complete"] is False
    assert "ended early" in (tmp_path / "run.html").read_text()


def test_when_it_is_killed_nothing_of_it_stays(tmp_path):
    running = bench_link(tmp_path, "--seconds", "600", "--rivals", "udp,zmq")
    line = ""
    while "READY" not in line:
        line = running.stdout.readline()
        assert line, "it ended before it began"
    below = descendants(running.pid)
    assert len(below) >= 7 + 4 + 1, "both sides, rivals at both ends, the emulator"
    running.kill()
    running.wait()
    running.stdout.close()
    end_s = time.monotonic() + 20.0
    while left := [pid for pid in below if Path(f"/proc/{pid}").exists()]:
        assert time.monotonic() < end_s, [Path(f"/proc/{pid}/cmdline").read_bytes() for pid in left]
        time.sleep(0.1)
