"""Draws the mode table for people: `python -m safety.draw > docs/modes.md`. A test keeps the drawing true."""

from collections.abc import Iterator

from protocol.messages import FreezeClass, Mode
from safety.modes import Action, Event, Guard, Row
from safety.table import ROWS, TABLE

HEAD = """# The mode table

Drawn from `safety/table.py` by `python -m safety.draw > docs/modes.md`; do not edit. One event a tick acts: the worst
that has a row whose guards hold. Events are listed worst first.
"""


def page() -> str:
    """The whole page."""
    return "\n".join([HEAD, *_matrix(), "", "## Rows", "", *_rows(), "", "## Guards and actions", "", *_names(), ""])


def _matrix() -> Iterator[str]:
    """Every event times every mode: where it leads; · changes nothing."""
    yield f"| event | {' | '.join(Mode)} |"
    yield f"|---|{'---|' * len(Mode)}"
    for event in Event:
        cells = (" or ".join(dict.fromkeys(map(_goal, TABLE.get((mode, event), ())))) or "·" for mode in Mode)
        yield f"| {event.name} | {' | '.join(cells)} |"


def _rows() -> Iterator[str]:
    yield "| in | event | if | to | and |"
    yield "|---|---|---|---|---|"
    for row in ROWS:
        guards, actions = (", ".join(map(_name, each)) for each in (row.guards, row.actions))
        yield f"| {', '.join(row.modes)} | {row.event.name} | {guards} | {_goal(row)} | {actions} |"


def _names() -> Iterator[str]:
    said = {_name(guard): guard.__doc__ for row in ROWS for guard in row.guards}
    said |= {_name(action): action.__doc__ for row in ROWS for action in row.actions}
    for name in sorted(said):
        yield f"- *{name}*: {said[name]}"


def _goal(row: Row) -> str:
    if row.to is None:
        return "stays"
    return f"{row.to} ({row.freeze_class})" if row.freeze_class is not FreezeClass.NONE else row.to.value


def _name(function: Guard | Action) -> str:
    return function.__name__.replace("_", " ")


if __name__ == "__main__":
    print(page(), end="")
