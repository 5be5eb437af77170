"""What do the arms do when a process dies, hangs or starves, or the link is cut, flooded or fouled? Real processes.

Each trial starts both sides anew, waits until an arm moves fast, does the harm, and watches the tips by the drives' own
encoders. A bare C loop runs beside it: where that was later than 5 ms the host stood still, and the trial is discarded,
counted and made again. The bounds are computed from limits and figures, not fitted.
"""

import math
import statistics
import time
from collections import Counter
from collections.abc import Callable
from typing import NamedTuple

import msgspec

from bench.harm import BareLoop, Proxy, do_harm, is_alive
from bench.world.run import summary
from kinematics.description import load_description
from kinematics.reference import Chain, norm, subtract
from master.config import MasterConfig
from master.launch import MasterProcesses
from protocol.clock import NS_PER_MS
from protocol.fields import Text
from protocol.messages import Mode
from protocol.ports import free_ports
from protocol.records import Accepted, Authority, Measured
from safety.limits import Limits, LinkLimits, load_limits
from slave.config import SlaveConfig
from slave.launch import SlaveProcesses, development_lease_ns

ROBOT, PROCEDURE = "psm", "laparoscopic"
FAST_M_S = 0.05
"""A trial's harm is done when a tip is at least so fast."""
REST_M_S = 0.003
READY_S = 45.0
WATCH_S = 1.2
STOPPED_S = 0.3
VALID_LATE_NS = 5 * NS_PER_MS
DISCARDS_MAX = 3
SAMPLE_S = 0.0005
SPEED_OVER = 8

SLAVE = ("gateway", "controller", "supervisor", "plant", "drives")
MASTER = ("pilot", "console")
HARMS = (
    *(f"{harm} {process}" for harm in ("kill", "stop", "starve") for process in (*MASTER, *SLAVE)),
    "cut link",
    "flood link",
    "garbage link",
)


class Trial(msgspec.Struct, frozen=True):
    """One trial. `stood_ms` is None when the tips never stood within the watch; the arm may rightly go on."""

    harm: str
    valid: bool
    speed_m_s: float
    stood_ms: float | None
    travel_mm: float
    mode: Text
    culprit: Text
    told: bool
    orphans: int


class HarmResult(msgspec.Struct, frozen=True):
    """All valid trials of one harm, beside the computed bounds. `goes_on`: trials in which nothing had to stop."""

    harm: str
    trials: int
    discarded: int
    goes_on: int
    stood_ms_median: float | None
    stood_ms_max: float | None
    stood_ms_bound: float
    travel_mm_max: float
    travel_mm_bound: float
    modes: dict[str, int]
    culprits: dict[str, int]
    orphans: int
    holds: bool


class Sample(NamedTuple):
    """Where the tips were at a time of the drives' clock."""

    stamp_ns: int
    tips: tuple[tuple[float, float, float], ...]


