"""The link at a glance: its figures side by side, each with how near it is to the limit that freezes the arm."""

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from protocol.widgets.fitting import draw_fitted, fit
from protocol.widgets.glyph_paths import draw
from protocol.widgets.language import say
from protocol.widgets.link_figures import Cell, LinkFigures, cells, lanes_note, limiting
from protocol.widgets.look import Look
from protocol.widgets.pace import Pace
from protocol.widgets.screen import GAP_MM, NEAR_TEXT_MM
from protocol.widgets.theme import LEVEL_GLYPHS, Level

DRAW_EVERY_MS = 200
VALUE_MM = 5.0
"""Capitals of a value; read from two metres by an eye of 0.6."""
CELL_WIDTH_MM, CELL_HEIGHT_MM = 33.0, 19.0
SHARE_MAX = 1.25
"""Of the freeze limit: the bar's right end."""
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class LinkStrip(QWidget):
    """As many figures in a row as there is room for, and as many rows as that takes. `cell_mm`: size of each."""

    def __init__(self, look: Look, cell_mm: tuple[float, float] = (CELL_WIDTH_MM, CELL_HEIGHT_MM)) -> None:
        super().__init__()
        self._look = look
        self._cell_mm = cell_mm
        self._limits: Mapping[str, float] = {}
        self._pace = Pace(self, DRAW_EVERY_MS)
        self._figures = LinkFigures()
        self._cells = cells(self._figures, self._limits)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._retranslate()

    def set_limits(self, limits: Mapping[str, float]) -> None:
        """The limits that the patient's side streams, by name."""
        self._limits = dict(limits)
        self.show_link(self._figures)

    def show_link(self, figures: LinkFigures) -> None:
        """Show these figures; a verdict that changed at once, numbers a few times a second."""
        self._figures = figures
        shown = cells(figures, self._limits)
        if shown == self._cells:
            return
        worse = [cell.level for cell in shown] != [cell.level for cell in self._cells]
        self._cells = shown
        if worse:
            self._pace.now()
        else:
            self._pace.ask()

    @property
    def shown(self) -> tuple[Cell, ...]:
        """What is shown."""
        return self._cells

    def is_cut(self) -> bool:
        """Whether a name or a value does not fit."""
        for number, cell in enumerate(self._cells):
            name, value, _ = self._parts(self._room(number))
            for text, room, mm, weight in (
                (self._name(cell), name, NEAR_TEXT_MM, QFont.Weight.Normal),
                (cell.value, value, VALUE_MM, QFont.Weight.DemiBold),
            ):
                if not fit(text, room.width(), room.height(), mm * self._look.scale.dpi / 25.4, weight).fits:
                    return True
        return False

    def heightForWidth(self, width: int) -> int:
        """Rows of cells."""
        rows = -(-len(self._cells) // self._columns(width))
        return rows * self._look.px(self._cell_mm[1]) + (rows - 1) * self._gap()

    def sizeHint(self) -> QSize:
        """Three cells side by side."""
        width = 3 * self._look.px(self._cell_mm[0]) + 2 * self._gap()
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """One cell; how high all are depends on the width."""
        return QSize(self._look.px(self._cell_mm[0]), self._look.px(self._cell_mm[1]))

    def changeEvent(self, event: QEvent) -> None:
        """Say all anew in another language."""
        if event.type() is QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw all cells."""
        worst = limiting(self._cells)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for number, cell in enumerate(self._cells):
                self._draw(painter, self._room(number), cell, frames=number == worst and _matters(cell))

    def _draw(self, painter: QPainter, room: QRect, cell: Cell, *, frames: bool) -> None:
        look, theme = self._look, self._look.theme
        colour = theme.text if cell.level is None else theme.level(cell.level)
        edge = look.px(0.7)
        painter.setPen(QPen(QColor(colour), edge) if frames else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.surface))
        radius = look.px(1.5)
        painter.drawRoundedRect(QRectF(room).adjusted(edge / 2, edge / 2, -edge / 2, -edge / 2), radius, radius)
        name, value, bar = self._parts(room)
        dpi = look.scale.dpi
        draw_fitted(painter, name, self._name(cell), NEAR_TEXT_MM * dpi / 25.4, theme.dim, align=_LEFT)
        draw_fitted(painter, value, cell.value, VALUE_MM * dpi / 25.4, colour, QFont.Weight.DemiBold, _LEFT)
        if cell.level is not None:
            side = look.px(4.2)
            where = QRectF(room.right() - side - look.px(1.8), value.center().y() - side / 2, side, side)
            draw(painter, LEVEL_GLYPHS[cell.level], where, QColor(colour))
        if cell.share is not None and cell.slow_share is not None:
            self._draw_bar(painter, QRectF(bar), cell.share, cell.slow_share, colour)

    def _draw_bar(self, painter: QPainter, bar: QRectF, share: float, slow: float, colour: str) -> None:
        """How much of the freeze limit: ticks stand at the slow and at the freeze limit."""
        theme = self._look.theme
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.raised))
        painter.drawRect(bar)
        painter.setBrush(QColor(colour))
        painter.drawRect(QRectF(bar.left(), bar.top(), bar.width() * min(share, SHARE_MAX) / SHARE_MAX, bar.height()))
        width = max(2, self._look.px(0.5))
        over = self._look.px(0.6)
        for at, tick in ((slow, theme.slow), (1.0, theme.bad)):
            x = bar.left() + bar.width() * at / SHARE_MAX
            painter.setBrush(QColor(tick))
            painter.drawRect(QRectF(x - width / 2, bar.top() - over, width, bar.height() + 2 * over))

    def _name(self, cell: Cell) -> str:
        note = lanes_note(self._figures) if cell.name.source == "lanes" else None
        return say(cell.name) if note is None else f"{say(cell.name)}: {say(note)}"

    def _parts(self, room: QRect) -> tuple[QRect, QRect, QRect]:
        """Rooms of name, value and bar."""
        look = self._look
        inner = room.adjusted(look.px(1.8), look.px(1.2), -look.px(1.8), -look.px(1.8))
        name = QRect(inner.left(), inner.top(), inner.width(), look.px(5.2))
        bar = QRect(inner.left(), inner.bottom() - look.px(1.3), inner.width(), look.px(1.3))
        value = QRect(
            inner.left(), name.bottom() + 1, inner.width() - look.px(5.0), bar.top() - name.bottom() - look.px(1.0)
        )
        return name, value, bar

    def _columns(self, width: int) -> int:
        gap = self._gap()
        most = max(1, (width + gap) // (self._look.px(self._cell_mm[0]) + gap))
        rows = -(-len(self._cells) // most)
        return -(-len(self._cells) // rows)

    def _room(self, number: int) -> QRect:
        columns, gap = self._columns(self.width()), self._gap()
        width = (self.width() - (columns - 1) * gap) // columns
        height = self._look.px(self._cell_mm[1])
        row, column = divmod(number, columns)
        return QRect(column * (width + gap), row * (height + gap), width, height)

    def _gap(self) -> int:
        return self._look.px(GAP_MM / 2)

    def _retranslate(self) -> None:
        self.setAccessibleName(self.tr("The link"))
        self.update()


def _matters(cell: Cell) -> bool:
    """Whether what is nearest to its limit is near: half way, or slowed."""
    return cell.level in (Level.SLOW, Level.FREEZE) or (cell.share is not None and cell.share >= 0.5)
