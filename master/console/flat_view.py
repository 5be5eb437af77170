"""The arms in two flat views, from the front and from above: for a host without OpenGL. Plain painting."""

from itertools import pairwise
from typing import NamedTuple

from PySide6.QtCore import QEvent, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen, QRegion, QResizeEvent
from PySide6.QtWidgets import QWidget

from master.console.scene import LETTER_BELOW_M, TIP_RADIUS_M, ArmScene, Field, Rod, Tip, letter
from protocol.pose import Vector, add, scaled, subtract
from protocol.widgets.fitting import draw_fitted
from protocol.widgets.language import say
from protocol.widgets.look import Look
from protocol.widgets.screen import GAP_MM, NEAR_TEXT_MM
from protocol.widgets.sentence import Sentence, sentence
from protocol.widgets.theme import Theme

FRONT, ABOVE = 2, 1
"""Which of W's axes goes up in the view: z, or y."""


LETTER_MM = 3.6
PIECES = 4
HOLLOW = 1.5
"""A ghost's radius over that of its tip."""
FILLED = 0.98
"""Of its room, by the box of the field: its edge stays in sight."""


def fitting_px_per_m(room: QRectF, field: Field, up: int) -> float:
    """How large the field can be drawn there."""
    width, height = field.high[0] - field.low[0], field.high[up] - field.low[up]
    return max(min(room.width() / width, room.height() / height) * FILLED, 1.0)


class View(NamedTuple):
    """One flat view: where its name stands, and where the field is drawn."""

    up: int
    name: QRectF
    field: QRectF


def arrange(whole: QRectF, field: Field, gap: float, line: float) -> tuple[tuple[View, View], float]:
    """Both views, and their one scale in pixels for a metre: beside or above each other, whichever is larger."""
    wide, high = whole.width() - gap, whole.height() - gap
    halves = ((wide / 2, 0.0, wide / 2 - gap, high), (0.0, high / 2, wide, high / 2 - gap))
    found = []
    for dx, dy, width, height in halves:
        first = QRectF(whole.left() + gap, whole.top() + gap, width, height)
        views = _view(FRONT, first, line), _view(ABOVE, first.translated(dx, dy), line)
        found.append((views, min(fitting_px_per_m(view.field, field, view.up) for view in views)))
    return max(found, key=lambda each: each[1])


def _view(up: int, room: QRectF, line: float) -> View:
    return View(up, QRectF(room.topLeft(), QSizeF(room.width(), line)), room.adjusted(0.0, line, 0.0, 0.0))


class _Projection:
    """From W to pixels: x to the right, one other axis up."""

    def __init__(self, room: QRectF, field: Field, up: int, px_per_m: float) -> None:
        self.px_per_m = px_per_m
        self._middle = room.center()
        self._centre = field.centre
        self._up = up
        self.box = QRectF(self.point(field.low), self.point(field.high)).normalized()

    def point(self, p: Vector) -> QPointF:
        right, up = p[0] - self._centre[0], p[self._up] - self._centre[self._up]
        return self._middle + QPointF(right * self.px_per_m, -up * self.px_per_m)


