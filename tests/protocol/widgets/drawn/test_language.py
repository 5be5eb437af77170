import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from protocol.widgets.language import Language, can_write, current, say, switch
from protocol.widgets.sentence import literal, sentence
from tests.window_fixtures import PATIENCE_MS

STOP = sentence("no command for {age} (limit {limit})", age="250 ms", limit="250 ms")


class Listener(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.changes = 0

    def changeEvent(self, event: QEvent) -> None:
        self.changes += event.type() is QEvent.Type.LanguageChange
        super().changeEvent(event)


@pytest.fixture(autouse=True)
def english_again(qapp: QApplication):
    yield
    switch(qapp, Language.EN)


def test_a_sentence_is_said_in_the_language_of_now(qapp: QApplication) -> None:
    assert say(STOP) == "no command for 250 ms (limit 250 ms)"
    switch(qapp, Language.ZH)
    assert current(qapp) is Language.ZH
    assert "没有指令" in say(STOP)
    assert "250 ms" in say(STOP)
    switch(qapp, Language.EN)
    assert say(STOP) == STOP.english
    assert current(qapp) is Language.EN


def test_every_open_widget_hears_of_a_switch(qapp: QApplication, qtbot: QtBot) -> None:
    window = Listener()
    inner = Listener()
    inner.setParent(window)
    qtbot.addWidget(window)
    for language, changes in ((Language.ZH, 1), (Language.EN, 2)):
        switch(qapp, language)
        qtbot.waitUntil(
            lambda changes=changes: window.changes >= changes and inner.changes >= changes, timeout=PATIENCE_MS
        )


def test_switching_back_and_forth_leaves_nothing_behind(qapp: QApplication) -> None:
    for _ in range(20):
        switch(qapp, Language.ZH)
        switch(qapp, Language.EN)
    assert say(STOP) == STOP.english
    switch(qapp, Language.ZH)
    assert "没有指令" in say(STOP)


def test_what_no_language_knows_is_shown_as_it_is(qapp: QApplication) -> None:
    switch(qapp, Language.ZH)
    assert say(literal("theatre-2")) == "theatre-2"
    assert say(sentence("nobody translated this")) == "nobody translated this"  # a test's own, in no window


def test_qts_own_words_are_translated_too(qapp: QApplication) -> None:
    switch(qapp, Language.ZH)
    assert qapp.translate("QPlatformTheme", "Cancel") == "取消"


def test_there_is_a_font_for_both_languages(qapp: QApplication) -> None:
    assert can_write(Language.EN)
    assert can_write(Language.ZH)
