"""Pages in one place where a screen is too small for all at once: tabs large enough for gloves, one page below them."""

from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from protocol.widgets.look import Look
from protocol.widgets.screen import GAP_MM, NEAR_TEXT_MM, TOUCH_MM
from slave.panel.choice_button import ChoiceButton


class Pages(QWidget):
    """`tabs` stand in the order of `pages`. Nobody but a finger turns a page: nothing slips away below one."""

    def __init__(self, look: Look, pages: tuple[QWidget, ...]) -> None:
        super().__init__()
        self._stack = QStackedLayout()
        self.tabs = [ChoiceButton(look, NEAR_TEXT_MM * 1.4) for _ in pages]
        self._group = QButtonGroup(self)
        row, whole = QHBoxLayout(), QVBoxLayout(self)
        gap = look.px(GAP_MM * 0.7)
        for layout in (row, whole):
            layout.setSpacing(gap)
        whole.setContentsMargins(0, 0, 0, 0)
        for number, (tab, page) in enumerate(zip(self.tabs, pages, strict=True)):
            tab.setFixedHeight(look.px(TOUCH_MM))
            self._group.addButton(tab, number)
            row.addWidget(tab)
            self._stack.addWidget(page)
        self._group.idClicked.connect(self._stack.setCurrentIndex)
        self.tabs[0].setChecked(True)
        whole.addLayout(row)
        whole.addLayout(self._stack, 1)

    def turn_to(self, number: int) -> None:
        """Show this page."""
        self.tabs[number].setChecked(True)
        self._stack.setCurrentIndex(number)
