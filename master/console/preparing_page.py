"""The page before the case: patient's side, hands, link; in the order in which they are seen to."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from master.console.device_box import DeviceBox
from master.console.link_box import LinkBox
from master.console.side_box import SideBox
from master.console.snapshot import Snapshot
from protocol.widgets.look import Look
from protocol.widgets.screen import GAP_MM


class PreparingPage(QWidget):
    """`sides`, `devices` and `link` are its three boxes; each signals what the surgeon chose."""

    def __init__(self, look: Look, device: str) -> None:
        super().__init__()
        self._look = look
        self.sides = SideBox(look)
        self.devices = DeviceBox(look, device)
        self.link = LinkBox(look)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        gap = look.px(GAP_MM)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(2 * gap)
        for box in (self.sides, self.devices, self.link):
            whole.addWidget(box, 1)

    def minimumSizeHint(self) -> QSize:
        """Less than it likes: it shares its place with the page of the case, which must be able to be low."""
        return QSize(self._look.px(120.0), self._look.px(60.0))

    def show_all(self, seen: Snapshot) -> None:
        """How all stands now."""
        self.sides.show_sides(seen, locked=seen.is_locked)
        self.devices.show_device(seen, locked=seen.is_locked)
        self.link.show_check(seen)
