"""Text that is never cut off: as large as asked for where there is room, and smaller where there is not.

A window is 1280 x 800 on a tablet or 3840 x 2160 on a wall, a sentence is half as long in Chinese as in English, and a
culprit may be any length. Where text would not fit even at its smallest, `is_cut` says so, and tests ask for it.
"""

from functools import lru_cache
from typing import NamedTuple

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from protocol.widgets.look import Look, font_px

STEPS = 12
"""Sizes that are tried between the largest and the smallest."""
SMALLEST = 0.5
"""Of the size asked for: below that, text counts as cut off."""
TIGHT = 1.25
"""Of a font's size: the height of a line's letters, with all that hangs and stands out. Lines lie farther apart (fonts
for Chinese have much room between them), which must not make a single line small."""
WRAP = int(Qt.TextFlag.TextWordWrap | Qt.TextFlag.TextDontClip)


class Fit(NamedTuple):
    """A font for a piece of text in a room; `fits` is false where even the smallest is too large."""

    font: QFont
    fits: bool


@lru_cache(maxsize=1024)
def fit(text: str, width: int, height: int, capitals_px: float, weight: QFont.Weight, flags: int = WRAP) -> Fit:
    """The largest font, at most `capitals_px` high in its capitals, in which `text` stands in `width` x `height`."""
    font = font_px(capitals_px, weight)
    for step in range(STEPS + 1):
        font = font_px(capitals_px * (1.0 - (1.0 - SMALLEST) * step / STEPS), weight)
        if _stands(text, width, height, font, flags):
            return Fit(font, fits=True)
    return Fit(font, fits=False)


def _stands(text: str, width: int, height: int, font: QFont, flags: int) -> bool:
    metrics = QFontMetricsF(font)
    taken = metrics.boundingRect(QRectF(0.0, 0.0, width, 1e6), flags, text)
    blank = max(0.0, metrics.lineSpacing() - TIGHT * font.pixelSize())
    return taken.width() <= width and taken.height() - blank <= height


def draw_fitted(
    painter: QPainter, where: QRect, text: str, capitals_px: float, colour: str,
    weight: QFont.Weight = QFont.Weight.Normal,
    align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
) -> bool:  # fmt: skip
    """Draw `text` into `where`; whether it fits."""
    found = fit(text, where.width(), where.height(), capitals_px, weight)
    draw_text(painter, where, text, found.font, colour, align)
    return found.fits


def draw_text(
    painter: QPainter,
    where: QRect,
    text: str,
    font: QFont,
    colour: str,
    align: Qt.AlignmentFlag,
) -> None:
    """Draw `text` into `where`, its capitals in the middle: fonts leave more blank above them than below."""
    metrics = QFontMetricsF(font)
    low = (metrics.ascent() - metrics.descent() - metrics.capHeight()) / 2
    painter.setFont(font)
    painter.setPen(QColor(colour))
    painter.drawText(QRectF(where).translated(0.0, -low), WRAP | align.value, text)


class FitLabel(QWidget):
    """Plain text, fitted. What comes from elsewhere is never read as markup."""

    def __init__(
        self,
        look: Look,
        capitals_mm: float,
        colour: str,
        weight: QFont.Weight = QFont.Weight.Normal,
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
        lines: int = 1,
    ) -> None:
        super().__init__()
        self._look = look
        self._capitals_px = capitals_mm * look.scale.dpi / 25.4
        self._colour = colour
        self._weight = weight
        self._align = align
        self._lines = lines
        self._text = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    @property
    def text(self) -> str:
        """What is shown."""
        return self._text

    def set_text(self, text: str) -> None:
        """Show `text`; nothing is painted where it was shown already."""
        if text != self._text:
            self._text = text
            self.setAccessibleName(text)
            self.update()

    def set_colour(self, colour: str) -> None:
        """Show the text in another colour."""
        if colour != self._colour:
            self._colour = colour
            self.update()

    def is_cut(self) -> bool:
        """Whether the text does not fit even at its smallest."""
        return bool(self._text) and not self._fit().fits

    def capitals_mm(self) -> float:
        """How high capitals are on the glass now."""
        return self._look.scale.mm(QFontMetricsF(self._fit().font).capHeight())

    def sizeHint(self) -> QSize:
        """As many lines as were asked for, at the full size."""
        metrics = QFontMetricsF(font_px(self._capitals_px, self._weight))
        width = metrics.horizontalAdvance(self._text) if self._lines == 1 else 0.0
        return QSize(int(width) + 1, int(metrics.lineSpacing() * self._lines) + 1)

    def minimumSizeHint(self) -> QSize:
        """The height is kept; the width is whatever the window has."""
        return QSize(0, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the text."""
        with QPainter(self) as painter:
            draw_fitted(painter, self.rect(), self._text, self._capitals_px, self._colour, self._weight, self._align)

    def _fit(self) -> Fit:
        return fit(self._text, self.width(), self.height(), self._capitals_px, self._weight)
