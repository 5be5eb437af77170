"""The arms in 3-D, by OpenGL: bodies that are made once and moved every frame.

The camera stands where the surgeon would: before the field, a little above it. Left is left, and up is up.
"""

import math
from typing import NamedTuple

import numpy as np
import OpenGL
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QMouseEvent,
    QOffscreenSurface,
    QOpenGLContext,
    QResizeEvent,
    QVector3D,
    QWheelEvent,
)

# Each of its calls would be followed by one that asks for errors, and waits for the graphics card.
OpenGL.ERROR_CHECKING = False  # before anything of it is imported
import pyqtgraph.opengl as gl  # noqa: E402
from OpenGL import GL  # noqa: E402

from master.console.flat_view import LETTER_MM, tip_colour  # noqa: E402
from master.console.scene import LETTER_BELOW_M, TIP_RADIUS_M, ArmScene, Field, Rod, Tip, letter  # noqa: E402
from protocol.pose import Vector, norm, scaled, subtract  # noqa: E402
from protocol.widgets.language import say  # noqa: E402
from protocol.widgets.look import Look  # noqa: E402

ELEVATION_DEG, AZIMUTH_DEG, FOV_DEG = 24.0, -90.0, 40.0
TABLE_STEP_M = 0.02
ROUND = 16
LEAST_M = 1e-9
SAMPLES = 4
SOFTWARE = ("llvmpipe", "softpipe", "swrast")
ROOM = 0.86
"""Of the field: its upper edge, where only shafts are, may leave the view."""
Floats = NDArray[np.float64]


class OpenGL3D(NamedTuple):
    """What draws here. `trouble`: why it cannot be had, or ''. `renderer`: as it calls itself."""

    trouble: str
    renderer: str

    @property
    def samples(self) -> int:
        """Of each pixel's edges: a processor that draws in place of a graphics card has no time for them."""
        return 0 if any(name in self.renderer.lower() for name in SOFTWARE) else SAMPLES


def probe() -> OpenGL3D:
    """Try it, on a surface that nobody sees. To be asked before any widget of it is made."""
    context, surface = QOpenGLContext(), QOffscreenSurface()
    surface.create()
    if not context.create() or not context.makeCurrent(surface):
        return OpenGL3D("no OpenGL context can be made on this display", "")
    told = GL.glGetString(GL.GL_RENDERER)
    context.doneCurrent()
    return OpenGL3D("", told.decode(errors="replace") if isinstance(told, bytes) else "")


def rod_matrix(rod: Rod) -> Floats:
    """Takes the unit cylinder, of radius 1 from the origin to (0, 0, 1), to where the rod is: 4 x 4."""
    (ax, ay, az), along = rod.a, subtract(rod.b, rod.a)
    length = norm(along)
    # Plain numbers: for three of them numpy's cross product takes twenty times as long.
    zx, zy, zz = scaled(along, 1.0 / length) if length > LEAST_M else (0.0, 0.0, 1.0)
    # Across the rod: z x (1, 0, 0), or z x (0, 1, 0) where that is nearly nothing.
    xx, xy, xz = (0.0, zz, -zy) if abs(zx) < 0.9 else (-zz, 0.0, zx)
    scale = rod.radius_m / norm((xx, xy, xz))
    xx, xy, xz = xx * scale, xy * scale, xz * scale
    yx, yy, yz = zy * xz - zz * xy, zz * xx - zx * xz, zx * xy - zy * xx
    length = max(length, LEAST_M)
    return np.array(
        (
            (xx, yx, zx * length, ax),
            (xy, yy, zy * length, ay),
            (xz, yz, zz * length, az),
            (0.0, 0.0, 0.0, 1.0),
        )
    )


def ball_matrix(p: Vector, radius_m: float) -> Floats:
    """Takes the unit sphere to a ball: 4 x 4."""
    matrix = np.diag((radius_m, radius_m, radius_m, 1.0))
    matrix[:3, 3] = p
    return matrix


class _Body:
    """One mesh of the scene, moved by a matrix and shown in a colour."""

    def __init__(self, view: gl.GLViewWidget, mesh: gl.MeshData, colour: str, *, hollow: bool = False) -> None:
        self._item = gl.GLMeshItem(
            meshdata=mesh,
            smooth=not hollow,
            drawFaces=not hollow,
            drawEdges=hollow,
            edgeColor=_rgba(colour),
            color=_rgba(colour),
            shader=None if hollow else "shaded",
            glOptions="opaque",
        )
        self._colour = colour
        view.addItem(self._item)

    def place(self, matrix: Floats) -> None:
        self._item.setTransform(pg.Transform3D(matrix))

    def show(self, *, visible: bool) -> None:
        if self._item.visible() != visible:
            self._item.setVisible(visible)

    def paint(self, colour: str) -> None:
        if colour != self._colour:
            self._colour = colour
            self._item.opts["edgeColor"] = _rgba(colour)
            self._item.setColor(_rgba(colour))


