"""What every window of ours must keep, asked of real widgets: nothing cut off, targets for gloves, names for all."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QAbstractButton, QAbstractSpinBox, QComboBox, QLabel, QLineEdit, QSlider, QWidget

from protocol.widgets.screen import TOUCH_MM, Scale

CONTROLS = (QAbstractButton, QAbstractSpinBox, QComboBox, QLineEdit, QSlider)


def shown(window: QWidget) -> list[QWidget]:
    """The window and all that is visible in it."""
    return [window, *(each for each in window.findChildren(QWidget) if each.isVisibleTo(window))]


def controls(window: QWidget) -> list[QWidget]:
    """All that a person can press, choose or type into."""
    found = [each for each in shown(window) if isinstance(each, CONTROLS)]
    # The editor inside a box belongs to the box.
    return [each for each in found if not isinstance(each.parent(), (QComboBox, QAbstractSpinBox))]


def cut_off(window: QWidget) -> list[str]:
    """The texts that do not fit where they stand, and the widgets that stand outside of what holds them."""
    wrong = []
    for widget in shown(window):
        is_cut = getattr(widget, "is_cut", None)
        if is_cut is not None and is_cut():
            wrong.append(f"{name(widget)}: its text is cut off in {widget.width()} x {widget.height()}")
        if isinstance(widget, QLabel) and widget.text() and not _label_fits(widget):
            wrong.append(f"{name(widget)}: {widget.text()!r} is cut off in {widget.width()} x {widget.height()}")
        if is_cut is None and isinstance(widget, QAbstractButton) and _too_wide(widget, widget.text()):
            wrong.append(f"{name(widget)}: {widget.text()!r} is cut off in {widget.width()} pixels")
        if isinstance(widget, QComboBox):
            texts = [widget.itemText(k) for k in range(widget.count())]
            wrong += [f"{name(widget)}: {text!r} is cut off" for text in texts if _too_wide(widget, text)]
        parent = widget.parentWidget()
        if widget is not window and parent is not None and not parent.rect().contains(widget.geometry()):
            wrong.append(f"{name(widget)}: stands outside of {name(parent)}")
    return wrong


def small_targets(window: QWidget, scale: Scale) -> list[str]:
    """The controls that are smaller than a gloved finger needs."""
    return [
        f"{name(each)}: {scale.mm(each.width()):.1f} x {scale.mm(each.height()):.1f} mm"
        for each in controls(window)
        if scale.mm(each.width()) < TOUCH_MM - 0.01 or scale.mm(each.height()) < TOUCH_MM - 0.01
    ]


def nameless(window: QWidget) -> list[str]:
    """The controls that a screen reader could not name."""
    return [name(each) for each in controls(window) if not each.accessibleName()]


def tab_order(window: QWidget) -> list[QWidget]:
    """The controls in the order in which the tabulator key reaches them."""
    found, each = [], window.nextInFocusChain()
    while each is not None and each is not window:
        if each in controls(window) and each.focusPolicy() & Qt.FocusPolicy.TabFocus and each.isEnabled():
            found.append(each)
        each = each.nextInFocusChain()
    return found


def name(widget: QWidget) -> str:
    said = widget.accessibleName() or widget.objectName()
    return f"{type(widget).__name__} {said!r}" if said else type(widget).__name__


def _label_fits(label: QLabel) -> bool:
    flags = int(Qt.TextFlag.TextWordWrap) if label.wordWrap() else 0
    taken = label.fontMetrics().boundingRect(QRect(0, 0, label.width(), 100_000), flags, label.text())
    return taken.width() <= label.width() and taken.height() <= label.height()


def _too_wide(widget: QWidget, text: str) -> bool:
    return widget.fontMetrics().horizontalAdvance(text) > widget.width()
