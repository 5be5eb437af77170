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
SETTLE_S, SETTLE_TURNS = 0.3, 15


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
    turns = 0
    # On a slow host the time alone may pass with the first paint.
    while time.monotonic() < until_s or turns < SETTLE_TURNS:
        app.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
        turns += 1
    # What stands on the screen: a widget that is asked to draw itself leaves out what is written over OpenGL.
    widget.screen().grabWindow(widget.winId()).save(str(folder / f"{scene.name}.png"))
    widget.close()
    widget.deleteLater()
    app.processEvents()


if __name__ == "__main__":
    main()
