"""`farhand watch`: a patient's side somewhere else, seen and not touched."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QCloseEvent

from protocol.widgets.glyph import Glyph
from protocol.widgets.language import say
from protocol.widgets.look import Look
from protocol.widgets.names import owner_name
from protocol.widgets.screen import NEAR_TEXT_MM
from protocol.widgets.sentence import sentence
from slave.panel.engineer_view import EngineerView
from slave.panel.picture import Picture
from slave.panel.surgeon_view import who_has_the_session
from slave.panel.tiles import SignLine
from slave.panel.watching import Drawer, Source

FRAME_MS = 33


class WatchWindow(EngineerView):
    """Looks at `watcher` thirty times a second until it is closed. `where` is named in the title."""

    def __init__(self, look: Look, watcher: Source, where: str) -> None:
        super().__init__(look, sentence("read only: nothing is pressed here"))
        self._watcher = watcher
        self._drawer = Drawer()
        self.setWindowTitle(say(sentence("farhand: watching {where}", where=where)))
        self.connection = SignLine(look, NEAR_TEXT_MM * 1.3)
        self.footer.insertWidget(1, self.connection)
        self._timer = QTimer(self, interval=FRAME_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.look)
        self._timer.start()
        self.look()

    def look(self) -> None:
        """One frame."""
        seen = self._watcher.look()
        shown = self._drawer.picture(seen)
        self.show_picture(seen.now_ns, shown)
        self.timeline.add(seen.now_ns, shown.mode)
        self._show_connection(shown)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Watch no more."""
        self._timer.stop()
        self._watcher.close()
        super().closeEvent(event)

    def _show_connection(self, shown: Picture) -> None:
        theme = self._look.theme
        (standing,) = shown.parts
        if not standing.works:
            text = say(standing.why)
            self.connection.show_line(text[:1].upper() + text[1:], Glyph.CROSS, theme.bad)
            return
        if shown.owner is None:
            self.connection.show_line(say(sentence("connecting")), Glyph.DOTS, theme.dim)
            return
        what = sentence("arms: {owner}; surgeon: {who}", owner=owner_name(shown.owner), who=who_has_the_session(shown))
        self.connection.show_line(say(what), Glyph.EYE, theme.text)