class _Arm:
    """The bodies of one arm and of its ghost."""

    def __init__(self, view: gl.GLViewWidget, look: Look, number: int) -> None:
        theme = look.theme
        cylinder = gl.MeshData.cylinder(rows=1, cols=ROUND, radius=[1.0, 1.0], length=1.0)
        ball = gl.MeshData.sphere(rows=ROUND, cols=ROUND, radius=1.0)
        globe = gl.MeshData.sphere(rows=8, cols=8, radius=1.0)
        self._theme = theme
        self._shaft = _Body(view, cylinder, theme.line)
        self._wrist = _Body(view, cylinder, theme.dim)
        self._tip = _Body(view, ball, theme.text)
        self._fingers = tuple(_Body(view, cylinder, theme.text) for _ in range(2))
        self._letter = letter(number)
        self._text = gl.GLTextItem(font=look.font(LETTER_MM, QFont.Weight.Bold), alignment=Qt.AlignmentFlag.AlignCenter)
        # After all bodies, of the other arm as well: letters are what tells arms apart where they cross.
        self._text.setDepthValue(1)
        view.addItem(self._text)
        self._own = (self._shaft, self._wrist, self._tip, *self._fingers)
        self._ghost = _Body(view, globe, theme.focus, hollow=True)
        self._ghost_fingers = tuple(_Body(view, cylinder, theme.focus, hollow=True) for _ in range(2))

    def hide(self) -> None:
        """Nothing is known of where it is."""
        self._text.setData(text="")
        for body in (*self._own, self._ghost, *self._ghost_fingers):
            body.show(visible=False)

    def place(self, scene: ArmScene, *, known: bool) -> None:
        """Move all to where they are now."""
        for body in self._own:
            body.show(visible=True)
        self._shaft.place(rod_matrix(scene.shaft))
        self._wrist.place(rod_matrix(scene.wrist))
        colour = tip_colour(self._theme, scene, known=known)
        self._place_tip(scene.tip, self._tip, self._fingers, TIP_RADIUS_M)
        for body in (self._tip, *self._fingers):
            body.paint(colour)
        below = subtract(scene.tip.p, (0.0, 0.0, LETTER_BELOW_M))
        self._text.setData(pos=below, text=say(self._letter), color=QColor(colour))
        for body in (self._ghost, *self._ghost_fingers):
            body.show(visible=scene.ghost is not None)
            body.paint(self._theme.slow if scene.asked else self._theme.focus)
        if scene.ghost is not None:
            self._place_tip(scene.ghost, self._ghost, self._ghost_fingers, TIP_RADIUS_M * 1.5)

    @staticmethod
    def _place_tip(tip: Tip, ball: _Body, fingers: tuple[_Body, ...], radius_m: float) -> None:
        ball.place(ball_matrix(tip.p, radius_m))
        for body, rod in zip(fingers, tip.fingers, strict=True):
            body.place(rod_matrix(rod))


class ArmsGL(gl.GLViewWidget):  # type: ignore[misc]  # it ships no types
    """`show_scenes` moves the bodies, and asks to paint them. The camera stands still."""

    def __init__(self, look: Look, samples: int) -> None:
        super().__init__()
        format_ = self.format()
        format_.setSamples(samples)
        self.setFormat(format_)
        self._look = look
        self._arms: tuple[_Arm, ...] = ()
        self._field: Field | None = None
        self.setBackgroundColor(QColor(look.theme.surface))

    def set_field(self, field: Field, arms: int) -> None:
        """A robot is known: draw its field, and so many arms."""
        self.clear()
        centre = field.centre
        self._field = field
        self.opts["fov"] = FOV_DEG
        self.setCameraPosition(pos=QVector3D(*centre), elevation=ELEVATION_DEG, azimuth=AZIMUTH_DEG)
        self._frame_field()
        self._add_table(field)
        self._arms = tuple(_Arm(self, self._look, number) for number in range(arms))
        self.show_scenes((), known=False)

    def show_scenes(self, scenes: tuple[ArmScene, ...], *, known: bool) -> None:
        """Where the arms and their ghosts are now; not `known`: where they were when last heard of."""
        for arm, scene in zip(self._arms, scenes, strict=False):
            arm.place(scene, known=known)
        for arm in self._arms[len(scenes) :]:
            arm.hide()
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The whole field stays in view, whatever the shape of the widget."""
        super().resizeEvent(event)
        self._frame_field()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Whoever wants to drag a hand is asked first; the camera is not turned by a slip of it."""
        event.ignore()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Likewise."""
        event.ignore()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Likewise."""
        event.ignore()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Likewise."""
        event.ignore()

    def _frame_field(self) -> None:
        """So far away that the field fits in both directions: the angle of view is that of the width."""
        if self._field is None:
            return
        low, high = self._field.low, self._field.high
        half = math.tan(math.radians(FOV_DEG / 2.0))
        aspect = max(self.width(), 1) / max(self.height(), 1)
        across, up = (high[0] - low[0]) / 2.0, (high[2] - low[2]) / 2.0
        self.opts["distance"] = max(across / half, up * aspect / half) * ROOM

    def _add_table(self, field: Field) -> None:
        """A grid on the table, and the edges of the field above it."""
        low, high = np.array(field.low), np.array(field.high)
        lines: list[tuple[float, float, float]] = []
        for x in np.arange(low[0], high[0] + 1e-9, TABLE_STEP_M):
            lines += [(x, low[1], low[2]), (x, high[1], low[2])]
        for y in np.arange(low[1], high[1] + 1e-9, TABLE_STEP_M):
            lines += [(low[0], y, low[2]), (high[0], y, low[2])]
        grid = _rgba(self._look.theme.raised)
        self.addItem(gl.GLLinePlotItem(pos=np.array(lines), color=grid, width=1.0, mode="lines", antialias=True))
        (x0, _, z0), (x1, y1, z1) = low, high
        edges = [(x0, y1, z0), (x0, y1, z1), (x0, y1, z1), (x1, y1, z1), (x1, y1, z1), (x1, y1, z0)]
        box = _rgba(self._look.theme.line, 0.5)
        self.addItem(
            gl.GLLinePlotItem(
                pos=np.array(edges), color=box, width=1.0, mode="lines", antialias=True, glOptions="translucent"
            )
        )


def _rgba(colour: str, alpha: float = 1.0) -> tuple[float, float, float, float]:
    found = QColor(colour)
    return (found.redF(), found.greenF(), found.blueF(), alpha)
