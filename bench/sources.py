"""What a long run was made on: one digest of all that decides how the arms move."""

import hashlib
from pathlib import Path

FOLDERS = ("kinematics", "protocol", "safety", "slave", "master", "bench/world")
WINDOWS = ("protocol/widgets/", "master/console/", "slave/panel/")
"""Left out: no process that moves an arm imports them, and what they ask for goes through code that is in."""
SUFFIXES = (".py", ".pyx", ".pxd", ".toml")
ROOT = Path(__file__).resolve().parent.parent


def digest(root: Path = ROOT, left_out: tuple[str, ...] = WINDOWS) -> str:
    """SHA-256 over the names and bytes of the sources under `root`: figures of two runs add up where it is the same.

    A bench of the windows themselves leaves out nothing.
    """
    total = hashlib.sha256()
    paths = (path for folder in FOLDERS for path in (root / folder).rglob("*") if path.suffix in SUFFIXES)
    for path in sorted(path for path in paths if not path.relative_to(root).as_posix().startswith(left_out)):
        content = path.read_bytes()
        total.update(f"{path.relative_to(root)} {len(content)}\n".encode())
        total.update(content)
    return total.hexdigest()
