"""What a check of the link found, for the people who are about to begin."""

from rich.table import Table

from master.check_link import Advice, LinkCheck

COLOURS = {
    Advice.GO: "bold green",
    Advice.SLOWLY: "bold yellow",
    Advice.NO_GO: "bold red",
    Advice.UNKNOWN: "bold cyan",
}


def check_table(found: LinkCheck) -> Table:
    """The advice in words, why, and the figures."""
    table = Table(title=f"check-link, {found.procedure}, {found.seconds:.0f} s", title_justify="left")
    table.add_column(f"[{COLOURS[found.advice]}]{found.advice.value}[/]")
    table.add_column("", justify="right")
    for reason in found.reasons:
        table.add_row(reason, "")
    for name, value, unit in (
        ("loop age with the picture, median", found.loop_age_p50_ms, "ms"),
        ("loop age with the picture, p99.9", found.loop_age_p999_ms, "ms"),
        ("loop age with the picture, greatest", found.loop_age_max_ms, "ms"),
        ("jitter, p1 to p99", found.jitter_ms, "ms"),
        ("longest time without an answer", found.longest_gap_ms, "ms"),
        ("effective loss, worst second", found.effective_loss_percent, "%"),
        ("packet loss, worst two seconds", found.packet_loss_percent, "%"),
    ):
        table.add_row(name, "-" if value is None else f"{value:.1f} {unit}")
    return table
