"""What a run of the link's bench found, as a table in the terminal."""

from typing import NamedTuple

from rich.table import Table

from bench.link.ages import Ages
from bench.link.result import CarrierCut, CurveCost, LinkResult, Stream
from bench.link.seconds import Bounded


class Look(NamedTuple):
    """A table of text: `heads` of all columns but the first, which names the figures."""

    title: str
    heads: tuple[str, ...]
    rows: list[tuple[str, ...]]


def number(value: float | None, digits: int = 1) -> str:
    """A figure, or a dash where there is none."""
    return "-" if value is None else f"{value:.{digits}f}"


def recoveries(values: list[float | None]) -> str:
    """Median and worst of the times after each cut, and how many never came back."""
    back = sorted(value for value in values if value is not None)
    if not values:
        return "no cut"
    lost = f", {len(values) - len(back)} of {len(values)} never" if len(back) < len(values) else ""
    return f"{back[len(back) // 2]:.3f} / {back[-1]:.3f}{lost}" if back else f"never, in {len(values)} cuts"


def checks(result: LinkResult) -> str:
    """How many of the emulator's figures hold, and which do not. Shares and means of few packets are not judged."""
    judged = [figure for figure in result.checks if figure.holds is not None]
    broken = [figure.name for figure in judged if not figure.holds]
    return f"{len(judged) - len(broken)} of {len(judged)} figures hold" + "".join(f"; NOT {name}" for name in broken)


def streams(result: LinkResult) -> dict[str, Stream]:
    """All that ran side by side."""
    found = {
        "farhand": result.farhand,
        "bare UDP": result.udp,
        "one ZeroMQ connection": result.zmq,
        "lanes, keyed": result.lanes_keyed,
        "lanes, not keyed": result.lanes_plain,
    }
    return {name: stream for name, stream in found.items() if stream is not None}


def stream_rows(result: LinkResult) -> list[tuple[str, ...]]:
    """A row for each figure, a column for each stream."""
    each = list(streams(result).values())
    age = "command age, ms"
    return [
        *((f"{age}, {name}", *(number(getattr(s.command_age_ms, key)) for s in each)) for key, name in AGE_ROWS),
        ("ticks counted", *(str(s.command_age_ms.n) for s in each)),
        ("longest gap, ms", *(number(s.longest_gap_ms) for s in each)),
        ("back after a cut, s: median / worst", *(recoveries(s.recovery_s) for s in each)),
        ("upstream, Mbit/s", *(number(s.upstream_mbit_s, 2) for s in each)),
        ("downstream, Mbit/s", *(number(s.downstream_mbit_s, 2) for s in each)),
        ("CPU of a command, both sides, us", *(number(s.cpu_us_per_command) for s in each)),
    ]


AGE_ROWS = (("p50", "p50"), ("p90", "p90"), ("p99", "p99"), ("p999", "p99.9"), ("max", "max"))


def run_rows(result: LinkResult) -> list[tuple[str, str]]:
    """The seed paper's rows by name, and the rest of ours."""
    rtt, modes, motion = result.rtt_ms, result.modes, result.motion
    longest = f"{modes.longest_freeze_s:.1f} s" if modes.freezes else "none"
    spent = ", ".join(f"{mode} {seconds:.1f}" for mode, seconds in modes.seconds.items())
    return [
        ("RTT mean (min-max), ms", f"{number(rtt.mean, 2)} ({number(rtt.min, 2)}-{number(rtt.max, 2)})"),
        ("RTT p50 / p99 / p99.9, ms", f"{number(rtt.p50)} / {number(rtt.p99)} / {number(rtt.p999)}"),
        (
            "packet loss, % (of the link / as TCP tells)",
            f"{result.loss_percent:.4f} / {number(result.tcp_loss_percent, 4)}",
        ),
        ("network back after a cut, s: median / worst", recoveries(result.recovery_s)),
        ("an arm follows again after a cut, s: median / worst", recoveries(result.reengaged_s)),
        ("switched to local control", f"{modes.handed_over} times"),
        ("effective loss, % of ticks", number(result.effective_loss_percent, 3)),
        ("commands overtaken or lost, % (last 2 s)", number(result.command_loss_percent, 2)),
        ("jitter of commands (RFC 3550), ms", number(result.jitter_ms, 2)),
        (
            "clock: worst error / bound, ms",
            f"{number(result.clock.offset_worst_ms, 2)} / {number(result.clock.error_median_ms, 2)}, outside it"
            f" {result.clock.violations} of {result.clock.n}",
        ),
        (
            "loop age p50 / p99 / max, ms",
            " / ".join(number(getattr(result.loop_age_ms, k)) for k in ("p50", "p99", "max")),
        ),
        ("time in modes, s", spent),
        ("slowed, s", number(modes.slowed_s)),
        ("longest freeze", longest),
        *((f"freeze: {why}", f"{count} times") for why, count in modes.freezes.items()),
        ("tracking error rms / max, mm", f"{number(motion.tracking_rms_mm, 3)} / {number(motion.tracking_max_mm, 3)}"),
        ("a hand led out of an arm's reach, s", number(motion.out_of_reach_s)),
        (
            "setpoint's acceleration, max (limit), m/s2",
            f"{number(motion.tip_acceleration_max_m_s2, 2)} ({motion.tip_acceleration_limit_m_s2:.1f})",
        ),
        ("CPU of each process, %", ", ".join(f"{name} {used:.0f}" for name, used in result.cpu_percent.items())),
        ("the emulated link did as its profile says", checks(result)),
        ("host: bare loop late by at most, ms", number(result.host_late_ms)),
    ]


