"""The figures of the surgeon's link, from a picture, as both windows draw them. Pure."""

from protocol.widgets.age_history import AgeHistory
from protocol.widgets.link_figures import Cell, LinkFigures, cells
from slave.panel.picture import Picture

FIGURES = 6
"""Those that the patient's side knows; lanes, carriers and clocks are the surgeon's."""


def link_figures(shown: Picture, worst_ms: float | None) -> LinkFigures:
    """Of this moment, and the worst age of the last minute."""
    link = shown.link
    return LinkFigures(
        loop_age_ns=link.loop_age_ns,
        worst_age_ns=None if worst_ms is None else round(worst_ms * 1e6),
        effective_loss=link.effective_loss,
        packet_loss=link.packet_loss,
        jitter_ns=link.jitter_ns,
        longest_gap_ns=link.longest_gap_ns,
    )


def limit_names(shown: Picture) -> dict[str, float]:
    """The limits in force by name, for lines and levels; none where they are not known."""
    return {} if shown.limits is None else shown.limits.named()


class LinkWatch:
    """The figures with the worst of a minute."""

    def __init__(self) -> None:
        self.ages = AgeHistory()

    def step(self, now_ns: int, shown: Picture) -> tuple[Cell, ...]:
        """One look: the figures that the patient's side knows."""
        self.ages.add(now_ns, shown.link.loop_age_ns)
        figures = link_figures(shown, self.ages.worst_ms(now_ns))
        return cells(figures, limit_names(shown))[:FIGURES]
