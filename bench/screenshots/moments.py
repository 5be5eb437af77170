"""Moments of a patient's side, made up: all is well, and whoever asks changes what it is about."""

from typing import Any, TypeVar

import msgspec

from kinematics.description import load_description
from protocol.audit_records import Turns
from protocol.clock import NS_PER_MS, NS_PER_S
from protocol.figures import StopLine
from protocol.messages import ArmState, Command, FreezeClass, Mode, Owner, Rest, TipPose
from protocol.records import (
    Accepted,
    ArmMeasured,
    Authority,
    IntakeCounts,
    Measured,
    Report,
    Run,
    Session,
    StreamQuality,
)
from protocol.roles import Role
from safety.limits import load_limits
from slave.panel.parts import Parts, Records
from slave.panel.press import Outcome
from slave.panel.snapshot import Snapshot

Stamped = TypeVar("Stamped", Authority, IntakeCounts, Measured, Report)

NOW = 1000 * NS_PER_S
ROBOT = load_description("psm")
LIMITS = load_limits("laparoscopic")
BRAKED = (*(joint.drive.brake for joint in ROBOT.joints), ROBOT.jaw.drive.brake)
LEFT = ArmMeasured((-0.11, 0.21, 0.118, 0.74, 0.32, -0.48, 0.31), (0.0,) * 7, (0.0,) * 7)
RIGHT = ArmMeasured((0.17, -0.08, 0.131, -1.9, -0.22, 1.335, 0.07), (0.0,) * 7, (0.0,) * 7)
UNTURNED = (1.0, 0.0, 0.0, 0.0)
HAND = TipPose(3, True, 1, 77, (0.0, 0.0, 0.0), UNTURNED, 0.3)
COMMAND = Command(
    1, 5, 2, 100, NOW, NOW - 60 * NS_PER_MS, NOW - 90 * NS_PER_MS, NS_PER_MS, 0.001, Rest.NONE, 0, 0, (HAND, HAND)
)
SESSION = Session(5, "a key", Role.SURGEON, "theatre-2", "spacemouse", NOW, silent=False, revoked=False)
AUTHORITY = Authority(
    stamp_ns=NOW,
    tick=1,
    owner=Owner.REMOTE,
    mode=Mode.READY,
    entered_ns=NOW - 2 * NS_PER_S,
    freeze_class=FreezeClass.NONE,
    culprit="",
    calling=False,
    slowed=False,
    testing=False,
    energy=False,
    authority_epoch=2,
    generation=40,
    stop_number=1,
    stops_heard=0,
    nonces=(77,),
    open_epochs=(),
    jog=None,
    link_good_ns=42 * NS_PER_S,
    speed_cap_m_s=0.15,
    limits_hash=LIMITS.hash,
)
MEASURED = Measured(
    stamp_ns=NOW,
    step=1,
    tick=1,
    powered=True,
    tripped=False,
    stopped=False,
    following=True,
    energy=False,
    holding=False,
    permitted=True,
    lapsed=False,
    generation=40,
    limits_hash=LIMITS.hash,
    fault="",
    refused=0,
    brakes=((False,) * len(BRAKED),) * 2,
    arms=(LEFT, RIGHT),
    line=StopLine.NONE,
)
INTAKE = IntakeCounts(
    NOW, 1000, 3, {}, 1000, 0, 2000, 2, StreamQuality(12 * NS_PER_MS, 0.4e6, 0.002, 3, (1, 0, 0, 0, 0, 0, 0))
)


def arm_state(measured: ArmMeasured, tip_W_m: tuple[float, float, float]) -> ArmState:
    """An arm as the controller tells of it, following."""
    still = ((0.0, 0.0, 0.0), UNTURNED)
    tips = (tip_W_m, UNTURNED, tip_W_m, UNTURNED, tip_W_m, UNTURNED)
    return ArmState(3, True, 0, *tips[:2], *still, *tips[2:], measured.position[:-1], measured.position[-1], 4e-4, 0.0)


REPORT = Report(
    NOW, 1, 0, 1, 1, "", FreezeClass.NONE, LIMITS.hash,
    (arm_state(LEFT, (-0.021, 0.013, -0.142)), arm_state(RIGHT, (0.034, -0.007, -0.151))),
)  # fmt: skip


def moment(
    mode: Mode = Mode.READY,
    freeze_class: FreezeClass = FreezeClass.NONE,
    owner: Owner | None = None,
    now_ns: int = NOW + 5 * NS_PER_MS,
    **changes: Any,  # noqa: ANN401
) -> Snapshot:
    """One look of one who has just come. `changes` are fields of the snapshot, or of the supervisor's word."""
    if owner is None:
        owner = Owner.LOCAL if mode in (Mode.SAFE, Mode.LOCAL) else Owner.REMOTE
    ruled = {name: changes.pop(name) for name in tuple(changes) if name in Authority.__struct_fields__}
    authority = msgspec.structs.replace(AUTHORITY, mode=mode, freeze_class=freeze_class, owner=owner, **ruled)
    powered = mode is not Mode.SAFE
    brakes = MEASURED.brakes if powered else (BRAKED, BRAKED)
    drives = msgspec.structs.replace(MEASURED, powered=powered, following=mode is Mode.FOLLOWING, brakes=brakes)
    snapshot = Snapshot(
        now_ns=now_ns,
        robot=ROBOT,
        authority=authority,
        measured=drives,
        drives=drives,
        report=REPORT,
        session=SESSION,
        what="",
        outcome=Outcome.NONE,
        arm=0,
        axis=2,
        accepted=Accepted(NOW, COMMAND),
        intake=INTAKE,
        turns=Turns(0, ()),
        run=Run("psm", "laparoscopic", False, 20 * NS_PER_MS, ""),
        limits=LIMITS,
    )
    return standing(snapshot._replace(**changes))


def records(snapshot: Snapshot) -> Records:
    """What the parts said."""
    return Records(*(getattr(snapshot, name) for name in Records._fields))


def standing(snapshot: Snapshot) -> Snapshot:
    """Who works, by stamps."""
    return snapshot._replace(parts=Parts().step(snapshot.now_ns, records(snapshot)))


def late(record: Stamped, ms: int = 300) -> Stamped:
    """A record that is so much older."""
    return msgspec.structs.replace(record, stamp_ns=record.stamp_ns - ms * NS_PER_MS)
