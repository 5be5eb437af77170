"""How long until the tips stand, and how far they may go, after each harm: computed from limits and figures.

Until a harm is noticed the arm goes on at its speed; then it comes to rest within v^2 / (2 stop_deceleration) and
0.5 mm. The pilot's side alone does not stop an arm at once: it ends at the newest command, by the lag at most.
"""

from bench.aftermath import HELD_NS
from bench.fault_rig import ROBOT, SPEED_OVER
from kinematics.description import load_description
from protocol.clock import NS_PER_MS
from safety.limits import Limits, LinkLimits
from slave.plants.model import BRAKE_SOLREF
from slave.plants.mujoco_drives import BRAKE_CLOSING_NS

COMPUTED = ", computed"
"""At the end of a harm's name: of dead drives, whose arms nobody measures; not what was seen of them."""
FALLS_M_S2 = 2.0 * 9.81
"""A tip at the end of links that fall gains more than g: a falling chimney's gains half as much again."""


def may_go_on(harm: str) -> bool:
    """Whether the arms may rightly follow on: strangers must not stop them."""
    return harm.startswith(("flood", "garbage"))


def harms_drives(harm: str) -> bool:
    """Whether nobody measures the arms after it, so that their way is computed as well."""
    return harm.endswith("drives")


def bounds(harm: str, fast_m_s: float, limits: Limits, lease_ns: int) -> tuple[float, float]:
    """Until the tips stand, in ms, and their way, in mm, when the faster one went at `fast_m_s`."""
    if harm.endswith(COMPUTED):
        return _dead_bounds(fast_m_s)
    robot = load_description(ROBOT)
    stop_s = fast_m_s / (0.75 * robot.tip.stop_deceleration_m_s2) + 0.067
    braking_m = fast_m_s**2 / (2.0 * robot.tip.stop_deceleration_m_s2) + 0.0005
    process = harm.rsplit(maxsplit=1)[-1]
    silence_ns = limits.link.silence.freeze_ns if isinstance(limits.link, LinkLimits) else 0
    noticed_ns = {
        "supervisor": lease_ns + 2 * NS_PER_MS,
        "controller": 8 * NS_PER_MS,
        "plant": 4 * NS_PER_MS,
        "drives": 2 * NS_PER_MS,
        "console": limits.master.blind_ns + silence_ns,
    }.get(process, silence_ns)
    if may_go_on(harm):
        # Counted from the freeze itself, which the controller hears of in the same tick.
        noticed_ns = 4 * NS_PER_MS
        return noticed_ns / NS_PER_MS + stop_s * 1e3, (fast_m_s * noticed_ns * 1e-9 + braking_m) * 1e3
    goes_on_m = fast_m_s * noticed_ns * 1e-9 if process in ("supervisor", "controller", "plant", "drives") else 0.0
    if process in ("pilot", "gateway", "link"):
        goes_on_m = limits.people.lag_m
    if process == "console":
        # The surgeon's hand goes on being followed until the pilot lets go.
        goes_on_m = robot.tip.speed_max_m_s * limits.master.blind_ns * 1e-9
    return noticed_ns / NS_PER_MS + stop_s * 1e3, (goes_on_m + braking_m) * 1e3


def _dead_bounds(fast_m_s: float) -> tuple[float, float]:
    """Of a dead cabinet: its last torque goes on for a while, then nothing holds until the brakes are closed."""
    held_s, falls_s = HELD_NS * 1e-9, BRAKE_CLOSING_NS * 1e-9
    gained_m_s2 = load_description(ROBOT).tip.stop_deceleration_m_s2
    faster_m_s = fast_m_s + gained_m_s2 * held_s
    way_m = fast_m_s * held_s + 0.5 * gained_m_s2 * held_s**2
    way_m += faster_m_s * falls_s + 0.5 * FALLS_M_S2 * falls_s**2
    # A closed brake pulls its joint back within a few of its time constants; a speed is seen a few samples later.
    brakes_s = 5.0 * BRAKE_SOLREF[0]
    return (held_s + falls_s + brakes_s) * 1e3 + SPEED_OVER, (way_m + faster_m_s * BRAKE_SOLREF[0]) * 1e3
