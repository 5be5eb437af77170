"""The second step of a case: what the surgeon's hands hold. Any device of the catalogue, shown live beside it."""

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QComboBox, QLineEdit, QPushButton, QVBoxLayout, QWidget

from master.console.device_names import device_kinds, spec_of, split_spec
from master.console.preparing import device_ready
from master.console.side_box import TITLE_MM
from master.console.snapshot import Snapshot
from protocol.widgets.fitting import FitLabel
from protocol.widgets.language import say
from protocol.widgets.look import Look
from protocol.widgets.screen import GAP_MM, NEAR_TEXT_MM
from protocol.widgets.sentence import sentence


class DeviceBox(QWidget):
    """Signal `chosen` with a spec of `master.devices.catalog`."""

    chosen = Signal(str)

    def __init__(self, look: Look, spec: str) -> None:
        super().__init__()
        self._look = look
        self._kinds = device_kinds()
        self._title = FitLabel(look, TITLE_MM, look.theme.text, QFont.Weight.Bold)
        self._combo = QComboBox()
        self._combo.setMinimumContentsLength(12)
        self._combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._argument = QLineEdit()
        self._use = QPushButton()
        self._state = FitLabel(look, NEAR_TEXT_MM, look.theme.dim, lines=3)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(look.px(GAP_MM / 2))
        for part in (self._title, self._combo, self._argument, self._use, self._state):
            whole.addWidget(part)
        whole.addStretch(1)
        for kind in self._kinds:
            self._combo.addItem("", kind.kind)
        self._combo.currentIndexChanged.connect(self._picked)
        self._use.clicked.connect(self._chosen)
        self._argument.returnPressed.connect(self._chosen)
        self._retranslate()
        self.show_spec(spec)

    def show_spec(self, spec: str) -> None:
        """What is wished already."""
        kind, argument = split_spec(spec)
        names = [each.kind for each in self._kinds]
        if kind in names:
            self._combo.setCurrentIndex(names.index(kind))
            self._argument.setText(argument)

    def show_device(self, seen: Snapshot, *, locked: bool) -> None:
        """How the device in use is; `locked` while there may be a session."""
        for part in (self._combo, self._argument, self._use):
            part.setEnabled(not locked)
        word, level = device_ready(seen)
        self._state.set_text(say(word))
        self._state.set_colour(self._look.theme.level(level))

    def changeEvent(self, event: QEvent) -> None:
        """Say all anew in another language."""
        if event.type() is QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def _picked(self, number: int) -> None:
        argument = self._kinds[number].argument
        self._argument.setVisible(argument is not None)
        self._argument.setPlaceholderText("" if argument is None else say(argument))
        if argument is None:
            self._argument.clear()

    def _chosen(self) -> None:
        kind = self._kinds[self._combo.currentIndex()]
        if kind.argument is None or self._argument.text().strip():
            self.chosen.emit(spec_of(kind, self._argument.text()))

    def _retranslate(self) -> None:
        self._title.set_text(say(sentence("2  Your hands")))
        for number, kind in enumerate(self._kinds):
            self._combo.setItemText(number, say(kind.name))
        self._combo.setAccessibleName(say(sentence("device in the surgeon's hands")))
        self._argument.setAccessibleName(say(sentence("file, port or path of the device")))
        self._use.setText(say(sentence("USE")))
        self._use.setAccessibleName(say(sentence("use this device")))
        self._picked(self._combo.currentIndex())
