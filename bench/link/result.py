"""What a run of the link's bench found: the JSON that it stores, and that the report and comparisons are made from."""

from typing import Any

import msgspec

from bench.figure import Figure
from bench.link.ages import Ages
from bench.link.seconds import Bounded

TRACE_S = 0.1


class Spread(msgspec.Struct, frozen=True):
    """Of `n` samples; None where there was none."""

    mean: float | None
    min: float | None
    p50: float | None
    p90: float | None
    p99: float | None
    p999: float | None
    max: float | None
    n: int


class Stream(msgspec.Struct, frozen=True):
    """Commands by one means, as their receiver saw them. `recovery_s`: one for each cut, None where none came in time.

    `upstream_mbit_s` and `downstream_mbit_s` are what the link was offered, headers and all. `gap_runs`: how often so
    many ticks in a row brought nothing newer. `tail`: pairs of a share of all ticks and the age that only it exceeds;
    `trace_ms`: the greatest age of each `TRACE_S`, cuts and all. `cpu_us_per_command`: what both processes of a rival
    used, in the seconds in which the host ran; None of farhand, whose processes do more than carry.
    """

    command_age_ms: Ages
    longest_gap_ms: float | None
    recovery_s: list[float | None]
    upstream_mbit_s: float
    downstream_mbit_s: float
    gap_runs: dict[str, int]
    tail: list[tuple[float, float]]
    trace_ms: list[float | None]
    cpu_us_per_command: float | None = None


class ModeTime(msgspec.Struct, frozen=True):
    """Of the arm's time: seconds in each mode and slowed, how often frozen, by what, and for how long at most."""

    seconds: dict[str, float]
    slowed_s: float
    freezes: dict[str, int]
    longest_freeze_s: float
    handed_over: int


class ClockFigures(msgspec.Struct, frozen=True):
    """The patient's clock as the master bounds it. Both ends have the same here: every offset but 0 is an error.

    `violations`: ticks at which the true offset was outside the stated bound, of `n`.
    """

    offset_worst_ms: float | None
    error_median_ms: float | None
    violations: int
    n: int


class Motion(msgspec.Struct, frozen=True):
    """Of the arms: how well they followed, and the greatest accelerations that were asked of the drives.

    `out_of_reach_s`: for how long, added up over the arms, a hand led where its arm cannot go (None: not counted).
    """

    tracking_lag_ms: float | None
    tracking_rms_mm: float | None
    tracking_max_mm: float | None
    tip_acceleration_max_m_s2: float | None
    tip_acceleration_limit_m_s2: float
    out_of_reach_s: float | None = None


class KeyedAndPlain(msgspec.Struct, frozen=True):
    """One figure of the lanes with keys and of those without, and what keys add to it, each with its 95 % bounds."""

    keyed: Bounded
    plain: Bounded
    added: Bounded


class CurveCost(msgspec.Struct, frozen=True):
    """Of a command, in `seconds` of the run. Beside these were `seconds_set_aside`, in which the host stood still, or
    just before.

    `cpu_us`: user and system time of all threads of both processes, over the commands sent; keys may add
    `cpu_added_max_us`. `command_age_ms`: by percentile.
    """

    cpu_us: KeyedAndPlain
    cpu_added_max_us: float
    command_age_ms: dict[str, KeyedAndPlain]
    seconds: int
    seconds_set_aside: int


class CutPart(msgspec.Struct, frozen=True):
    """One part of a run. `command_age_ms`: at the ticks of `seconds`; beside these were `seconds_set_aside`, in which
    the host stood still, or just before. `with_stalls_ms`: at all ticks of both."""

    command_age_ms: Ages
    with_stalls_ms: Ages
    seconds: int
    seconds_set_aside: int


class CarrierCut(msgspec.Struct, frozen=True):
    """`during`: the seconds that share some time with a cut, or with the second after one; `outside`: all others.

    `p999_ratio`: of the ages of the one to those of the other.
    """

    during: CutPart
    outside: CutPart
    p999_ratio: Bounded


class LinkResult(msgspec.Struct, frozen=True):
    """One run. `complete` is false where it ended early, and why is in `ended_by`.

    `rtt_ms`: from a command's intended sending to the first state that tells of it. `loss_percent`: packets that the
    link lost, of those it was given, as the emulator counted them; `tcp_loss_percent`: segments that TCP sent again, of
    those it sent, as the stack itself says. `effective_loss_percent`: of all ticks, those at which the surgeon's
    command was late, as the verdict counts them; `command_loss_percent`: of the last 2 s' commands, those that were
    never the newest; `jitter_ms`: theirs, after RFC 3550. `recovery_s`: farhand's; `reengaged_s`: until an arm followed
    again, which waits for the scripted surgeon's next press. `cuts_s`: when each cut began, and its length. `link`:
    what the emulator did, and `checks`: whether that was what its profile says. `host_late_ms`: the worst lateness of a
    bare C loop beside the run; what exceeds a few ms is the machine's own. `lanes_keyed`, `lanes_plain` and `curve`:
    with the rivals `curve`. `carrier_cut`: where one carrier of several was cut.
    """

    complete: bool
    ended_by: str
    profile: str
    about: str
    paper: dict[str, str]
    seed: int
    seconds: float
    rate_hz: int
    lanes: int
    procedure: str
    device: str
    rtt_ms: Spread
    loss_percent: float
    tcp_loss_percent: float | None
    effective_loss_percent: float | None
    recovery_s: list[float | None]
    reengaged_s: list[float | None]
    command_loss_percent: float | None
    jitter_ms: float | None
    clock: ClockFigures
    loop_age_ms: Ages
    farhand: Stream
    udp: Stream | None
    zmq: Stream | None
    modes: ModeTime
    motion: Motion
    cpu_percent: dict[str, float]
    cuts_s: list[tuple[float, float]]
    checks: list[Figure]
    link: list[dict[str, Any]]
    host_late_ms: float | None
    host: dict[str, str]
    at: str
    notes: list[str]
    lanes_keyed: Stream | None = None
    lanes_plain: Stream | None = None
    curve: CurveCost | None = None
    carrier_cut: CarrierCut | None = None
