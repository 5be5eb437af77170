"""The Chinese README tells what the English one tells: same commands, pictures, links, devices and folders."""

import re

import pytest

from tests.tree import ROOT

ENGLISH, CHINESE = ((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.zh-CN.md"))
LINK = re.compile(r"\]\(([^)]+)\)")


def commands(text):
    return [line for line in text.splitlines() if line.startswith("    ")]


def first_cells(text):
    return [line.split("|")[1].strip() for line in text.splitlines() if line.startswith("| `")]


@pytest.mark.parametrize("part", [commands, first_cells, lambda text: re.findall(r"^#+", text, re.MULTILINE)])
def test_both_have_the_same_commands_tables_and_headings(part):
    assert part(CHINESE) == part(ENGLISH)
    assert len(part(ENGLISH)) > 8


def test_both_lead_to_the_same_places_and_all_are_there():
    there, here = ([link for link in LINK.findall(text) if "README" not in link] for text in (CHINESE, ENGLISH))
    assert sorted(there) == sorted(here)
    assert [link for link in here if not (ROOT / link.partition("#")[0]).exists()] == []


def test_figures_in_both_are_the_same():
    number = re.compile(r"\d+(?:\.\d+)?")
    assert sorted(number.findall(CHINESE)) == sorted(number.findall(ENGLISH))


def test_each_leads_to_the_other():
    assert "](README.zh-CN.md)" in ENGLISH
    assert "](README.md)" in CHINESE
