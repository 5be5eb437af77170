"""Names and values in two columns, small and calm: over the arms, for whoever looks for them."""

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from master.console.facts import Fact
from master.console.picture import Picture
from protocol.widgets.fitting import draw_fitted, fit
from protocol.widgets.language import say
from protocol.widgets.look import Look
from protocol.widgets.screen import NEAR_TEXT_MM

ROW_MM, WIDTH_MM, NAME_SHARE = 4.9, 62.0, 0.49
ROWS_LEAST = 7
_BOLD, _PLAIN = QFont.Weight.DemiBold, QFont.Weight.Normal


class FactsPanel(QWidget):
    """Shows `Fact`s, a row each."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._texts: tuple[tuple[str, str], ...] = ()
        self._picture = Picture()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def show_facts(self, facts: tuple[Fact, ...]) -> None:
        """Show these, in the language of now."""
        texts = tuple((say(fact.name), say(fact.value)) for fact in facts)
        if texts != self._texts:
            fewer = len(texts) != len(self._texts)
            self._texts = texts
            self._picture.forget()
            if fewer:
                self.updateGeometry()
            self.setAccessibleName("; ".join(f"{name}: {value}" for name, value in texts))
            self.update()

    def is_cut(self) -> bool:
        """Whether a name or a value does not fit."""
        size = self._capitals_px()
        return any(
            not fit(text, room.width(), room.height(), size, weight).fits
            for row, texts in enumerate(self._texts)
            for text, room, weight in zip(texts, self._rooms(row), (_PLAIN, _BOLD), strict=True)
        )

    def sizeHint(self) -> QSize:
        """As many rows as there are facts."""
        rows = max(len(self._texts), ROWS_LEAST)
        return QSize(self._look.px(WIDTH_MM), self._look.px(ROW_MM * rows + 2.0))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Lay the rows over what is below."""
        with QPainter(self) as painter:
            painter.drawPixmap(0, 0, self._picture.of(self, self._paint))

    def _paint(self, painter: QPainter) -> None:
        look, theme = self._look, self._look.theme
        ground = QColor(theme.window)
        ground.setAlphaF(0.72)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(QRectF(self.rect()), look.px(1.5), look.px(1.5))
        for row, (name, value) in enumerate(self._texts):
            left, right = self._rooms(row)
            draw_fitted(painter, left, name, self._capitals_px(), theme.dim, _PLAIN)
            draw_fitted(painter, right, value, self._capitals_px(), theme.text, _BOLD)

    def _rooms(self, row: int) -> tuple[QRect, QRect]:
        gap = self._look.px(1.6)
        height = self._look.px(ROW_MM)
        top = self._look.px(1.0) + row * height
        middle = int(self.width() * NAME_SHARE)
        return QRect(gap, top, middle - gap, height), QRect(middle, top, self.width() - middle - gap, height)

    def _capitals_px(self) -> float:
        return NEAR_TEXT_MM * self._look.scale.dpi / 25.4
