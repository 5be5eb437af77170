"""Take all pictures: `python -m bench.screenshots [FOLDER] [--only TEXT]`."""

import argparse
import os
import sys
import time
from pathlib import Path

from PySide6.QtCore import QEventLoop, Qt
from PySide6.QtWidgets import QApplication

from bench.screenshots import console, engineers, panel, widgets
from bench.screenshots.scene import SCREENS, Scene, Screen
from bench.virtual_display import environment_on, virtual_display
from protocol.children import ChildError
from protocol.widgets.language import Language, switch
from protocol.widgets.look import Look, apply
from protocol.widgets.screen import Scale
from protocol.widgets.theme import DARK, LIGHT, THEMES

FOLDER = Path("runs/screenshots")
SETTLE_S = 0.3


def main() -> None:
    """Take them."""
    parser = argparse.ArgumentParser(prog="python -m bench.screenshots")
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER)
    parser.add_argument("--only", default="", help="of scenes whose name holds this text")
    parser.add_argument("--theme", choices=list(THEMES), default=DARK.name)
    given = parser.parse_args()
    every = (*widgets.scenes(), *console.scenes(), *panel.scenes(), *engineers.scenes())
    scenes = [scene for scene in every if given.only in scene.name]
    if not scenes:
        sys.exit(f"farhand: no scene is called {given.only!r}")
    try:
        with virtual_display() as display:
            os.environ.update(environment_on(display))
            os.environ.pop("WAYLAND_DISPLAY", None)
            # Windows come and go here, and pyqtgraph compiles its shaders once.
            QApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)
            app = QApplication(["farhand"])
            theme = DARK if given.theme == DARK.name else LIGHT
            taken = 0
            for screen in SCREENS:
                look = Look(theme, Scale(screen.dpi))
                apply(app, look)
                for language in Language:
                    switch(app, language)
                    for scene in scenes:
                        take(app, scene, look, screen, given.folder / f"{screen.name}-{language.value}")
                        taken += 1
    except ChildError as error:
        sys.exit(f"farhand: {error}")
    print(f"farhand: {taken} pictures in {given.folder}")


def take(app: QApplication, scene: Scene, look: Look, screen: Screen, folder: Path) -> None:
    """One picture, once the widget has had the time to lay itself out and to paint."""
    folder.mkdir(parents=True, exist_ok=True)
    widget = scene.make(look, screen)
    widget.show()
    until_s = time.monotonic() + SETTLE_S
    while time.monotonic() < until_s:
        app.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
    widget.grab().save(str(folder / f"{scene.name}.png"))
    widget.close()
    widget.deleteLater()
    app.processEvents()


if __name__ == "__main__":
    main()
