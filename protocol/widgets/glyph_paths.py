"""The shapes that stand beside every colour, drawn from lines so that no font needs to have them.

Each is written down in a square of side 1, y down, made in one of side FINE, and scaled to where it is wanted.
"""

import math
from collections.abc import Callable
from functools import cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPainterPathStroker, QPolygonF, QTransform

from protocol.widgets.glyph import Glyph

STROKE = 0.12
FINE = 200.0
"""Curves are made of short lines to within a part of a unit: in a small square one would see their corners."""


def draw(painter: QPainter, glyph: Glyph, where: QRectF, colour: QColor) -> None:
    """Draw `glyph` as large as fits into `where`, in its middle."""
    side = min(where.width(), where.height())
    corner = where.center() - QPointF(side / 2, side / 2)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawPath(QTransform().translate(corner.x(), corner.y()).scale(side / FINE, side / FINE).map(path(glyph)))
    painter.restore()


@cache
def path(glyph: Glyph) -> QPainterPath:
    """Its outline in the square of side FINE."""
    return _PATHS[glyph]()


def _lines(*runs: tuple[tuple[float, float], ...], width: float = STROKE) -> QPainterPath:
    lines = QPainterPath()
    for run in runs:
        lines.moveTo(*run[0])
        for point in run[1:]:
            lines.lineTo(*point)
    return _stroked(lines, width)


def _stroked(lines: QPainterPath, width: float = STROKE) -> QPainterPath:
    stroker = QPainterPathStroker()
    stroker.setWidth(width * FINE)
    stroker.setCapStyle(Qt.PenCapStyle.RoundCap)
    stroker.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return stroker.createStroke(_fine(lines)).simplified()


def _fine(path_: QPainterPath) -> QPainterPath:
    return QTransform().scale(FINE, FINE).map(path_)


def _area(*points: tuple[float, float]) -> QPainterPath:
    area = QPainterPath()
    area.addPolygon(QPolygonF([QPointF(x, y) for x, y in points]))
    area.closeSubpath()
    return _fine(area)


def _circle(x: float, y: float, radius: float) -> QPainterPath:
    circle = QPainterPath()
    circle.addEllipse(QPointF(x, y), radius, radius)
    return _fine(circle)


def _box(x: float, y: float, width: float, height: float, radius: float = 0.04) -> QPainterPath:
    return _fine(_frame(x, y, width, height, radius))


def _frame(x: float, y: float, width: float, height: float, radius: float) -> QPainterPath:
    frame = QPainterPath()
    frame.addRoundedRect(QRectF(x, y, width, height), radius, radius)
    return frame


def _arc(x: float, y: float, radius: float, start_deg: float, span_deg: float) -> QPainterPath:
    where = QRectF(x - radius, y - radius, 2 * radius, 2 * radius)
    arc = QPainterPath()
    arc.arcMoveTo(where, start_deg)
    arc.arcTo(where, start_deg, span_deg)
    return _stroked(arc)


def _power() -> QPainterPath:
    return _arc(0.5, 0.54, 0.34, 125.0, 290.0).united(_lines(((0.5, 0.1), (0.5, 0.5))))


def _person() -> QPainterPath:
    shoulders = QPainterPath()
    shoulders.moveTo(0.12, 0.92)
    shoulders.cubicTo(0.12, 0.42, 0.88, 0.42, 0.88, 0.92)
    shoulders.closeSubpath()
    return _fine(shoulders).united(_circle(0.5, 0.28, 0.2))


def _ring() -> QPainterPath:
    return _arc(0.5, 0.5, 0.37, 0.0, 360.0).united(_circle(0.5, 0.5, 0.12))


def _chevrons() -> QPainterPath:
    one = ((0.16, 0.18), (0.44, 0.5), (0.16, 0.82))
    other = tuple((x + 0.38, y) for x, y in one)
    return _lines(one, other, width=0.15)


def _bars() -> QPainterPath:
    return _box(0.18, 0.12, 0.22, 0.76).united(_box(0.6, 0.12, 0.22, 0.76))


def _octagon() -> QPainterPath:
    turns = [math.radians(22.5 + 45.0 * k) for k in range(8)]
    whole = _area(*((0.5 + 0.48 * math.cos(turn), 0.5 + 0.48 * math.sin(turn)) for turn in turns))
    return whole.subtracted(_box(0.22, 0.42, 0.56, 0.16, 0.02))


def _question() -> QPainterPath:
    mark = QPainterPath()
    mark.moveTo(0.3, 0.32)
    mark.cubicTo(0.3, 0.02, 0.74, 0.04, 0.72, 0.32)
    mark.cubicTo(0.7, 0.5, 0.5, 0.48, 0.5, 0.68)
    return _stroked(mark, 0.14).united(_circle(0.5, 0.88, 0.085))


def _triangle() -> QPainterPath:
    whole = _area((0.5, 0.06), (0.98, 0.9), (0.02, 0.9))
    return whole.subtracted(_box(0.45, 0.34, 0.1, 0.3)).subtracted(_circle(0.5, 0.76, 0.06))


def _alarm(marks: int) -> QPainterPath:
    """As many exclamation marks as the priority has, under a roof that makes them one sign."""
    found = QPainterPath()
    first = 0.5 - 0.28 * (marks - 1) / 2
    for k in range(marks):
        x = first + 0.28 * k
        found = found.united(_area((x - 0.09, 0.1), (x + 0.09, 0.1), (x + 0.05, 0.64), (x - 0.05, 0.64)))
        found = found.united(_circle(x, 0.82, 0.085))
    return found


def _speaker() -> QPainterPath:
    return _area((0.08, 0.36), (0.26, 0.36), (0.5, 0.14), (0.5, 0.86), (0.26, 0.64), (0.08, 0.64))


