"""From what a run left to what it found. Pure, but for the host's name and the time of day."""

import os
import platform
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec
import numpy as np

from bench.emulator.figures import DirectionFigures, judge
from bench.emulator.profile import LinkProfile
from bench.link.ages import Floats, Integers, Span, ages_ns, longest_gap_ms, recoveries_s, summarise
from bench.link.carrier_cut import carrier_cut
from bench.link.curve_cost import cpu_us_per_command, curve_cost
from bench.link.options import LinkOptions
from bench.link.result import TRACE_S, ClockFigures, LinkResult, ModeTime, Motion, Spread, Stream
from bench.link.run import Raw
from bench.link.seconds import HostSecond, outside, quiet_seconds, whole_seconds
from bench.store import processor
from bench.summary import TickLog, tracking
from bench.world.run import summary
from kinematics.description import load_description
from protocol.messages import Mode
from protocol.quality import RUN_CLASSES, run_class
from protocol.records import IntakeCounts
from safety.limits import LinkLimits, load_limits
from safety.loss import LateShare
from slave.tick_log import MODES

TICKS_A_SECOND = 1000
TAIL_POINTS = 80


def find(raw: Raw, options: LinkOptions, profile: LinkProfile) -> LinkResult:
    """All figures of a run."""
    span = Span(raw.begin_ns, raw.end_ns)
    cuts = [Span(*cut) for cut in raw.cuts]
    # A cut of one carrier is no cut of the link: what commands do meanwhile counts.
    of_one = options.cut_carrier is not None and len(profile.carriers) > 1
    whole = [] if of_one else cuts
    every, quiet = whole_seconds(raw.host, span), quiet_seconds(raw.host, span)
    log = _measured(raw.controller, span)
    commands = log["now_ns"].astype(np.int64), log["sent_ns"].astype(np.int64)
    streams = {"farhand": _stream(commands, span, cuts, whole, _offered(raw, 0))}
    for pair, kind in enumerate(options.rivals, start=1):
        if (rival := raw.rivals.get(kind)) is not None:
            stream = _stream((rival.now_ns, rival.sent_ns), span, cuts, whole, _offered(raw, pair))
            cpu_us = cpu_us_per_command(rival, outside(quiet, cuts))
            streams[kind] = msgspec.structs.replace(stream, cpu_us_per_command=cpu_us)
    after = raw.link[1]
    ours = [each for each in after if each.pair == 0]
    loop = np.maximum(log["link_age_ns"], log["seen_age_ns"])[log["link_age_ns"] >= 0.0]
    segments = raw.counts.segments if raw.counts is not None else 0
    return LinkResult(
        complete=raw.ended_by == "time",
        ended_by=raw.ended_by,
        profile=profile.name,
        about=profile.about,
        paper=profile.paper,
        seed=options.seed,
        seconds=(raw.end_ns - raw.begin_ns) / 1e9,
        rate_hz=options.rate_hz,
        lanes=options.lanes,
        procedure=options.procedure,
        device=options.device,
        rtt_ms=_round_trips(raw.pilot, span, whole),
        loss_percent=_percent(sum(each.lost + each.lost_in_bursts for each in ours), sum(e.packets_in for e in ours)),
        tcp_loss_percent=_percent(raw.counts.segments_again, segments) if raw.counts is not None and segments else None,
        effective_loss_percent=_effective_loss(log, options.procedure),
        command_loss_percent=_command_loss(raw.intake),
        jitter_ms=None if raw.intake is None else raw.intake.commands.jitter_ns / 1e6,
        clock=_clock(raw.pilot, span),
        recovery_s=streams["farhand"].recovery_s,
        reengaged_s=_reengaged_s(log, cuts),
        loop_age_ms=summarise(loop.astype(np.int64), TICKS_A_SECOND),
        farhand=streams["farhand"],
        udp=streams.get("udp"),
        zmq=streams.get("zmq"),
        modes=_modes(log, raw.culprits, span),
        motion=_motion(log, options.robot),
        cpu_percent={name: used / (raw.end_ns - raw.begin_ns) * 1e11 for name, used in raw.cpu_s.items()},
        cuts_s=[((cut.begin_ns - span.begin_ns) / 1e9, (cut.end_ns - cut.begin_ns) / 1e9) for cut in cuts],
        checks=[figure for each in after for figure in judge(each)],
        link=[msgspec.to_builtins(each) for each in after],
        host_late_ms=_host_late_ms(raw.host, span),
        host=_host(),
        at=datetime.now(UTC).isoformat(timespec="seconds"),
        notes=list(raw.notes),
        lanes_keyed=streams.get("lanes-keyed"),
        lanes_plain=streams.get("lanes-plain"),
        curve=curve_cost(raw.rivals, outside(every, cuts), outside(quiet, cuts)),
        carrier_cut=carrier_cut(commands, every, quiet, cuts) if of_one and cuts else None,
    )


