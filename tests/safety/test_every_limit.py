"""A number that changes nothing protects nobody: for each limit, something that happens otherwise when it is changed.

The verdict's own numbers have their table in `test_link.py`. Times are shortened, so that a story takes milliseconds.
"""

import math

import msgspec
import pytest

from kinematics import load_robot
from kinematics.description import load_description
from master.pilot import Pilot, PilotSettings
from protocol import realtime
from protocol.clock import NS_PER_MS
from protocol.messages import Action, Mode, Rest, StaffJog
from protocol.pose import IDENTITY
from protocol.records import ArmMeasured, ArmSetpoint, Setpoint
from safety.arm_faults import ArmFaults
from safety.arms import ArmWatch
from safety.gate import Gate
from safety.geometry import ArmGeometry
from safety.limits import load_limits
from safety.modes import start
from safety.return_way import too_far
from safety.staff import Staff
from safety.supervisor import Supervisor
from slave.arm import MountedArm
from slave.jog import JogGoal
from slave.launch import development_lease_ns
from slave.plants.guard import PlantGuard
from slave.plants.mujoco_drives import MujocoDrives
from slave.welcome import welcome_of
from tests.master.test_pilot import Surgeon
from tests.protocol.samples import ARM_STATE, MEASURED, PERMIT, TIP_POSE
from tests.safety import test_supervisor

ROBOT = load_description("psm")
ARM = load_robot("psm")
HOME = (*(joint.home for joint in ROBOT.joints), 0.0)
STILL = (0.0,) * 7
NOW = 10**12
INSERTION, ROLL = 2, 3


def quick(limits):
    """Times that a test can wait for, in the same order as the real ones."""
    people = msgspec.structs.replace(
        limits.people,
        call_ns=20 * NS_PER_MS,
        handover_ns=200 * NS_PER_MS,
        park_ns=250 * NS_PER_MS,
        engage_life_ns=100 * NS_PER_MS,
        link_good_ns=60 * NS_PER_MS,
    )
    return msgspec.structs.replace(limits, people=people)


LIMITS = quick(load_limits("laparoscopic"))


def world(limits):
    """A healthy slave in READY, under these limits."""
    made = test_supervisor.World()
    made.supervisor = Supervisor(ROBOT, limits, limits.process.lease_ns, made.now_ns)
    made.report_changes = made.measured_changes = {"limits_hash": limits.hash}
    made.tick(20)
    made.tick(1, Action.RESET)
    for _ in range(400):
        if made.tick() is Mode.LOCAL:
            break
    made.tick(1, Action.GIVE)
    assert made.tick(5) is Mode.READY
    return made


def ticks_until(made, is_so, most=400):
    """The tick at which it is so, or `most`."""
    return next((tick for tick in range(most) if (made.tick(), is_so(made))[1]), most)


def frozen_until(is_so):
    def outcome(limits):
        made = world(limits)
        made.tick(1, Action.FREEZE)
        return ticks_until(made, is_so)

    return outcome


def parked_after(limits):
    """How many ms after a TAKE the brakes may close."""
    made = world(limits)
    made.tick(1, Action.TAKE)
    return ticks_until(made, lambda made: made.permit.park)


def oldest_engage(limits):
    """How old, in ms, what the console showed may be for a press upon it to be heard."""
    made = world(limits)
    made.tick(150)
    shown = made.authority.nonces[-1]
    for age_ms in range(200):
        if made.tick() is Mode.READY and shown not in made.authority.nonces:
            return age_ms
    return None


def soonest_engage(limits):
    """How many ms after a silence a press is heard."""
    made = world(limits)
    made.talking = False
    made.tick(150)
    made.talking = True
    for waited_ms in range(200):
        made.press()
        if made.tick() is Mode.FOLLOWING:
            return waited_ms
        made.lift()
        made.tick()
    return None


def near(limits):
    moves = [(x * 1e-4, 0.0) for x in range(50)] + [(0.0, x * 1e-3) for x in range(120)]
    zero = (0.0, 0.0, 0.0)
    arm = msgspec.structs.replace(
        ARM_STATE,
        opened_epoch=TIP_POSE.clutch_epoch,
        base_p_W_m=zero,
        base_q_W=IDENTITY,
        opening_p_W_m=zero,
        opening_q_W=IDENTITY,
        setpoint_p_W_m=zero,
        setpoint_q_W=IDENTITY,
    )
    hands = [
        msgspec.structs.replace(
            TIP_POSE, p_W_m=(p, 0.0, 0.0), q_W=(math.cos(0.5 * turn), math.sin(0.5 * turn), 0.0, 0.0)
        )
        for p, turn in moves
    ]
    return [bool(too_far((hand,), (arm,), (TIP_POSE.clutch_epoch,), limits.people)) for hand in hands]


