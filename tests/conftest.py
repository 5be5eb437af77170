"""Windows in tests. They stand on a display in memory, which the first test that needs one starts.

Where this system lacks what windows need, their tests are skipped, each with the reason; all others run.
"""

import atexit
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager

import pytest

from protocol import desktop

# pytest-qt imports Qt as soon as pytest starts: without Qt's libraries no test at all would run. mutmut runs the tests
# of safety/ alone, thousands of times.
NO_WINDOWS = desktop.missing_libraries() or "MUTANT_UNDER_TEST" in os.environ
pytest_plugins = () if NO_WINDOWS else ("pytestqt.plugin", "tests.window_fixtures")
os.environ.setdefault("PYTEST_QT_API", "pyside6")


@pytest.fixture(scope="session")
def display() -> Iterator[str]:
    """The name of a display in memory, set in the environment for this process and all that it starts."""
    from bench.virtual_display import environment_on, virtual_display  # noqa: PLC0415  (most tests open no window)
    from protocol.children import ChildError  # noqa: PLC0415

    context = virtual_display()
    try:
        name = context.__enter__()
    except ChildError as error:
        pytest.skip(f"no windows here: {error}")
    # Until the very end: pytest-qt handles events after the last fixture, and Qt complains of a display that went away.
    _DISPLAYS.append(context)
    atexit.register(_leave_qt)
    before = dict(os.environ)
    os.environ.update(environment_on(name))
    os.environ.pop("WAYLAND_DISPLAY", None)
    os.environ.pop("FARHAND_DPI", None)
    yield name
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture(scope="session")
def qapp_args(display: str) -> list[str]:
    """pytest-qt makes the QApplication with these: not before there is a display for it."""
    return ["farhand"]


_DISPLAYS: list[AbstractContextManager[str]] = []


def _leave_qt() -> None:
    """Before Python takes Qt apart: all windows are closed while their display is there."""
    from PySide6.QtWidgets import QApplication  # noqa: PLC0415  (most tests open no window)

    app = QApplication.instance()
    if app is not None:
        app.shutdown()
    for each in _DISPLAYS:
        each.__exit__(None, None, None)
