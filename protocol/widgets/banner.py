"""The banner: in which mode the arms are, why, and what to do next. It cannot be missed, and never moves."""

import math

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from protocol.messages import Mode
from protocol.widgets.fitting import Fit, draw_fitted, draw_text, fit
from protocol.widgets.flash import flash_is_on
from protocol.widgets.frame_clock import CORNER
from protocol.widgets.glyph import Glyph
from protocol.widgets.glyph_paths import draw
from protocol.widgets.language import Language, application, current, say
from protocol.widgets.look import Look
from protocol.widgets.names import mode_name
from protocol.widgets.screen import FAR_HEADING_MM, FAR_TEXT_MM, GAP_MM
from protocol.widgets.theme import Priority, mode_glyph
from protocol.widgets.words import Words

FLASH_LOOK_MS = 50
HEIGHT_MM = 34.0
HEADING_SHARE = 0.4
"""Of the width, at most; a heading that needs more is smaller."""
SIZES = (
    (FAR_HEADING_MM, QFont.Weight.Bold),
    (FAR_TEXT_MM, QFont.Weight.Medium),
    (FAR_TEXT_MM, QFont.Weight.Medium),
)
"""Of heading, reason and advice: capitals where there is room."""
UPPER_SHARE = 0.6
"""Of the height, for heading and reason; the advice stands below."""


