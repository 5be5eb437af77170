"""The report's pictures, as SVG text to stand inside a page."""

import io
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.ticker import LogFormatter

from bench.link.result import TRACE_S, Stream

STYLES: dict[str, dict[str, Any]] = {
    "farhand": {"color": "#0b6e4f", "linewidth": 2.2},
    "bare UDP": {"color": "#3366aa", "linewidth": 1.4, "linestyle": "--"},
    "one ZeroMQ connection": {"color": "#c1440e", "linewidth": 1.4, "linestyle": ":"},
    "lanes, keyed": {"color": "#7a4fa3", "linewidth": 1.4, "linestyle": "-."},
    "lanes, not keyed": {"color": "#8a6d00", "linewidth": 1.4, "linestyle": (0, (1, 1))},
}
"""Told apart without colour too: the report may be printed in black."""


def over_time(streams: Mapping[str, Stream], cuts_s: Sequence[tuple[float, float]]) -> str:
    """The oldest that the newest command was, in each tenth of a second."""

    def draw(axes: Axes) -> None:
        for begin_s, length_s in cuts_s:
            axes.axvspan(begin_s, begin_s + length_s, color="0.88", zorder=0)
        for name, stream in reversed(list(streams.items())):
            ages = [float("nan") if age is None else age for age in stream.trace_ms]
            axes.plot([k * TRACE_S for k in range(len(ages))], ages, label=name, **STYLES[name])
        axes.set(xlabel="time, s" + (" (grey: the link was cut)" if cuts_s else ""), ylabel="command age, ms")
        axes.set_yscale("log")

    return _svg(draw)


def tails(streams: Mapping[str, Stream]) -> str:
    """What share of all ticks saw a command older than so much."""

    def draw(axes: Axes) -> None:
        for name, stream in reversed(list(streams.items())):
            axes.plot([age for _, age in stream.tail], [share for share, _ in stream.tail], label=name, **STYLES[name])
        axes.set(xlabel="command age, ms (cuts left out)", ylabel="share of ticks that saw an older one")
        axes.set_yscale("log")
        axes.set_xscale("log")

    return _svg(draw)


def growth(rows: Sequence[tuple[str, float, Mapping[str, float | None]]], x_label: str) -> str:
    """p99.9 of the age against a figure of the link: rows of (name, the link's figure, age by stream)."""

    def draw(axes: Axes) -> None:
        names = [name for name in STYLES if any(ages.get(name) is not None for _, _, ages in rows)]
        for name in names:
            points = sorted((x, age) for _, x, ages in rows if (age := ages.get(name)) is not None)
            axes.plot([x for x, _ in points], [y for _, y in points], marker="o", label=name, **STYLES[name])
        axes.set(xlabel=x_label, ylabel="command age, p99.9, ms")
        axes.set_ylim(bottom=0.0)

    return _svg(draw)


def _svg(draw: Callable[[Axes], None]) -> str:
    # Text as text, and names of its own in each picture: several stand in one page.
    with mpl.rc_context({"svg.fonttype": "none", "font.size": 11, "font.family": "sans-serif"}):
        figure = Figure(figsize=(9.0, 3.8), layout="constrained")
        axes = figure.add_subplot()
        plain = LogFormatter(labelOnlyBase=False, minor_thresholds=(2.0, 0.5))
        draw(axes)
        axes.grid(which="both", color="0.9")
        axes.spines[["top", "right"]].set_visible(False)
        for axis in (axes.xaxis, axes.yaxis):
            if axis.get_label_text().startswith("command age") and axis.get_scale() == "log":
                axis.set_major_formatter(plain)
                axis.set_minor_formatter(plain)
        if axes.get_legend_handles_labels()[0]:
            axes.legend(frameon=False, loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=3)
        out = io.StringIO()
        FigureCanvasSVG(figure)
        figure.savefig(out, format="svg", metadata={"Date": None})
    return out.getvalue().partition("<svg")[1] + out.getvalue().partition("<svg")[2]
