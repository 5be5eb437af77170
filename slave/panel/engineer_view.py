"""The same figures for engineers, read only: banner, link, loop age, joints or tips, and the modes of the case."""

from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from protocol.clock import NS_PER_S
from protocol.widgets.age_plot import AgePlot
from protocol.widgets.banner import Banner
from protocol.widgets.link_strip import LinkStrip
from protocol.widgets.look import Look
from protocol.widgets.screen import GAP_MM
from protocol.widgets.sentence import Sentence
from protocol.widgets.timeline import Timeline
from protocol.widgets.words import Who, words
from slave.panel.arm_tile import ArmTile
from slave.panel.link_view import limit_names, link_figures
from slave.panel.picture import Picture
from slave.panel.surgeon_view import banner_seen
from slave.panel.tip_tile import TipTile


class EngineerView(QWidget):
    """Shows pictures. `advice` stands in every banner. The joints come once it is known which robot it is."""

    def __init__(self, look: Look, advice: Sentence) -> None:
        super().__init__()
        self._look = look
        self._advice = advice
        self._robot = ""
        self._limits: dict[str, float] = {}
        self.banner = Banner(look)
        self.link = LinkStrip(look)
        self.plot = AgePlot(look)
        self.tips = TipTile(look)
        self.arms: ArmTile | None = None
        self.timeline = Timeline(look)
        gap = look.px(GAP_MM)
        self._right = QVBoxLayout()
        self._right.setSpacing(gap)
        self._right.addWidget(self.plot, 2)
        left, middle, whole = QVBoxLayout(), QHBoxLayout(), QVBoxLayout(self)
        for layout in (left, middle, whole):
            layout.setSpacing(gap)
        left.addWidget(self.link)
        left.addWidget(self.tips)
        left.addStretch(1)
        middle.addLayout(left, 1)
        middle.addLayout(self._right, 1)
        whole.setContentsMargins(gap, gap, gap, gap)
        whole.addWidget(self.banner)
        whole.addLayout(middle, 1)
        whole.addWidget(self.timeline)
        self.footer = whole
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Window, QColor(look.theme.window))
        self.setPalette(palette)

    def show_picture(self, now_ns: int, shown: Picture) -> None:
        """One moment, on the clock of whoever shows it; the time-line is fed apart."""
        limits = limit_names(shown)
        if limits != self._limits:
            self._limits = limits
            self.link.set_limits(limits)
            self.plot.set_limits(limits)
        said = words(banner_seen(shown), Who.STAFF)._replace(advice=self._advice, calling=False)
        self.banner.show_mode(said, None if shown.for_ns is None else shown.for_ns / NS_PER_S)
        self.plot.add(now_ns, shown.link.loop_age_ns)
        self.link.show_link(link_figures(shown, self.plot.history.worst_ms(now_ns)))
        self.tips.show_tips(shown.arms)
        self._show_joints(shown)

    def _show_joints(self, shown: Picture) -> None:
        if shown.robot is not None and shown.robot.name != self._robot:
            self._robot = shown.robot.name
            if self.arms is not None:
                self.arms.deleteLater()
            self.arms = ArmTile(self._look, shown.robot)
            self._right.addWidget(self.arms, 3)
        if self.arms is not None:
            self.arms.show_arms(shown)
