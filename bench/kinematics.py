"""What does one call of the kinematics cost, arguments checked, beside its peers and beside ours?"""

import timeit
from collections.abc import Callable
from importlib import import_module
from statistics import median
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bench.figure import Figure
from kinematics import Follower, Solution, load_robot, reference
from kinematics.arm import Arm

CALLS = 10_000
ROUNDS = 15
POSES = 100_000
TICKS = 2_000
HAND_SPEED_M_S = 0.05

FORWARD_BOUND = 0.8  # of pinocchio's forwardKinematics
INVERSE_BOUND = 3.0  # of our own forward
BATCH_BOUND = 0.5  # of a Python loop of forward
SERVO_BOUND_US = 8.0

Work = Callable[[], object]
ArmWork = Callable[[Arm], Work]


class Timed(NamedTuple):
    """Something to measure: a call to be made `calls` times a round."""

    name: str
    work: Work
    calls: int


def forward_work(arm: Arm) -> Work:
    """One forward into a matrix that is there."""
    q, T = sample_joints(arm, 1)[0], np.empty((4, 4))
    forward = arm.forward
    return lambda: forward(q, T)


def inverse_work(arm: Arm) -> Work:
    """One inverse, refilling a solution."""
    q = sample_joints(arm, 1)[0]
    T, near, solution = arm.forward(q), arm.home, Solution(arm)
    inverse = arm.inverse
    return lambda: inverse(T, near, solution)


def batch_work(arm: Arm) -> Work:
    """All poses in one call."""
    Q = sample_joints(arm, POSES)
    return lambda: arm.forward_batch(Q)


def loop_work(arm: Arm) -> Work:
    """The same poses, a call each."""
    Q, T, forward = sample_joints(arm, POSES), np.empty((4, 4)), arm.forward

    def loop() -> None:
        for q in Q:
            forward(q, T)

    return loop


def servo_work(arm: Arm) -> Work:
    """Ticks of a hand that moves to and fro."""
    pose = reference.forward(arm.description, arm.home.tolist())
    follower, q_BT = Follower(arm, arm.home.tolist()), reference.quaternion_of(pose.R)
    x, y, z = pose.p
    way = [HAND_SPEED_M_S * 1e-3 * min(k, TICKS - k) for k in range(TICKS)]
    places = [(x + step, y, z) for step in way]

    def follow() -> None:
        for p_BT_m in places:
            follower.servo_cp(p_BT_m, q_BT, 1e-3, 0.2)

    return follow


def pinocchio_work() -> Work:
    """forwardKinematics of pinocchio's own six-joint sample arm. Raises ImportError without pinocchio."""
    pinocchio = import_module("pinocchio")
    model = pinocchio.buildSampleModelManipulator()
    data, q = model.createData(), np.full(model.nq, 0.3)
    forward = pinocchio.forwardKinematics
    return lambda: forward(model, data, q)


def sample_joints(arm: Arm, count: int) -> NDArray[np.float64]:
    """Joints (count, n) in the inner half of their limits."""
    low, high = arm.position_min, arm.position_max
    spread = np.random.default_rng(1).uniform(-0.25, 0.25, (count, len(low)))
    return (low + high) / 2.0 + spread * (high - low)


def run(progress: Callable[[str], None]) -> list[Figure]:
    """Interleaved rounds, so that what disturbs one disturbs the others; medians stand."""
    arm = load_robot("psm")
    subjects = [
        Timed("forward", forward_work(arm), CALLS),
        Timed("inverse", inverse_work(arm), CALLS),
        Timed("batch", batch_work(arm), 1),
        Timed("loop", loop_work(arm), 1),
        Timed("servo", servo_work(arm), 1),
    ]
    missing = ""
    try:
        subjects.append(Timed("pinocchio", pinocchio_work(), CALLS))
    except ImportError as error:
        missing = f"not measured: {error}; install it with `pip install 'farhand[dev]'`"
    seconds: dict[str, list[float]] = {subject.name: [] for subject in subjects}
    for number in range(ROUNDS):
        progress(f"round {number + 1} of {ROUNDS}")
        for subject in subjects:
            seconds[subject.name].append(timeit.timeit(subject.work, number=subject.calls) / subject.calls)
    return _figures(seconds, missing)


def _figures(seconds: dict[str, list[float]], missing: str) -> list[Figure]:
    ns = {name: median(values) * 1e9 for name, values in seconds.items()}
    peer = missing or f"forward {ns['forward']:.0f} ns, pinocchio {ns['pinocchio']:.0f} ns"
    return [
        _ratio("forward.ratio", "forward(q, out), checked, over pinocchio", seconds, "pinocchio", FORWARD_BOUND, peer),
        _ratio(
            "inverse.ratio",
            "inverse(T, q_near, out), checked, over our forward",
            seconds,
            "forward",
            INVERSE_BOUND,
            f"inverse {ns['inverse']:.0f} ns, forward {ns['forward']:.0f} ns",
        ),
        _ratio(
            "batch.ratio",
            f"forward_batch of {POSES} poses over a loop of forward",
            seconds,
            "loop",
            BATCH_BOUND,
            f"a pose {ns['batch'] / POSES:.0f} ns, in a loop {ns['loop'] / POSES:.0f} ns",
        ),
        Figure(
            name="servo.us",
            asked="one tick of following a hand: inverse, plan and limits",
            measured=ns["servo"] / TICKS / 1e3,
            bound=SERVO_BOUND_US,
            unit="us",
            holds=ns["servo"] / TICKS / 1e3 <= SERVO_BOUND_US,
            note=f"median of {ROUNDS} rounds of {TICKS} ticks; depends on the machine",
        ),
    ]


def _ratio(name: str, asked: str, seconds: dict[str, list[float]], peer: str, bound: float, note: str) -> Figure:
    """Median over rounds of a subject's time over its peer's; `name` is the subject's, and `.ratio`."""
    if peer not in seconds:
        return Figure(name=name, asked=asked, measured=float("nan"), bound=bound, unit="", holds=None, note=note)
    pairs = zip(seconds[name.removesuffix(".ratio")], seconds[peer], strict=True)
    ratio = median(ours / theirs for ours, theirs in pairs)
    return Figure(name=name, asked=asked, measured=ratio, bound=bound, unit="", holds=ratio <= bound, note=note)
