"""The arms: power and brakes in words, and every joint against its limits."""

from collections.abc import Sequence

from PySide6.QtGui import QFont

from kinematics.description import RobotDescription
from protocol.widgets.glyph import Glyph
from protocol.widgets.joint_bars import Axis, JointBars, JointState
from protocol.widgets.language import say
from protocol.widgets.look import Look
from protocol.widgets.screen import NEAR_TEXT_MM
from protocol.widgets.theme import LEVEL_GLYPHS, Level
from slave.panel.picture import Arm, Picture
from slave.panel.power_view import power_view
from slave.panel.tiles import SignLine, Tile


def axes_of(robot: RobotDescription) -> tuple[Axis, ...]:
    """The axes of one arm, the jaw last."""
    joints = (
        Axis(joint.name, joint.position_min, joint.position_max, joint.prismatic, joint.drive.brake)
        for joint in robot.joints
    )
    jaw = robot.jaw
    return (*joints, Axis("jaw", jaw.position_min, jaw.position_max, False, jaw.drive.brake))


def states_of(arms: Sequence[Arm]) -> tuple[tuple[JointState, ...], ...]:
    """Where all axes stand; none of an arm of which nothing is known."""
    return tuple(
        tuple(
            JointState(position, number < len(arm.brakes) and arm.brakes[number])
            for number, position in enumerate(arm.position)
        )
        for arm in arms
    )


class ArmTile(Tile):
    """Two lines and the bars."""

    def __init__(self, look: Look, robot: RobotDescription) -> None:
        super().__init__(look)
        self.power = SignLine(look, NEAR_TEXT_MM * 1.4, QFont.Weight.Bold)
        self.bars = JointBars(look, axes_of(robot), [mount.name for mount in robot.mounts])
        self.note = SignLine(look, NEAR_TEXT_MM)
        self.body.addWidget(self.power)
        self.body.addWidget(self.bars, 1)
        self.body.addWidget(self.note)

    def show_arms(self, shown: Picture) -> None:
        """From the picture of this moment."""
        theme, view = self._look.theme, power_view(shown)
        glyph = Glyph.POWER if view.level is Level.UNKNOWN else LEVEL_GLYPHS[view.level]
        text = say(view.power)
        self.power.show_line(text[:1].upper() + text[1:], glyph, theme.level(view.level))
        note = say(view.note)
        sign, colour = (Glyph.TRIANGLE, theme.slow) if view.warns else (Glyph.DASH, theme.dim)
        self.note.show_line(note[:1].upper() + note[1:], sign, colour)
        self.bars.show_joints(states_of(shown.arms))
