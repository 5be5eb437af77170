"""The widgets of figures: what they show, in every language, on every screen, with nothing cut off."""

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from kinematics.description import load_description
from protocol.clock import NS_PER_MS, NS_PER_S
from protocol.messages import Mode
from protocol.widgets.age_plot import AT_ONCE, FREEZE, SLOW, AgePlot, ticks
from protocol.widgets.joint_bars import Axis, JointBars, JointState, room_left, shown_value
from protocol.widgets.language import Language
from protocol.widgets.link_figures import NOTHING, LinkFigures
from protocol.widgets.link_strip import LinkStrip
from protocol.widgets.look import Look
from protocol.widgets.pace import Pace
from protocol.widgets.theme import Level
from protocol.widgets.timeline import Timeline
from safety.limits import load_limits
from tests.window_checks import cut_off
from tests.window_fixtures import PATIENCE_MS, Screen, dress

MS, S = NS_PER_MS, NS_PER_S
LIMITS = load_limits("laparoscopic").named()
WORST = LinkFigures(12_345 * MS, 12_345 * MS, 1.0, 1.0, 1234.5 * MS, 12_345 * MS, 128, 100, 999, 2, 1, 1234 * MS)
ROBOT = load_description("psm")
AXES = tuple(
    Axis(joint.name, joint.position_min, joint.position_max, joint.prismatic, joint.name == "insertion")
    for joint in ROBOT.joints
)
YAW = Axis("outer_yaw", -1.0, 1.0, prismatic=False, has_brake=True)


def link_strip(look: Look) -> QWidget:
    strip = LinkStrip(look)
    strip.set_limits(LIMITS)
    strip.show_link(WORST)
    strip.resize(look.px(104.0), strip.heightForWidth(look.px(104.0)))
    return strip


def timeline(look: Look) -> QWidget:
    made = Timeline(look)
    for number, mode in enumerate((*Mode, None)):
        made.add(number * 100 * S, mode)
    made.resize(look.px(250.0), made.sizeHint().height())
    return made


def joint_bars(look: Look) -> QWidget:
    bars = JointBars(look, AXES, ("left", "right"))
    bars.show_joints([[JointState(axis.low, brake_closed=True) for axis in AXES]] * 2)
    bars.choose(1, 2)
    bars.resize(bars.minimumSizeHint())
    return bars


def age_plot(look: Look) -> QWidget:
    plot = AgePlot(look)
    plot.set_limits(LIMITS)
    for tick in range(600):
        plot.add(tick * 100 * MS, None if 200 < tick < 220 else (80 + tick % 50) * MS)
    plot.resize(plot.minimumSizeHint())
    return plot


@pytest.mark.parametrize("make", [link_strip, timeline, joint_bars, age_plot])
def test_nothing_is_cut_off(make, screen: Screen, language: Language, qapp: QApplication, qtbot: QtBot) -> None:
    widget = make(dress(qapp, screen.dpi))
    qtbot.addWidget(widget)
    with qtbot.waitExposed(widget, timeout=PATIENCE_MS):
        widget.show()
    assert cut_off(widget) == []
    assert widget.accessibleName()


@pytest.mark.parametrize("make", [link_strip, timeline, joint_bars, age_plot])
def test_each_is_painted(make, look: Look, qtbot: QtBot) -> None:
    widget = make(look)
    qtbot.addWidget(widget)
    image = widget.grab().toImage()
    colours = {image.pixel(x, y) for x in range(0, image.width(), 3) for y in range(0, image.height(), 3)}
    assert len(colours) > 3


def test_a_figure_beyond_its_limit_looks_different_from_a_good_one(look: Look, qtbot: QtBot) -> None:
    strip = LinkStrip(look)
    qtbot.addWidget(strip)
    strip.resize(600, 400)
    strip.set_limits(LIMITS)
    strip.show_link(LinkFigures(loop_age_ns=80 * MS))
    good = strip.grab().toImage()
    strip.show_link(LinkFigures(loop_age_ns=380 * MS))
    assert strip.grab().toImage() != good
    assert strip.shown[0].level is Level.FREEZE


def test_the_plots_lines_stand_at_the_limits_in_force(look: Look, qtbot: QtBot) -> None:
    plot = AgePlot(look)
    qtbot.addWidget(plot)
    lines = plot._lines
    assert not any(line.isVisible() for line in lines.values())
    plot.set_limits(LIMITS)
    assert sorted(line.value() for line in lines.values()) == [220.0, 300.0, 600.0]