def _sound() -> QPainterPath:
    return _speaker().united(_arc(0.5, 0.5, 0.2, -50.0, 100.0)).united(_arc(0.5, 0.5, 0.4, -50.0, 100.0))


def _silent() -> QPainterPath:
    return _speaker().united(_lines(((0.62, 0.36), (0.92, 0.66)), ((0.92, 0.36), (0.62, 0.66)), width=0.1))


def _lock() -> QPainterPath:
    shackle = QPainterPath()
    shackle.moveTo(0.3, 0.5)
    shackle.lineTo(0.3, 0.32)
    shackle.cubicTo(0.3, 0.04, 0.7, 0.04, 0.7, 0.32)
    shackle.lineTo(0.7, 0.5)
    return _box(0.16, 0.46, 0.68, 0.46, 0.08).united(_stroked(shackle, 0.11))


def _hand() -> QPainterPath:
    """An open hand: stop."""
    fingers = QPainterPath()
    for x, top in ((0.28, 0.24), (0.44, 0.12), (0.6, 0.14), (0.76, 0.28)):
        fingers = fingers.united(_lines(((x, top), (x, 0.62)), width=0.13))
    thumb = _lines(((0.12, 0.56), (0.3, 0.78)), width=0.13)
    return fingers.united(thumb).united(_box(0.22, 0.5, 0.6, 0.42, 0.16))


def _arrow(turn_deg: float) -> QPainterPath:
    arrow = _lines(((0.14, 0.5), (0.84, 0.5)), ((0.54, 0.2), (0.84, 0.5), (0.54, 0.8)), width=0.13)
    middle = FINE / 2
    return QTransform().translate(middle, middle).rotate(turn_deg).translate(-middle, -middle).map(arrow)


def _handed(turn_deg: float) -> QPainterPath:
    """A person, and an arrow from or to them."""
    person = QTransform().translate(-0.04 * FINE, 0.16 * FINE).scale(0.68, 0.68).map(_person())
    arrow = QTransform().translate(0.54 * FINE, 0.27 * FINE).scale(0.46, 0.46).map(_arrow(turn_deg))
    return person.united(arrow)


def _release() -> QPainterPath:
    """An open lock."""
    shackle = QPainterPath()
    shackle.moveTo(0.62, 0.5)
    shackle.lineTo(0.62, 0.32)
    shackle.cubicTo(0.62, 0.06, 0.96, 0.06, 0.96, 0.34)
    return _box(0.06, 0.46, 0.68, 0.46, 0.08).united(_stroked(shackle, 0.11))


def _reset() -> QPainterPath:
    """An arrow round in a circle."""
    head = _area((0.52, 0.0), (0.52, 0.4), (0.8, 0.2))
    return _arc(0.5, 0.54, 0.34, 40.0, 310.0).united(head)


def _link() -> QPainterPath:
    one, other = (_stroked(_frame(x, 0.36, 0.46, 0.28, 0.14), 0.1) for x in (0.04, 0.5))
    return one.united(other).united(_lines(((0.34, 0.5), (0.66, 0.5)), width=0.1))


def _eye() -> QPainterPath:
    lid = QPainterPath()
    lid.moveTo(0.06, 0.5)
    lid.cubicTo(0.28, 0.14, 0.72, 0.14, 0.94, 0.5)
    lid.cubicTo(0.72, 0.86, 0.28, 0.86, 0.06, 0.5)
    return _stroked(lid, 0.09).united(_circle(0.5, 0.5, 0.15))


_PATHS: dict[Glyph, Callable[[], QPainterPath]] = {
    Glyph.POWER: _power,
    Glyph.PERSON: _person,
    Glyph.RING: _ring,
    Glyph.CHEVRONS: _chevrons,
    Glyph.BARS: _bars,
    Glyph.OCTAGON: _octagon,
    Glyph.QUESTION: _question,
    Glyph.CHECK: lambda: _lines(((0.12, 0.54), (0.4, 0.82), (0.88, 0.2)), width=0.15),
    Glyph.CROSS: lambda: _lines(((0.16, 0.16), (0.84, 0.84)), ((0.84, 0.16), (0.16, 0.84)), width=0.15),
    Glyph.TRIANGLE: _triangle,
    Glyph.DASH: lambda: _lines(((0.2, 0.5), (0.8, 0.5)), width=0.13),
    Glyph.DOTS: lambda: _circle(0.16, 0.5, 0.1).united(_circle(0.5, 0.5, 0.1)).united(_circle(0.84, 0.5, 0.1)),
    Glyph.ALARM_1: lambda: _alarm(1),
    Glyph.ALARM_2: lambda: _alarm(2),
    Glyph.ALARM_3: lambda: _alarm(3),
    Glyph.SOUND: _sound,
    Glyph.SILENT: _silent,
    Glyph.LOCK: _lock,
    Glyph.HAND: _hand,
    Glyph.TO_SURGEON: lambda: _handed(0.0),
    Glyph.TO_STAFF: lambda: _handed(180.0),
    Glyph.RELEASE: _release,
    Glyph.RESET: _reset,
    Glyph.PLUS: lambda: _lines(((0.5, 0.14), (0.5, 0.86)), ((0.14, 0.5), (0.86, 0.5)), width=0.15),
    Glyph.MINUS: lambda: _lines(((0.14, 0.5), (0.86, 0.5)), width=0.15),
    Glyph.UP: lambda: _arrow(-90.0),
    Glyph.DOWN: lambda: _arrow(90.0),
    Glyph.LEFT: lambda: _arrow(180.0),
    Glyph.RIGHT: lambda: _arrow(0.0),
    Glyph.LINK: _link,
    Glyph.EYE: _eye,
}