class Banner(QWidget):
    """Shows `Words`. While the staff are called, its border flashes as a high-priority alarm does."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._words: Words | None = None
        self._time = ""
        self._texts = ("", "", "")
        self._names: tuple[str, ...] = ()
        self._said_in = Language.EN
        self._lit = True
        self._timer = QTimer(self, interval=FLASH_LOOK_MS)
        self._timer.timeout.connect(self._flash)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_mode(self, words: Words, for_s: float | None = None) -> None:
        """Show `words`, and for how long it has been so."""
        time = "" if for_s is None else _clock(for_s)
        if words == self._words and time == self._time:
            return
        is_new = words != self._words
        self._words, self._time = words, time
        if words.calling and not self._timer.isActive():
            self._timer.start()
        elif not words.calling:
            self._timer.stop()
            self._lit = True
        if is_new:
            self._tell()
        self.update()

    @property
    def texts(self) -> tuple[str, str, str]:
        """Heading, reason and advice as they are shown, in the language of now."""
        if current(application()) is not self._said_in:
            self._tell()
        return self._texts

    def is_cut(self) -> bool:
        """Whether any of the texts does not fit."""
        return not all(found.fits for text, found in zip(self.texts, self._fits(), strict=True) if text)

    def capitals_mm(self) -> tuple[float, ...]:
        """How high the capitals of heading, reason and advice are on the glass now."""
        return tuple(self._look.scale.mm(QFontMetricsF(found.font).capHeight()) for found in self._fits())

    def _fits(self) -> tuple[Fit, ...]:
        return tuple(
            fit(text, room.width(), room.height(), self._capitals_px(size), weight)
            for text, room, (size, weight) in zip(self.texts, self._rooms(), SIZES, strict=True)
        )

    def sizeHint(self) -> QSize:
        """As high as a hand is wide; as wide as there is room."""
        return QSize(self._look.px(200.0), self._look.px(HEIGHT_MM))

    def minimumSizeHint(self) -> QSize:
        """The height does not shrink."""
        return QSize(self._look.px(100.0), self._look.px(HEIGHT_MM))

    def changeEvent(self, event: QEvent) -> None:
        """Say all anew in another language."""
        if event.type() is QEvent.Type.LanguageChange:
            self._tell()
            self.update()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw glyph, heading, reason and advice."""
        if self._words is None or event.rect() == CORNER:
            return  # outside of its round corner nothing is drawn
        words, look = self._words, self._look
        paint = look.theme.mode(words.mode)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            edge = look.px(1.6 if words.calling else 0.8)
            colour = paint.edge if self._lit else paint.ground
            painter.setPen(QPen(QColor(colour), edge))
            painter.setBrush(QColor(paint.ground))
            radius = look.px(2.0)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(edge, edge, -edge, -edge), radius, radius)
            draw(painter, mode_glyph(words.mode), QRectF(self._glyph_room()), QColor(paint.ink))
            for text, room, found in zip(self.texts, self._rooms(), self._fits(), strict=True):
                draw_text(painter, room, text, found.font, paint.ink, _LEFT)
            draw(painter, Glyph.RIGHT, QRectF(self._arrow_room()), QColor(paint.ink))
            if self._time:
                size, weight = SIZES[-1]
                far = self._capitals_px(size)
                draw_fitted(painter, self._time_room(), self._time, far, paint.ink, weight, _RIGHT)

    def _capitals_px(self, mm: float) -> float:
        return mm * self._look.scale.dpi / 25.4

    def _glyph_room(self) -> QRect:
        gap, height = self._look.px(GAP_MM), self.height()
        side = height - 4 * gap
        return QRect(2 * gap, 2 * gap, side, side)

    def _rooms(self) -> tuple[QRect, QRect, QRect]:
        """Of heading, reason and advice: the heading beside the reason above, the advice over the whole width below."""
        gap = self._look.px(GAP_MM)
        left = self._glyph_room().right() + 2 * gap
        right = self.width() - 2 * gap
        middle = self._middle()
        heading_width = min(int((right - left) * HEADING_SHARE), self._heading_width())
        time = self._time_room()
        heading = QRect(left, time.top(), heading_width, time.height())
        left, width = heading.right() + 2 * gap, time.left() - heading.right() - 3 * gap
        reason = QRect(left, gap, width, middle - gap - gap // 2)
        arrow = self._arrow_room()
        advice = QRect(arrow.right() + gap, middle, right - arrow.right() - gap, self.height() - middle - gap)
        return heading, reason, advice

    def _heading_width(self) -> int:
        """That of the widest mode's name, so that reasons begin at one place; and of this heading, if it is wider."""
        height = self._time_room().height()
        font = fit("M", 100_000, height, self._capitals_px(FAR_HEADING_MM), QFont.Weight.Bold).font
        metrics = QFontMetricsF(font)
        return math.ceil(max(metrics.horizontalAdvance(name) for name in (*self._names, self.texts[0]))) + 2

    def _arrow_room(self) -> QRect:
        gap = self._look.px(GAP_MM)
        middle = self._middle()
        side = self._look.px(FAR_TEXT_MM * 1.1)
        top = middle + (self.height() - middle - gap - side) // 2
        return QRect(self._glyph_room().right() + 2 * gap, top, side, side)

    def _time_room(self) -> QRect:
        gap = self._look.px(GAP_MM)
        width = 0 if not self._time else self._look.px(26.0)
        return QRect(self.width() - 2 * gap - width, gap // 2, width, self._middle() - gap // 2)

    def _middle(self) -> int:
        return int(self.height() * UPPER_SHARE)

    def _tell(self) -> None:
        self._said_in = current(application())
        if self._words is None:
            return
        heading, reason, advice = (say(each) for each in (self._words.heading, self._words.reason, self._words.advice))
        self._texts = heading, _capital(reason), advice
        self._names = tuple(say(mode_name(mode)) for mode in Mode)
        self.setAccessibleName(f"{heading}: {self._texts[1]}")
        self.setAccessibleDescription(advice)

    def _flash(self) -> None:
        lit = flash_is_on(Priority.HIGH)
        if lit != self._lit:
            self._lit = lit
            self.update()


_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _clock(for_s: float) -> str:
    """How long: tenths below ten seconds, where they matter, then minutes and seconds."""
    if for_s < 10.0:
        return f"{for_s:.1f} s"
    minutes, seconds = divmod(int(for_s), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"
