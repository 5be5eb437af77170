"""What windows need of this system, by the names of Debian's packages, and what of it is missing.

Set-up asks it before anything is installed (`python -I protocol/desktop.py`), and so does whatever opens a window: it
imports nothing of ours, no Qt, and nothing that is not Python's own.
"""

import os
import shutil
import socket
import sys
from collections.abc import Mapping
from ctypes import CDLL
from pathlib import Path
from typing import NamedTuple


class Library(NamedTuple):
    """A library that Qt loads, and its package."""

    file: str
    package: str


LIBRARIES = (
    Library("libGL.so.1", "libgl1"),
    Library("libEGL.so.1", "libegl1"),
    Library("libOpenGL.so.0", "libopengl0"),
    Library("libxkbcommon.so.0", "libxkbcommon0"),
    Library("libX11.so.6", "libx11-6"),
    Library("libglib-2.0.so.0", "libglib2.0-0"),
    Library("libfontconfig.so.1", "libfontconfig1"),
    Library("libfreetype.so.6", "libfreetype6"),
    Library("libdbus-1.so.3", "libdbus-1-3"),
    Library("libxcb-cursor.so.0", "libxcb-cursor0"),
    Library("libxcb-icccm.so.4", "libxcb-icccm4"),
    Library("libxcb-keysyms.so.1", "libxcb-keysyms1"),
    Library("libxcb-image.so.0", "libxcb-image0"),
    Library("libxcb-render-util.so.0", "libxcb-render-util0"),
    Library("libxcb-randr.so.0", "libxcb-randr0"),
    Library("libxcb-shape.so.0", "libxcb-shape0"),
    Library("libxcb-xkb.so.1", "libxcb-xkb1"),
    Library("libxkbcommon-x11.so.0", "libxkbcommon-x11-0"),
    Library("libX11-xcb.so.1", "libx11-xcb1"),
)
"""What PySide6-Essentials links against, or loads for X11, and does not bring along. A second OpenGL is PyOpenGL's."""

DRIVER = "libgl1-mesa-dri"
"""Draws OpenGL without a graphics card."""
FONTS, FONTS_OF_CHINESE = "fonts-dejavu-core", "fonts-noto-cjk"
DISPLAY = "xvfb"
"""A display in memory, for tests and pictures."""
SOUND = "alsa-utils"
LIT = "libxss1"
"""Keeps an X screen lit while it shows a case."""
LIT_FILE = "libXss.so.1"
PLAYERS = ("aplay", "pw-play", "paplay")
"""Programs that play a sound; any will do."""
PACKAGES = (*(library.package for library in LIBRARIES), DRIVER, FONTS, FONTS_OF_CHINESE, DISPLAY, SOUND, LIT)

X11_PORT = 6000
ANSWER_WITHIN_S = 2.0

_DRIVERS = ("/usr/lib/*/dri/swrast_dri.so", "/usr/lib*/dri/swrast_dri.so")
_FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts")
_CHINESE_FONTS = ("*CJK*", "*SourceHan*", "wqy*", "*uming*", "*ukai*", "DroidSansFallback*")


def missing_libraries() -> tuple[str, ...]:
    """The packages of what Qt needs to be imported, and to open a window on X11."""
    return tuple(library.package for library in LIBRARIES if not _loads(library.file))


def missing_packages() -> tuple[str, ...]:
    """All that is missing for windows, their sound, their tests and their pictures."""
    others = {
        DRIVER: not any(any(Path("/").glob(pattern.lstrip("/"))) for pattern in _DRIVERS),
        FONTS: not _has_font("*.ttf", "*.otf", "*.ttc"),
        FONTS_OF_CHINESE: not _has_font(*_CHINESE_FONTS),
        DISPLAY: shutil.which("Xvfb") is None,
        SOUND: player() is None,
        LIT: not _loads(LIT_FILE),
    }
    return (*missing_libraries(), *(package for package, is_missing in others.items() if is_missing))


def player() -> str | None:
    """The program that plays a sound here."""
    return next(filter(None, map(shutil.which, PLAYERS)), None)


def no_window(environment: Mapping[str, str] = os.environ) -> str:
    """Why no window can be opened here, and what to do; '' when one can."""
    missing = missing_libraries()
    if missing:
        return f"no window: this system lacks {', '.join(missing)}; as root: apt-get install {' '.join(missing)}"
    display = environment.get("DISPLAY", "")
    if environment.get("WAYLAND_DISPLAY") or environment.get("QT_QPA_PLATFORM"):
        return ""
    if not display:
        return "no window: there is no display here (neither DISPLAY nor WAYLAND_DISPLAY is set)"
    if not _answers(display):
        return f"no window: nothing answers at DISPLAY={display}; is that screen still there?"
    return ""


def _answers(display: str) -> bool:
    """Whether an X server listens there. Qt would end the whole process where none does."""
    host, _, rest = display.rpartition(":")
    number = rest.partition(".")[0]
    if not number.isdecimal():
        return False
    if host in ("", "unix"):
        return any(map(_listens, (f"/tmp/.X11-unix/X{number}", f"\0/tmp/.X11-unix/X{number}")))
    try:
        socket.create_connection((host.strip("[]"), X11_PORT + int(number)), ANSWER_WITHIN_S).close()
    except OSError:
        return False
    return True


def _listens(address: str) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as end:
        end.settimeout(ANSWER_WITHIN_S)
        try:
            end.connect(address)
        except OSError:
            return False
    return True


def _loads(file: str) -> bool:
    try:
        CDLL(file)
    except OSError:
        return False
    return True


def _has_font(*patterns: str) -> bool:
    folders = (Path(folder).expanduser() for folder in _FONT_FOLDERS)
    return any(any(folder.rglob(pattern)) for folder in folders if folder.is_dir() for pattern in patterns)


if __name__ == "__main__":
    print(*(PACKAGES if sys.argv[1:] == ["all"] else missing_packages()))