class Rig:
    """Both sides with stand-ins, and the tips under watch."""

    def __init__(self, seed: int, *, through_proxy: bool) -> None:
        self.port = free_ports()
        self.proxy = Proxy(self.port) if through_proxy else None
        limits = load_limits(PROCEDURE)
        robot = load_description(ROBOT)
        self._chain = Chain(robot)
        self._joints = len(robot.joints)
        lease_ns = development_lease_ns(limits)
        self.slave = SlaveProcesses(SlaveConfig("127.0.0.1", self.port, PROCEDURE, lease_ns, ROBOT, stand_ins=True))
        self.master = MasterProcesses(
            MasterConfig(
                "127.0.0.1",
                self.port if self.proxy is None else self.proxy.port,
                "synthetic",
                name="faults",
                seed=seed,
                stand_ins=True,
            )
        )
        self._drives = self.slave.board.view("drives.measured", Measured)
        self._authority = self.slave.board.view("authority", Authority)
        self._accepted = self.slave.board.view("accepted", Accepted)
        self.samples: list[Sample] = []

    def pids(self) -> list[int]:
        """All processes of both sides."""
        return [*self.slave.children.pids(), *self.master.children.pids()]

    def pid(self, process: str) -> int:
        """One of them; "link" is what the link runs through."""
        if process == "link" and self.proxy is not None:
            return self.proxy.pid
        return (self.slave if process in SLAVE else self.master).children.pid(process)

    def look(self) -> Authority | None:
        """Take one sample of the tips, if there is a new one; the supervisor's newest word."""
        measured = self._drives.latest()
        if measured is not None and (not self.samples or measured.stamp_ns > self.samples[-1].stamp_ns):
            tips = tuple(self._chain.posture(arm.position[: self._joints]).p for arm in measured.arms)
            self.samples.append(Sample(measured.stamp_ns, tips))
        return self._authority.latest()

    def speed_m_s(self) -> float:
        """Of the faster tip, over the last few samples."""
        if len(self.samples) <= SPEED_OVER:
            return 0.0
        now, before = self.samples[-1], self.samples[-1 - SPEED_OVER]
        passed_s = (now.stamp_ns - before.stamp_ns) * 1e-9
        return max(norm(subtract(a, b)) for a, b in zip(now.tips, before.tips, strict=True)) / passed_s

    def await_speed(self) -> bool:
        """Wait until an arm follows fast; False when it never does."""
        deadline_s = time.monotonic() + READY_S
        while time.monotonic() < deadline_s:
            time.sleep(SAMPLE_S)
            authority = self.look()
            del self.samples[: -2 * SPEED_OVER]
            if authority is not None and authority.mode is Mode.FOLLOWING and self.speed_m_s() >= FAST_M_S:
                return True
        return False

    def watch(self, seconds: float, then: Callable[[], None] | None, at_s: float) -> Authority | None:
        """Sample for so long; do `then` at `at_s`."""
        begun_s = time.monotonic()
        authority = None
        while time.monotonic() - begun_s < seconds:
            time.sleep(SAMPLE_S)
            authority = self.look()
            if then is not None and time.monotonic() - begun_s >= at_s:
                then()
                then = None
        return authority

    def stop(self) -> None:
        """End everything."""
        self.master.stop()
        self.slave.stop()
        if self.proxy is not None:
            self.proxy.stop()


def run_trial(harm: str, seed: int) -> Trial:
    """One trial, from start to end. Its bare loop decides whether it counts."""
    rig = Rig(seed, through_proxy=harm == "cut link")
    try:
        rig.master.start()
        rig.slave.start()
        pids = rig.pids()
        if not rig.await_speed():
            return Trial(harm, False, 0.0, None, 0.0, "", "the arm never followed", told=False, orphans=0)
        with BareLoop(WATCH_S) as bare:
            speed_m_s = rig.speed_m_s()
            begin = rig.samples[-1]
            undo = do_harm(harm, rig.pid, rig.port)
            authority = rig.watch(WATCH_S, undo, STOPPED_S)
            late_ns = bare.worst_ns()
    finally:
        rig.stop()
    stood_ms, travel_mm = _until_rest(begin, rig.samples)
    orphans = sum(is_alive(pid) for pid in pids)
    mode = "" if authority is None else authority.mode.value
    culprit = "" if authority is None else authority.culprit
    stopped = mode in ("FROZEN", "SAFE") or authority is None or "supervisor" in harm
    return Trial(harm, late_ns <= VALID_LATE_NS, speed_m_s, stood_ms, travel_mm, mode, culprit, stopped, orphans)