def lag(field, unit):
    def outcome(limits):
        made = world(limits)
        made.tick(100)
        made.press()
        assert made.tick(3) is Mode.FOLLOWING
        for share in range(300):
            arm = msgspec.structs.replace(ARM_STATE, following=True, **{field: share * unit})
            made.report_changes = {"limits_hash": limits.hash, "arms": (arm, arm)}
            if made.tick() is Mode.FROZEN:
                return share
        return None

    return outcome


def jog_life(limits):
    staff = Staff(limits.people.jog_life_ns)
    staff.hear(NOW, (StaffJog(1, 5, 1, 0, 0, 1, True),))
    return next(ms for ms in range(1000) if staff.jog(NOW + ms * NS_PER_MS) is None)


def jog_way(axis):
    def outcome(limits):
        goal = JogGoal(ARM, limits.people, axis, 1, HOME[:6])
        return [goal.advance(0.001, 0.0, 0.0) for _ in range(10)][-1]

    return outcome


def opening(limits):
    """Where an epoch begins, for arms that are astray by more and more."""
    bases = []
    for astray in range(40):
        arm = MountedArm(ARM, ROBOT.mounts[0], limits)
        arm.see(ArmMeasured(HOME, STILL, STILL))
        arm.begin()
        off = (*HOME[:INSERTION], HOME[INSERTION] + astray * 5e-5, *HOME[INSERTION + 1 :])
        arm.see(ArmMeasured(off, STILL, STILL))
        arm.open(TIP_POSE)
        bases.append(arm.tell().state.base_p_W_m)
    return bases


def watched(story, *, holds=False, robot=ROBOT):
    """The tick at which the watch over measured arms first finds a fault in a story, tick by tick."""

    def outcome(limits):
        watch = ArmWatch(robot, limits)
        if holds:
            watch.hold(NOW)
        for tick in range(1500):
            at, planned, effort = story(tick)
            now_ns = NOW + tick * NS_PER_MS
            measured = msgspec.structs.replace(
                MEASURED,
                stamp_ns=now_ns,
                holding=False,
                arms=(ArmMeasured(at, STILL, effort), ArmMeasured(HOME, STILL, STILL)),
            )
            told = Setpoint(now_ns, tick, 1, (ArmSetpoint(planned, STILL), ArmSetpoint(HOME, STILL)))
            if watch.step(now_ns, measured, told) is not None:
                return tick
        return None

    return outcome


def shifted(joint, by):
    return (*HOME[:joint], HOME[joint] + by, *HOME[joint + 1 :])


def drifts(joint, a_tick):
    """The plan stays, the arm goes."""
    return watched(lambda tick: (shifted(joint, a_tick * tick), HOME, STILL))


def slides(speed_m_s, begin=0, **options):
    """Arm and plan go together."""

    def story(tick):
        at = shifted(INSERTION, speed_m_s * 1e-3 * max(0, tick - begin))
        return at, at, STILL

    return watched(story, **options)


def speeds_up(tick):
    at = shifted(INSERTION, 0.5 * 0.4 * (tick * 1e-3) ** 2)
    return at, at, STILL


def creeps_faster(tick):
    at = shifted(INSERTION, 0.5 * 0.02 * max(0.0, tick * 1e-3 - 0.25) ** 2)
    return at, at, STILL


def pushes(tick):
    effort = (0.0, 0.0, ROBOT.joints[INSERTION].drive.effort_max * min(1.0, tick * 2e-3), *STILL[3:])
    return HOME, HOME, effort


def slides_out(limits):
    """The tick at which an arm that slides down is too far beyond a floor that its tip stood on."""
    tip_z = ArmGeometry(ROBOT, ROBOT.mounts[0]).reach(HOME).posture.p[2]
    floor = tuple(
        msgspec.structs.replace(wall, normal_W=(0.0, 0.0, 1.0), point_W_m=(0.0, 0.0, tip_z - 0.001))
        for wall in ROBOT.walls[:1]
    )
    return slides(0.02, robot=msgspec.structs.replace(ROBOT, walls=floor))(limits)


def shaft_room(limits):
    gate = Gate(ROBOT, limits)
    gate.check((ArmSetpoint(HOME, STILL),) * 2, 0.001, 1.0, ())
    return gate.spare_m


def lease(allowed):
    def outcome(limits):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(realtime, "fifo_allowed", lambda: allowed)
            return development_lease_ns(limits)

    return outcome


