"""What is installed is this folder, whole, and each package loads no more than it promises."""

import importlib
import json
import subprocess
import sys
import tomllib
from importlib.machinery import EXTENSION_SUFFIXES
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest

from tests.tree import PACKAGES, PYTHON, ROOT

SETTINGS: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]
MODULES = [str(path.relative_to(ROOT).with_suffix("")).replace("/", ".") for path in sorted(ROOT.glob("*/*.pyx"))]
SAFETY = [f"safety.{path.stem}" for path in sorted((ROOT / "safety").glob("*.py")) if path.stem != "__init__"]


def loaded_by(modules: list[str], folder: Path) -> dict[str, str]:
    """Name and file of every module that a fresh interpreter, started in `folder`, holds after importing `modules`."""
    code = (
        f"import {', '.join(modules)}\nimport json, sys\n"
        "print(json.dumps({name: getattr(module, '__file__', None) or '' for name, module in sys.modules.items()}))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=True)
    files: dict[str, str] = json.loads(done.stdout)
    return files


def is_ours(file: str) -> bool:
    return any(Path(file).is_relative_to(ROOT / package) for package in PACKAGES)


def test_packages_come_from_the_repository_wherever_python_runs(tmp_path: Path) -> None:
    files = loaded_by(sorted(PACKAGES), tmp_path)
    assert {name: files[name] for name in PACKAGES} == {name: str(ROOT / name / "__init__.py") for name in PACKAGES}


def test_no_other_distribution_brings_a_package_of_our_names() -> None:
    """PyPI has a `safety`: installed beside ours it would be imported wherever the folder is not first on the path."""
    others = {name: set(packages_distributions().get(name, ())) - {"farhand"} for name in (*PACKAGES, "farhand")}
    assert {name: found for name, found in others.items() if found} == {}


def test_declared_packages_are_those_on_disk() -> None:
    sources = (path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
    assert sorted(SETTINGS["packages"]) == sorted({".".join(path.parent.relative_to(ROOT).parts) for path in sources})


@pytest.mark.parametrize("package", SETTINGS["packages"])
def test_every_package_has_its_init(package: str) -> None:
    """Without it the folder is a namespace that any other on the path may share."""
    assert (ROOT / package.replace(".", "/") / "__init__.py").is_file()


def test_data_beside_our_python_is_declared() -> None:
    """An undeclared file is there in an editable install and missing from a wheel."""
    declared = {
        path
        for package, patterns in SETTINGS["package-data"].items()
        for pattern in patterns
        for path in (ROOT / package.replace(".", "/")).glob(pattern)
    }
    data = {path for package in PACKAGES for kind in ("*.toml", "*.ts") for path in (ROOT / package).rglob(kind)}
    assert data - declared == set()
    assert any(path.parent.name == "robots" for path in data)


def test_everything_compiled_is_listed() -> None:
    assert MODULES


@pytest.mark.parametrize("module", MODULES)
def test_every_pyx_is_compiled_in_its_place(module: str) -> None:
    file = importlib.import_module(module).__file__
    path = ROOT / module.replace(".", "/")
    assert file in {f"{path}{suffix}" for suffix in EXTENSION_SUFFIXES}


def test_the_reference_loads_neither_numpy_nor_compiled_kinematics(tmp_path: Path) -> None:
    """The supervisor judges the fast kinematics by the reference, so it must not run the code that it judges."""
    files = loaded_by(["kinematics.reference", "kinematics.description"], tmp_path)
    assert "numpy" not in files
    ours = {name: file for name, file in files.items() if is_ours(file)}
    assert set(ours) == {"kinematics", "kinematics.reference", "kinematics.description"}
    assert {Path(file).suffix for file in ours.values()} <= set(PYTHON)


def test_safety_loads_no_numpy_and_no_compiled_kinematics(tmp_path: Path) -> None:
    files = loaded_by(SAFETY, tmp_path)
    assert "numpy" not in files
    kinematics = {name for name, file in files.items() if name.startswith("kinematics") and is_ours(file)}
    assert kinematics <= {"kinematics", "kinematics.reference", "kinematics.description"}
