"""Who works, in the order of the data's way: a shape, a name, and for whom is dead since when."""

from PySide6.QtWidgets import QHBoxLayout, QWidget

from protocol.widgets.glyph import Glyph
from protocol.widgets.language import say
from protocol.widgets.look import Look
from protocol.widgets.screen import NEAR_TEXT_MM
from protocol.widgets.sentence import Sentence, sentence
from slave.panel.parts import Part, Standing, duration
from slave.panel.picture import Picture
from slave.panel.tiles import SignLine

CAPITALS_MM = NEAR_TEXT_MM * 1.25


class PartsRow(QWidget):
    """Six in a row, each in its place."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(look.px(1.0))
        self.lines = {part: SignLine(look, CAPITALS_MM) for part in Part}
        for line in self.lines.values():
            row.addWidget(line)

    def show_parts(self, shown: Picture) -> None:
        """How each stands."""
        theme = self._look.theme
        for standing in shown.parts:
            name = Sentence(standing.part.value)
            if standing.works:
                self.lines[standing.part].show_line(say(name), Glyph.CHECK, theme.good)
            elif standing.part is Part.LINK and not shown.surgeon.name:
                self.lines[standing.part].show_line(say(name), Glyph.DASH, theme.dim)
            else:
                self.lines[standing.part].show_line(say(_dead(standing)), Glyph.CROSS, theme.bad, theme.bad)


def _dead(standing: Standing) -> Sentence:
    """Short, for it stands in a row: what is so, the alarms say in full."""
    part = Sentence(standing.part.value)
    if standing.silent_ns is None:
        return sentence("{part}: nothing yet", part=part)
    return sentence("{part}: {time}", part=part, time=duration(standing.silent_ns))
