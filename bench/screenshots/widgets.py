"""The widgets that both windows share, in all their states."""

import math
from collections.abc import Callable, Sequence

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from bench.screenshots.scene import Scene, Screen
from kinematics.description import load_description
from protocol.clock import NS_PER_MS, NS_PER_S
from protocol.messages import FreezeClass, Mode
from protocol.widgets.action_button import ActionButton, ButtonState
from protocol.widgets.age_plot import AgePlot
from protocol.widgets.alarm_list import AlarmList
from protocol.widgets.alarms import Alarm, Entry
from protocol.widgets.banner import Banner
from protocol.widgets.culprits import told
from protocol.widgets.glyph import Glyph
from protocol.widgets.glyph_paths import draw
from protocol.widgets.joint_bars import Axis, JointBars, JointState
from protocol.widgets.link_figures import LinkFigures
from protocol.widgets.link_strip import LinkStrip
from protocol.widgets.look import Look
from protocol.widgets.sentence import Sentence, sentence
from protocol.widgets.theme import Priority, Tone
from protocol.widgets.timeline import Timeline
from protocol.widgets.words import Seen, Who, words
from safety.limits import load_limits

MS, S = NS_PER_MS, NS_PER_S
SILENT = "no command for 250 ms (limit 250 ms)"
LAG = "LAG: arm 0 is 12.3 mm, 3.4 deg behind the hand (limit 10 mm, 10 deg)"
TRIP = "arm 1: tracking error 2.41 mm (limit 2 mm)"
STATES = (
    (Seen(Mode.SAFE), 12.0),
    (Seen(Mode.SAFE, testing=True), 0.4),
    (Seen(Mode.LOCAL), 65.0),
    (Seen(Mode.LOCAL, culprit=f"frozen for 30 s: {SILENT}", calling=True), 4.0),
    (Seen(Mode.READY, link_wait_s=2.2), 3.0),
    (Seen(Mode.READY), 8.0),
    (Seen(Mode.FOLLOWING), 745.0),
    (Seen(Mode.FOLLOWING, slowed=True), 2.0),
    (Seen(Mode.PAUSED, culprit="no command for 120 ms (limit 100 ms)"), 0.1),
    (Seen(Mode.FROZEN, FreezeClass.LINK, SILENT, link_wait_s=2.6), 0.8),
    (Seen(Mode.FROZEN, FreezeClass.MASTER, LAG), 3.0),
    (Seen(Mode.FROZEN, FreezeClass.LOCAL, "FREEZE pressed by the local staff"), 3.0),
    (Seen(Mode.FROZEN, FreezeClass.ARM, TRIP), 7.0),
    (Seen(None, silent_s=1.3), 1.3),
)


def scenes() -> list[Scene]:
    """All pictures of widgets."""
    return [
        Scene("widgets-banners-surgeon", _banners(Who.SURGEON)),
        Scene("widgets-banners-staff", _banners(Who.STAFF)),
        Scene("widgets-buttons", _buttons),
        Scene("widgets-glyphs", _Glyphs),
        Scene("widgets-alarms", _alarms),
        Scene("widgets-figures", _figures),
    ]


def _banners(who: Who) -> Callable[[Look, Screen], QWidget]:
    def make(look: Look, screen: Screen) -> QWidget:
        rows = []
        for seen, for_s in STATES:
            banner = Banner(look)
            banner.show_mode(words(seen, who), for_s)
            rows.append(banner)
        return _stack(look, screen, rows)

    return make


def _buttons(look: Look, screen: Screen) -> QWidget:
    sheet = QWidget()
    grid = QGridLayout(sheet)
    grid.setSpacing(look.px(3.0))
    actions = (
        ("FREEZE", Glyph.HAND, Tone.DANGER),
        ("RELEASE", Glyph.RELEASE, Tone.PLAIN),
        ("TAKE CONTROL", Glyph.TO_STAFF, Tone.CARE),
        ("GIVE CONTROL", Glyph.TO_SURGEON, Tone.GO),
    )
    notes = {
        ButtonState.WAITING: "...",
        ButtonState.DONE: "done",
        ButtonState.FAILED: "not confirmed within 100 ms",
        ButtonState.DISABLED: "the controller is silent",
    }
    for column, (text, glyph, tone) in enumerate(actions):
        for row, state in enumerate(ButtonState):
            button = ActionButton(look, text, glyph, tone)
            button.show_state(state, notes.get(state, ""))
            grid.addWidget(button, row, column)
    sheet.resize(screen.width, min(screen.height, look.px(140.0)))
    return sheet