@pytest.mark.parametrize("height_mm", [25.0, 35.0, 60.0])
def test_the_word_on_the_line_of_the_freeze_is_in_view_and_no_higher_line_strikes_out_a_word(
    height_mm: float, look: Look, qtbot: QtBot
) -> None:
    plot = AgePlot(look)
    qtbot.addWidget(plot)
    plot.set_limits(LIMITS)
    plot.setFixedSize(look.px(90.0), look.px(height_mm))
    with qtbot.waitExposed(plot, timeout=PATIENCE_MS):
        plot.show()
    plot.add(0, 80 * MS)
    qtbot.wait(50)
    room = plot._plot.getViewBox().sceneBoundingRect()
    word = plot._lines[FREEZE].label
    assert word.mapRectToScene(word.boundingRect()).top() >= room.top() - 1.0
    assert plot._lines[SLOW].zValue() > plot._lines[FREEZE].zValue() > plot._lines[AT_ONCE].zValue()


def test_the_worst_stays_in_view_while_it_is_within_the_minute(
    screen: Screen, qapp: QApplication, qtbot: QtBot
) -> None:
    look = dress(qapp, screen.dpi)
    plot = AgePlot(look)
    qtbot.addWidget(plot)
    plot.set_limits(LIMITS)
    plot.setFixedSize(look.px(90.0), look.px(30.0))
    with qtbot.waitExposed(plot, timeout=PATIENCE_MS):
        plot.show()
    plot.add(0, 1500 * MS)
    tops = set()
    for tick in range(1, 30):
        plot.add(tick * 100 * MS, 80 * MS)
        qtbot.wait(10)
        tops.add(plot._top_ms)
    assert len(tops) == 1
    assert min(tops) > 1500.0


def test_the_plot_shows_the_worst_and_its_room_shrinks_again(look: Look, qtbot: QtBot) -> None:
    plot = AgePlot(look)
    qtbot.addWidget(plot)
    plot.set_limits(LIMITS)
    plot.add(0, 2000 * MS)
    assert plot._top_ms >= 2000.0
    for tick in range(1, 700):
        plot.add(tick * 100 * MS, 50 * MS)
    assert plot._top_ms == pytest.approx(405.0)


@given(st.floats(100.0, 1e9))
def test_ages_beside_the_axis_are_few_and_none_is_cut_off_at_the_top(top_ms: float) -> None:
    found = ticks(top_ms)
    assert found[0] == 0.0
    assert 2 <= len(found) <= 6
    assert found[-1] <= 0.93 * top_ms


def test_a_joint_near_its_end_is_told() -> None:
    assert room_left(YAW, 0.0) is Level.OK
    assert room_left(YAW, 0.95) is Level.SLOW
    assert room_left(YAW, -0.95) is Level.SLOW
    assert room_left(YAW, 1.0) is Level.FREEZE
    assert room_left(YAW, -1.2) is Level.FREEZE
    assert room_left(YAW, math.nan) is Level.UNKNOWN


def test_joints_are_shown_in_degrees_and_millimetres() -> None:
    assert shown_value(YAW, math.radians(-6.2)) == "-6°"
    assert shown_value(YAW, -0.001) == "0°"
    assert shown_value(YAW._replace(prismatic=True), 0.0884) == "88 mm"
    assert shown_value(YAW, math.nan) == NOTHING


def test_every_short_freeze_in_a_long_case_is_seen(look: Look, qtbot: QtBot) -> None:
    line = Timeline(look)
    qtbot.addWidget(line)
    line.resize(1000, line.sizeHint().height())
    for number in range(20):
        line.add(number * 360 * S, Mode.FOLLOWING)
        line.add(number * 360 * S + 131 * S, Mode.FROZEN)
        line.add(number * 360 * S + 131 * S + 50 * MS, Mode.FOLLOWING)
    line.add(7200 * S, Mode.FOLLOWING)
    image = line.grab().toImage()
    red = look.theme.modes[Mode.FROZEN].ground
    y = line._strip().center().y()
    is_red = [image.pixelColor(x, y).name() == red for x in range(image.width())]
    assert sum(now and not before for before, now in itertools.pairwise(is_red)) == 20


class Counted(QWidget):
    """Counts the wishes to be painted; when Qt grants them is Qt's own affair."""

    def __init__(self) -> None:
        super().__init__()
        self.updates = 0

    def update(self) -> None:
        self.updates += 1


def test_figures_are_painted_at_once_and_then_no_faster_than_eyes_follow(qapp: QApplication, qtbot: QtBot) -> None:
    widget = Counted()
    qtbot.addWidget(widget)
    pace = Pace(widget, 3_600_000)
    for _ in range(50):
        pace.ask()
        qapp.processEvents()
    assert widget.updates == 1
    pace.now()
    assert widget.updates == 2


def test_the_last_wish_is_granted_when_the_interval_has_passed(qtbot: QtBot) -> None:
    widget = Counted()
    qtbot.addWidget(widget)
    pace = Pace(widget, 50)
    pace.ask()
    pace.ask()
    assert widget.updates == 1
    qtbot.waitUntil(lambda: widget.updates == 2, timeout=PATIENCE_MS)
    qtbot.wait(150)
    assert widget.updates == 2
