"""A button that is held: it says when it begins and when, and why, it ends; a finger that comes back begins nothing."""

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QFocusEvent, QTouchEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from protocol.widgets.action_button import ButtonState
from protocol.widgets.glyph import Glyph
from slave.panel.hold import Ended
from slave.panel.hold_button import HoldButton

LEFT = Qt.MouseButton.LeftButton
OUT = QPoint(-20, -20)


@pytest.fixture
def told():
    return []


@pytest.fixture
def button(look, qtbot, told):
    made = HoldButton(look, "HOLD", Glyph.PLUS)
    qtbot.addWidget(made)
    made.resize(200, 100)
    made.begun.connect(lambda: told.append("begun"))
    made.ended.connect(told.append)
    made.show()
    qtbot.waitUntil(lambda: made.windowHandle() is not None and made.windowHandle().isExposed(), timeout=30_000)
    yield made
    made.close()


def test_a_press_begins_and_the_finger_up_ends(button, told):
    QTest.mousePress(button, LEFT)
    assert (told, button.is_held) == (["begun"], True)
    QTest.mouseRelease(button, LEFT)
    assert (told, button.is_held) == (["begun", Ended.UP], False)


def test_a_finger_that_leaves_ends_it_and_begins_nothing_when_it_comes_back(button, told):
    QTest.mousePress(button, LEFT)
    QTest.mouseMove(button, OUT)
    QTest.mouseMove(button, button.rect().center())
    QTest.mouseRelease(button, LEFT)
    assert told == ["begun", Ended.LEFT]


def test_a_finger_that_moves_within_goes_on(button, told):
    QTest.mousePress(button, LEFT)
    QTest.mouseMove(button, QPoint(3, 3))
    assert told == ["begun"]


@pytest.mark.parametrize(
    ("end", "why"),
    [
        (lambda button: QApplication.sendEvent(button, QFocusEvent(QEvent.Type.FocusOut)), Ended.FOCUS),
        (lambda button: button.hide(), Ended.HIDDEN),
        (lambda button: button.let_go(Ended.HELD_UP), Ended.HELD_UP),
        (lambda button: QApplication.sendEvent(button, QEvent(QEvent.Type.UngrabMouse)), Ended.TAKEN),
    ],
)
def test_focus_hiding_and_its_owner_end_it(end, why, button, told):
    QTest.mousePress(button, LEFT)
    end(button)
    assert told == ["begun", why]


@pytest.fixture(scope="module")
def glass(qapp):
    return QTest.createTouchDevice()


def test_a_touch_begins_and_the_finger_up_ends(button, told, glass):
    QTest.touchEvent(button, glass).press(0, button.rect().center())
    assert told == ["begun"]
    QTest.touchEvent(button, glass).move(0, QPoint(9, 9))
    assert told == ["begun"]
    QTest.touchEvent(button, glass).release(0, QPoint(9, 9))
    assert told == ["begun", Ended.UP]


def test_a_touch_that_leaves_ends_it_and_begins_nothing_when_it_comes_back(button, told, glass):
    QTest.touchEvent(button, glass).press(0, button.rect().center())
    QTest.touchEvent(button, glass).move(0, OUT)
    QTest.touchEvent(button, glass).move(0, button.rect().center())
    QTest.touchEvent(button, glass).release(0, button.rect().center())
    assert told == ["begun", Ended.LEFT]


def test_a_touch_that_the_system_takes_away_ends_it(button, told, glass):
    QTest.touchEvent(button, glass).press(0, button.rect().center())
    QApplication.sendEvent(button, QTouchEvent(QEvent.Type.TouchCancel, glass))
    assert (told, button.is_held) == (["begun", Ended.TAKEN], False)
    QTest.touchEvent(button, glass).release(0, button.rect().center())
    assert told == ["begun", Ended.TAKEN]


def test_a_touch_of_a_disabled_one_holds_nothing(button, told, glass):
    button.show_state(ButtonState.DISABLED, "why")
    QTest.touchEvent(button, glass).press(0, button.rect().center())
    QTest.touchEvent(button, glass).release(0, button.rect().center())
    assert told == []


def test_space_holds_and_its_repeats_are_one_press(button, told):
    QTest.keyPress(button, Qt.Key.Key_Space)
    assert told == ["begun"]
    QTest.keyRelease(button, Qt.Key.Key_Space)
    assert told == ["begun", Ended.UP]
    QTest.keyClick(button, Qt.Key.Key_Return)
    assert told == ["begun", Ended.UP], "Enter cannot be held"


def test_another_mouse_button_and_a_disabled_one_hold_nothing(button, told):
    QTest.mousePress(button, Qt.MouseButton.RightButton)
    button.show_state(ButtonState.DISABLED, "why")
    QTest.mousePress(button, LEFT)
    assert told == []