def _measured(log: TickLog, span: Span) -> TickLog:
    inside = (log["now_ns"] >= span.begin_ns) & (log["now_ns"] < span.end_ns)
    return TickLog(log.rows[inside].ravel(), log.arms, log.tick_hz)


def _stream(
    rows: tuple[Integers, Integers],
    span: Span,
    cuts: Sequence[Span],
    whole: Sequence[Span],
    offered_mbit_s: tuple[float, float],
) -> Stream:
    now_ns, sent_ns = rows
    recoveries = recoveries_s(now_ns, sent_ns, cuts, span.end_ns)
    # A cut is over for a stream when its first fresh command is there: until then its age is the cut's, not the link's.
    without = [
        Span(cut.begin_ns, cut.end_ns + round((1.0 if back is None else back) * 1e9))
        for cut, back in zip(cuts, recoveries, strict=True)
        if cut in whole
    ]
    ages = ages_ns(now_ns, sent_ns, span, without)
    inside = (now_ns >= span.begin_ns) & (now_ns < span.end_ns)
    gap_ms = longest_gap_ms(now_ns, sent_ns, span)
    return Stream(
        summarise(ages, TICKS_A_SECOND),
        gap_ms,
        recoveries,
        *offered_mbit_s,
        _gap_runs(sent_ns[inside]),
        _tail(ages),
        _trace(now_ns[inside], sent_ns[inside], span),
    )


def _tail(ages: Integers) -> list[tuple[float, float]]:
    """From half of all ticks down to the one that was oldest."""
    if len(ages) == 0:
        return []
    shares = np.geomspace(0.5, max(1.0 / len(ages), 1e-7), TAIL_POINTS)
    return [(float(s), float(a)) for s, a in zip(shares, np.quantile(ages / 1e6, 1.0 - shares), strict=True)]


def _trace(now_ns: Integers, sent_ns: Integers, span: Span) -> list[float | None]:
    count = max(1, int((span.end_ns - span.begin_ns) / 1e9 / TRACE_S))
    oldest = np.full(count, -1.0)
    known = sent_ns > 0
    bucket = np.minimum(((now_ns - span.begin_ns) / 1e9 / TRACE_S).astype(np.int64), count - 1)
    np.maximum.at(oldest, bucket[known], (now_ns - sent_ns)[known] / 1e6)
    return [None if age < 0.0 else round(float(age), 3) for age in oldest]


def _gap_runs(sent_ns: Integers) -> dict[str, int]:
    """How often so many ticks in a row brought nothing newer."""
    stale = np.diff(sent_ns, prepend=-1) <= 0
    edges = np.flatnonzero(np.diff(np.concatenate(([0], stale.astype(np.int8), [0]))))
    runs: Counter[int] = Counter()
    for length in edges[1::2] - edges[::2]:
        runs[run_class(int(length))] += 1
    return {name: runs[k] for k, name in enumerate(RUN_CLASSES) if runs[k]}


def _offered(raw: Raw, pair: int) -> tuple[float, float]:
    """Mbit/s that the stream of `pair` put on its link, up and down, over all carriers."""
    seconds = (raw.end_ns - raw.begin_ns) / 1e9

    def bits(figures: list[DirectionFigures], direction: str) -> int:
        return 8 * sum(each.bytes_in for each in figures if each.pair == pair and each.direction == direction)

    up, down = (bits(raw.link[1], way) - bits(raw.link[0], way) for way in ("upstream", "downstream"))
    return up / seconds / 1e6, down / seconds / 1e6


def _round_trips(pilot: dict[str, Floats], span: Span, cuts: Sequence[Span]) -> Spread:
    """From each command that an arriving state newly tells of. Those that were under way in a cut are the cut's."""
    heard, came = pilot["heard_sent_ns"], pilot["state_ns"]
    new = (np.diff(heard, prepend=0.0) > 0) & (heard >= span.begin_ns) & (came < span.end_ns)
    for cut in cuts:
        new &= (came < cut.begin_ns) | (heard >= cut.end_ns)
    trips = (came - heard)[new] / 1e6
    if len(trips) == 0:
        return Spread(None, None, None, None, None, None, None, 0)
    p50, p90, p99, p999 = map(float, np.percentile(trips, [50.0, 90.0, 99.0, 99.9]))
    return Spread(float(trips.mean()), float(trips.min()), p50, p90, p99, p999, float(trips.max()), len(trips))


def _command_loss(intake: IntakeCounts | None) -> float | None:
    """Of the last 2 s of the run."""
    if intake is None or intake.commands.effective_loss is None:
        return None
    return intake.commands.effective_loss * 100.0


def _clock(pilot: dict[str, Floats], span: Span) -> ClockFigures:
    known = (pilot["offset_error_ns"] >= 0.0) & (pilot["now_ns"] >= span.begin_ns)
    offset, error = np.abs(pilot["offset_ns"][known]), pilot["offset_error_ns"][known]
    if len(offset) == 0:
        return ClockFigures(None, None, 0, 0)
    outside = int((offset > error).sum())
    return ClockFigures(float(offset.max()) / 1e6, float(np.median(error)) / 1e6, outside, len(offset))