def curve_look(cost: CurveCost) -> Look:
    """What keys cost."""
    cpu = cost.cpu_us
    rows: list[tuple[str, ...]] = [
        ("CPU of a command, both sides, us", within(cpu.keyed), within(cpu.plain), within(cpu.added)),
        ("at most", "", "", number(cost.cpu_added_max_us)),
    ]
    for key, name in AGE_ROWS:
        if key in cost.command_age_ms:
            each = cost.command_age_ms[key]
            rows.append((f"command age, ms: {name}", within(each.keyed), within(each.plain), within(each.added, 2)))
    rows.append(("seconds counted, and set aside (host)", str(cost.seconds), "", str(cost.seconds_set_aside)))
    return Look("What keys cost (CURVE)", ("with", "without", "added"), rows)


def cut_look(cut: CarrierCut) -> Look:
    """What a cut of one carrier does."""
    parts = cut.during, cut.outside
    rows: list[tuple[str, ...]] = []
    for key, name in AGE_ROWS:
        ratio = within(cut.p999_ratio, 2) if key == "p999" else ""
        rows.append((f"command age, ms: {name}", *(age_within(part.command_age_ms, key) for part in parts), ratio))
    rows += [
        ("ticks counted", *(str(part.command_age_ms.n) for part in parts), ""),
        ("seconds counted", *(str(part.seconds) for part in parts), ""),
        ("seconds set aside (host)", *(str(part.seconds_set_aside) for part in parts), ""),
        ("p99.9 of all, those too", *(number(part.with_stalls_ms.p999) for part in parts), ""),
    ]
    return Look("One carrier cut", ("in the cut", "outside it", "in / outside"), rows)


def looks(result: LinkResult) -> list[Look]:
    """What only some runs look at more closely."""
    curve = [] if result.curve is None else [curve_look(result.curve)]
    return curve if result.carrier_cut is None else [*curve, cut_look(result.carrier_cut)]


def within(figure: Bounded, digits: int = 1) -> str:
    """A figure, and its bounds in brackets."""
    bounds = f" ({number(figure.low, digits)} to {number(figure.high, digits)})" if figure.low is not None else ""
    return number(figure.value, digits) + bounds


def age_within(ages: Ages, key: str) -> str:
    """The same of a percentile."""
    return within(Bounded(getattr(ages, key), ages.low.get(key), ages.high.get(key)))


def tables(result: LinkResult) -> list[Table]:
    """What was measured side by side, what was looked at more closely, and the rest."""
    beside = Table(title=f"farhand bench link: {result.profile}, {result.seconds:.0f} s", title_justify="left")
    beside.add_column("figure")
    for name in streams(result):
        beside.add_column(name, justify="right")
    for row in stream_rows(result):
        beside.add_row(*row)
    rest = Table(title="the run", title_justify="left")
    rest.add_column("figure")
    rest.add_column("measured", justify="right")
    if result.paper:
        rest.add_column("the paper", justify="right")
    for name, value in run_rows(result):
        shown = (name, value, in_paper(result, name)) if result.paper else (name, value)
        rest.add_row(*shown)
    return [beside, *map(_table, looks(result)), rest]


def _table(look: Look) -> Table:
    table = Table(title=look.title, title_justify="left")
    table.add_column("figure")
    for head in look.heads:
        table.add_column(head, justify="right")
    for row in look.rows:
        table.add_row(*row)
    return table


def in_paper(result: LinkResult, name: str) -> str:
    """What the profile's source reports under this name; '' where it does not."""
    return next((value for key, value in result.paper.items() if name.startswith(key)), "")