def bounds(harm: str, speed_m_s: float, limits: Limits, lease_ns: int) -> tuple[float, float]:
    """How long until the tips stand (ms), and how far they may go (mm), computed.

    Until the harm is noticed the arm goes on at its speed; then it comes to rest within v^2 / (2 stop_deceleration) and
    0.5 mm. The pilot's side alone does not stop an arm at once: it ends at the newest command, by the lag at most.
    """
    if harm.startswith("starve"):
        # A process that gets its processor late, or not: either it keeps up, or the harm comes at a time of its own.
        return math.inf, math.inf
    robot = load_description(ROBOT)
    stop_s = speed_m_s / (0.75 * robot.tip.stop_deceleration_m_s2) + 0.067
    braking_m = speed_m_s**2 / (2.0 * robot.tip.stop_deceleration_m_s2) + 0.0005
    process = harm.rsplit(maxsplit=1)[-1]
    silence_ns = limits.link.silence.freeze_ns if isinstance(limits.link, LinkLimits) else 0
    noticed_ns = {
        "supervisor": lease_ns + 2 * NS_PER_MS,
        "controller": 8 * NS_PER_MS,
        "plant": 4 * NS_PER_MS,
        "drives": 2 * NS_PER_MS,
        "console": limits.master.blind_ns + silence_ns,
    }.get(process, silence_ns)
    goes_on_m = speed_m_s * noticed_ns * 1e-9 if process in ("supervisor", "controller", "plant", "drives") else 0.0
    if process in ("pilot", "gateway", "link"):
        goes_on_m = limits.people.lag_m
    if process == "console":
        # The surgeon's hand goes on being followed until the pilot lets go.
        goes_on_m = robot.tip.speed_max_m_s * limits.master.blind_ns * 1e-9
    return noticed_ns / NS_PER_MS + stop_s * 1e3, (goes_on_m + braking_m) * 1e3


def run(trials: int, harms: tuple[str, ...], progress: Callable[[str], None]) -> list[HarmResult]:
    """All harms, `trials` valid ones each; a host that keeps standing still leaves fewer, and says so."""
    limits = load_limits(PROCEDURE)
    lease_ns = development_lease_ns(limits)
    return [_harm(harm, trials, limits, lease_ns, progress) for harm in harms]


def _harm(harm: str, trials: int, limits: Limits, lease_ns: int, progress: Callable[[str], None]) -> HarmResult:
    valid: list[Trial] = []
    discarded = 0
    while len(valid) < trials and discarded < DISCARDS_MAX + trials:
        progress(f"{harm}: {len(valid)} of {trials} trials, {discarded} discarded")
        trial = run_trial(harm, seed=len(valid) + discarded + 1)
        if trial.valid:
            valid.append(trial)
        else:
            discarded += 1
    fastest_m_s = max((trial.speed_m_s for trial in valid), default=0.0)
    stood_bound_ms, travel_bound_mm = bounds(harm, fastest_m_s, limits, lease_ns)
    stops = [trial for trial in valid if trial.told or (trial.stood_ms is not None and trial.mode != "FOLLOWING")]
    stood = [trial.stood_ms for trial in stops if trial.stood_ms is not None]
    travel = max((trial.travel_mm for trial in stops), default=0.0)
    holds = (
        len(valid) == trials
        and len(stood) == len(stops)
        and all(ms <= stood_bound_ms for ms in stood)
        and travel <= travel_bound_mm
        and not any(trial.orphans for trial in valid)
    )
    return HarmResult(
        harm=harm,
        trials=len(valid),
        discarded=discarded,
        goes_on=len(valid) - len(stops),
        stood_ms_median=statistics.median(stood) if stood else None,
        stood_ms_max=max(stood) if stood else None,
        stood_ms_bound=stood_bound_ms,
        travel_mm_max=travel,
        travel_mm_bound=travel_bound_mm,
        modes=dict(Counter(trial.mode for trial in valid)),
        culprits=dict(Counter(summary(trial.culprit) for trial in valid)),
        orphans=sum(trial.orphans for trial in valid),
        holds=holds,
    )


def _until_rest(begin: Sample, samples: list[Sample]) -> tuple[float | None, float]:
    """When the tips stood for good (ms after the harm; None: they did not), and how far the farther one had gone."""
    after = [sample for sample in samples if sample.stamp_ns > begin.stamp_ns]
    moving_ns = begin.stamp_ns
    for before, now in zip(after, after[SPEED_OVER:], strict=False):
        passed_s = (now.stamp_ns - before.stamp_ns) * 1e-9
        speed = max(norm(subtract(a, b)) for a, b in zip(now.tips, before.tips, strict=True)) / passed_s
        if speed > REST_M_S:
            moving_ns = now.stamp_ns
    travel_m = max(
        (norm(subtract(a, b)) for sample in after for a, b in zip(sample.tips, begin.tips, strict=True)), default=0.0
    )
    if not after or moving_ns >= after[-1].stamp_ns:
        return (0.0 if not after else None), travel_m * 1e3
    return (moving_ns - begin.stamp_ns) / NS_PER_MS, travel_m * 1e3