def setpoint_life(limits):
    """How many ms after the last setpoint the plant complains."""
    guard = PlantGuard(ROBOT, limits, limits.process.lease_ns, 0.001)
    rest = ArmSetpoint(HOME, STILL)
    arm = ArmMeasured(HOME, STILL, STILL)
    for ms in range(500):
        now_ns = NOW + ms * NS_PER_MS
        measured = msgspec.structs.replace(MEASURED, stamp_ns=now_ns, arms=(arm, arm), tripped=False, fault="")
        granted = msgspec.structs.replace(PERMIT, stamp_ns=now_ns, expires_ns=now_ns + limits.process.lease_ns)
        guard.decide(now_ns, measured, Setpoint(NOW, 1, granted.generation, (rest, rest)), granted)
        if guard.fault:
            return ms
    return None


def progress(limits):
    """How many ms after the last measurement a plant is named."""
    faults = ArmFaults(ROBOT, limits, limits.process.lease_ns, NOW)
    arm = ArmMeasured(HOME, STILL, STILL)
    measured = msgspec.structs.replace(MEASURED, stamp_ns=NOW, arms=(arm, arm), limits_hash=limits.hash, fault="")
    for ms in range(200):
        verdict = faults.step(NOW + ms * NS_PER_MS, start(NOW), measured, None, None)
        if not verdict.healthy:
            return ms
    return None


def watchdog(limits):
    """How many ms after the last setpoint the drives stop by themselves."""
    drives = MujocoDrives(ROBOT, limits.process.watchdog_ns / 1e9, NOW)
    drives.power_on()
    drives.step(NOW + NS_PER_MS)
    for arm in range(2):
        drives.servo_jp(arm, HOME, STILL, NOW + NS_PER_MS)
    for ms in range(2, 300):
        drives.step(NOW + ms * NS_PER_MS)
        if drives.state.tripped:
            return ms
    return None


def blind(limits):
    """How many ms after the last state the pilot lets go."""
    welcome = msgspec.structs.replace(welcome_of(ROBOT, limits, 1000), session=5)
    surgeon = Surgeon()
    surgeon.pilot = Pilot(PilotSettings(tremor_filter=False), welcome, 0.001)
    for ms in range(1000):
        surgeon.stale_state = ms * NS_PER_MS
        if surgeon.tick().rest is Rest.STATE_LOST:
            return ms
    return None


OUTCOMES = {
    "people.call_ns": frozen_until(lambda made: made.authority.calling),
    "people.handover_ns": frozen_until(lambda made: made.authority.mode is Mode.LOCAL),
    "people.park_ns": parked_after,
    "people.engage_life_ns": oldest_engage,
    "people.link_good_ns": soonest_engage,
    "people.near_m": near,
    "people.near_rad": near,
    "people.lag_m": lag("lag_m", 1e-4),
    "people.lag_rad": lag("lag_rad", 1e-3),
    "people.jog_life_ns": jog_life,
    "people.jog_m_s": jog_way(INSERTION),
    "people.jog_rad_s": jog_way(ROLL),
    "arm.opening_error_m": opening,
    "arm.tracking_m": drifts(INSERTION, 1e-5),
    "arm.tracking_rad": drifts(ROLL, 1e-4),
    "arm.tracking_for_ns": drifts(INSERTION, 1e-5),
    "arm.overspeed_m_s": watched(speeds_up),
    "arm.overspeed_for_ns": watched(speeds_up),
    "arm.saturation_share": watched(pushes),
    "arm.saturation_for_ns": watched(pushes),
    "arm.standstill_m": slides(0.004, begin=210, holds=True),
    "arm.standstill_m_s": watched(creeps_faster, holds=True),
    "arm.standstill_for_ns": slides(0.02, begin=210, holds=True),
    "arm.settle_ns": slides(0.02, holds=True),
    "arm.shaft_gap_m": shaft_room,
    "arm.wall_slack_m": slides_out,
    "process.lease_ns": lease(True),
    "process.lease_shared_ns": lease(False),
    "process.setpoint_life_ns": setpoint_life,
    "process.progress_ns": progress,
    "process.watchdog_ns": watchdog,
    "master.blind_ns": blind,
}


def test_the_table_is_complete():
    named = {name for name in load_limits("laparoscopic").named() if not name.startswith("link.")}
    assert set(OUTCOMES) == named


@pytest.mark.parametrize("name", OUTCOMES)
def test_every_limit_changes_what_happens(name):
    section, field = name.split(".")
    group = getattr(LIMITS, section)
    value = getattr(group, field)
    before = OUTCOMES[name](LIMITS)
    assert before is not None
    for factor in (0.8, 1.25):
        changed = round(value * factor) if isinstance(value, int) else value * factor
        limits = msgspec.structs.replace(LIMITS, **{section: msgspec.structs.replace(group, **{field: changed})})
        if OUTCOMES[name](limits) != before:
            return
    pytest.fail(f"{name} = {value} changes nothing when it is a fifth less, or a quarter more")
