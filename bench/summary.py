"""What a run was like, in figures: from the controller's tick log and the counts of both sides. Pure.

Tracking is the measured tip against the pose of the newest accepted command, on every tick of every opened epoch, after
taking out the one lag (the same for all) that fits best: a delay is reported as a delay, not as an error.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from protocol.messages import Mode
from slave.tick_log import MODES, columns

Floats = NDArray[np.float64]

LAG_MAX_TICKS = 100
FOLLOWING = MODES.index(Mode.FOLLOWING)
FOLLOWERS = ("setpoint", "measured")


def floats(chunks: Sequence[bytes]) -> Floats:
    """Rows as a ring gave them, one after the other."""
    return np.frombuffer(b"".join(chunks), dtype=np.float64)


class Percentiles(msgspec.Struct, frozen=True):
    """Percentiles over all ticks counted; `n` is how many. None where there was none."""

    p50: float | None
    p99: float | None
    p999: float | None
    max: float | None
    n: int


class ModeChange(msgspec.Struct, frozen=True):
    """A mode, and when it was entered, in s since the log began."""

    mode: str
    entered_at_s: float


class Summary(msgspec.Struct, frozen=True):
    """`summary.json`. Lengths in mm, times as named; `complete` is false when the run ended before its time.

    `freezes` are the culprits of the freezes, as the surgeon was told them.
    """

    complete: bool
    ended_by: str
    stand_ins: bool
    device: str
    robot: str
    seconds: float
    tick_hz: int
    ticks: int
    ticks_missed: int
    tick_cpu_us_median: float | None
    pilot_ticks: int
    pilot_ticks_missed: int
    commands_sent: int
    commands_dropped_by_sender: int
    commands_accepted: int
    commands_superseded: int
    commands_rejected: dict[str, int]
    clutch_epochs_asked: dict[str, int]
    clutch_epochs_followed: dict[str, int]
    following_s: dict[str, float]
    out_of_reach_s: dict[str, float]
    tracking_lag_ms: float | None
    tracking_rms_mm: float | None
    tracking_max_mm: float | None
    setpoint_rms_mm: float | None
    clutch_step_max_mm: float | None
    loop_age_ms: Percentiles
    modes: list[ModeChange]
    freezes: list[str]
    notes: list[str]


class TickLog:
    """The rows of one run, by name."""

    def __init__(self, rows: Floats, arms: tuple[str, ...], tick_hz: int) -> None:
        self._columns = {name: k for k, name in enumerate(columns(len(arms)))}
        self.rows = rows.reshape(-1, len(self._columns))
        self.arms = arms
        self.tick_hz = tick_hz

    def __getitem__(self, name: str) -> Floats:
        return self.rows[:, self._columns[name]]

    def vector(self, arm: int, name: str) -> Floats:
        """(k, 3) of one arm's position in W, in m."""
        first = self._columns[f"arm{arm}_{name}_x"]
        return self.rows[:, first : first + 3]

    @property
    def loop_age_ns(self) -> Floats:
        """The larger of the two ages at every tick; negative before the first echo."""
        return np.maximum(self["link_age_ns"], self["seen_age_ns"])

    def segments(self, arm: int) -> list[slice]:
        """The ticks of each epoch that the arm followed, from its opening on."""
        epoch = np.where(self[f"arm{arm}_following"] > 0.0, self[f"arm{arm}_opened_epoch"], 0.0)
        edges = np.flatnonzero(np.diff(epoch, prepend=0.0, append=0.0))
        return [slice(a, b) for a, b in pairwise(edges) if epoch[a] != 0.0]


def tracking(log: TickLog, name: str) -> tuple[float, float, float] | None:
    """Lag in ms, rms and max in mm of the positions `name` against the commanded ones; None if nothing was followed.

    Each epoch counts until the hand leads out of the arm's reach: from then on the arm keeps another distance, rightly.
    """
    pairs = [
        (log.vector(arm, "commanded")[segment], log.vector(arm, name)[segment])
        for arm in range(len(log.arms))
        for segment in (_within_reach(log, arm, whole) for whole in log.segments(arm))
        if segment.stop > segment.start
    ]
    if not pairs:
        return None
    lag = min(range(LAG_MAX_TICKS + 1), key=lambda ticks: float(np.mean(_squared_errors(pairs, ticks))))
    squared = _squared_errors(pairs, lag)
    return lag * 1e3 / log.tick_hz, float(np.sqrt(squared.mean())) * 1e3, float(np.sqrt(squared.max())) * 1e3


