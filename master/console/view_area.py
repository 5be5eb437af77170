"""The operating view: the arms, the facts over them, and the room that is kept for the camera's picture."""

import os
from collections.abc import Mapping

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from kinematics.description import DescriptionError, load_description
from master.console.facts import facts
from master.console.facts_panel import FactsPanel
from master.console.flat_view import ArmsFlat
from master.console.options import FLAT
from master.console.picture import Picture
from master.console.scene import ArmBodies, ArmScene
from master.console.snapshot import Snapshot
from protocol.widgets.fitting import FitLabel, draw_fitted
from protocol.widgets.glyph import Glyph
from protocol.widgets.glyph_paths import draw
from protocol.widgets.language import say
from protocol.widgets.look import Look
from protocol.widgets.screen import GAP_MM, NEAR_TEXT_MM
from protocol.widgets.sentence import Sentence, literal, sentence

CAMERA_SHARE = 0.26
"""Of the width of the view, as long as no camera is connected."""
CAMERA_ASPECT = 16.0 / 9.0


def make_canvas(look: Look, environment: Mapping[str, str] = os.environ) -> tuple[QWidget, str]:
    """What the arms are drawn on, and why they are drawn flat, or ''. Needs a QApplication."""
    if environment.get(FLAT):
        return ArmsFlat(look), f"{FLAT} is set"
    try:
        from master.console.gl_view import ArmsGL, probe  # noqa: PLC0415  (its packages may fail to load)
    except (ImportError, AttributeError, OSError) as error:
        return ArmsFlat(look), f"OpenGL cannot be loaded: {error}"
    found = probe()
    return (ArmsFlat(look), found.trouble) if found.trouble else (ArmsGL(look, found.samples), "")


