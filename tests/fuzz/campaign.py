"""The long run: `make fuzz`. Every decoder under a coverage-guided fuzzer, then the raw ports of a real patient's side.

A decoder that raised what it does not declare, hung, or held on to memory fails it, with the input kept; so does one
that was never run. `python -m tests.fuzz.campaign NAME FILE` reads one kept input again.
"""

import argparse
import json
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

from tests.fuzz.decoder import Decoder
from tests.tree import ROOT

FOLDER = ROOT / "runs" / "fuzz"
INPUTS = 1_000_000
SIEGE_S = 60.0
GROWTH_MAX_MIB = 4.0
COMPLAINT_LINES = 25
CHATTER = re.compile(r"#\d|INFO|\\x|0x|Base64|artifact|MS:|WARNING: Failed to find")
"""What libFuzzer says of itself."""


class Report(NamedTuple):
    """How one decoder fared: `inputs` it read, by how much its process grew after the first third; or what ended it."""

    inputs: int
    grew_mib: float
    corpus: int
    complaint: str = ""


def shares(decoders: tuple[Decoder, ...], inputs: int) -> dict[str, int]:
    """How many inputs each gets: at least `inputs` in all."""
    whole = sum(1.0 / decoder.cost for decoder in decoders)
    return {decoder.name: int(inputs / decoder.cost / whole) + 1 for decoder in decoders}


def explore(name: str, inputs: int, folder: Path) -> Report:
    """Run one decoder's fuzzer to its end."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "report.json").unlink(missing_ok=True)
    log = folder / "log"
    with log.open("wb") as out:
        command = [sys.executable, "-m", "tests.fuzz.explore", name, str(inputs), str(folder)]
        code = subprocess.run(command, cwd=ROOT, stdout=out, stderr=subprocess.STDOUT, check=False).returncode
    try:
        told = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    except OSError:
        told = {"inputs": 0, "grew_kib": 0, "corpus": 0}
    complaint = "" if code == 0 else complaint_of(log.read_text(encoding="utf-8", errors="replace"), code)
    return Report(told["inputs"], told["grew_kib"] / 1024.0, told["corpus"], complaint)


def complaint_of(log: str, code: int) -> str:
    """What a fuzzer that was ended said of it, without the lines on its progress, and where it has kept the input."""
    lines = [line for line in log.splitlines() if not CHATTER.match(line)]
    kept = re.search(r"Test unit written to (\S+)", log)
    where = [f"the input: {kept[1]}"] if kept else []
    return "\n".join([*lines[-COMPLAINT_LINES:], *where]) or f"exit code {code}"


def judge(reports: dict[str, Report], asked: dict[str, int]) -> list[str]:
    """What is wrong, a line each; empty when the run passes."""
    wrong = []
    if not asked:
        wrong.append("no decoder was asked for: the gate would pass whatever they do")
    for name, inputs in asked.items():
        report = reports.get(name)
        if report is None:
            wrong.append(f"{name}: never run")
        elif report.complaint:
            wrong.append(f"{name}: {report.complaint}")
        elif report.inputs < inputs:
            wrong.append(f"{name}: read {report.inputs} of {inputs} inputs")
        elif report.grew_mib > GROWTH_MAX_MIB:
            wrong.append(f"{name}: grew by {report.grew_mib:.1f} MiB (limit {GROWTH_MAX_MIB:g} MiB)")
    return wrong


def campaign(decoders: tuple[Decoder, ...], inputs: int, folder: Path) -> list[str]:
    """All decoders one after the other, told as they come; what is wrong."""
    asked, reports = shares(decoders, inputs), dict[str, Report]()
    begun_s, done = time.monotonic(), 0
    for name, share in asked.items():
        since_s = time.monotonic()
        report = reports[name] = explore(name, share, folder / re.sub(r"\W+", "-", name))
        done += report.inputs
        rate = report.inputs / (time.monotonic() - since_s)
        kept = f"{report.inputs:>7} inputs, {rate:>6.0f}/s, corpus {report.corpus:>4}, grew {report.grew_mib:.1f} MiB"
        print(f"{done:>9}  {name:24} {'FAILED' if report.complaint else kept}", flush=True)
    worst = max(report.grew_mib for report in reports.values())
    passed_min = (time.monotonic() - begun_s) / 60.0
    print(f"{done} inputs to {len(asked)} decoders in {passed_min:.1f} min; the most that one grew: {worst:.1f} MiB")
    return judge(reports, asked)


def again(decoders: tuple[Decoder, ...], name: str, file: Path) -> None:
    """Read one input that was kept; what must not be raised is raised."""
    known = {decoder.name: decoder for decoder in decoders}
    if name not in known:
        sys.exit(f"no decoder is called {name!r}; there are: {', '.join(known)}")
    known[name].survive(file.read_bytes())
    print(f"{name} survives {file}")


def main() -> int:
    """The exit code: 0 when nothing is wrong."""
    from tests.fuzz.siege import besiege  # noqa: PLC0415  (--help need not wait for MuJoCo)
    from tests.fuzz.table import DECODERS  # noqa: PLC0415

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("name", nargs="?", help="with FILE: read one kept input again")
    parser.add_argument("file", nargs="?", type=Path)
    parser.add_argument("--inputs", type=int, default=INPUTS, help="to all decoders together")
    parser.add_argument("--siege-seconds", type=float, default=SIEGE_S, help="for the raw ports")
    given = parser.parse_args()
    if given.name is not None and given.file is not None:
        again(DECODERS, given.name, given.file)
        return 0
    wrong = campaign(DECODERS, given.inputs, FOLDER)
    outcome = besiege(given.siege_seconds, time.time_ns())
    print(
        f"raw ports: {outcome.connections} connections, {outcome.sent / 2**20:.0f} MiB said to them in"
        f" {given.siege_seconds:.0f} s; the gateway grew by {outcome.grew_mib:.1f} MiB"
    )
    wrong += [f"raw ports: {line}" for line in outcome.wrong]
    if not outcome.connections:
        wrong.append("raw ports: no connection was made")
    for line in wrong:
        print(f"WRONG {line}")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
