"""The first step of a case: which patient's side. A list of those known, and a field for any other."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QPushButton, QVBoxLayout, QWidget

from master.console.snapshot import Snapshot
from master.console_records import Side
from protocol.widgets.culprits import told
from protocol.widgets.fitting import FitLabel
from protocol.widgets.language import say
from protocol.widgets.look import Look
from protocol.widgets.screen import GAP_MM, NEAR_TEXT_MM
from protocol.widgets.sentence import sentence

TITLE_MM = 4.4
_ADDRESS = Qt.ItemDataRole.UserRole
_DEAD = Qt.ItemFlag.NoItemFlags


class SideBox(QWidget):
    """Signal `chosen` with HOST:PORT."""

    chosen = Signal(str)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._shown: tuple[tuple[Side, ...], str, bool] | None = None
        self._title = FitLabel(look, TITLE_MM, look.theme.text, QFont.Weight.Bold)
        self._list = QListWidget()
        self._list.setWordWrap(True)
        self._field = QLineEdit()
        self._choose = QPushButton()
        self._trouble = FitLabel(look, NEAR_TEXT_MM, look.theme.slow, lines=2)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(look.px(GAP_MM / 2))
        whole.addWidget(self._title)
        whole.addWidget(self._list, 1)
        whole.addWidget(self._field)
        whole.addWidget(self._choose)
        whole.addWidget(self._trouble)
        self._list.itemClicked.connect(self._clicked)
        self._list.itemActivated.connect(self._clicked)
        self._choose.clicked.connect(self._typed)
        self._field.returnPressed.connect(self._typed)
        self._retranslate()

    def show_sides(self, seen: Snapshot, *, locked: bool) -> None:
        """Show what can be chosen; `locked` while a session is asked for."""
        word = seen.launcher
        shown = ((), "", locked) if word is None else (word.sides, word.side, locked)
        self._trouble.set_text("" if word is None or not word.sides_trouble else say(told(word.sides_trouble)))
        if shown == self._shown:
            return
        self._shown = shown
        self._fill()
        for part in (self._list, self._field, self._choose):
            part.setEnabled(not locked)

    def changeEvent(self, event: QEvent) -> None:
        """Say all anew in another language."""
        if event.type() is QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def _fill(self) -> None:
        sides, chosen, _ = self._shown or ((), "", False)
        self._list.clear()
        known = [side.address for side in sides]
        for side in (*sides, *((Side("", chosen, ""),) if chosen and chosen not in known else ())):
            item = QListWidgetItem(_row(side, is_chosen=side.address == chosen))
            item.setData(_ADDRESS, side.address)
            self._list.addItem(item)
            if side.address == chosen:
                self._list.setCurrentItem(item)
        if not self._list.count():
            item = QListWidgetItem(say(sentence("No patient's side is known here: type its address below.")))
            item.setFlags(_DEAD)
            self._list.addItem(item)

    def _clicked(self, item: QListWidgetItem) -> None:
        address = item.data(_ADDRESS)
        if address:
            self.chosen.emit(address)

    def _typed(self) -> None:
        if self._field.text().strip():
            self.chosen.emit(self._field.text().strip())

    def _retranslate(self) -> None:
        self._title.set_text(say(sentence("1  Patient's side")))
        self._field.setPlaceholderText(say(sentence("another: HOST:PORT")))
        self._field.setAccessibleName(say(sentence("address of another patient's side")))
        self._choose.setText(say(sentence("CHOOSE")))
        self._choose.setAccessibleName(say(sentence("choose the typed address")))
        self._list.setAccessibleName(say(sentence("known patient's sides")))
        if self._shown is not None:
            self._fill()


def _row(side: Side, *, is_chosen: bool) -> str:
    """Its name and address; who cannot see colours sees a mark at the one that is chosen."""
    name = say(sentence("this host")) if side.name == "this host" else side.name
    first = "  ".join(filter(None, (name, side.address)))
    mark = "\N{CHECK MARK} " if is_chosen else ""
    return f"{mark}{first}\n{side.fingerprint}" if side.fingerprint else f"{mark}{first}"
