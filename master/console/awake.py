"""Keeps the screen lit and unlocked while a case is under way: dark, it shows nothing and is painted none the less.

Two ways, each where it is: the desktop is asked over D-Bus (org.freedesktop.ScreenSaver), and the X server itself,
where no desktop runs. Both forget it by themselves when this process ends.
"""

import os
from collections.abc import Mapping
from ctypes import CDLL, byref, c_char_p, c_int, c_void_p
from pathlib import Path
from typing import Protocol

from PySide6.QtDBus import QDBusConnection, QDBusMessage

from protocol.desktop import LIT, LIT_FILE

SERVICE, PATH = "org.freedesktop.ScreenSaver", "/org/freedesktop/ScreenSaver"
CONNECTION = "farhand-awake"
ANSWER_MS = 500
WHO, WHY = "farhand", "a case is under way"


class Keeper(Protocol):
    """One way to keep the screen lit."""

    def keep(self, *, lit: bool) -> None:
        """From now on, or no longer. Never waits."""


class Desktop:
    """Asks over a connection of its own: its end is what the desktop takes for the end of the asking."""

    def keep(self, *, lit: bool) -> None:
        """Ask, or close the connection."""
        QDBusConnection.disconnectFromBus(CONNECTION)
        if lit:
            asked = QDBusMessage.createMethodCall(SERVICE, PATH, SERVICE, "Inhibit")
            asked.setArguments([WHO, WHY])
            QDBusConnection.connectToBus(QDBusConnection.BusType.SessionBus, CONNECTION).asyncCall(asked)


class XScreen:
    """The X server's own screen saver and power saving, suspended as long as a connection of ours lives."""

    def __init__(self, x11: CDLL, xss: CDLL, display: c_void_p) -> None:
        self._x11, self._xss, self._display = x11, xss, display

    def keep(self, *, lit: bool) -> None:
        """Suspend them, or let them be."""
        self._xss.XScreenSaverSuspend(self._display, c_int(lit))
        self._x11.XFlush(self._display)


class Awake:
    """All ways that there are here. `note` says that there is none; '' where there is one."""

    def __init__(self, keepers: tuple[Keeper, ...]) -> None:
        self._keepers = keepers
        self._lit = False
        self.note = "" if keepers else NO_WAY

    def keep(self, lit: bool) -> None:
        """Keep the screen lit from now on, or leave it to itself."""
        if lit != self._lit:
            self._lit = lit
            for keeper in self._keepers:
                keeper.keep(lit=lit)


NO_WAY = (
    "nothing here keeps the screen from going dark or locking in mid-case: switch both off in its settings, or"
    f" install {LIT} (X11)"
)


def keepers(environment: Mapping[str, str] = os.environ) -> tuple[Keeper, ...]:
    """What there is on this host; needs a QApplication."""
    desktop = Desktop() if _bus_is_there(environment) and _desktop_answers() else None
    screen = x_screen(environment.get("DISPLAY", ""))
    return tuple(keeper for keeper in (desktop, screen) if keeper is not None)


def x_screen(display: str) -> XScreen | None:
    """The X server that draws there, if it can be kept lit."""
    if not display:
        return None
    try:
        x11, xss = CDLL("libX11.so.6"), CDLL(LIT_FILE)
    except OSError:
        return None
    x11.XOpenDisplay.restype, x11.XOpenDisplay.argtypes = c_void_p, (c_char_p,)
    x11.XFlush.argtypes = (c_void_p,)
    xss.XScreenSaverQueryExtension.argtypes = (c_void_p, c_void_p, c_void_p)
    xss.XScreenSaverSuspend.argtypes = (c_void_p, c_int)
    opened = x11.XOpenDisplay(display.encode())
    first, error = c_int(), c_int()
    if not opened or not xss.XScreenSaverQueryExtension(opened, byref(first), byref(error)):
        return None
    return XScreen(x11, xss, opened)


def _bus_is_there(environment: Mapping[str, str]) -> bool:
    """Without one, asking for it would start one, which knows of no desktop."""
    folder = environment.get("XDG_RUNTIME_DIR", "")
    return bool(environment.get("DBUS_SESSION_BUS_ADDRESS")) or (bool(folder) and (Path(folder) / "bus").exists())


def _desktop_answers() -> bool:
    bus = QDBusConnection.sessionBus()
    asked = QDBusMessage.createMethodCall(
        "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "NameHasOwner"
    )
    asked.setArguments([SERVICE])
    answer = bus.call(asked, timeout=ANSWER_MS) if bus.isConnected() else None
    return answer is not None and answer.arguments() == [True]
