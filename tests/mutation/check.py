"""Whether mutation testing of safety/ passed: every mutant killed, or justified by what it changes. For `make mutate`.

A survivor is justified in `survivors.toml` by function, the line before, what it may be after, and why no test need
tell them apart. A run of no mutants fails, and so does a justification of a mutant that no longer survives.
"""

import json
import sys
import tomllib
from pathlib import Path
from typing import NamedTuple

from tests.tree import ROOT

JUSTIFIED = Path(__file__).with_name("survivors.toml")
KILLED, TIMEOUTS = (1, 3), (36, 24, 152, -24, 255)
"""Exit codes of mutmut's workers: pytest failed, or a mutant ran for too long."""


ANYTHING = "*"
"""Justifies every change of a line: of values that nobody reads before they are written."""


class Survivor(NamedTuple):
    """What a mutant changes, and where."""

    function: str
    was: str
    now: str


def results(mutants: Path) -> dict[str, int | None]:
    """Every mutant's exit code; None for one that was never tried."""
    codes: dict[str, int | None] = {}
    for meta in sorted(mutants.rglob("*.meta")):
        codes.update(json.loads(meta.read_text(encoding="utf-8"))["exit_code_by_key"])
    return codes


def function_of(mutant: str) -> str:
    """`safety.gate.Gate.check` of mutmut's own name for it."""
    name = mutant.rpartition("__mutmut_")[0]
    module, _, mangled = name.rpartition(".")
    if mangled.startswith("xǁ"):
        return f"{module}.{mangled[2:].replace('ǁ', '.')}"
    return f"{module}.{mangled.removeprefix('x_')}"


def change_of(diff: str) -> tuple[str, str]:
    """The lines before and after, without their indents, of a unified diff."""
    lines = [line for line in diff.splitlines() if not line.startswith(("---", "+++"))]
    was, now = (" ".join(line[1:].strip() for line in lines if line.startswith(sign)) for sign in "-+")
    return was, now


def justified() -> dict[Survivor, str]:
    """The survivors that we know, and why each may live. Raises ValueError for one without a reason."""
    known = {}
    for entry in tomllib.loads(JUSTIFIED.read_text(encoding="utf-8")).get("survivor", []):
        if len(entry["why"].split()) < 3:
            raise ValueError(f"{entry['function']}: say why it may live, in words")
        for now in [ANYTHING] if entry["now"] == ANYTHING else entry["now"]:
            known[Survivor(entry["function"], entry["was"], now)] = entry["why"]
    return known


def judge(codes: dict[str, int | None], alive: dict[str, Survivor], known: dict[Survivor, str]) -> list[str]:
    """What is wrong, a line each; empty when the run passes. `alive`: what each surviving mutant changes."""
    wrong = []
    if not codes:
        wrong.append("no mutant was made: the gate would pass whatever the tests say")
    untried = [mutant for mutant, code in codes.items() if code is None]
    if untried:
        wrong.append(f"{len(untried)} mutants were never tried, the first is {untried[0]}: run make mutate to its end")
    wrong += [
        f"survived: {mutant}\n    - {change.was}\n    + {change.now}"
        for mutant, change in alive.items()
        if not is_known(change, known)
    ]
    if not untried:
        lived = {*alive.values(), *(change._replace(now=ANYTHING) for change in alive.values())}
        wrong += [
            f"justified, but killed or gone: {change.function}: {change.was}: {change.now}"
            for change in known
            if change not in lived
        ]
    return wrong


def is_known(change: Survivor, known: dict[Survivor, str]) -> bool:
    """Whether a survivor is justified, itself or as any change of its line."""
    return change in known or change._replace(now=ANYTHING) in known


def main() -> int:
    """Read mutmut's results in mutants/, and judge them."""
    from mutmut.mutation.diff_apply import find_mutant, get_diff_for_mutant  # noqa: PLC0415  (only make mutate has it)

    codes = results(ROOT / "mutants")
    alive = {}
    for mutant, code in codes.items():
        if code is not None and code not in (*KILLED, *TIMEOUTS):
            diff = get_diff_for_mutant(mutant, path=find_mutant(mutant).path)
            alive[mutant] = Survivor(function_of(mutant), *change_of(diff))
    known = justified()
    wrong = judge(codes, alive, known)
    for line in wrong:
        print(line)
    killed = sum(code in (*KILLED, *TIMEOUTS) for code in codes.values())
    lived = sum(is_known(change, known) for change in alive.values())
    print(f"{len(codes)} mutants of safety/: {killed} killed, {lived} justified, {len(alive) - lived} survived")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
