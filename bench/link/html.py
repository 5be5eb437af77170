"""The report of a run: one HTML file with its pictures inside, to be read on a screen or printed beside a paper."""

from collections.abc import Sequence
from html import escape
from pathlib import Path

from bench.link import plots
from bench.link.result import LinkResult
from bench.link.screen import AGE_ROWS, in_paper, looks, number, run_rows, stream_rows, streams

STYLE = """
body { font: 16px/1.45 system-ui, sans-serif; color: #1a1a1a; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; margin-bottom: .2rem; } h2 { font-size: 1.15rem; margin-top: 2rem; }
.about, .note { color: #555; } .early { background: #fff0e8; border-left: 4px solid #c1440e; padding: .6rem 1rem; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { padding: .3rem .7rem; border-bottom: 1px solid #ddd; text-align: right; vertical-align: top; }
th:first-child, td:first-child { text-align: left; } thead th { border-bottom: 2px solid #888; }
svg { width: 100%; height: auto; } .big { font-size: 1.5rem; font-weight: 600; }
.tiles { display: flex; gap: 1rem; flex-wrap: wrap; margin: 1rem 0; }
.tile { border: 1px solid #ddd; border-radius: .4rem; padding: .6rem 1rem; flex: 1 1 10rem; }
@media print { body { margin: 0; max-width: none; font-size: 11pt; } .tile, table, svg { break-inside: avoid; } }
"""


def write(path: Path, result: LinkResult) -> None:
    """Write the page, making its folder. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page(f"The link: {result.profile}", body(result)), encoding="utf-8")


def page(title: str, content: str) -> str:
    """A whole page that needs nothing from elsewhere."""
    head = f'<meta charset="utf-8"><title>{escape(title)}</title><style>{STYLE}</style>'
    return f'<!doctype html><html lang="en"><head>{head}</head><body>{content}</body></html>\n'


def body(result: LinkResult) -> str:
    """One run, from what matters most to what it was measured on."""
    side_by_side = streams(result)
    closer = looks(result)
    early = "" if result.complete else _early(result)
    rest = [(name, value, in_paper(result, name)) for name, value in run_rows(result)]
    return "".join(
        (
            f"<h1>The link: {escape(result.profile)}</h1>",
            f'<p class="about">{escape(result.about)}</p>',
            early,
            _tiles(result),
            "<h2>How old was the newest command?</h2>",
            table(("figure", *side_by_side), stream_rows(result)),
            _bounds(result),
            plots.tails(side_by_side),
            *(f"<h2>{escape(look.title)}</h2>{table(('figure', *look.heads), look.rows)}" for look in closer),
            '<p class="note">In brackets 95 % bounds, from resampling whole seconds.</p>' if closer else "",
            "<h2>Over time</h2>",
            plots.over_time(side_by_side, result.cuts_s),
            "<h2>The run</h2>",
            table(("figure", "measured", "the paper" if result.paper else ""), rest),
            "<h2>What the emulated link did</h2>",
            _link(result),
            "<h2>Measured on</h2>",
            table(("", ""), [*result.host.items(), ("at", result.at), *(("note", note) for note in result.notes)]),
            f'<p class="note">{escape(_how(result))}</p>',
        )
    )


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Rows of text as a table, its first column to the left."""
    head = "".join(f"<th>{escape(name)}</th>" for name in heads)
    lines = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table>"


def _early(result: LinkResult) -> str:
    return f'<p class="early">This run ended early ({escape(result.ended_by)}): its figures are of a part.</p>'


def _tiles(result: LinkResult) -> str:
    ages = result.farhand.command_age_ms
    tiles = [
        ("command age, median", f"{number(ages.p50)} ms"),
        ("command age, p99.9", f"{number(ages.p999)} ms"),
        ("round trip, mean", f"{number(result.rtt_ms.mean)} ms"),
        ("packets lost by the link", f"{result.loss_percent:.2f} %"),
    ]
    inside = "".join(f'<div class="tile">{name}<div class="big">{escape(value)}</div></div>' for name, value in tiles)
    return f'<div class="tiles">{inside}</div>'


def _bounds(result: LinkResult) -> str:
    lines = []
    for name, stream in streams(result).items():
        ages = stream.command_age_ms
        each = [f"{shown} {ages.low[key]:.1f} to {ages.high[key]:.1f}" for key, shown in AGE_ROWS if key in ages.low]
        if each:
            lines.append(f"{name}: {', '.join(each)} ms (n = {ages.n})")
    return (
        f'<p class="note">95 % bounds, from resampling whole seconds: {escape("; ".join(lines))}.</p>' if lines else ""
    )


def _link(result: LinkResult) -> str:
    heads = ("", "packets", "lost, % (asked)", "longest run", "cut", "queue full", "delay, ms (asked)", "added p99, ms")
    rows = []
    for each in result.link:
        loss, delay = each["loss_share"], each["delay_mean_ms"]
        asked_loss, asked_ms = each["loss_share_asked"], each["delay_mean_ms_asked"]
        rows.append(
            (
                f"pair {each['pair']}, carrier {each['carrier']}, {each['direction']}",
                str(each["packets_in"]),
                "-" if loss is None else f"{loss * 100:.3f} ({asked_loss * 100:.3f})",
                str(each["longest_loss_run"]),
                str(each["cut"]),
                str(each["dropped_by_queue"]),
                "-" if delay is None else f"{delay:.2f} ({asked_ms:.2f})",
                number(each["added_p99_ms"], 3),
            )
        )
    return table(heads, rows)


def _how(result: LinkResult) -> str:
    return (
        f"farhand {result.lanes} lanes, {result.rate_hz} commands a second, seed {result.seed}, procedure"
        f" {result.procedure}, hands: {result.device}; scripts press for surgeon and staff. Ages count from when a"
        " command was due to be sent and are taken at every millisecond of the receiver. Both ends run on one host,"
        " so that true ages are known; nothing in farhand itself uses that."
    )
