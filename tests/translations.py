"""What the windows say, found in their code, against the files of translations beside it.

`python -m tests.translations` writes what is missing into those files, unfinished, for somebody to translate, and takes
out what nothing says any more. The tests ask for `faults`.
"""

import ast
import re
import string
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from protocol.widgets.sentence import CONTEXT
from protocol.widgets.ts_file import FOLDERS, Key, read_ts
from tests.tree import ROOT

LANGUAGES = ("zh_CN",)
SHARED = FOLDERS[0]
CHINESE = re.compile(r"[\u4e00-\u9fff]")


class Found(NamedTuple):
    """One source, and where it stands. `key` is None for one that is no plain text: nobody could translate it."""

    where: str
    key: Key | None


def find(path: Path, root: Path = ROOT) -> Iterator[Found]:
    yield from _walk(ast.parse(path.read_text(encoding="utf-8")), "", str(path.relative_to(root)))


def _walk(node: ast.AST, context: str, name: str) -> Iterator[Found]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Call):
            yield from _call(child, context, name)
        yield from _walk(child, child.name if isinstance(child, ast.ClassDef) else context, name)


def _call(call: ast.Call, context: str, name: str) -> Iterator[Found]:
    function = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    where = f"{name}:{call.lineno}"
    match function, call.args:
        case "tr", [source, *_] if isinstance(call.func, ast.Attribute):
            yield Found(where, _key(context, source))
        case (("sentence" | "mark"), [source, *_]):
            yield Found(where, _key(CONTEXT, source))
        case "translate", [ast.Constant(value=str(asked)), source, *_]:
            yield Found(where, _key(asked, source))


def _key(context: str, source: ast.expr) -> Key | None:
    return Key(context, source.value) if isinstance(source, ast.Constant) and isinstance(source.value, str) else None


def said(folder: str, root: Path = ROOT) -> list[Found]:
    """All that the code of one folder says."""
    return [found for path in sorted((root / folder).rglob("*.py")) for found in find(path, root)]


def faults(folder: str, language: str, root: Path = ROOT) -> list[str]:
    """What is wrong with the translations of one folder."""
    own = _read(root / folder / f"{language}.ts")
    known = {**_read(root / SHARED / f"{language}.ts"), **own}
    wrong = []
    for where, key in said(folder, root):
        if key is None:
            wrong.append(f"{where}: say a plain text, and give its values to format()")
        elif key not in known:
            wrong.append(f"{where}: no {language} for {key.source!r} ({key.context}): python -m tests.translations")
    needed = {found.key for found in said(folder, root)}
    for key, text in own.items():
        if key not in needed:
            wrong.append(f"{folder}/{language}.ts: nothing says {key.source!r} ({key.context}) any more")
        if fields(key.source) != fields(text):
            wrong.append(f"{folder}/{language}.ts: {text!r} has other values than {key.source!r}")
        if language == "zh_CN" and not CHINESE.search(text) and re.search(r"[A-Za-z]{2}", bare(key.source)):
            wrong.append(f"{folder}/{language}.ts: {text!r} is no Chinese")
    return wrong


def fields(text: str) -> set[str]:
    """The names of the values in a text."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def bare(text: str) -> str:
    """A text without its values."""
    return re.sub(r"\{\w*\}", "", text)


def _read(path: Path) -> dict[Key, str]:
    return read_ts(path) if path.exists() else {}


def renew(folder: str, language: str, root: Path = ROOT) -> int:
    """Write the file of one folder anew; how many of its texts are not translated."""
    path = root / folder / f"{language}.ts"
    known = _read(path)
    shared = {} if folder == SHARED else _read(root / SHARED / f"{language}.ts")
    needed = sorted({found.key for found in said(folder, root) if found.key is not None and found.key not in shared})
    if not needed:
        return 0
    tree = ET.Element("TS", version="2.1", language=language, sourcelanguage="en")
    context = ET.Element("none")
    for key in needed:
        if context.findtext("name") != key.context:
            context = ET.SubElement(tree, "context")
            ET.SubElement(context, "name").text = key.context
        message = ET.SubElement(context, "message")
        ET.SubElement(message, "source").text = key.source
        translation = ET.SubElement(message, "translation")
        if key in known:
            translation.text = known[key]
        else:
            translation.set("type", "unfinished")
    ET.indent(tree, "")
    text = ET.tostring(tree, encoding="unicode")
    path.write_text(f'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n{text}\n', encoding="utf-8")
    return sum(key not in known for key in needed)


if __name__ == "__main__":
    left = {f"{folder}/{language}.ts": renew(folder, language) for folder in FOLDERS for language in LANGUAGES}
    for file, count in left.items():
        print(f"{file}: {count} not translated")
    sys.exit(any(left.values()))
