"""A patient's side watched from elsewhere: states and figures over the observers' port. It sends nothing at all."""

import time
from contextlib import suppress
from typing import NamedTuple, Protocol

import zmq

from kinematics.description import DescriptionError, RobotDescription, load_description
from protocol import lanes
from protocol.clock import NS_PER_MS, NS_PER_S
from protocol.codec import FrameError, decode_observed
from protocol.curve import be_client
from protocol.figures import Figures
from protocol.messages import State
from protocol.ports import observer_port
from protocol.run_keys import RunKeys
from protocol.widgets.sentence import sentence
from safety.limits import Limits, LimitsError, load_limits
from slave.panel.parts import NOTHING, Part, Standing, duration
from slave.panel.picture import Arm, Link, Picture, Power, Surgeon, arm_of

SILENT_NS = 500 * NS_PER_MS
"""Twenty-five periods of the states, which come at 50 Hz."""
FIGURES_SILENT_NS = NS_PER_S
"""Ten periods of the figures, which come at 10 Hz: older ones are of another moment than the state beside them."""


class Watched(NamedTuple):
    """What has come last, and when on our own clock; the stamps within are the slave's. `opened_ns`: since when we
    listen; `refused` counts frames that could not be read."""

    now_ns: int
    opened_ns: int
    state: State | None = None
    state_ns: int = 0
    figures: Figures | None = None
    refused: int = 0
    why: str = ""
    figures_ns: int = 0


class Source(Protocol):
    """Where a window has it from: `Watcher` is the real one."""

    def look(self) -> Watched:
        """All that has come."""

    def close(self) -> None:
        """Watch no more."""


class Watcher:
    """One connection, which comes again by itself whenever it breaks. Never raises once it is made."""

    def __init__(self, host: str, port: int, keys: RunKeys) -> None:
        self._context: lanes.Context = zmq.Context()
        self._socket = lanes.subscriber(self._context)
        be_client(self._socket, keys.own, keys.server)
        self._socket.connect(f"tcp://{host}:{observer_port(port)}")
        now_ns = time.monotonic_ns()
        self._seen = Watched(now_ns, now_ns)

    def look(self) -> Watched:
        """All that has come; the newest of each kind."""
        frames = lanes.drain(self._socket)
        self._seen = self._seen._replace(now_ns=time.monotonic_ns())
        for frame in frames:
            self._seen = heard(self._seen, frame)
        return self._seen

    def close(self) -> None:
        """Watch no more."""
        self._socket.close()
        self._context.term()


def heard(seen: Watched, frame: bytes) -> Watched:
    """What is known after one more frame. One that cannot be read changes nothing but the count of those."""
    try:
        observed = decode_observed(frame)
    except FrameError as error:
        return seen._replace(refused=seen.refused + 1, why=str(error))
    if isinstance(observed, Figures):
        return seen._replace(figures=observed, figures_ns=seen.now_ns)
    return seen._replace(state=observed, state_ns=seen.now_ns)


class Drawer:
    """Makes pictures of what is watched. Keeps what must be loaded by name: the robot, and the procedure's limits."""

    def __init__(self) -> None:
        self._names = ("", "")
        self._robot: RobotDescription | None = None
        self._limits: Limits | None = None
        self._mode: tuple[object, ...] = ()
        self._entered_ns = 0

    def picture(self, seen: Watched) -> Picture:
        """Of this moment. Since when a mode is, we know only from when we saw it begin."""
        state, figures = seen.state, seen.figures
        if seen.now_ns - seen.figures_ns > FIGURES_SILENT_NS:
            figures = None
        parts = (connection(seen),)
        if state is None or not parts[0].works:
            return Picture(for_ns=parts[0].silent_ns, surgeon=_surgeon(None), parts=parts)
        standing = (state.mode, state.freeze_class, state.stop_number)
        if standing != self._mode:
            self._mode, self._entered_ns = standing, seen.state_ns
        self._load(figures)
        limits = self._limits
        same = limits is not None and figures is not None and limits.hash == figures.limits_hash
        return Picture(
            mode=state.mode,
            owner=state.owner,
            freeze_class=state.freeze_class,
            culprit=state.culprit,
            for_ns=seen.now_ns - self._entered_ns,
            calling=state.calling,
            slowed=state.slowed,
            stop_number=state.stop_number,
            surgeon=_surgeon(figures),
            link=_link(state, figures),
            limits=limits if same else None,
            power=_power(figures),
            arms=_arms(state, figures, self._robot),
            robot=self._robot,
            parts=parts,
        )

    def _load(self, figures: Figures | None) -> None:
        """What figures name, once; nothing of a name that this farhand does not know."""
        if figures is None or self._names == (figures.robot, figures.procedure):
            return
        self._names = (figures.robot, figures.procedure)
        self._robot = self._limits = None
        with suppress(DescriptionError):
            self._robot = load_description(figures.robot)
        with suppress(LimitsError):
            self._limits = load_limits(figures.procedure)


def connection(seen: Watched) -> Standing:
    """How our own connection stands, as a part that works or does not."""
    if seen.state is None:
        waited_ns = seen.now_ns - seen.opened_ns
        why = sentence(
            "nothing has come for {time}: is it running, and our key trusted there?", time=duration(waited_ns)
        )
        return Standing(Part.LINK, waited_ns <= SILENT_NS, waited_ns, why)
    silent_ns = seen.now_ns - seen.state_ns
    if silent_ns <= SILENT_NS:
        return Standing(Part.LINK, True, silent_ns, NOTHING)
    return Standing(Part.LINK, False, silent_ns, sentence("no state for {time}", time=duration(silent_ns)))


def _link(state: State, figures: Figures | None) -> Link:
    link = Link(good_ns=state.link_good_ns, speed_cap_m_s=state.speed_cap_m_s)
    if figures is None or figures.silence_ns is None:
        return link  # without a command there is nothing that could jitter
    return link._replace(
        link_age_ns=figures.link_age_ns,
        seen_age_ns=figures.seen_age_ns,
        silence_ns=figures.silence_ns,
        effective_loss=figures.effective_loss,
        packet_loss=figures.packet_loss,
        jitter_ns=figures.jitter_ns,
        longest_gap_ns=figures.longest_gap_ns,
    )


def _surgeon(figures: Figures | None) -> Surgeon:
    if figures is None:
        return Surgeon(known=False)
    return Surgeon(figures.surgeon, figures.device, figures.session_silent)


def _power(figures: Figures | None) -> Power | None:
    """None where no account of the drives has come: `figures_of` tells that by brakes of no arm."""
    if figures is None or not figures.brakes:
        return None
    return Power(
        powered=figures.powered,
        stopped=figures.stopped,
        tripped=figures.tripped,
        following=figures.following,
        permitted=figures.permitted,
        fault=figures.fault,
        line=figures.line,
    )


def _arms(state: State, figures: Figures | None, robot: RobotDescription | None) -> tuple[Arm, ...]:
    brakes = () if figures is None else figures.brakes
    names = () if robot is None else tuple(mount.name for mount in robot.mounts)
    return tuple(
        arm_of(
            names[number] if number < len(names) else f"{number + 1}",
            None,
            brakes[number] if number < len(brakes) else (),
            told,
        )
        for number, told in enumerate(state.arms)
    )
