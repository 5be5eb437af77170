import shutil
import subprocess
import sys

import pytest

from bench.sources import FOLDERS, WINDOWS, digest
from tests.tree import ROOT


def test_the_digest_is_of_all_folders_that_decide():
    assert all((ROOT / folder).is_dir() for folder in FOLDERS)


@pytest.mark.parametrize("change", ["safety/modes.py", "kinematics/chain.pyx", "safety/limits/vascular.toml"])
def test_any_change_of_a_source_is_another_digest(tmp_path, change):
    for name in ("safety", "kinematics"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("*.so", "*.c", "__pycache__"))
    before = digest(tmp_path)
    assert digest(tmp_path) == before
    path = next(tmp_path.rglob(change.rpartition("/")[2]))
    path.write_bytes(path.read_bytes() + b"\n")
    changed = digest(tmp_path)
    assert changed != before
    path.rename(path.with_name(f"other{path.suffix}"))
    assert digest(tmp_path) not in (before, changed)


def test_windows_decide_nothing(tmp_path):
    shutil.copytree(ROOT / "protocol" / "widgets", tmp_path / "protocol" / "widgets")
    before, of_all = digest(tmp_path), digest(tmp_path, left_out=())
    (tmp_path / "protocol" / "widgets" / "theme.py").write_text("DARK = None\n")
    assert digest(tmp_path) == before
    assert digest(tmp_path, left_out=()) != of_all
    (tmp_path / "protocol" / "widgets_beside.py").write_text("DARK = None\n")
    assert digest(tmp_path) != before


@pytest.mark.parametrize(
    "process",
    [
        "master.pilot_process",
        "slave.controller_process",
        "slave.gateway",
        "slave.plants.drives_process",
        "slave.plants.plant_process",
        "safety.supervisor_process",
        "bench.sim",
    ],
)
def test_no_process_that_moves_an_arm_imports_a_window(process):
    packages = tuple(folder.replace("/", ".") for folder in WINDOWS)
    told = f"import sys, {process}; print([name for name in sys.modules if name.startswith({packages!r})])"
    assert subprocess.check_output([sys.executable, "-c", told], text=True, cwd=ROOT) == "[]\n"
