"""Figures as files: what was measured, on what, and when."""

import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from bench.figure import Figure
from bench.sources import WINDOWS, digest

NAMED = ("numpy", "msgspec", "pyzmq", "mujoco")

Result = TypeVar("Result", bound=msgspec.Struct)


class Report(msgspec.Struct, frozen=True):
    """A bench's file. `complete` is false only in one that is kept while a long run goes on.

    `sources`: the digest of the code that was measured.
    """

    complete: bool
    bench: str
    at: str
    sources: str
    host: dict[str, str]
    versions: dict[str, str]
    figures: list[Any]


def store_figures(path: Path, name: str, figures: list[Figure], left_out: tuple[str, ...] = WINDOWS) -> None:
    """Write `figures` to `path` as JSON, making its folder. Raises OSError."""
    store_results(path, name, figures, left_out=left_out)


def store_results(
    path: Path,
    name: str,
    results: Sequence[msgspec.Struct],
    *,
    complete: bool = True,
    left_out: tuple[str, ...] = WINDOWS,
) -> None:
    """Write a bench's results, of whatever kind, beside what they were measured on. Raises OSError.

    `left_out`: folders that have no part in it.
    """
    report = Report(
        complete=complete,
        bench=name,
        at=datetime.now(UTC).isoformat(timespec="seconds"),
        host={
            "system": platform.platform(),
            "python": platform.python_version(),
            "processor": processor(),
            "cores": str(len(os.sched_getaffinity(0))),
        },
        sources=digest(left_out=left_out),
        versions={package: version(package) for package in NAMED},
        figures=list(results),
    )
    replace(path, msgspec.json.format(msgspec.json.encode(report), indent=2) + b"\n")


class EarlierError(ValueError):
    """A file whose run cannot be gone on with; the text says why."""


def require_same_sources(path: Path, sources: str) -> None:
    """Raise EarlierError unless what is in the file was measured on the code that we are."""
    if sources != digest():
        raise EarlierError(f"{path} is of other code ({sources[:12]}): the two do not add up; begin a new file")


def earlier_results(path: Path, name: str, kind: type[Result]) -> list[Result]:
    """What a file has from an earlier run of the same bench; nothing where there is no file. Raises EarlierError for a
    file of other code or of another bench, OSError where it cannot be read."""
    if not path.exists():
        return []
    try:
        kept = msgspec.json.decode(path.read_bytes(), type=Report)
        if kept.bench != name:
            raise EarlierError(f"{path} is of bench {kept.bench}, not {name}; name another file with --json")
        results = [msgspec.convert(each, kind) for each in kept.figures]
    except msgspec.DecodeError as error:
        raise EarlierError(f"{path} holds no run of this bench: {error}; name another file with --json") from error
    require_same_sources(path, kept.sources)
    return results


def replace(path: Path, content: bytes) -> None:
    """Write a file, making its folder; whoever reads it meanwhile has the last one whole. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.new")
    beside.write_bytes(content)
    beside.replace(path)


def processor() -> str:
    """The processor's name, as the kernel has it."""
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()
