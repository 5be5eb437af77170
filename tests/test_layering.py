"""The design's table of who imports whom, and its list of top-level names: kept by these tests, not by memory."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.tree import CYTHON, ROOT, plant, sources, without_text

# A name stands for itself and all below it. Who is absent here (bench, farhand.py) may import anything.
MAY_IMPORT = {
    "protocol": (),
    "kinematics": (),
    "safety": ("protocol", "kinematics.reference", "kinematics.description"),
    "slave": ("safety", "protocol", "kinematics"),
    "master": ("protocol", "kinematics"),
}
FOLDERS = (*MAY_IMPORT, "bench", "tests")
OURS = (*FOLDERS, "farhand", "setup")
FILES = (
    ".gitignore",
    "LICENSE",
    "Makefile",
    "README.md",
    "README.zh-CN.md",
    "farhand.py",
    "pyproject.toml",
    "requirements.lock",
    "setup.py",
)
TOP_LEVEL = {*FOLDERS, *FILES, ".ci", "docs"}

QT = ("PySide6", "shiboken6", "pyqtgraph", "OpenGL", "protocol.widgets")
WINDOWS = (
    "master.console",
    "slave.panel",
    "protocol.widgets",
)  # they alone draw; the processes that move an arm do not

_FROM = re.compile(r"(?:^|[;:])[ \t]*from[ \t]+([.\w]+)[ \t]+c?import[ \t]+(\([^)]*\)|[^\n;]+)", re.MULTILINE)
_IMPORT = re.compile(r"(?:^|[;:])[ \t]*c?import[ \t]+([^\n;]+)", re.MULTILINE)


class Import(NamedTuple):
    """One imported name, in full: `from kinematics import reference` names `kinematics.reference`."""

    line: int
    name: str


def module_name(root: Path, path: Path) -> str:
    parts = path.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def absolute(name: str, package: str) -> str:
    """The full name of what a `from` names, which may start with dots."""
    bare = name.lstrip(".")
    up = len(name) - len(bare)
    parents = package.split(".")[: len(package.split(".")) - up + 1] if up else []
    return ".".join([*parents, *([bare] if bare else [])])


def python_imports(tree: ast.Module, package: str) -> Iterator[Import]:
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=aliases):
                yield from (Import(node.lineno, alias.name) for alias in aliases)
            case ast.ImportFrom(module=module, names=aliases, level=level):
                base = absolute("." * level + (module or ""), package)
                yield from (Import(node.lineno, f"{base}.{alias.name}") for alias in aliases)
            case ast.Call(
                func=ast.Name(id="import_module" | "__import__") | ast.Attribute(attr="import_module"),
                args=[ast.Constant(value=str(name)), *_],
            ):
                yield Import(node.lineno, absolute(name, package))


def cython_imports(source: str, package: str) -> Iterator[Import]:
    code = without_text(source)
    for found in _FROM.finditer(code):
        base = absolute(found[1], package)
        for name in re.findall(r"(\*|\w+)(?:\s+as\s+\w+)?", found[2]):
            yield Import(code.count("\n", 0, found.start(1)) + 1, f"{base}.{name}")
    for found in _IMPORT.finditer(code):
        for name in found[1].split(","):
            yield Import(code.count("\n", 0, found.start(1)) + 1, name.split()[0])


def imports(root: Path, path: Path) -> Iterator[Import]:
    module = module_name(root, path)
    package = module if path.stem == "__init__" else module.rpartition(".")[0]
    source = path.read_text()
    return cython_imports(source, package) if path.suffix in CYTHON else python_imports(ast.parse(source), package)


def under(name: str, prefixes: tuple[str, ...]) -> bool:
    return any(name == prefix or name.startswith(prefix + ".") for prefix in prefixes)


def may_import(importer: str, name: str) -> bool:
    home = importer.partition(".")[0]
    if home not in MAY_IMPORT:
        return True
    if under(name, QT) and not under(importer, WINDOWS):
        return False
    return not under(name, OURS) or under(name, (home, *MAY_IMPORT[home]))


def forbidden_imports(root: Path) -> list[str]:
    return [
        f"{path.relative_to(root)}:{line}: {module_name(root, path)} may not import {name}"
        for path in sources(root)
        for line, name in imports(root, path)
        if not may_import(module_name(root, path), name)
    ]


def strays(paths: list[str]) -> list[str]:
    return sorted({path.split("/")[0] for path in paths} - TOP_LEVEL)


def test_every_package_is_read() -> None:
    read = {module_name(ROOT, path).split(".")[0] for path in sources(ROOT)}
    assert read == {*MAY_IMPORT, "bench", "farhand"}


def test_imports_keep_to_the_table() -> None:
    assert forbidden_imports(ROOT) == []


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("protocol/a.py", "import kinematics"),
        ("kinematics/a.py", "from protocol import clock"),
        ("kinematics/a.py", "def f():\n    from protocol.clock import Clock"),
        ("kinematics/a.pyx", "from protocol.cells cimport Cell"),
        ("kinematics/a.pyx", "from libc.math cimport (\n    sin,\n    cos,\n)\ncimport protocol.cells as cells, numpy"),
        ("kinematics/a.pxd", "cdef int x = 1; cimport safety"),
        ("kinematics/a.pyx", "if True: from slave import controller"),
        ("safety/a.py", "import kinematics"),
        ("safety/a.py", "from kinematics import *"),
        ("safety/a.py", "from kinematics import load_robot, reference"),
        ("safety/a.py", "import kinematics.arm"),
        ("safety/a.py", "import kinematics.reference_of_another_kind"),
        ("safety/a.pyx", "from kinematics cimport arm, reference"),
        ("slave/plants/a.py", "from master.pilot import Pilot"),
        ("slave/a.py", "import bench.report"),
        ("slave/a.py", "from importlib import import_module\nimport_module('master.pilot')"),
        ("slave/a.pyi", "from farhand import app"),
        ("slave/a.py", "from protocol.widgets import dial"),
        ("slave/controller.py", "from PySide6.QtCore import QTimer"),
        ("master/a.py", "from safety.modes import Mode"),
        ("master/devices/a.py", "import slave"),
        ("master/devices/a.py", "from protocol import widgets"),
        ("master/a.py", "import tests.helpers"),
    ],
)
def test_a_planted_import_is_found(tmp_path: Path, path: str, text: str) -> None:
    plant(tmp_path, path, text)
    assert len(forbidden_imports(tmp_path)) == 1


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (
            "safety/a.py",
            "from kinematics import description\nfrom kinematics.reference import forward\nimport protocol.clock",
        ),
        ("safety/a.py", "from . import modes\nfrom .modes import Mode\nimport safety.gate, math"),
        ("slave/plants/a.py", "from .. import arm\nfrom ..arm import Arm\nfrom kinematics import load_robot"),
        ("slave/panel/a.py", "from protocol.widgets import dial\nfrom PySide6.QtCore import QTimer"),
        ("master/console/__init__.py", "from . import window\nimport protocol.widgets"),
        (
            "kinematics/a.pyx",
            '"""\nimport master\n"""\n# import master\nx = "\\"; import master"\nfrom .chain cimport Pose',
        ),
        ("bench/a.py", "import master, slave, safety, tests.rig"),
    ],
)
def test_what_the_table_allows_passes(tmp_path: Path, path: str, text: str) -> None:
    plant(tmp_path, path, text)
    assert forbidden_imports(tmp_path) == []


def test_the_top_level_is_that_of_the_design() -> None:
    try:
        # Tracked files only: what a person keeps in the folder for himself is his own. Root may not own the checkout.
        listing = subprocess.run(
            ["git", "-c", "safe.directory=*", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(f"not a git checkout, or no git here: {error}")
    assert strays(listing.splitlines()) == []


def test_a_stray_at_the_top_level_is_found() -> None:
    assert strays(["README.md", "helpers/a.py", "helpers/b.py", "notes.txt", "slave/a.py", ".ci/run"]) == [
        "helpers",
        "notes.txt",
    ]
