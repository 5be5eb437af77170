"""The table of threats names tests that exist, and the table of roles is that of the code."""

import re

import pytest

from protocol.roles import DOORS, MASTERS, Door, Role
from tests.tree import ROOT

TABLE = (ROOT / "docs" / "threats.md").read_text()
NAMED = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", TABLE)
ROLES = re.findall(r"^\| (surgeon|local|engineer|observer)[^|]*\| (\w+)[^|]*\| ([^|]*) \|", TABLE, re.MULTILINE)


def test_every_attack_has_a_control_and_a_test():
    attacks = TABLE.partition("## Attackers")[2].partition("##")[0]
    rows = [row for row in attacks.splitlines() if row.startswith("| ") and not row.startswith("| attack")]
    assert len(rows) == len(NAMED) >= 15


@pytest.mark.parametrize(("file", "test"), NAMED)
def test_the_named_test_exists(file, test):
    assert re.search(rf"^def {test}\(", (ROOT / file).read_text(), re.MULTILINE)


def test_the_table_of_roles_is_that_of_the_code():
    assert {Role(role) for role, _, _ in ROLES} == set(DOORS[Door.OBSERVERS])
    for role, opens, commands in ROLES:
        assert (opens == "yes") == (Role(role) in MASTERS)
        assert (commands != "no") == (Role(role) in DOORS[Door.COMMANDS])
