"""The joints of all arms against their limits, with the brakes: where each stands, and which is near its end."""

import math
from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from protocol.widgets.fitting import draw_fitted, fit
from protocol.widgets.glyph import Glyph
from protocol.widgets.glyph_paths import draw
from protocol.widgets.language import say
from protocol.widgets.link_figures import NOTHING
from protocol.widgets.look import Look
from protocol.widgets.names import name_of
from protocol.widgets.pace import Pace
from protocol.widgets.screen import GAP_MM, NEAR_TEXT_MM
from protocol.widgets.theme import LEVEL_GLYPHS, Level

NEAR_SHARE = 0.05
"""Of a joint's range: nearer to its end than that, it is told."""
DRAW_EVERY_MS = 100
ROW_MM = 8.0
NAME_MM, VALUE_MM, MARK_MM = 32.0, 15.0, 4.6
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class Axis(NamedTuple):
    """A joint, or the jaw. Range in rad, or m where `prismatic`."""

    name: str
    low: float
    high: float
    prismatic: bool
    has_brake: bool


class JointState(NamedTuple):
    """Where an axis stands, and whether its brake is closed."""

    position: float
    brake_closed: bool


def room_left(axis: Axis, position: float) -> Level:
    """How an axis stands to its ends: FREEZE at or beyond one, SLOW near one."""
    if not math.isfinite(position):
        return Level.UNKNOWN
    left = min(position - axis.low, axis.high - position) / (axis.high - axis.low)
    return Level.FREEZE if left <= 0.0 else Level.SLOW if left < NEAR_SHARE else Level.OK


def shown_value(axis: Axis, position: float) -> str:
    """In mm or degrees, whole ones: what an eye can use."""
    if not math.isfinite(position):
        return NOTHING
    value = round(position * 1e3 if axis.prismatic else math.degrees(position)) or 0
    return f"{value} mm" if axis.prismatic else f"{value}°"


