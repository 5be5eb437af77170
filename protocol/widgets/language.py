"""The language of a window, switched while it is open: every widget says its words anew when it changes."""

from collections.abc import Mapping
from enum import StrEnum

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QObject, QTranslator
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QApplication

from protocol.widgets.sentence import CONTEXT, Sentence, render
from protocol.widgets.ts_file import Key, read_language

_OWN, _QTS = "farhand.translations", "farhand.qt.translations"


class Language(StrEnum):
    """By the names of Qt's locales."""

    EN = "en"
    ZH = "zh_CN"


NATIVE = {Language.EN: "English", Language.ZH: "中文"}
"""What each is called by those who speak it: shown alike in every language."""


class TsTranslator(QTranslator):
    """Translations read from `.ts` files."""

    def __init__(self, translations: Mapping[Key, str], parent: QObject) -> None:
        super().__init__(parent)
        self._translations = translations

    def isEmpty(self) -> bool:
        """Whether there is nothing in it; Qt tells no widget of an empty one."""
        return not self._translations

    def translate(self, context: str, sourceText: str, disambiguation: str | None = None, n: int = -1) -> str:
        """The translation, or None for Qt to look further, at last to the English itself; '' would be one."""
        return self._translations.get(Key(context, sourceText))  # type: ignore[return-value]


def switch(app: QCoreApplication, language: Language) -> None:
    """Let all windows of `app` speak `language` from now on. Raises TsError for a broken file of translations."""
    for old in app.findChildren(QTranslator):
        if old.objectName() in (_OWN, _QTS):
            app.removeTranslator(old)
            old.setParent(None)
            old.deleteLater()
    app.setProperty("language", language.value)
    if language is Language.EN:
        return
    qts = QTranslator(app)
    qts.setObjectName(_QTS)
    if qts.load(f"qtbase_{language.value}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        app.installTranslator(qts)
    own = TsTranslator(read_language(language.value), app)
    own.setObjectName(_OWN)
    app.installTranslator(own)


def current(app: QCoreApplication) -> Language:
    """The language that windows of `app` speak now."""
    return Language(app.property("language") or Language.EN.value)


def say(what: Sentence) -> str:
    """A sentence in the language of now."""
    return render(what, lambda source: QCoreApplication.translate(CONTEXT, source))


def can_write(language: Language) -> bool:
    """Whether a font is installed that has the characters of `language`. Needs a QApplication."""
    if language is Language.EN:
        return True
    return bool(QFontDatabase.families(QFontDatabase.WritingSystem.SimplifiedChinese))


def application() -> QApplication:
    """The one of this process. Raises RuntimeError where none was made: a widget would end the process by itself."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        raise RuntimeError("no QApplication runs in this process: make one before any widget")  # noqa: TRY004  # noqa: TRY004
    return app
