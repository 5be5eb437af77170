"""Figures as files: what was measured, on what, and when."""

import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import msgspec

from bench.figure import Figure

NAMED = ("numpy", "msgspec", "pyzmq", "mujoco")


class Report(msgspec.Struct, frozen=True):
    """A bench's file. `complete` is always true: the file is written at the very end, and an early end leaves none."""

    complete: bool
    bench: str
    at: str
    host: dict[str, str]
    versions: dict[str, str]
    figures: list[Any]


def store_figures(path: Path, name: str, figures: list[Figure]) -> None:
    """Write `figures` to `path` as JSON, making its folder. Raises OSError."""
    store_results(path, name, figures)


def store_results(path: Path, name: str, results: Sequence[msgspec.Struct]) -> None:
    """Write a bench's results, of whatever kind, beside what they were measured on. Raises OSError."""
    report = Report(
        complete=True,
        bench=name,
        at=datetime.now(UTC).isoformat(timespec="seconds"),
        host={
            "system": platform.platform(),
            "python": platform.python_version(),
            "processor": processor(),
            "cores": str(len(os.sched_getaffinity(0))),
        },
        versions={package: version(package) for package in NAMED},
        figures=list(results),
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(msgspec.json.format(msgspec.json.encode(report), indent=2) + b"\n")


def processor() -> str:
    """The processor's name, as the kernel has it."""
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()
