"""What `make install` installs is pinned in requirements.lock, every file by its hash, for each Python we support."""

import re
import tomllib
from importlib.metadata import version
from typing import NamedTuple

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.tree import ROOT

LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
OURS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = OURS["project"]
DIRECT = [
    *OURS["build-system"]["requires"],
    *PROJECT["dependencies"],
    *(each for extra in PROJECT["optional-dependencies"].values() for each in extra),
]
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
MACHINES = ("x86_64", "aarch64")
HERE = default_environment()
SHA256 = re.compile(r"--hash=sha256:[0-9a-f]{64}")
PINNED = re.compile(r"==[0-9][0-9a-z.!+]*")


class Entry(NamedTuple):
    requirement: Requirement
    hashes: list[str]


def read(lock: str) -> list[Entry]:
    """Every entry: a requirement, then its hashes on lines of their own. Raises ValueError for anything else."""
    entries = []
    for block in re.split(r"\n(?=\S)", lock):
        head, *rest = [line.strip().removesuffix("\\").strip() for line in block.splitlines()]
        if not head.startswith("#"):
            entries.append(Entry(Requirement(head), [line for line in rest if not line.startswith("#")]))
    return entries


def faults(entries: list[Entry]) -> list[str]:
    """The entries that name more than one file could satisfy."""
    wrong = [f"{entry.requirement}: no hash" for entry in entries if not entry.hashes]
    wrong += [f"{e.requirement}: {line}" for e in entries for line in e.hashes if not SHA256.fullmatch(line)]
    return wrong + [f"{e.requirement}: no pin" for e in entries if not PINNED.fullmatch(str(e.requirement.specifier))]


def in_force(entries: list[Entry], environment: dict[str, str]) -> dict[str, list[str]]:
    """The versions by name that pip would take there."""
    pins: dict[str, list[str]] = {}
    for requirement, _ in entries:
        if requirement.marker is None or requirement.marker.evaluate(environment):
            name = canonicalize_name(requirement.name)
            pins.setdefault(name, []).append(str(requirement.specifier).removeprefix("=="))
    return pins


def unmet(direct: list[str], entries: list[Entry], environment: dict[str, str]) -> list[str]:
    """What the lock lacks, has twice, or has at a version that pyproject.toml does not allow."""
    pins = in_force(entries, environment)
    wrong = [f"{name}: pinned at {', '.join(found)} at once" for name, found in pins.items() if len(found) > 1]
    for requirement in map(Requirement, direct):
        if requirement.marker is None or requirement.marker.evaluate(environment):
            found = pins.get(canonicalize_name(requirement.name), [])
            if not any(requirement.specifier.contains(pin) for pin in found):
                wrong.append(f"{requirement}: pinned at {', '.join(found) or 'nothing'}: run make lock")
    return wrong


def environment_of(python: str, machine: str) -> dict[str, str]:
    full = {"python_version": python, "python_full_version": f"{python}.0", "implementation_version": f"{python}.0"}
    linux = {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix", "platform_machine": machine}
    cpython = {"implementation_name": "cpython", "platform_python_implementation": "CPython"}
    return {**HERE, **full, **linux, **cpython, "extra": ""}


def test_every_entry_is_one_version_and_its_files_by_hash() -> None:
    assert len(read(LOCK)) > len(DIRECT)
    assert faults(read(LOCK)) == []


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize("python", PYTHONS)
def test_every_dependency_is_pinned_once_and_within_its_bounds(python: str, machine: str) -> None:
    assert unmet(DIRECT, read(LOCK), environment_of(python, machine)) == []


def test_no_python_that_we_support_is_left_out() -> None:
    assert PROJECT["requires-python"] == f">={PYTHONS[0]}"


def test_what_is_installed_here_is_what_is_locked() -> None:
    pins = in_force(read(LOCK), {**HERE, "extra": ""})
    assert {name: version(name) for name in pins} == {name: found[0] for name, found in pins.items()}


GOOD = f"# made by make lock\nnumpy==2.4.6 \\\n    --hash=sha256:{'0' * 64}\n    # via farhand\n"


def test_the_checks_pass_a_good_lock() -> None:
    assert faults(read(GOOD)) == []
    assert unmet(["numpy>=2,<3"], read(GOOD), environment_of("3.11", "x86_64")) == []


@pytest.mark.parametrize(
    ("was", "now", "says"),
    [
        (f"    --hash=sha256:{'0' * 64}\n", "", "no hash"),
        ("sha256:0", "md5:0", "md5"),
        ("==2.4.6", ">=2.4.6", "no pin"),
        ("==2.4.6", "==2.*", "no pin"),
        ("==2.4.6", " @ https://example.org/numpy.whl", "no pin"),
    ],
)
def test_a_planted_fault_of_an_entry_is_found(was: str, now: str, says: str) -> None:
    assert says in " ".join(faults(read(GOOD.replace(was, now))))


@pytest.mark.parametrize(
    ("lock", "says"),
    [
        (GOOD.replace("2.4.6", "1.26.0"), "numpy<3,>=2: pinned at 1.26.0"),
        (GOOD.replace("numpy", "number"), "pinned at nothing: run make lock"),
        (GOOD.replace("2.4.6", "2.4.6 ; python_full_version >= '3.12'"), "pinned at nothing"),
        (GOOD + GOOD.replace("2.4.6", "2.4.5"), "at once"),
    ],
)
def test_a_planted_gap_between_lock_and_project_is_found(lock: str, says: str) -> None:
    assert says in " ".join(unmet(["numpy>=2,<3"], read(lock), environment_of("3.11", "x86_64")))


def test_a_line_that_is_no_requirement_is_refused() -> None:
    with pytest.raises(ValueError, match="index-url"):
        read("--index-url https://example.org\n" + GOOD)
