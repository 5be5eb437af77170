"""The table of hazards names tests that exist."""

import re

import pytest

from tests.tree import ROOT

TABLE = (ROOT / "safety" / "HAZARDS.md").read_text()
NAMED = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", TABLE)
ROWS = [row for row in TABLE.splitlines() if row.startswith("| ") and not row.startswith("| hazard")]


def test_every_hazard_has_a_control_and_a_test():
    assert len(ROWS) >= 20
    assert len(NAMED) == len(ROWS)
    assert all(len(row.split(" | ")) == 4 and all(cell.strip(" |") for cell in row.split(" | ")) for row in ROWS)


@pytest.mark.parametrize(("file", "test"), NAMED)
def test_the_named_test_exists(file, test):
    assert re.search(rf"^def {test}\(", (ROOT / file).read_text(), re.MULTILINE)