class _Glyphs(QWidget):
    """All shapes."""

    def __init__(self, look: Look, screen: Screen) -> None:
        super().__init__()
        self._look = look
        self.resize(screen.width, look.px(90.0))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw them in rows."""
        with QPainter(self) as painter:
            side, step = self._look.px(16.0), self._look.px(24.0)
            columns = max(1, self.width() // step)
            for number, glyph in enumerate(Glyph):
                row, column = divmod(number, columns)
                where = QRectF(column * step + 4, row * step + 4, side, side)
                draw(painter, glyph, where, QColor(self._look.theme.text))


def _alarms(look: Look, screen: Screen) -> QWidget:
    def entry(key: str, priority: Priority, text: Sentence, began_s: int, **more: int) -> Entry:
        return Entry(Alarm(key, priority, text), began_s * S, **{name: value * S for name, value in more.items()})

    alarms = (
        entry("frozen", Priority.HIGH, told(LAG), 92),
        entry("slow", Priority.MEDIUM, sentence("slowed, for the link is slow"), 80),
        entry("calling", Priority.HIGH, told("no good link for 30 s"), 60, ended_ns=70),
        entry("stand-in", Priority.LOW, told("the surgeon's side let go"), 20, acknowledged_ns=30),
    )
    trouble = sentence("no sound device answers")
    sheet = QWidget()
    grid = QGridLayout(sheet)
    grid.setSpacing(look.px(6.0))
    for column, (entries, pause_s, wrong) in enumerate(((alarms, 0, None), (alarms, 83, None), ((), 0, trouble))):
        made = AlarmList(look)
        made.show_alarms(entries, 100 * S, pause_s * S, wrong)
        grid.addWidget(made, 0, column)
    sheet.resize(screen.width, look.px(110.0))
    return sheet


def _figures(look: Look, screen: Screen) -> QWidget:
    limits = load_limits("laparoscopic").named()
    strip, plot, line = LinkStrip(look), AgePlot(look), Timeline(look)
    strip.set_limits(limits)
    strip.show_link(LinkFigures(231 * MS, 284 * MS, 0.004, 0.021, 3.4 * MS, 62 * MS, 32, 1, 2, 2, 2, 22 * MS))
    plot.set_limits(limits)
    for tick in range(600):
        wave = 90 + 25 * math.sin(tick / 30) + (140 if 380 < tick < 420 else 0) + 7 * (tick % 5)
        plot.add(tick * 100 * MS, None if 500 < tick < 520 else int(wave * MS))
    for at_s, mode in (
        (0, Mode.SAFE), (40, Mode.LOCAL), (130, Mode.READY), (160, Mode.FOLLOWING), (600, Mode.PAUSED),
        (601, Mode.FOLLOWING), (900, Mode.FROZEN), (907, Mode.FOLLOWING), (1500, Mode.FROZEN), (1530, Mode.LOCAL),
        (1600, None), (1620, Mode.LOCAL), (1700, Mode.READY), (1710, Mode.FOLLOWING), (2500, Mode.FOLLOWING),
    ):  # fmt: skip
        line.add(at_s * S, mode)
    return _stack(look, screen, [strip, plot, line, _joints(look)])


def _joints(look: Look) -> QWidget:
    robot = load_description("psm")
    axes = [
        *(Axis(j.name, j.position_min, j.position_max, j.prismatic, j.drive.brake) for j in robot.joints),
        Axis("jaw", robot.jaw.position_min, robot.jaw.position_max, prismatic=False, has_brake=False),
    ]
    bars = JointBars(look, axes, [mount.name for mount in robot.mounts])
    shares = ((0.5, 0.46, 0.37, 0.5, 0.97, 0.6, 0.2), (0.45, 0.5, 0.4, 1.0, 0.5, 0.52, 0.9))
    bars.show_joints(
        [
            [JointState(a.low + s * (a.high - a.low), a.has_brake and arm == 0) for a, s in zip(axes, own, strict=True)]
            for arm, own in enumerate(shares)
        ]
    )
    bars.choose(1, 2)
    return bars


def _stack(look: Look, screen: Screen, rows: Sequence[QWidget]) -> QWidget:
    sheet = QWidget()
    column = QVBoxLayout(sheet)
    column.setSpacing(look.px(3.0))
    for row in rows:
        column.addWidget(row)
    sheet.resize(screen.width, sheet.sizeHint().height())
    return sheet
