"""Reads Qt's files of translations (`.ts`) as they stand: nothing must be compiled before a window opens. Pure."""

import xml.etree.ElementTree as ET
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("protocol/widgets", "master/console", "slave/panel")
"""Where a file of each language may stand: beside the widgets, and beside each window."""


class Key(NamedTuple):
    """What a translation is found by: the class that asks, and the English."""

    context: str
    source: str


class TsError(Exception):
    """A file of translations that cannot be read; the text names it and says why."""


def read_ts(path: Path) -> dict[Key, str]:
    """The finished translations of one file. Raises TsError."""
    try:
        root = ET.parse(path).getroot()
    except (OSError, ET.ParseError) as error:
        raise TsError(f"{path}: {error}; restore the file") from error
    found: dict[Key, str] = {}
    for context in root.iter("context"):
        name = context.findtext("name", "")
        for message in context.iter("message"):
            source, translation = message.findtext("source", ""), message.find("translation")
            if translation is not None and translation.get("type") is None and translation.text:
                found[Key(name, source)] = translation.text
    return found


def read_language(code: str, folders: tuple[str, ...] = FOLDERS) -> Mapping[Key, str]:
    """All translations into one language, such as "zh_CN". Raises TsError."""
    found: dict[Key, str] = {}
    for folder in folders:
        path = ROOT / folder / f"{code}.ts"
        if path.exists():
            found |= read_ts(path)
    return found