def _within_reach(log: TickLog, arm: int, segment: slice) -> slice:
    beyond = np.flatnonzero(log[f"arm{arm}_reach"][segment] != 0.0)
    return slice(segment.start, segment.start + int(beyond[0])) if len(beyond) else segment


def _squared_errors(pairs: list[tuple[Floats, Floats]], lag: int) -> Floats:
    errors = []
    for commanded, followed in pairs:
        # Before the epoch the command stood where it opened.
        delayed = commanded[np.maximum(np.arange(len(commanded)) - lag, 0)]
        errors.append(np.sum((followed - delayed) ** 2, axis=1))
    return np.concatenate(errors)


def clutch_step_max_mm(log: TickLog) -> float | None:
    """The largest step of a tip in the tick in which an epoch opened: setpoint, measured, or only commanded.

    The command that opens an epoch is its zero, so that the hand's own motion in that tick is none of it. What it
    commands counts in full, from where the setpoint stood before: the follower would turn a leap of it into a start.
    """
    steps = []
    for arm in range(len(log.arms)):
        for segment in log.segments(arm):
            opening = slice(segment.start - 1, segment.start + 1)
            if segment.start == 0:
                continue
            steps += [float(np.linalg.norm(np.diff(log.vector(arm, n)[opening], axis=0))) for n in FOLLOWERS]
            commanded, stood = (
                log.vector(arm, "commanded")[segment.start],
                log.vector(arm, "setpoint")[segment.start - 1],
            )
            steps.append(float(np.linalg.norm(commanded - stood)))
    return max(steps) * 1e3 if steps else None


def percentiles(values: Floats) -> Percentiles:
    """Of all values, none dropped."""
    if len(values) == 0:
        return Percentiles(None, None, None, None, 0)
    p50, p99, p999 = np.percentile(values, [50.0, 99.0, 99.9])
    return Percentiles(float(p50), float(p99), float(p999), float(values.max()), len(values))


def loop_age_ms(log: TickLog) -> Percentiles:
    """Loop age at every tick from the first engage on; ticks without an age (no echo yet) are not there by then."""
    engaged = np.maximum.accumulate(log["mode"] == FOLLOWING) if len(log.rows) else np.zeros(0, dtype=bool)
    known = engaged & (log["link_age_ns"] >= 0.0)
    return percentiles(log.loop_age_ns[known] / 1e6)


def mode_changes(log: TickLog) -> list[ModeChange]:
    """Every mode that was entered, in order."""
    modes, times = log["mode"], log["now_ns"]
    changes = np.flatnonzero(np.diff(modes, prepend=-1.0))
    return [ModeChange(MODES[int(modes[k])].value, round(float(times[k] - times[0]) / 1e9, 3)) for k in changes]


def log_figures(log: TickLog) -> dict[str, Any]:
    """The fields of a Summary that come from the tick log alone."""
    followed, setpoint = tracking(log, "measured"), tracking(log, "setpoint")
    reached = [(log[f"arm{k}_following"] > 0.0, log[f"arm{k}_reach"] == 0.0) for k in range(len(log.arms))]
    return {
        "ticks": len(log.rows),
        "ticks_missed": int(log["missed"][-1]) if len(log.rows) else 0,
        "tick_cpu_us_median": float(np.median(log["cpu_ns"])) / 1e3 if len(log.rows) else None,
        "clutch_epochs_followed": {name: len(log.segments(k)) for k, name in enumerate(log.arms)},
        "following_s": {n: float(reached[k][0].sum()) / log.tick_hz for k, n in enumerate(log.arms)},
        "out_of_reach_s": {
            n: float((reached[k][0] & ~reached[k][1]).sum()) / log.tick_hz for k, n in enumerate(log.arms)
        },
        "tracking_lag_ms": None if followed is None else followed[0],
        "tracking_rms_mm": None if followed is None else followed[1],
        "tracking_max_mm": None if followed is None else followed[2],
        "setpoint_rms_mm": None if setpoint is None else setpoint[1],
        "clutch_step_max_mm": clutch_step_max_mm(log),
        "loop_age_ms": loop_age_ms(log),
        "modes": mode_changes(log),
    }
