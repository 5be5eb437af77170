"""Our own sources, as the tests of layering and of sizes read them, and how those tests plant a source of their own."""

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("bench", "kinematics", "master", "protocol", "safety", "slave")
PYTHON = (".py", ".pyi")
CYTHON = (".pyx", ".pxd")

_HIDDEN = re.compile(r'"""[\s\S]*?"""|\'\'\'[\s\S]*?\'\'\'|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'|#[^\n]*')


def sources(root: Path) -> Iterator[Path]:
    for package in PACKAGES:
        yield from (path for path in sorted((root / package).rglob("*.p*")) if path.suffix in (*PYTHON, *CYTHON))
    if (root / "farhand.py").exists():
        yield root / "farhand.py"


def without_text(source: str) -> str:
    """Cython source without its strings and comments, line by line where it was."""
    return _HIDDEN.sub(lambda found: "\n" * found.group().count("\n"), source)


def plant(root: Path, path: str, text: str) -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text)
