import shutil

import pytest

from bench.sources import FOLDERS, digest
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
