"""What do the arms do when a process dies, hangs or starves, or the link is cut, flooded or fouled? Real processes.

Each trial waits until an arm moves fast, does the harm, and watches the tips by the drives' own encoders; where these
are harmed themselves, what the arms do without them is computed as well (`aftermath.py`), and told apart. What can go
on after a harm does, and is harmed again; where a process was killed both sides start anew. A bare C loop runs beside
it: where that was later than 5 ms the host stood still, and the trial is discarded, counted and made again.
"""

import statistics
from collections import Counter
from collections.abc import Callable
from itertools import chain

import msgspec

from bench.aftermath import aftermath
from bench.bounds import COMPUTED, bounds, harms_drives, may_go_on
from bench.fault_rig import MASTER, PROCEDURE, ROBOT, SLAVE, SPEED_OVER, Rig, Sample, speed_m_s
from bench.harm import do_harm
from bench.world.run import summary
from bench.yardstick import VALID_LATE_NS
from kinematics.description import load_description
from kinematics.reference import norm, subtract
from protocol.children import ChildError
from protocol.clock import NS_PER_MS
from protocol.fields import Text, clipped
from safety.limits import Limits, load_limits
from slave.launch import development_lease_ns

REST_M_S = 0.003
WATCH_S = 1.2
UNDO_S = {"kill": WATCH_S, "stop": 0.3, "cut": 0.3, "starve": 1.0, "flood": 1.0, "garbage": 1.0}
"""When a harm ends: what was stopped wakes in the middle of the watch, and must then not move."""
BEFORE_NS = 100 * NS_PER_MS
DISCARDS_MAX = 10

HARMS = (
    *(f"{harm} {process}" for harm in ("kill", "stop", "starve") for process in (*MASTER, *SLAVE)),
    "cut link",
    "flood link",
    "garbage link",
)


class Trial(msgspec.Struct, frozen=True):
    """One trial. `stood_ms` is None when the tips never stood within the watch; the arms may rightly go on.

    Both `stood_ms` and `travel_mm` count from the harm; of strangers, whom the arms may rightly follow on beside, from
    the supervisor's freeze.

    `mode` and `culprit` are the supervisor's first word of a stop, or its last word; `staff`, `surgeon`: what the panel
    and the pilot told at the end. `late_ms`: the bare loop at its worst, None where it did not see all. `dead_*`: what
    is computed of arms whose drives were harmed.
    """

    harm: str
    valid: bool
    late_ms: float | None
    speed_m_s: float
    stood_ms: float | None
    travel_mm: float
    mode: Text
    culprit: Text
    staff: Text
    surgeon: Text
    dead_stood_ms: float | None = None
    dead_travel_mm: float = 0.0

    @property
    def stopped(self) -> bool:
        """Whether the arms were to stop and stay: they were frozen or made safe, or nobody can say."""
        return self.mode in ("FROZEN", "SAFE") or self.staff == "SUPERVISOR SILENT"


class HarmResult(msgspec.Struct, frozen=True):
    """All valid trials of one harm, beside the computed bounds. `goes_on`: trials in which nothing had to stop."""

    harm: str
    trials: int
    discarded: int
    goes_on: int
    speed_m_s_max: float
    stood_ms_median: float | None
    stood_ms_max: float | None
    stood_ms_bound: float
    travel_mm_max: float
    travel_mm_bound: float
    modes: dict[str, int]
    culprits: dict[str, int]
    staff: dict[str, int]
    surgeon: dict[str, int]
    orphans: int
    holds: bool
    each: list[Trial]


def void(harm: str, why: str) -> Trial:
    """A trial that did not come about."""
    return Trial(harm, False, None, 0.0, None, 0.0, "", clipped(why), "", "")


class Trials:
    """Makes trials, on one rig as long as that can go on. `orphans` counts processes of ours that outlived a rig."""

    def __init__(self) -> None:
        self._rig: Rig | None = None
        self._rigs = 0
        self.orphans = 0

    def make(self, harm: str) -> Trial:
        """One trial."""
        try:
            rig = self._rig = self._rig or self._started()
        except ChildError as error:
            return void(harm, str(error))
        if not rig.await_speed():
            self.end()
            return void(harm, "the arms did not follow again")
        begin, fast_m_s = rig.samples[-1], rig.speed_m_s()
        told = rig.measured
        assert told is not None
        undo = do_harm(harm, rig.pid, rig.port)
        authority = rig.watch(WATCH_S, undo, UNDO_S[harm.partition(" ")[0]])
        since = begin
        if may_go_on(harm) and authority is not None:
            since, fast_m_s = _as_of(authority.entered_ns, rig.samples)
        stood_ms, travel_mm = _until_rest(since, rig.samples)
        dead = aftermath(told, load_description(ROBOT), WATCH_S) if harms_drives(harm) else []
        dead_stood_ms, dead_travel_mm = _until_rest(since, dead)
        end_ns = begin.stamp_ns + round(WATCH_S * 1e3) * NS_PER_MS - BEFORE_NS
        late_ns = rig.yardstick.worst_ns(begin.stamp_ns - BEFORE_NS, end_ns)
        trial = Trial(
            harm=harm,
            valid=late_ns is not None and late_ns <= VALID_LATE_NS,
            late_ms=None if late_ns is None else late_ns / NS_PER_MS,
            speed_m_s=fast_m_s,
            stood_ms=stood_ms,
            travel_mm=travel_mm,
            mode="" if authority is None else authority.mode.value,
            culprit="" if authority is None else authority.culprit,
            staff=rig.told_staff(),
            surgeon=rig.told_surgeon(),
            dead_stood_ms=dead_stood_ms,
            dead_travel_mm=dead_travel_mm,
        )
        if harm.startswith("kill"):
            self.end()
        return trial

    def end(self) -> None:
        """End the rig, if there is one."""
        if self._rig is not None:
            rig, self._rig = self._rig, None
            self.orphans += rig.stop()

    def _started(self) -> Rig:
        self._rigs += 1
        rig = Rig(self._rigs)
        try:
            rig.start()
        except BaseException:
            rig.stop()
            raise
        return rig


