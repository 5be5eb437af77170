"""The list of alarms: what is wrong, since when, and whether somebody has seen it. Each line is a button: seen.

What asks for somebody flashes at its priority's rate; what was seen stands still; what has ended has a dashed border,
and stays until it was seen. The glyph has as many marks as the priority, so that nothing hangs on colour.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from protocol.clock import NS_PER_S
from protocol.widgets.action_button import ActionButton, ButtonState
from protocol.widgets.alarms import Entry
from protocol.widgets.fitting import FitLabel, draw_fitted, fit
from protocol.widgets.flash import flash_is_on
from protocol.widgets.glyph import Glyph
from protocol.widgets.glyph_paths import draw
from protocol.widgets.language import say
from protocol.widgets.look import Look
from protocol.widgets.screen import GAP_MM, NEAR_TEXT_MM, TOUCH_MM
from protocol.widgets.sentence import Sentence, literal, sentence
from protocol.widgets.theme import PRIORITY_GLYPHS, Tone

ROW_TEXT_MM = 4.4
"""Capitals: between what is read from two metres and at the screen; the banner tells the worst from afar."""
FLASH_LOOK_MS = 50
ROWS = 4


class AlarmRow(QAbstractButton):
    """One alarm. Pressed, it is acknowledged."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.entry: Entry | None = None
        self._when = ""
        self._lit = True
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_entry(self, entry: Entry | None, when: str) -> None:
        """Show an entry, or nothing."""
        if entry == self.entry and when == self._when:
            return
        self.entry, self._when = entry, when
        self.setVisible(entry is not None)
        self.retranslate()

    def retranslate(self) -> None:
        """Say it in the language of now."""
        if self.entry is not None:
            self.setAccessibleName(f"{say(_priority_name(self.entry))}: {self._text()}")
            self.setAccessibleDescription(self._status())
        self.update()

    def flash(self) -> None:
        """Paint anew where the flashing says so."""
        lit = self.entry is None or not _asks(self.entry) or flash_is_on(self.entry.alarm.priority)
        if lit != self._lit:
            self._lit = lit
            self.update()

    def is_cut(self) -> bool:
        """Whether its text does not fit."""
        room = self._text_room()
        size = ROW_TEXT_MM * self._look.scale.dpi / 25.4
        weight = QFont.Weight.DemiBold
        return self.entry is not None and not fit(self._text(), room.width(), room.height(), size, weight).fits

    def sizeHint(self) -> QSize:
        """As high as a gloved finger needs."""
        return QSize(self._look.px(80.0), self._look.px(TOUCH_MM))

    def minimumSizeHint(self) -> QSize:
        """Likewise."""
        return QSize(self._look.px(40.0), self._look.px(TOUCH_MM))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw glyph, text and times."""
        if self.entry is None:
            return
        look, theme = self._look, self._look.theme
        paint = theme.alarms[self.entry.alarm.priority]
        filled = _asks(self.entry) and self._lit
        ground, ink, mark = (paint.ground, paint.ink, paint.ink) if filled else (theme.surface, theme.text, paint.edge)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            edge = look.px(0.9 if self.hasFocus() else 0.5)
            pen = QPen(QColor(theme.focus if self.hasFocus() else paint.edge), edge)
            if not self.entry.is_there:
                pen.setStyle(Qt.PenStyle.DashLine)
            painter.setPen(pen)
            painter.setBrush(QColor(ground))
            half, radius = edge / 2, look.px(1.5)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(half, half, -half, -half), radius, radius)
            glyph = PRIORITY_GLYPHS[self.entry.alarm.priority]
            draw(painter, glyph, QRectF(self._glyph_room()), QColor(mark))
            size = ROW_TEXT_MM * look.scale.dpi / 25.4
            draw_fitted(painter, self._text_room(), self._text(), size, ink, QFont.Weight.DemiBold)
            near = NEAR_TEXT_MM * look.scale.dpi / 25.4
            right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            draw_fitted(painter, self._times_room(), self._status(), near, ink, align=right)

    def _text(self) -> str:
        text = "" if self.entry is None else say(self.entry.alarm.text)
        return text[:1].upper() + text[1:]

    def _status(self) -> str:
        if self.entry is None:
            return ""
        if not self.entry.is_there:
            return f"{self._when}\n{say(sentence('ended'))}"
        seen = self.entry.acknowledged_ns is not None
        return f"{self._when}\n{say(sentence('seen') if seen else sentence('NEW'))}"

    def _glyph_room(self) -> QRect:
        gap = self._look.px(GAP_MM * 0.7)
        side = self.height() - 2 * gap
        return QRect(gap, gap, side, side)

    def _times_room(self) -> QRect:
        gap, width = self._look.px(GAP_MM * 0.7), self._look.px(18.0)
        return QRect(self.width() - width - gap, 0, width, self.height())

    def _text_room(self) -> QRect:
        gap = self._look.px(GAP_MM * 0.7)
        left = self._glyph_room().right() + gap
        return QRect(left, gap // 2, self._times_room().left() - left - gap, self.height() - gap)


class AlarmList(QWidget):
    """Signals: `acknowledged` with an alarm's key; `pause_pressed` for the sound's pause, on or off.

    What is acknowledged is what stood in the row, or in all of them, as the finger went down: rows sort themselves anew
    beneath it. Nobody acknowledges what is only counted below the rows.
    """

    acknowledged = Signal(str)
    pause_pressed = Signal()

    def __init__(self, look: Look, rows: int = ROWS) -> None:
        super().__init__()
        self._look = look
        self._shown: tuple[tuple[Entry, ...], int, Sentence | None] = ((), 0, None)
        self._pause = ActionButton(look, "", Glyph.SOUND)
        self._all = ActionButton(look, "", Glyph.CHECK)
        self._rows = tuple(AlarmRow(look) for _ in range(rows))
        self._more = FitLabel(look, NEAR_TEXT_MM, look.theme.dim)
        self._arrange()
        self._pause.clicked.connect(self.pause_pressed)
        self._pressed: tuple[Entry, ...] = ()
        self._all.pressed.connect(lambda: self._press(self._rows))
        self._all.clicked.connect(self._acknowledge)
        for row in self._rows:
            row.pressed.connect(lambda row=row: self._press((row,)))
            row.clicked.connect(self._acknowledge)
        self._timer = QTimer(self, interval=FLASH_LOOK_MS)
        self._timer.timeout.connect(self._flash)
        self._retranslate()

    def show_alarms(
        self, entries: Sequence[Entry], now_ns: int, pause_left_ns: int = 0, trouble: Sentence | None = None
    ) -> None:
        """Show the list as of `now_ns`; for how long the sound pauses yet; why nothing is heard at all."""
        left_s = -(-pause_left_ns // NS_PER_S)
        for number, row in enumerate(self._rows):
            entry = entries[number] if number < len(entries) else None
            row.show_entry(entry, "" if entry is None else wall_time(entry.began_ns, now_ns))
        flashes = any(map(_asks, entries))
        if flashes != self._timer.isActive():
            self._timer.start() if flashes else self._timer.stop()
        shown = (tuple(entries), left_s, trouble)
        if shown != self._shown:
            self._shown = shown
            self._tell()

    def changeEvent(self, event: QEvent) -> None:
        """Say all anew in another language."""
        if event.type() is QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def _arrange(self) -> None:
        gap = self._look.px(GAP_MM)
        buttons = QGridLayout()
        buttons.setSpacing(gap)
        for column, button in enumerate((self._pause, self._all)):
            button.setFixedHeight(self._look.px(TOUCH_MM))
            buttons.addWidget(button, 0, column)
            buttons.setColumnStretch(column, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(gap // 2)
        for row in self._rows:
            row.setVisible(False)
            whole.addWidget(row)
        whole.addWidget(self._more)
        whole.addStretch(1)
        whole.addLayout(buttons)

    def _retranslate(self) -> None:
        self.setAccessibleName(self.tr("Alarms"))
        for row in self._rows:
            row.retranslate()
        self._tell()

    def _tell(self) -> None:
        entries, left_s, trouble = self._shown
        if trouble is not None:
            self._pause.name(self.tr("NO SOUND"))
            self._pause.set_glyph(Glyph.SILENT, Tone.CARE)
            self._pause.show_state(ButtonState.DISABLED, say(trouble))
        elif left_s:
            self._pause.name(self.tr("SOUND OFF {time}").format(time=f"{left_s // 60}:{left_s % 60:02d}"))
            self._pause.set_glyph(Glyph.SILENT, Tone.CARE)
            self._pause.show_state(ButtonState.IDLE)
        else:
            self._pause.name(self.tr("PAUSE SOUND"))
            self._pause.set_glyph(Glyph.SOUND, Tone.PLAIN)
            self._pause.show_state(ButtonState.IDLE)
        self._all.name(self.tr("ALL SEEN"))
        unseen = sum(entry.acknowledged_ns is None for entry in entries[: len(self._rows)])
        self._all.show_state(
            ButtonState.IDLE if unseen else ButtonState.DISABLED, "" if unseen else self.tr("nothing new")
        )
        hidden = len(entries) - len(self._rows)
        if not entries:
            self._more.set_text(self.tr("No alarms"))
        else:
            self._more.set_text(self.tr("and {count} more").format(count=hidden) if hidden > 0 else "")

    def _press(self, rows: Sequence[AlarmRow]) -> None:
        """A finger goes down: whatever stands below it as it comes up, this is what its owner has seen."""
        self._pressed = tuple(row.entry for row in rows if row.entry is not None)

    def _acknowledge(self) -> None:
        """One that began anew, or got worse, since the finger went down is not what was seen."""
        seen, self._pressed = self._pressed, ()
        for entry in self._shown[0]:
            if entry.acknowledged_ns is None and any(_is_same(entry, each) for each in seen):
                self.acknowledged.emit(entry.alarm.key)

    def _flash(self) -> None:
        for row in self._rows:
            row.flash()


def wall_time(stamp_ns: int, now_ns: int) -> str:
    """A stamp of the monotonic clock as the time of day."""
    return (datetime.now() - timedelta(seconds=(now_ns - stamp_ns) / NS_PER_S)).strftime("%H:%M:%S")


def _is_same(entry: Entry, before: Entry) -> bool:
    """By its begin and not by its key alone, which `Alarms` changes when another takes its place."""
    same_key = entry.alarm.key.partition("#")[0] == before.alarm.key.partition("#")[0]
    return same_key and (entry.began_ns, entry.alarm.priority) == (before.began_ns, before.alarm.priority)


def _asks(entry: Entry) -> bool:
    return entry.is_there and entry.acknowledged_ns is None


def _priority_name(entry: Entry) -> Sentence:
    names = {
        "LOW": sentence("low priority"),
        "MEDIUM": sentence("medium priority"),
        "HIGH": sentence("high priority"),
    }
    return names.get(entry.alarm.priority.value, literal(entry.alarm.priority.value))