class CameraRoom(QWidget):
    """Where the camera's picture will be. Until there is one, it says so."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._picture = Picture()

    def sizeHint(self) -> QSize:
        """Of a picture in the corner."""
        return QSize(self._look.px(56.0), self._look.px(56.0 / CAMERA_ASPECT))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """A frame, an eye, and a word."""
        with QPainter(self) as painter:
            painter.drawPixmap(0, 0, self._picture.of(self, self._paint))

    def forget(self) -> None:
        """Paint anew: the language has changed."""
        self._picture.forget()
        self.update()

    def _paint(self, painter: QPainter) -> None:
        look, theme = self._look, self._look.theme
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(theme.line), look.px(0.3), Qt.PenStyle.DashLine))
        ground = QColor(theme.window)
        ground.setAlphaF(0.72)
        painter.setBrush(ground)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), look.px(1.5), look.px(1.5))
        side = self.height() * 4 // 10
        draw(
            painter,
            Glyph.EYE,
            QRectF((self.width() - side) / 2, self.height() * 0.14, side, side),
            QColor(theme.dim),
        )
        room = QRect(look.px(2.0), self.height() * 58 // 100, self.width() - look.px(4.0), self.height() * 34 // 100)
        size = NEAR_TEXT_MM * look.scale.dpi / 25.4
        text = say(sentence("no camera connected"))
        draw_fitted(painter, room, text, size, theme.dim, align=Qt.AlignmentFlag.AlignCenter)


class ViewArea(QWidget):
    """`canvas` is what paints the arms: a state was shown when it has painted."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.canvas, why = make_canvas(look)
        self._note: Sentence | None = sentence("drawn flat: {why}", why=literal(why)) if why else None
        self._bodies: ArmBodies | None = None
        self._robot = ""
        self._facts = FactsPanel(look)
        self._camera = CameraRoom(look)
        self._legend = FitLabel(look, NEAR_TEXT_MM, look.theme.dim)
        for part in (self.canvas, self._facts, self._camera, self._legend):
            part.setParent(self)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._retranslate()

    @property
    def is_flat(self) -> bool:
        """Whether the arms are drawn without OpenGL."""
        return isinstance(self.canvas, ArmsFlat)

    def show_arms(self, seen: Snapshot) -> bool:
        """Put the arms where the newest state has them; whether all that it tells of can be drawn. Without a state of
        this session there are no arms: the last one's are no more.
        """
        if seen.welcome is not None and seen.welcome.robot != self._robot:
            self._take_robot(seen.welcome.robot)
        known = seen.mode is not None
        scenes: tuple[ArmScene, ...] = ()
        if seen.state is not None and self._bodies is not None:
            hands = () if seen.hands is None else seen.hands.commanded
            scenes = self._bodies.scenes(seen.state, hands)
        self.canvas.show_scenes(scenes, known=known)  # type: ignore[attr-defined]
        return seen.state is not None and len(scenes) == len(seen.state.arms)

    def go_flat(self) -> None:
        """Draw flat from now on: what drew in 3-D takes too long on this host. `canvas` is another then."""
        old, self.canvas = self.canvas, ArmsFlat(self._look)
        self._note = sentence("drawn flat: 3-D takes too long on this computer")
        self.canvas.setParent(self)
        self.canvas.lower()
        if self._bodies is not None:
            self.canvas.set_field(self._bodies.field, len(self._bodies.names))
        self._lay_out()
        self.canvas.show()
        old.hide()
        old.deleteLater()
        self._retranslate()

    def show_facts(self, seen: Snapshot) -> None:
        """What stands over the arms."""
        self._facts.show_facts(facts(seen))

    def sizeHint(self) -> QSize:
        """As large as there is room."""
        return QSize(self._look.px(200.0), self._look.px(100.0))

    def minimumSizeHint(self) -> QSize:
        """Below that nobody operates."""
        return QSize(self._look.px(120.0), self._look.px(45.0))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Room for each."""
        self._lay_out()
        super().resizeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Say all anew in another language."""
        if event.type() is QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def _lay_out(self) -> None:
        """In 3-D the arms fill all, and the rest lies over their edges; flat views stand beside the facts, and the
        camera's room, which nothing fills yet, below those as far as there is room.
        """
        gap = self._look.px(GAP_MM / 2)
        hint = self._facts.sizeHint()
        self._facts.setGeometry(gap, gap, hint.width(), hint.height())
        width = max(self._look.px(44.0), int(self.width() * CAMERA_SHARE))
        height = min(int(width / CAMERA_ASPECT), self.height() - 2 * gap)
        camera = QRect(self.width() - width - gap, gap, width, height)
        self._camera.setGeometry(camera)
        line = self._look.px(NEAR_TEXT_MM * 1.9)
        legend = QRect(2 * gap, self.height() - line - gap, self.width() - 4 * gap, line)
        self._legend.setGeometry(legend)
        whole = self.rect()
        if self.is_flat:
            below = QRect(gap, hint.height() + 2 * gap, hint.width(), int(hint.width() / CAMERA_ASPECT))
            self._camera.setGeometry(below)
            self._camera.setVisible(below.bottom() < legend.top())
            left = hint.width() + 2 * gap
            whole = QRect(left, 0, self.width() - left, legend.top())
        self.canvas.setGeometry(whole)

    def _take_robot(self, name: str) -> None:
        self._robot = name
        try:
            self._bodies = ArmBodies(load_description(name))
        except DescriptionError:
            self._bodies = None
            self._note = sentence("the robot {name} is not known here: its arms cannot be drawn", name=name)
        else:
            self.canvas.set_field(self._bodies.field, len(self._bodies.names))  # type: ignore[attr-defined]
        self._retranslate()

    def _retranslate(self) -> None:
        legend = say(sentence("full: where the arm is · hollow: where your hand leads it"))
        self._legend.set_text(legend if self._note is None else f"{legend} · {say(self._note)}")
        self.canvas.setAccessibleName(say(sentence("the arms")))
        self._camera.setAccessibleName(say(sentence("no camera connected")))
        self._camera.forget()
