import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from protocol.widgets.action_button import ActionButton, ButtonState
from protocol.widgets.glyph import Glyph
from protocol.widgets.look import Look
from protocol.widgets.screen import TOUCH_MM
from protocol.widgets.theme import Tone
from tests.window_fixtures import PATIENCE_MS, Screen, dress

KEYS = (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)


@pytest.fixture
def button(look: Look, qtbot: QtBot) -> ActionButton:
    made = ActionButton(look, "FREEZE", Glyph.HAND, Tone.DANGER)
    qtbot.addWidget(made)
    made.resize(made.sizeHint())
    made.show()
    return made


def test_it_is_large_enough_for_a_glove_however_little_room_there_is(
    screen: Screen, qapp: QApplication, qtbot: QtBot
) -> None:
    look = dress(qapp, screen.dpi)
    made = ActionButton(look, "+", Glyph.PLUS)
    qtbot.addWidget(made)
    made.resize(made.minimumSizeHint())
    assert min(look.scale.mm(made.width()), look.scale.mm(made.height())) >= TOUCH_MM


def test_a_press_is_told_at_once_and_a_click_at_its_end(button: ActionButton, qtbot: QtBot) -> None:
    heard: list[str] = []
    button.pressed.connect(lambda: heard.append("pressed"))
    button.clicked.connect(lambda: heard.append("clicked"))
    qtbot.mousePress(button, Qt.MouseButton.LeftButton)
    assert heard == ["pressed"]
    qtbot.mouseRelease(button, Qt.MouseButton.LeftButton)
    assert heard == ["pressed", "clicked"]


@pytest.mark.parametrize("key", KEYS)
def test_keys_press_it_too(button: ActionButton, qtbot: QtBot, key: Qt.Key) -> None:
    heard: list[str] = []
    button.pressed.connect(lambda: heard.append("pressed"))
    qtbot.keyClick(button, key)
    assert heard == ["pressed"]


@pytest.mark.parametrize("key", KEYS)
def test_a_key_that_is_held_down_presses_once(button: ActionButton, key: Qt.Key) -> None:
    heard: list[str] = []
    button.pressed.connect(lambda: heard.append("pressed"))
    for repeats in (False, True, True):
        QApplication.sendEvent(button, key_event(QEvent.Type.KeyPress, key, repeats=repeats))
    assert heard == ["pressed"]


def key_event(kind: QEvent.Type, key: Qt.Key, *, repeats: bool) -> QKeyEvent:
    return QKeyEvent(kind, key.value, Qt.KeyboardModifier.NoModifier, "", repeats)


def test_a_disabled_one_says_why_and_hears_nothing(button: ActionButton, qtbot: QtBot) -> None:
    heard: list[str] = []
    button.pressed.connect(lambda: heard.append("pressed"))
    button.show_state(ButtonState.DISABLED, "the controller is silent")
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert heard == []
    assert button.accessibleDescription() == "the controller is silent"
    button.show_state(ButtonState.IDLE)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert heard == ["pressed"]


def test_every_state_looks_different(button: ActionButton) -> None:
    pictures = []
    for state in ButtonState:
        button.show_state(state, "")
        pictures.append(button.grab().toImage())
    assert all(one != other for k, one in enumerate(pictures) for other in pictures[:k])


def test_states_differ_without_their_colours(button: ActionButton) -> None:
    """In grey, as a screen without colours shows them."""
    pictures = []
    for state in ButtonState:
        button.show_state(state, "")
        image = button.grab().toImage().convertToFormat(button.grab().toImage().Format.Format_Mono)
        pictures.append(image)
    assert all(one != other for k, one in enumerate(pictures) for other in pictures[:k])


def test_a_text_that_does_not_fit_is_said_to_be_cut(button: ActionButton) -> None:
    assert not button.is_cut()
    button.show_state(ButtonState.FAILED, "not confirmed within 100 ms")
    assert not button.is_cut()
    button.name("A VERY LONG NAME FOR A BUTTON INDEED, AND MORE OF IT")
    assert button.is_cut()


def test_focus_is_seen(button: ActionButton, qtbot: QtBot) -> None:
    before = button.grab().toImage()
    button.activateWindow()
    button.setFocus()
    qtbot.waitUntil(button.hasFocus, timeout=PATIENCE_MS)
    assert button.grab().toImage() != before


def test_a_button_that_cannot_be_pressed_any_more_hands_the_keyboard_to_no_other(look: Look, qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    first, second = (ActionButton(look, text, Glyph.HAND) for text in ("RESET", "STOP"))
    for button in (first, second):
        column.addWidget(button)
    with qtbot.waitExposed(window, timeout=PATIENCE_MS):
        window.show()
    first.setFocus()
    first.show_state(ButtonState.DISABLED, "done")
    qtbot.wait(20)
    assert not second.hasFocus()
    assert window.focusWidget() is not second
