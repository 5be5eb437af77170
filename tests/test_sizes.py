"""No file and no function of ours outgrows what the design allows."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.tree import CYTHON, ROOT, plant, sources, without_text

FILE_LINES_MAX = 300  # "about 250"
FUNCTION_LINES_MAX = 70

_CYTHON_FUNCTION = re.compile(r"^([ \t]*)(?:async[ \t]+def|def|cp?def(?![ \t]+class\b))\b[^=(\n]*\(", re.MULTILINE)


class Function(NamedTuple):
    line: int
    lines: int


def python_functions(tree: ast.Module) -> Iterator[Function]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno is not None:
            yield Function(node.lineno, node.end_lineno - node.lineno + 1)


def cython_functions(source: str) -> Iterator[Function]:
    code = without_text(source)
    for found in _CYTHON_FUNCTION.finditer(code):
        end = depth = 0
        for end in range(found.end() - 1, len(code)):  # to the parenthesis that closes the arguments
            depth += (code[end] in "([{") - (code[end] in ")]}")
            if depth == 0:
                break
        if ":" not in code[end:].partition("\n")[0]:
            continue  # a declaration
        first = code.count("\n", 0, found.start()) + 1
        last = code.count("\n", 0, end) + 1
        for number, line in enumerate(code.splitlines()[last:], last + 1):
            if line.strip():
                if len(line) - len(line.lstrip()) <= len(found[1]):
                    break
                last = number
        yield Function(first, last - first + 1)


def oversized(root: Path) -> list[str]:
    complaints = []
    for path in sources(root):
        source = path.read_text()
        name = path.relative_to(root)
        cython = path.suffix in CYTHON
        if (lines := len(source.splitlines())) > FILE_LINES_MAX:
            complaints.append(f"{name}: {lines} lines, at most {FILE_LINES_MAX}: it holds more than one idea")
        complaints += [
            f"{name}:{function.line}: a function of {function.lines} lines, at most {FUNCTION_LINES_MAX}"
            for function in (cython_functions(source) if cython else python_functions(ast.parse(source)))
            if function.lines > FUNCTION_LINES_MAX
        ]
    return complaints


def test_files_and_functions_hold_one_idea() -> None:
    assert oversized(ROOT) == []


@pytest.mark.parametrize(
    ("path", "head"),
    [
        ("slave/a.py", "async def f():\n"),
        ("slave/a.py", "class A:\n    def f(\n        self,\n    ):\n        pass\n"),
        ("kinematics/a.pyx", "cdef inline double f(double x=1, (int *) y=NULL) except? -1 nogil:\n"),
        ("kinematics/a.pyx", "cdef class A(B):\n    cpdef f(\n        self,\n    ):\n        pass\n"),
    ],
)
def test_a_planted_long_function_is_found(tmp_path: Path, path: str, head: str) -> None:
    indent = " " * (8 if "class" in head else 4)
    own = head.count("\n") - ("class" in head)
    body = (indent + "pass\n") * (FUNCTION_LINES_MAX - own)
    plant(tmp_path, path, head + body + "\n\nx = 1\n")
    assert oversized(tmp_path) == []
    plant(tmp_path, path, head + body + indent + "pass\n" + "\n\nx = 1\n")
    assert len(oversized(tmp_path)) == 1


@pytest.mark.parametrize("path", ["farhand.py", "safety/a.py", "kinematics/a.pyx", "kinematics/a.pxd"])
def test_a_planted_long_file_is_found(tmp_path: Path, path: str) -> None:
    plant(tmp_path, path, "x = 1\n" * FILE_LINES_MAX)
    assert oversized(tmp_path) == []
    plant(tmp_path, path, "x = 1\n" * (FILE_LINES_MAX + 1))
    assert len(oversized(tmp_path)) == 1
