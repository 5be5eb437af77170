"""Who has the arms, and how the surgeon is: name, link, the picture on which he acts, and what his banner says."""

from PySide6.QtGui import QFont
from PySide6.QtWidgets import QGridLayout

from protocol.messages import Owner
from protocol.widgets.glyph import Glyph
from protocol.widgets.language import say
from protocol.widgets.link_figures import Cell
from protocol.widgets.look import Look
from protocol.widgets.names import owner_name
from protocol.widgets.screen import FAR_TEXT_MM, NEAR_TEXT_MM
from protocol.widgets.sentence import sentence
from protocol.widgets.theme import LEVEL_GLYPHS, Level
from slave.panel.link_view import FIGURES
from slave.panel.picture import Picture
from slave.panel.surgeon_view import surgeon_view
from slave.panel.tiles import SignLine, Tile

SMALL_MM = NEAR_TEXT_MM * 1.2
OWNERS = {Owner.LOCAL: Glyph.TO_STAFF, Owner.REMOTE: Glyph.TO_SURGEON, None: Glyph.QUESTION}
COLUMNS = 2


class SurgeonTile(Tile):
    """Five lines, and the figures of the link."""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self.owner = SignLine(look, FAR_TEXT_MM, QFont.Weight.Bold)
        self.who = SignLine(look, SMALL_MM)
        self.link = SignLine(look, SMALL_MM)
        self.sees = SignLine(look, SMALL_MM)
        self.reads = SignLine(look, SMALL_MM, height_mm=SMALL_MM * 3.2)
        self.figures = [SignLine(look, NEAR_TEXT_MM) for _ in range(FIGURES)]
        self.lines = (self.owner, self.who, self.link, self.sees, self.reads)
        for line in self.lines:
            self.body.addWidget(line)
        grid = QGridLayout()
        grid.setSpacing(look.px(1.0))
        for number, line in enumerate(self.figures):
            grid.addWidget(line, number // COLUMNS, number % COLUMNS)
        self.body.addLayout(grid)

    def show_surgeon(self, shown: Picture, figures: tuple[Cell, ...]) -> None:
        """From the picture of this moment."""
        theme, view = self._look.theme, surgeon_view(shown)
        if shown.owner is None:
            owner = sentence("nobody knows who has the arms")
        else:
            owner = sentence("arms: {owner}", owner=owner_name(shown.owner))
        self.owner.show_line(say(owner), OWNERS[shown.owner], theme.text)
        self.who.show_line(say(view.who), Glyph.PERSON, theme.text if shown.surgeon.name else theme.dim)
        link = LEVEL_GLYPHS[view.level] if view.link.source else None
        self.link.show_line(say(view.link), link, theme.level(view.level))
        self.sees.show_line(say(view.sees), Glyph.EYE if view.sees.source else None, theme.dim)
        self.reads.show_line(say(view.reads), Glyph.RIGHT if view.reads.source else None, theme.dim)
        for line, cell in zip(self.figures, figures, strict=True):
            alarming = cell.level in (Level.SLOW, Level.FREEZE)
            glyph = LEVEL_GLYPHS[cell.level] if cell.level is not None and alarming else Glyph.DASH
            text = sentence("{name}: {value}", name=cell.name, value=cell.value)
            line.show_line(
                say(text), glyph, theme.level(cell.level) if cell.level is not None and alarming else theme.dim
            )
