"""What a long run was made on: one digest of all that decides how the arms move."""

import hashlib
from pathlib import Path

FOLDERS = ("kinematics", "protocol", "safety", "slave", "master", "bench/world")
SUFFIXES = (".py", ".pyx", ".pxd", ".toml")
ROOT = Path(__file__).resolve().parent.parent


def digest(root: Path = ROOT) -> str:
    """SHA-256 over the names and bytes of the sources under `root`: figures of two runs add up where it is the same."""
    total = hashlib.sha256()
    paths = (path for folder in FOLDERS for path in (root / folder).rglob("*") if path.suffix in SUFFIXES)
    for path in sorted(paths):
        content = path.read_bytes()
        total.update(f"{path.relative_to(root)} {len(content)}\n".encode())
        total.update(content)
    return total.hexdigest()
