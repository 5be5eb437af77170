"""What a picture is taken of."""

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:  # who asks for the screens needs no Qt
    from PySide6.QtWidgets import QWidget

    from protocol.widgets.look import Look


class Screen(NamedTuple):
    """A screen that the windows are made for: in pixels, and their true density."""

    name: str
    width: int
    height: int
    dpi: float


SCREENS = (
    # The least that is promised: a 13.3 inch panel beside the table.
    Screen("1280x800", 1280, 800, 113.5),
    # A 27 inch screen of a console.
    Screen("3840x2160", 3840, 2160, 163.2),
)


class Scene(NamedTuple):
    """`make` returns a widget in its state and size, not yet shown; it is thrown away after the picture."""

    name: str
    make: "Callable[[Look, Screen], QWidget]"