class ArmsFlat(QWidget):
    """`show_scenes` takes the arms in, and asks to paint where they were and where they are: of a large screen that is
    little."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._field: Field | None = None
        self._scenes: tuple[ArmScene, ...] = ()
        self._known = False
        self._views: tuple[tuple[View, _Projection], ...] = ()
        self._covered = QRegion()
        # Nothing below it need be painted first.
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def set_field(self, field: Field, arms: int) -> None:
        """A robot is known."""
        self._field = field
        self._arrange()

    def show_scenes(self, scenes: tuple[ArmScene, ...], *, known: bool) -> None:
        """Where the arms and their ghosts are now; not `known`: where they were when last heard of."""
        self._scenes, self._known = scenes, known
        before, self._covered = self._covered, self._covers()
        self.update(before.united(self._covered))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The views lie elsewhere."""
        super().resizeEvent(event)
        self._arrange()

    def changeEvent(self, event: QEvent) -> None:
        """Say all anew in another language."""
        if event.type() is QEvent.Type.LanguageChange:
            self.update()
        super().changeEvent(event)

    def _arrange(self) -> None:
        field, look = self._field, self._look
        if field is not None:
            views, px_per_m = arrange(QRectF(self.rect()), field, look.px(GAP_MM), look.px(NEAR_TEXT_MM * 2))
            self._views = tuple((view, _Projection(view.field, field, view.up, px_per_m)) for view in views)
        self._covered = self._covers()
        self.update()

    def _covers(self) -> QRegion:
        """All that is painted of the arms."""
        region = QRegion()
        for view, projection in self._views:
            for scene in self._scenes:
                for rect in (*_along(scene.shaft, projection), self._around_tip(view, projection, scene)):
                    # A pixel more for smoothed edges, and one for pens that are wider than their line.
                    region += rect.intersected(view.field).toAlignedRect().adjusted(-2, -2, 2, 2)
        return region

    def _around_tip(self, view: View, projection: _Projection, scene: ArmScene) -> QRectF:
        """Wrist, tip, ghost, the line between both, and the letter."""
        tips = (scene.tip,) if scene.ghost is None else (scene.tip, scene.ghost)
        rods = _around((scene.wrist, *(finger for tip in tips for finger in tip.fingers)), projection)
        radius = TIP_RADIUS_M * HOLLOW * projection.px_per_m + self._look.px(0.6)
        balls = [QRectF(projection.point(tip.p) - QPointF(radius, radius), QSizeF(radius, radius) * 2) for tip in tips]
        for ball in balls:
            rods = rods.united(ball)
        return rods.united(self._letter_room(projection, view.field, scene))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Both views side by side."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.fillRect(self.rect(), QColor(self._look.theme.surface))
            if self._field is None:
                return
            names = (sentence("from the front"), sentence("from above"))
            for (view, projection), name in zip(self._views, names, strict=True):
                self._paint_view(painter, view, name, projection)

    def _paint_view(self, painter: QPainter, view: View, name: Sentence, projection: _Projection) -> None:
        look, theme = self._look, self._look.theme
        size = NEAR_TEXT_MM * look.scale.dpi / 25.4
        draw_fitted(painter, view.name.toRect(), say(name), size, theme.dim)
        painter.setPen(QPen(QColor(theme.line), look.px(0.3)))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(projection.box)
        painter.save()
        painter.setClipRect(view.field)
        for scene in self._scenes:
            self._paint_arm(painter, projection, scene)
        # Over all arms: letters are what tells them apart where they cross.
        for number, scene in enumerate(self._scenes):
            self._paint_letter(painter, projection, view.field, number, scene)
        painter.restore()

    def _paint_arm(self, painter: QPainter, projection: _Projection, scene: ArmScene) -> None:
        theme = self._look.theme
        _rod(painter, projection, scene.shaft, theme.line)
        _rod(painter, projection, scene.wrist, theme.dim)
        if scene.ghost is not None:
            colour = theme.slow if scene.asked else theme.focus
            pen = QPen(QColor(colour), self._look.px(0.5), Qt.PenStyle.DotLine)
            painter.setPen(pen)
            painter.drawLine(projection.point(scene.tip.p), projection.point(scene.ghost.p))
            self._paint_tip(painter, projection, scene.ghost, colour, hollow=True)
        self._paint_tip(painter, projection, scene.tip, tip_colour(theme, scene, known=self._known), hollow=False)

    def _paint_letter(
        self, painter: QPainter, projection: _Projection, within: QRectF, arm: int, scene: ArmScene
    ) -> None:
        painter.setFont(self._look.font(LETTER_MM, QFont.Weight.Bold))
        painter.setPen(QColor(tip_colour(self._look.theme, scene, known=self._known)))
        room = self._letter_room(projection, within, scene)
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, say(letter(arm)))

    def _letter_room(self, projection: _Projection, within: QRectF, scene: ArmScene) -> QRectF:
        place = projection.point(scene.tip.p) + QPointF(0.0, LETTER_BELOW_M * projection.px_per_m)
        side = self._look.px(LETTER_MM * 2.0)
        room = QRectF(place - QPointF(side, side) / 2.0, QSizeF(side, side))
        room.moveBottom(min(room.bottom(), within.bottom()))
        return room

    def _paint_tip(self, painter: QPainter, projection: _Projection, tip: Tip, colour: str, *, hollow: bool) -> None:
        for finger in tip.fingers:
            _rod(painter, projection, finger, colour)
        radius = TIP_RADIUS_M * projection.px_per_m * (HOLLOW if hollow else 1.0)
        painter.setPen(QPen(QColor(colour), self._look.px(0.6)))
        painter.setBrush(Qt.BrushStyle.NoBrush if hollow else QColor(colour))
        painter.drawEllipse(projection.point(tip.p), radius, radius)


def tip_colour(theme: Theme, scene: ArmScene, *, known: bool) -> str:
    """Of a tip that follows, one that holds, and one that was last heard of some time ago."""
    if not known:
        return theme.line
    return theme.good if scene.following else theme.text


def _width(rod: Rod, projection: _Projection) -> float:
    return max(2.0, 2.0 * rod.radius_m * projection.px_per_m)


def _around(rods: tuple[Rod, ...], projection: _Projection) -> QRectF:
    found = QRectF()
    for rod in rods:
        half = _width(rod, projection) / 2.0
        found = found.united(
            QRectF(projection.point(rod.a), projection.point(rod.b)).normalized().adjusted(-half, -half, half, half)
        )
    return found


def _along(rod: Rod, projection: _Projection) -> list[QRectF]:
    """Piece by piece: around a long rod that leans lies much that it does not cover."""
    way = subtract(rod.b, rod.a)
    ends = [add(rod.a, scaled(way, k / PIECES)) for k in range(PIECES + 1)]
    return [_around((rod._replace(a=a, b=b),), projection) for a, b in pairwise(ends)]


def _rod(painter: QPainter, projection: _Projection, rod: Rod, colour: str) -> None:
    width = _width(rod, projection)
    painter.setPen(QPen(QColor(colour), width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    painter.drawLine(projection.point(rod.a), projection.point(rod.b))
