"""The window's process: Qt's application, and the console's window in it.

Exit code 0 means that the surgeon closed it; any other, that the launcher shall open it again.
"""

import os
import secrets
import sys
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType

import msgspec
from PySide6.QtCore import QLocale, QTimer
from PySide6.QtWidgets import QApplication

from master.console.awake import Awake, keepers
from master.console.bridge import Bridge
from master.console.intent import Intent
from master.console.options import WindowOptions
from master.console.window import ConsoleWindow
from protocol.child import Child, run
from protocol.half import Half
from protocol.widgets.alarm_log import AlarmLog
from protocol.widgets.language import Language, can_write, switch
from protocol.widgets.look import apply, look_of
from protocol.widgets.steady import settle
from protocol.widgets.theme import THEMES
from protocol.widgets.window_figures import tell_if_asked

ASKED_TO_END = 3
LOOK_EVERY_MS = 100
FAILED = 4
NICENESS = -10
KEPT_LANGUAGE = "window.language"
"""On the board: a window that comes after one that died speaks as that did."""


def main(child: Child) -> None:
    """Open the window and stay until it is closed, or the launcher asks us to end."""
    options = msgspec.json.decode(child.argument, type=WindowOptions)
    with suppress(OSError):
        # Behind whatever else this host does the picture would grow old, and the arm with it slow.
        os.setpriority(os.PRIO_PROCESS, 0, NICENESS)
    app = QApplication(["farhand console"])
    look = look_of(app, THEMES[options.theme])
    apply(app, look)
    kept = child.board.directory / KEPT_LANGUAGE
    switch(app, _language(_kept(kept) or options.language))
    number = secrets.randbits(62)
    bridge = Bridge(child.board, number)
    intent = Intent(number, options.device, options.scale)
    first = bridge.look(time.monotonic_ns())
    # Only the first window asks by itself; those after it go on with what the pilot was told.
    intent.control = options.request and options.number == 1
    intent.adopt(first.launcher, first.link if options.number > 1 else None, first.now_ns)
    log = AlarmLog(_state_folder() / "alarms" / "console.jsonl", "console")
    window = ConsoleWindow(look, bridge, intent, app.primaryScreen().availableSize().height(), log)
    awake = Awake(keepers())
    window.in_case.connect(awake.keep)
    window.spoken.connect(lambda code: _keep(kept, code))
    tell_if_asked(window, "console", window.shown)
    _place(app, window, options.place)
    window.begin()
    sys.excepthook = _failing(app)
    watch = QTimer(window, interval=LOOK_EVERY_MS)
    watch.timeout.connect(lambda: None if child.running else app.exit(ASKED_TO_END))
    watch.start()
    notes = tuple(filter(None, (look.scale.note, awake.note))) if options.number == 1 else ()
    settle()
    QTimer.singleShot(0, window, lambda: child.ready(notes))
    code = app.exec()
    window.end()
    log.close()
    bridge.close()
    sys.exit(code)


def _failing(app: QApplication) -> Callable[[type[BaseException], BaseException, TracebackType | None], None]:
    """What is shown after a mistake of ours may be wrong: the window ends, and a new one comes."""

    def fail(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        traceback.print_exception(kind, error, trace)
        app.exit(FAILED)

    return fail


def _place(app: QApplication, window: ConsoleWindow, place: Half) -> None:
    room = app.primaryScreen().availableGeometry()
    left_px, width_px = place.of(room.x(), room.width())
    window.setGeometry(left_px, room.y(), width_px, room.height())
    window.showMaximized() if place is Half.WHOLE else window.show()


def _language(wanted: str) -> Language:
    """The one asked for, else the system's, as far as there is a font for it."""
    chinese = QLocale.system().language() is QLocale.Language.Chinese
    language = Language(wanted) if wanted else Language.ZH if chinese else Language.EN
    return language if can_write(language) else Language.EN


def _kept(file: Path) -> str:
    """The language that was chosen in a window before this one; '' where none was."""
    try:
        found = file.read_text(encoding="ascii")
    except (OSError, ValueError):
        return ""
    return found if found in {language.value for language in Language} else ""


def _keep(file: Path, code: str) -> None:
    with suppress(OSError):
        file.write_text(code, encoding="ascii")


def _state_folder() -> Path:
    """Where a user's programs keep what outlives them (XDG base directory specification)."""
    return (Path(os.environ.get("XDG_STATE_HOME") or "~/.local/state") / "farhand").expanduser()


if __name__ == "__main__":
    run("window", main)