class JointBars(QWidget):
    """A column for each arm, a row for each axis."""

    def __init__(self, look: Look, axes: Sequence[Axis], arms: Sequence[str]) -> None:
        super().__init__()
        self._look = look
        self._axes, self._arms = tuple(axes), tuple(arms)
        self._states: tuple[tuple[JointState, ...], ...] = ()
        self._chosen: tuple[int, int] | None = None
        self._ground: QPixmap | None = None
        self._pace = Pace(self, DRAW_EVERY_MS)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._retranslate()

    def show_joints(self, states: Sequence[Sequence[JointState]]) -> None:
        """Show all arms' axes, in the order they were named; none of an arm of which nothing is known."""
        shown = tuple(tuple(arm) for arm in states)
        if shown != self._states:
            self._states = shown
            self._pace.ask()

    def choose(self, arm: int, axis: int) -> None:
        """Point out the axis that would be moved."""
        if (arm, axis) != self._chosen:
            self._chosen = (arm, axis)
            self.update()

    def is_cut(self) -> bool:
        """Whether a name does not fit."""
        near = NEAR_TEXT_MM * self._look.scale.dpi / 25.4
        names = [(say(name_of(axis.name)), self._name_room(k + 1)) for k, axis in enumerate(self._axes)]
        names += [(say(name_of(arm)), self._arm_room(0, k)) for k, arm in enumerate(self._arms)]
        return any(not fit(text, room.width(), room.height(), near, QFont.Weight.Bold).fits for text, room in names)

    def sizeHint(self) -> QSize:
        """All rows, and bars that can be read."""
        rows = len(self._axes) + 1
        return QSize(self._look.px(NAME_MM + 60.0 * len(self._arms)), self._look.px(ROW_MM * rows))

    def minimumSizeHint(self) -> QSize:
        """Rows as close as they can be."""
        rows = len(self._axes) + 1
        return QSize(self._look.px(NAME_MM + 40.0 * len(self._arms)), self._look.px(ROW_MM * 0.7 * rows))

    def changeEvent(self, event: QEvent) -> None:
        """Say all anew in another language."""
        if event.type() is QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What never changes is drawn anew."""
        self._ground = None
        super().resizeEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw what never changes from its picture, and above it what does."""
        if self._ground is None:
            self._ground = self._draw_ground()
        with QPainter(self) as painter:
            painter.drawPixmap(0, 0, self._ground)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for row, axis in enumerate(self._axes):
                for column in range(len(self._arms)):
                    room, state = self._arm_room(row + 1, column), self._state(row, column)
                    if state is not None:
                        self._draw_axis(painter, room, axis, state)
                    if self._chosen == (column, row):
                        self._point_out(painter, room)

    def _draw_ground(self) -> QPixmap:
        """Names, and empty bars with a tick at zero."""
        look, theme = self._look, self._look.theme
        near = NEAR_TEXT_MM * look.scale.dpi / 25.4
        ratio = self.devicePixelRatioF()
        ground = QPixmap(self.size() * ratio)
        ground.setDevicePixelRatio(ratio)
        ground.fill(Qt.GlobalColor.transparent)
        with QPainter(ground) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for column, arm in enumerate(self._arms):
                room = self._arm_room(0, column)
                draw_fitted(painter, room, say(name_of(arm)), near, theme.text, QFont.Weight.Bold, _LEFT)
            painter.setPen(Qt.PenStyle.NoPen)
            for row, axis in enumerate(self._axes):
                name = self._name_room(row + 1)
                draw_fitted(painter, name, say(name_of(axis.name)), near, theme.dim, align=_LEFT)
                for column in range(len(self._arms)):
                    bar = self._bar(self._arm_room(row + 1, column))
                    painter.setPen(Qt.PenStyle.NoPen)
                    painter.setBrush(QColor(theme.raised))
                    painter.drawRoundedRect(bar, bar.height() / 2, bar.height() / 2)
                    if axis.low < 0.0 < axis.high:
                        zero = bar.left() + bar.width() * -axis.low / (axis.high - axis.low)
                        over = look.px(0.5)
                        tick = QRectF(zero, bar.top() - over, look.px(0.3), bar.height() + 2 * over)
                        painter.fillRect(tick, QColor(theme.line))
        return ground

    def _bar(self, room: QRect) -> QRectF:
        thick, beside = self._look.px(2.2), self._look.px(VALUE_MM) + 2 * self._look.px(MARK_MM)
        return QRectF(room.left(), room.center().y() - thick / 2, room.width() - beside, thick)

    def _draw_axis(self, painter: QPainter, room: QRect, axis: Axis, state: JointState) -> None:
        look, theme = self._look, self._look.theme
        bar = self._bar(room)
        level = room_left(axis, state.position)
        colour = theme.text if level is Level.OK else theme.level(level)
        painter.setPen(Qt.PenStyle.NoPen)
        if level is not Level.UNKNOWN:
            share = min(1.0, max(0.0, (state.position - axis.low) / (axis.high - axis.low)))
            wide, high = look.px(1.6), look.px(5.2)
            painter.setBrush(QColor(colour))
            x = bar.left() + share * (bar.width() - wide)
            painter.drawRoundedRect(QRectF(x, bar.center().y() - high / 2, wide, high), wide / 2, wide / 2)
        near = NEAR_TEXT_MM * look.scale.dpi / 25.4
        value = QRect(int(bar.right()), room.top(), look.px(VALUE_MM), room.height())
        draw_fitted(painter, value, shown_value(axis, state.position), near, colour, align=_RIGHT)
        side = look.px(3.6)
        y = room.center().y() - side / 2
        if level in (Level.SLOW, Level.FREEZE):
            draw(painter, LEVEL_GLYPHS[level], QRectF(value.right() + look.px(1.0), y, side, side), QColor(colour))
        if axis.has_brake:
            brake, tint = (Glyph.LOCK, theme.note) if state.brake_closed else (Glyph.RELEASE, theme.line)
            left = value.right() + look.px(MARK_MM) + look.px(0.5)
            draw(painter, brake, QRectF(left, y, side, side), QColor(tint))

    def _point_out(self, painter: QPainter, room: QRect) -> None:
        painter.setPen(QPen(QColor(self._look.theme.focus), self._look.px(0.6)))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        out, radius = self._look.px(2.0), self._look.px(1.5)
        painter.drawRoundedRect(QRectF(room).adjusted(-out, 0, out, 0), radius, radius)

    def _state(self, row: int, column: int) -> JointState | None:
        if column >= len(self._states) or row >= len(self._states[column]):
            return None
        return self._states[column][row]

    def _row_height(self) -> float:
        return self.height() / (len(self._axes) + 1)

    def _name_room(self, row: int) -> QRect:
        height = self._row_height()
        return QRect(0, int(row * height), self._look.px(NAME_MM), int(height))

    def _arm_room(self, row: int, column: int) -> QRect:
        height, gap = self._row_height(), self._look.px(2 * GAP_MM)
        left = self._look.px(NAME_MM)
        width = (self.width() - left) // max(1, len(self._arms))
        return QRect(left + column * width + gap, int(row * height), width - gap - self._look.px(2.0), int(height))

    def _retranslate(self) -> None:
        self.setAccessibleName(self.tr("Joints against their limits"))
        self._ground = None
        self.update()
