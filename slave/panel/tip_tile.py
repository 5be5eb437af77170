"""Where the tips are, in the world W, and how far behind their commands: figures for engineers."""

from protocol.widgets.glyph import Glyph
from protocol.widgets.language import say
from protocol.widgets.look import Look
from protocol.widgets.screen import NEAR_TEXT_MM
from slave.panel.picture import Arm
from slave.panel.tiles import SignLine, Tile
from slave.panel.tip_words import told_of

ARMS_MAX = 4


class TipTile(Tile):
    """A line for each arm."""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self.lines = [SignLine(look, NEAR_TEXT_MM * 1.3) for _ in range(ARMS_MAX)]
        for line in self.lines:
            line.setVisible(False)
            self.body.addWidget(line)

    def show_tips(self, arms: tuple[Arm, ...]) -> None:
        """From the picture of this moment."""
        theme = self._look.theme
        for number, line in enumerate(self.lines):
            line.setVisible(number < len(arms))
            if number < len(arms):
                arm = arms[number]
                glyph = Glyph.CHEVRONS if arm.following else Glyph.RING
                line.show_line(say(told_of(arm)), glyph, theme.text if arm.tip_W_m is not None else theme.dim)