def run(trials: int, harms: tuple[str, ...], progress: Callable[[str], None]) -> list[HarmResult]:
    """All harms, `trials` valid ones each; a host that keeps standing still leaves fewer, and says so."""
    limits = load_limits(PROCEDURE)
    lease_ns = development_lease_ns(limits)
    maker = Trials()
    try:
        results = [_harm(harm, trials, limits, lease_ns, maker, progress) for harm in harms]
        return list(chain.from_iterable(results))
    finally:
        maker.end()


def _harm(
    harm: str, trials: int, limits: Limits, lease_ns: int, maker: Trials, progress: Callable[[str], None]
) -> list[HarmResult]:
    valid: list[Trial] = []
    discarded, orphans = 0, maker.orphans
    while len(valid) < trials and discarded < DISCARDS_MAX + trials:
        progress(f"{harm}: {len(valid)} of {trials} trials, {discarded} discarded")
        trial = maker.make(harm)
        if trial.valid:
            valid.append(trial)
        else:
            discarded += 1
    orphans = maker.orphans - orphans
    results = [result_of(harm, trials, valid, discarded, orphans, limits, lease_ns)]
    if harms_drives(harm):
        computed = [
            msgspec.structs.replace(each, stood_ms=each.dead_stood_ms, travel_mm=each.dead_travel_mm) for each in valid
        ]
        results.append(result_of(harm + COMPUTED, trials, computed, discarded, orphans, limits, lease_ns))
    return results


def result_of(
    harm: str, asked: int, valid: list[Trial], discarded: int, orphans: int, limits: Limits, lease_ns: int
) -> HarmResult:
    """What the valid trials of one harm say together."""
    fastest_m_s = max((trial.speed_m_s for trial in valid), default=0.0)
    stood_bound_ms, travel_bound_mm = bounds(harm, fastest_m_s, limits, lease_ns)
    stops = [trial for trial in valid if trial.stopped]
    stood = [trial.stood_ms for trial in stops if trial.stood_ms is not None]
    travel = max((trial.travel_mm for trial in stops), default=0.0)
    holds = (
        len(valid) == asked
        and len(stood) == len(stops)
        and all(ms <= stood_bound_ms for ms in stood)
        and travel <= travel_bound_mm
        and not orphans
        and all(trial.culprit or trial.staff == "SUPERVISOR SILENT" for trial in stops)
        and (len(stops) == len(valid) or may_go_on(harm))
    )
    return HarmResult(
        harm=harm,
        trials=len(valid),
        discarded=discarded,
        goes_on=len(valid) - len(stops),
        speed_m_s_max=fastest_m_s,
        stood_ms_median=statistics.median(stood) if stood else None,
        stood_ms_max=max(stood) if stood else None,
        stood_ms_bound=stood_bound_ms,
        travel_mm_max=travel,
        travel_mm_bound=travel_bound_mm,
        modes=dict(Counter(trial.mode for trial in valid)),
        culprits=dict(Counter(summary(trial.culprit) for trial in valid)),
        staff=dict(Counter(trial.staff for trial in valid)),
        surgeon=dict(Counter(trial.surgeon for trial in valid)),
        orphans=orphans,
        holds=holds,
        each=valid,
    )


def _as_of(stamp_ns: int, samples: list[Sample]) -> tuple[Sample, float]:
    """Where the tips were at a time, and how fast the faster was; at the first samples where it lies before them."""
    number = max(SPEED_OVER, sum(sample.stamp_ns <= stamp_ns for sample in samples) - 1)
    return samples[number], speed_m_s(samples[number - SPEED_OVER], samples[number])


def _until_rest(begin: Sample, samples: list[Sample]) -> tuple[float | None, float]:
    """When the tips stood for good (ms after the harm; None: they did not), and how far the farther one had gone."""
    after = [sample for sample in samples if sample.stamp_ns > begin.stamp_ns]
    moving_ns = begin.stamp_ns
    for before, now in zip(after, after[SPEED_OVER:], strict=False):
        if speed_m_s(before, now) > REST_M_S:
            moving_ns = now.stamp_ns
    travel_m = max(
        (norm(subtract(a, b)) for sample in after for a, b in zip(sample.tips, begin.tips, strict=True)), default=0.0
    )
    if not after or moving_ns >= after[-1].stamp_ns:
        return (0.0 if not after else None), travel_m * 1e3
    return (moving_ns - begin.stamp_ns) / NS_PER_MS, travel_m * 1e3
