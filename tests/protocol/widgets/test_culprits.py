"""Every reason that the patient's side and the pilot can tell is known by its shape, and so has its Chinese."""

import ast
import math
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.echo import LoopAge
from protocol.messages import FreezeClass
from protocol.widgets.culprits import SHAPES, is_known, shapes, told
from safety import arms, limits, link
from safety.gate import Refusal
from safety.link import LinkJudge
from tests.tree import ROOT

TELLERS = (
    "safety/link.py",
    "safety/supervisor.py",
    "safety/session_watch.py",
    "safety/arm_faults.py",
    "safety/arms.py",
    "safety/progress.py",
    "safety/return_way.py",
    "safety/selftest.py",
    "safety/gate.py",
    "slave/plants/guard.py",
    "slave/desk.py",
    "master/engage.py",
    "master/pilot.py",
    "master/link.py",
    "master/own_keys.py",
    "master/check_link.py",
)
NOT_SHOWN = (
    # A programmer's slip, and the names of what becomes part of a longer text that the shapes have whole.
    "a GatedSetpoint is made by Gate.check alone",
    "loop age, for long",
)
UNIT = re.compile(r"\{\}(?: ?(?:mm/s|ms|mm|s|deg|%)(?![\w/]))?")


def without_values(text: str) -> str:
    """A text with {} for each value, with its unit and quotes: a piece of code and a shape can be compared."""
    return UNIT.sub("{}", re.sub(r"'?\{\w*\}'?|\b\d+\b", "{}", text))


def texts_of(path: Path) -> Iterator[str]:
    """All texts with a space in them that a module's code holds, without its docstrings and its annotations."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    pieces = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in ast.walk(node)}
    said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            parts = (part.value if isinstance(part, ast.Constant) else "{}" for part in node.values)
            yield "".join(str(part) for part in parts)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in pieces | said:
            yield node.value


def shown_texts(path: Path) -> list[str]:
    words = [without_values(text).strip() for text in texts_of(path)]
    return [text for text in words if re.search(r"[a-z]{2} [a-z{]", text) and not text.startswith(NOT_SHOWN)]


@pytest.mark.parametrize("teller", TELLERS)
def test_every_text_that_a_module_tells_is_part_of_a_known_shape(teller: str) -> None:
    whole = "\n".join(without_values(shape) for shape in SHAPES)
    texts = shown_texts(ROOT / teller)
    assert texts or teller == "safety/progress.py"
    assert [text for text in texts if not is_told(text, whole)] == []


def is_told(text: str, whole: str) -> bool:
    """Whether `text` is known, or part of what is."""
    return text in whole or is_known(text.replace("{}", "7")) or known_by_parts(text, whole)


def known_by_parts(text: str, whole: str) -> bool:
    """Whether each piece of `text` between its values is part of one shape: a name may stand there."""
    return all(part.strip() in whole for part in text.split("{}") if re.search(r"[a-z]{2}", part)) and "{}" in text


def test_a_text_of_no_known_shape_is_found(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_text(
        'def f(ms):\n    """A docstring."""\n    return f"the moon was full for {ms:.0f} ms (limit 3 ms)"\n'
    )
    assert shown_texts(path) == ["the moon was full for {} (limit {})"]
    assert not is_told(shown_texts(path)[0], "no command for {} (limit {})")


def link_culprits() -> Iterator[str]:
    """What the judge of the link really says, driven through each of its limits."""
    of = limits.load_limits("laparoscopic")
    second = 1_000_000_000
    for silence_ms, loop_ms, loss in (
        (None, 0, None), (400, 50, None), (150, 50, None), (1, 700, None), (1, 350, None), (1, 250, None), (1, 50, 0.3),
    ):  # fmt: skip
        judge = LinkJudge(of.link, 0.2)
        for tick in range(1200):
            age = LoopAge(link_ns=loop_ms * 1_000_000, seen_ns=loop_ms * 1_000_000)
            silence_ns = None if silence_ms is None else silence_ms * 1_000_000
            verdict = judge.judge(second + tick * 1_000_000, silence_ns, age, loss)
        if verdict.culprit:
            yield verdict.culprit


def test_what_the_link_is_blamed_for_is_known() -> None:
    said = set(link_culprits())
    assert len(said) >= 6
    assert {text for text in said if not is_known(text)} == set()


GATES = [
    Refusal("arm 0: tip speed in m/s", 0.31, 0.2),
    Refusal("arm 1: outer_wrist_pitch position off its velocity", 0.1, 0.05),
    Refusal("arm 1: insertion position", 0.25, 0.24),
    Refusal("arms 0 and 1: shafts' axes apart by m", 0.01, 0.013),
    Refusal("arm 0: inside the wall 'left side' by m", -0.001, 0.0),
    Refusal("arm 0: a number that is not finite", math.nan, 0.0),
    Refusal("LAG: arm 0: lag in m", 0.012, 0.01, FreezeClass.MASTER),
]


@pytest.mark.parametrize("refusal", GATES, ids=str)
@pytest.mark.parametrize("around", ["{}", "gate: {}", "drives: plant's gate: {}", "frozen for 30 s: gate: {}"])
def test_what_the_gate_refuses_is_known(refusal: Refusal, around: str) -> None:
    text = around.format(refusal)
    assert is_known(text)
    assert told(text).english == text.replace("_", " ")
    assert "tip speed {speed}" not in deepest(text)


def deepest(text: str) -> str:
    what = told(text)
    inner = dict(what.values).get("cause")
    return what.source if not isinstance(inner, tuple) else deepest(inner.english)


@pytest.mark.parametrize(
    ("what", "unit"),
    [
        ("tip speed", "mm/s"),
        ("tracking error", "mm"),
        ("tracking error", "deg"),
        ("beyond the wall 'table'", "mm"),
        ("wrist depth", "mm"),
        ("insertion position", ""),
        ("force: a motor's effort", ""),
        ("a measurement that is not finite", ""),
    ],
)
def test_what_a_measured_arm_does_is_known(what: str, unit: str) -> None:
    fault = arms._trip(1, what, 2.5, 2.0, unit)
    assert is_known(fault.culprit)
    assert is_known(f"frozen for 30 s: {fault.culprit}")
    assert told(fault.culprit).english == fault.culprit.replace(" deg", "\N{DEGREE SIGN}")


def test_a_standstill_fault_is_known() -> None:
    for what, unit in (("moved", "mm"), ("moves at", "mm/s")):
        assert is_known(arms._standstill(0, what, 1.2, 1.0, unit).culprit)


def test_joints_and_walls_are_named_in_words() -> None:
    what = told("arm 0: outer_wrist_yaw position: 1.4 (limit 1.39)")
    assert what.english == "arm 0: outer wrist yaw position: 1.4 (limit 1.39)"


def test_links_age_for_long_is_not_taken_for_one_at_once() -> None:
    assert told("loop age 320 ms (limit 300 ms for 200 ms)").source == "loop age {age} (limit {limit} for {long})"
    assert is_known(f"frozen for 30 s: {link._ms(1)} of anything") is False


@given(st.text(max_size=200))
def test_any_text_is_shown_and_loses_nothing(text: str) -> None:
    assert plain(told(text).english) == plain(text)


def plain(text: str) -> str:
    return text.replace("_", " ").replace(" deg", "\N{DEGREE SIGN}")


def test_every_shape_is_told_from_the_others() -> None:
    """Filled with a number for each value, no shape is taken for one before it."""
    for source in SHAPES:
        text = re.sub(r"\{\w+\}", "7", source)
        assert told(text).source == source


def test_shapes_are_made_once() -> None:
    assert shapes() is shapes()
