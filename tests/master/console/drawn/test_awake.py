"""A screen is kept lit where there is a way, and where there is none it is said."""

import os
import subprocess
import time
from ctypes import CDLL, POINTER, Structure, c_int, c_ulong, c_void_p

import pytest
from PySide6.QtCore import ClassInfo, QObject, Slot
from PySide6.QtDBus import QDBusConnection
from PySide6.QtWidgets import QApplication

from master.console import awake
from master.console.awake import PATH, SERVICE, Awake, Desktop, keepers, x_screen
from protocol.desktop import LIT_FILE

ON, PATIENCE_S = 1, 20.0


class Keeper:
    def __init__(self):
        self.told = []

    def keep(self, *, lit):
        self.told.append(lit)


def test_all_ways_are_told_once_and_a_host_without_one_says_so():
    one, other = Keeper(), Keeper()
    screen = Awake((one, other))
    for lit in (False, True, True, False):
        screen.keep(lit)
    assert one.told == other.told == [True, False]
    assert screen.note == ""
    assert "mid-case" in Awake(()).note


def test_a_host_without_bus_and_x_server_has_no_way():
    assert keepers({}) == ()
    assert keepers({"XDG_RUNTIME_DIR": "/nonexistent"}) == ()
    assert x_screen(":64999") is None


class Info(Structure):
    _fields_ = (
        ("window", c_ulong), ("state", c_int), ("kind", c_int),
        ("til_or_since", c_ulong), ("idle", c_ulong), ("mask", c_ulong),
    )  # fmt: skip


def test_an_x_screen_goes_dark_only_while_it_is_not_kept_lit(display):
    screen = x_screen(display)
    if screen is None:
        pytest.skip("no screen saver extension here")
    xss = CDLL(LIT_FILE)
    xss.XScreenSaverQueryInfo.argtypes = (c_void_p, c_ulong, POINTER(Info))
    screen._x11.XDefaultRootWindow.argtypes, screen._x11.XDefaultRootWindow.restype = (c_void_p,), c_ulong
    screen._x11.XSetScreenSaver.argtypes = (c_void_p, c_int, c_int, c_int, c_int)
    info = Info()

    def dark():
        xss.XScreenSaverQueryInfo(screen._display, screen._x11.XDefaultRootWindow(screen._display), info)
        return info.state == ON

    screen._x11.XSetScreenSaver(screen._display, 1, 0, 1, 1)
    try:
        screen.keep(lit=True)
        until_s = time.monotonic() + 2.5
        while time.monotonic() < until_s:
            assert not dark()
            time.sleep(0.1)
        screen.keep(lit=False)
        until_s = time.monotonic() + PATIENCE_S
        while not dark():
            assert time.monotonic() < until_s
            time.sleep(0.1)
    finally:
        screen._x11.XSetScreenSaver(screen._display, 0, 0, 1, 1)
        screen._x11.XResetScreenSaver(screen._display)
        screen._x11.XFlush(screen._display)


ASKED = []


@ClassInfo({"D-Bus Interface": SERVICE})
class Saver(QObject):
    """A desktop's screen saver."""

    @Slot(str, str, result=int)
    def Inhibit(self, who, why):
        ASKED.append((who, why))
        return 7


def test_a_desktop_is_asked_over_its_bus(qapp, monkeypatch):
    command = ["dbus-daemon", "--session", "--nofork", "--print-address=1"]
    try:
        bus = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    except FileNotFoundError:
        pytest.skip("no dbus-daemon here")
    try:
        address = bus.stdout.readline().strip()
        monkeypatch.setitem(os.environ, "DBUS_SESSION_BUS_ADDRESS", address)
        desktop, saver = QDBusConnection.connectToBus(address, "test-saver"), Saver()
        assert desktop.registerService(SERVICE)
        assert desktop.registerObject(PATH, saver, QDBusConnection.RegisterOption.ExportAllSlots)
        Desktop().keep(lit=True)
        until_s = time.monotonic() + PATIENCE_S
        while not ASKED:
            assert time.monotonic() < until_s
            QApplication.processEvents()
        assert ASKED == [(awake.WHO, awake.WHY)]
        Desktop().keep(lit=False)
        assert not QDBusConnection(awake.CONNECTION).isConnected()
    finally:
        QDBusConnection.disconnectFromBus("test-saver")
        bus.terminate()
        bus.communicate()
