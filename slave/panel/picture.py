"""What is shown of the patient's side at one moment, wherever it comes from: cells, the network, or a stored run. Pure.

None, or nothing, where the source does not tell: a picture never makes anything up.
"""

from typing import NamedTuple

from kinematics.description import RobotDescription
from protocol.echo import loop_age
from protocol.figures import StopLine
from protocol.messages import ArmState, FreezeClass, Mode, Owner
from protocol.records import ArmMeasured, Authority, Measured
from safety.limits import Limits
from slave.panel.parts import Part, Standing
from slave.panel.snapshot import Snapshot, is_dead, mode_of


class Link(NamedTuple):
    """The surgeon's link, on the slave's clock; shares of 1. `good_ns`: for so long nothing slowed or paused."""

    link_age_ns: int | None = None
    seen_age_ns: int | None = None
    silence_ns: int | None = None
    effective_loss: float | None = None
    packet_loss: float | None = None
    jitter_ns: float | None = None
    longest_gap_ns: int | None = None
    good_ns: int | None = None
    speed_cap_m_s: float | None = None

    @property
    def loop_age_ns(self) -> int | None:
        """The larger of the two ages: how old the picture is on which the surgeon acts."""
        ages = [age for age in (self.link_age_ns, self.seen_age_ns) if age is not None]
        return max(ages) if ages else None


class Surgeon(NamedTuple):
    """Who has the session, by the name that the console is trusted under; "" for nobody. `known`: if it is told."""

    name: str = ""
    device: str = ""
    silent: bool = False
    known: bool = True


class Power(NamedTuple):
    """What the drives tell; see `records.Measured`."""

    powered: bool
    stopped: bool
    tripped: bool
    following: bool
    permitted: bool
    fault: str
    line: StopLine


class Arm(NamedTuple):
    """One arm. `position` has its joints, then the jaw, in rad or m; `brakes` whether each is closed. Tip in W."""

    name: str
    position: tuple[float, ...] = ()
    brakes: tuple[bool, ...] = ()
    tip_W_m: tuple[float, float, float] | None = None
    lag_m: float | None = None
    following: bool = False
    reach: int = 0


class Picture(NamedTuple):
    """`mode` is None where nobody knows it: the supervisor is silent, or nothing has come yet. `for_ns`: since when."""

    mode: Mode | None = None
    owner: Owner | None = None
    freeze_class: FreezeClass = FreezeClass.NONE
    culprit: str = ""
    for_ns: int | None = None
    calling: bool = False
    slowed: bool = False
    testing: bool = False
    stop_number: int | None = None
    surgeon: Surgeon = Surgeon()
    link: Link = Link()
    limits: Limits | None = None
    power: Power | None = None
    arms: tuple[Arm, ...] = ()
    robot: RobotDescription | None = None
    parts: tuple[Standing, ...] = ()
    stand_ins: bool = False
    lease_ns: int = 0
    ended: bool = False


def picture_of(seen: Snapshot) -> Picture:
    """What the panel shows. The drives' own account comes before the plant's: it is there when the plant is dead."""
    mode, authority = mode_of(seen), seen.authority
    picture = Picture(
        surgeon=_surgeon(seen),
        link=_link(seen),
        limits=seen.limits,
        power=_power(seen),
        arms=_arms(seen),
        robot=seen.robot,
        parts=seen.parts,
        stand_ins=seen.run is not None and seen.run.stand_ins,
        lease_ns=0 if seen.run is None else seen.run.lease_ns,
        ended=seen.ended,
    )
    if authority is None:
        return picture
    if mode is None:
        # How long nobody has known is what matters now. Who had the arms then need not have them any more.
        return picture._replace(for_ns=max(0, seen.now_ns - authority.stamp_ns))
    return ruled(picture, authority)._replace(mode=mode, for_ns=max(0, seen.now_ns - authority.entered_ns))


def ruled(picture: Picture, authority: Authority) -> Picture:
    """`picture` with the supervisor's word in it."""
    return picture._replace(
        owner=authority.owner,
        freeze_class=authority.freeze_class,
        culprit=authority.culprit,
        calling=authority.calling,
        slowed=authority.slowed and authority.mode is Mode.FOLLOWING,
        testing=authority.testing,
        stop_number=authority.stop_number,
    )


def power_of(measured: Measured, *, permitted: bool) -> Power:
    """Of the drives' account; whether they may move is the plant's to tell."""
    return Power(
        powered=measured.powered,
        stopped=measured.stopped,
        tripped=measured.tripped,
        following=measured.following,
        permitted=permitted,
        fault=measured.fault,
        line=measured.line,
    )


def _surgeon(seen: Snapshot) -> Surgeon:
    session = seen.session
    if session is None or not session.number:
        return Surgeon()
    return Surgeon(session.master, session.device, session.silent or session.revoked)


def _link(seen: Snapshot) -> Link:
    accepted, intake, authority = seen.accepted, seen.intake, seen.authority
    link = Link()
    if authority is not None and not is_dead(seen, Part.SUPERVISOR):
        link = link._replace(good_ns=authority.link_good_ns, speed_cap_m_s=authority.speed_cap_m_s)
    session = seen.session
    if accepted is None or session is None or accepted.command.session != session.number:
        return link
    command = accepted.command
    age = loop_age(seen.now_ns, command.received_ns, command.shown_ns)
    if age is not None:
        link = link._replace(link_age_ns=age.link_ns, seen_age_ns=age.seen_ns)
    link = link._replace(silence_ns=max(0, seen.now_ns - accepted.accepted_ns), packet_loss=command.packet_loss)
    if intake is None or is_dead(seen, Part.GATEWAY):
        return link
    quality = intake.commands
    return link._replace(
        effective_loss=quality.effective_loss, jitter_ns=quality.jitter_ns, longest_gap_ns=quality.longest_gap_ns
    )


def _power(seen: Snapshot) -> Power | None:
    if seen.drives is None or is_dead(seen, Part.DRIVES):
        return None
    plant_lives = seen.measured is not None and not is_dead(seen, Part.PLANT)
    return power_of(seen.drives, permitted=plant_lives and seen.measured is not None and seen.measured.permitted)


def _arms(seen: Snapshot) -> tuple[Arm, ...]:
    """Without the drives nobody measures: what the controller goes on telling is of their last word."""
    measured = None if is_dead(seen, Part.DRIVES) else seen.drives
    told = seen.report if measured is not None and not is_dead(seen, Part.CONTROLLER) else None
    reports = () if told is None else told.arms
    return tuple(
        arm_of(
            mount.name,
            measured.arms[number] if measured is not None and number < len(measured.arms) else None,
            measured.brakes[number] if measured is not None and number < len(measured.brakes) else (),
            reports[number] if number < len(reports) else None,
        )
        for number, mount in enumerate(seen.robot.mounts)
    )


def arm_of(name: str, measured: ArmMeasured | None, brakes: tuple[bool, ...], told: ArmState | None) -> Arm:
    """One arm: joints as the drives measure them, the rest as the controller tells."""
    arm = Arm(name, brakes=brakes)
    if measured is not None:
        arm = arm._replace(position=measured.position)
    elif told is not None:
        arm = arm._replace(position=(*told.measured_jp, told.jaw_rad))
    if told is None:
        return arm
    return arm._replace(tip_W_m=told.measured_p_W_m, lag_m=told.lag_m, following=told.following, reach=told.reach)
