"""Fixtures of all tests that draw: the screens that the windows are made for, both languages, one look.

`tests/conftest.py` loads this where Qt can be imported.
"""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from bench.screenshots.scene import SCREENS, Screen
from protocol.widgets.language import Language, switch
from protocol.widgets.look import Look, apply
from protocol.widgets.screen import Scale
from protocol.widgets.theme import DARK

PATIENCE_MS = 30_000
"""For what comes as soon as the machine gets to it: a busy one may be slow, and is not wrong."""


@pytest.fixture(params=SCREENS, ids=lambda screen: screen.name)
def screen(request: pytest.FixtureRequest) -> Screen:
    found: Screen = request.param
    return found


@pytest.fixture(params=Language)
def language(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[Language]:
    chosen: Language = request.param
    switch(qapp, chosen)
    yield chosen
    switch(qapp, Language.EN)


@pytest.fixture
def look(qapp: QApplication) -> Look:
    """For tests that need any look."""
    return dress(qapp, 110.0)


def dress(app: QApplication, dpi: float) -> Look:
    found = Look(DARK, Scale(dpi))
    apply(app, found)
    return found