def _effective_loss(log: TickLog, procedure: str) -> float | None:
    """The share of all ticks at which the surgeon's command was late, as the verdict counts it; None without limits."""
    limits = load_limits(procedure).link
    if not isinstance(limits, LinkLimits) or len(log.rows) == 0:
        return None
    judge, shares = LateShare(limits.effective_loss), []
    newest_ns, sequence = 0, -1.0
    for now_ns, number, age_ns in zip(log["now_ns"], log["sequence"], log["link_age_ns"], strict=True):
        if number != sequence:
            newest_ns, sequence = int(now_ns), number
        if age_ns >= 0.0:
            shares.append(judge.step(int(now_ns), int(age_ns), int(now_ns) - newest_ns))
    return float(np.mean(shares)) * 100.0 if shares else None


def _modes(log: TickLog, culprits: Sequence[tuple[int, str]], span: Span) -> ModeTime:
    modes = log["mode"]
    seconds = {mode.value: float((modes == k).sum()) / TICKS_A_SECOND for k, mode in enumerate(MODES)}
    frozen, remote = modes == MODES.index(Mode.FROZEN), modes != MODES.index(Mode.LOCAL)
    edges = np.flatnonzero(np.diff(np.concatenate(([0], frozen.astype(np.int8), [0]))))
    longest = int((edges[1::2] - edges[::2]).max()) if len(edges) else 0
    freezes = Counter(summary(text) for at_ns, text in culprits if at_ns >= span.begin_ns)
    return ModeTime(
        seconds={name: spent for name, spent in seconds.items() if spent},
        slowed_s=float((log["slowed"] > 0.0).sum()) / TICKS_A_SECOND,
        freezes=dict(freezes),
        longest_freeze_s=longest / TICKS_A_SECOND,
        handed_over=int((np.diff(remote.astype(np.int8)) < 0).sum()),
    )


def _reengaged_s(log: TickLog, cuts: Sequence[Span]) -> list[float | None]:
    """From each return of the link to the first tick at which an arm followed; None where none did before the next."""
    follows = log["now_ns"][log["mode"] == MODES.index(Mode.FOLLOWING)]
    found: list[float | None] = []
    for number, cut in enumerate(cuts):
        until_ns = cuts[number + 1].begin_ns if number + 1 < len(cuts) else np.inf
        after = follows[(follows >= cut.end_ns) & (follows < until_ns)]
        found.append((float(after[0]) - cut.end_ns) / 1e9 if len(after) else None)
    return found


def _motion(log: TickLog, robot: str) -> Motion:
    tip = load_description(robot).tip
    lag_ms, rms_mm, max_mm = tracking(log, "measured") or (None, None, None)
    worst = max((_acceleration_max_m_s2(log, arm) for arm in range(len(log.arms))), default=None)
    limit = max(tip.acceleration_max_m_s2, tip.stop_deceleration_m_s2)
    beyond_s = sum(int((log[f"arm{arm}_reach"] != 0.0).sum()) for arm in range(len(log.arms))) / TICKS_A_SECOND
    return Motion(lag_ms, rms_mm, max_mm, worst, limit, beyond_s)


def _acceleration_max_m_s2(log: TickLog, arm: int) -> float:
    """Of the setpoint, while the arm follows or pauses; a tick counts as a period, however late it came.

    Where the plant holds the arms by itself, behind a gate of its own, the setpoint is set to where they stand.
    """
    setpoint, modes = log.vector(arm, "setpoint"), log["mode"]
    moves = np.isin(modes, [MODES.index(Mode.FOLLOWING), MODES.index(Mode.PAUSED)]) & (log["adrift"] == 0.0)
    if len(setpoint) < 3:
        return 0.0
    bend = np.linalg.norm(np.diff(setpoint, n=2, axis=0), axis=1) * log.tick_hz**2
    return float(np.max(bend[moves[2:] & moves[1:-1] & moves[:-2]], initial=0.0))


def _host_late_ms(host: Sequence[HostSecond], span: Span) -> float | None:
    seen = [each.late_ns for each in host if span.begin_ns <= each.begin_ns < span.end_ns and each.late_ns is not None]
    return max(seen) / 1e6 if seen else None


def _percent(part: int, whole: int) -> float:
    return part / whole * 100.0 if whole else 0.0


def _host() -> dict[str, str]:
    with open("/proc/sys/net/ipv4/tcp_congestion_control", encoding="ascii") as file:
        congestion = file.read().strip()
    return {
        "system": platform.platform(),
        "python": platform.python_version(),
        "processor": processor(),
        "cores": str(len(os.sched_getaffinity(0))),
        "TCP congestion control": congestion,
    }
