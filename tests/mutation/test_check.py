"""The gate of the mutation run passes nothing that it should not."""

import json

import pytest

from tests.mutation import check
from tests.mutation.check import Survivor, change_of, function_of, judge, justified, results

ALIVE = {"safety.gate.xǁGateǁcheck__mutmut_7": Survivor("safety.gate.Gate.check", "a < b", "a <= b")}
KNOWN = {Survivor("safety.gate.Gate.check", "a < b", "a <= b"): "they are never equal"}
CODES = {"safety.gate.xǁGateǁcheck__mutmut_7": 0, "safety.gate.xǁGateǁcheck__mutmut_8": 1}


def test_all_killed_or_justified_passes():
    assert judge(CODES, ALIVE, KNOWN) == []


def test_a_run_of_nothing_fails():
    assert "no mutant" in judge({}, {}, {})[0]


def test_a_run_that_was_broken_off_fails():
    assert "never tried" in judge({**CODES, "other": None}, ALIVE, KNOWN)[0]


def test_a_survivor_that_nobody_justified_fails_with_what_it_changes():
    assert judge(CODES, ALIVE, {}) == ["survived: safety.gate.xǁGateǁcheck__mutmut_7\n    - a < b\n    + a <= b"]


def test_a_justification_of_what_is_gone_fails():
    assert "killed or gone" in judge(CODES, {}, KNOWN)[0]


def test_every_change_of_a_line_can_be_justified_at_once():
    line = {Survivor("safety.gate.Gate.check", "a < b", "*"): "they are never equal"}
    assert judge(CODES, ALIVE, line) == []
    assert "killed or gone" in judge(CODES, {}, line)[0]
    assert "survived" in judge(CODES, ALIVE, {change._replace(was="a > b"): why for change, why in line.items()})[0]


def test_names_and_changes_are_read():
    assert function_of("safety.gate.xǁGateǁ_judge_room__mutmut_12") == "safety.gate.Gate._judge_room"
    assert function_of("safety.limits.x__check__mutmut_1") == "safety.limits._check"
    diff = "--- safety/x.py\n+++ safety/x.py\n@@ -1,2 +1,2 @@\n def f():\n-    return 1\n+    return 2"
    assert change_of(diff) == ("return 1", "return 2")


def test_results_of_all_files_are_read(tmp_path):
    (tmp_path / "safety").mkdir()
    (tmp_path / "safety" / "a.py.meta").write_text(json.dumps({"exit_code_by_key": {"a": 0}}))
    (tmp_path / "safety" / "b.py.meta").write_text(json.dumps({"exit_code_by_key": {"b": None}}))
    assert results(tmp_path) == {"a": 0, "b": None}


def test_every_justification_has_a_reason_and_names_a_function_that_exists(tmp_path, monkeypatch):
    for change in justified():
        module = change.function.split(".")[1]
        assert (check.ROOT / "safety" / f"{module}.py").exists(), change
    (tmp_path / "survivors.toml").write_text('[[survivor]]\nfunction = "f"\nwas = "a"\nnow = ["b"]\nwhy = "so"\n')
    monkeypatch.setattr(check, "JUSTIFIED", tmp_path / "survivors.toml")
    with pytest.raises(ValueError, match="say why"):
        justified()
