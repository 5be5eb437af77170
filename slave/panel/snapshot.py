"""What the panel knows at one moment: the newest record of each cell, and how the presses stand."""

from typing import NamedTuple

from kinematics.description import Jaw, Joint, RobotDescription
from protocol.audit_records import Turns
from protocol.messages import FreezeClass, Mode
from protocol.records import Accepted, Authority, IntakeCounts, Measured, Report, Run, Session
from protocol.widgets.names import name_of
from protocol.widgets.sentence import Sentence, sentence
from safety.limits import Limits
from slave.panel.parts import Part, Standing
from slave.panel.press import Outcome

AXES_OF_TIP = ("tip x", "tip y", "tip z")
BY_STAFF = (FreezeClass.LOCAL, FreezeClass.ARM)
"""Freezes that RELEASE ends; the others the surgeon ends, by a new press."""


class Snapshot(NamedTuple):
    """None where nothing was said yet. `arm` and `axis` are those chosen for the jog.

    `limits`: those of the run's procedure, None where the supervisor has others. `parts`: who works. `what` was pressed
    last, with its `outcome`; `outcomes` has those of all presses that are shown still. `ended`: the run ended in order.
    """

    now_ns: int
    robot: RobotDescription
    authority: Authority | None
    measured: Measured | None
    drives: Measured | None
    report: Report | None
    session: Session | None
    what: str
    outcome: Outcome
    arm: int
    axis: int
    parts: tuple[Standing, ...] = ()
    outcomes: tuple[tuple[str, Outcome], ...] = ()
    accepted: Accepted | None = None
    intake: IntakeCounts | None = None
    turns: Turns | None = None
    run: Run | None = None
    limits: Limits | None = None
    ended: bool = False


def is_dead(seen: Snapshot, part: Part) -> bool:
    """Whether that part is silent, or stands still."""
    return any(standing.part is part and not standing.works for standing in seen.parts)


def mode_of(seen: Snapshot) -> Mode | None:
    """The supervisor's; None while it says nothing: what it said last need not hold any more."""
    return None if seen.authority is None or is_dead(seen, Part.SUPERVISOR) else seen.authority.mode


def axis_names(robot: RobotDescription) -> tuple[str, ...]:
    """The axes that can be jogged, in the order of the messages."""
    return (*(joint.name.replace("_", " ") for joint in robot.joints), "jaw", *AXES_OF_TIP)


def shaft_axis(robot: RobotDescription) -> int | None:
    """The axis that moves the instrument along its shaft: its one sliding joint. Its way back is -1."""
    sliding = [number for number, joint in enumerate(robot.joints) if joint.prismatic]
    return sliding[0] if len(sliding) == 1 else None


def free_by_hand(robot: RobotDescription) -> tuple[str, ...]:
    """The axes that people can move by hand once the power is off: those without a brake, which are damped then."""
    axes: tuple[Joint | Jaw, ...] = (*robot.joints, robot.jaw)
    return tuple(name for name, axis in zip(axis_names(robot), axes, strict=False) if not axis.drive.brake)


def open_brakes(robot: RobotDescription, brakes: tuple[tuple[bool, ...], ...]) -> tuple[tuple[str, str], ...] | None:
    """All that are open though there is one to close: arm and axis. `brakes` as in `records.Measured`.

    None where they are not told of every axis: then nobody knows.
    """
    axes: tuple[Joint | Jaw, ...] = (*robot.joints, robot.jaw)
    if len(brakes) != len(robot.mounts) or any(len(arm) != len(axes) for arm in brakes):
        return None
    names = axis_names(robot)
    return tuple(
        (mount.name, names[number])
        for mount, arm in zip(robot.mounts, brakes, strict=True)
        for number, (axis, closed) in enumerate(zip(axes, arm, strict=True))
        if axis.drive.brake and not closed
    )


def listed(names: tuple[str, ...]) -> Sentence:
    """Names of axes in one sentence, each in its language. At least one."""
    what = name_of(names[-1])
    for name in reversed(names[:-1]):
        what = sentence("{name}, {more}", name=name_of(name), more=what)
    return what
