"""The supervisor's process: board and staff's ipc around `safety.supervisor`. One thread, no network."""

import secrets
from typing import NamedTuple

import msgspec
import zmq

from kinematics.description import load_description
from protocol import lanes, realtime
from protocol.audit_records import Turns
from protocol.board import View
from protocol.child import Child, run
from protocol.clock import Clock, MonotonicClock
from protocol.codec import FrameError, decode_other
from protocol.messages import Other
from protocol.records import Accepted, Authority, Measured, Permit, Report, Session, Setpoint
from protocol.ticker import Ticker
from safety.limits import load_limits
from safety.supervisor import Observation, Supervisor
from safety.turns import TurnsKept


class SupervisorConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the slave's launcher tells."""

    robot: str
    procedure: str
    lease_ns: int
    rate_hz: int
    phase_ns: int
    priority: int


def staff_messages(socket: "zmq.Socket[bytes]") -> tuple[Other, ...]:
    """What the panels sent since the last call; what cannot be read is no press."""
    messages = []
    for frame in lanes.drain(socket):
        try:
            messages.append(decode_other(frame))
        except FrameError:
            continue
    return tuple(messages)


class Cells(NamedTuple):
    """What the supervisor reads of the others."""

    session: View[Session]
    accepted: View[Accepted]
    report: View[Report]
    setpoint: View[Setpoint]
    measured: View[Measured]


def observe(cells: Cells, staff: tuple[Other, ...], clock: Clock) -> Observation:
    """Read all, and then the time: what was written between the two would be of the future, and a fault."""
    session, accepted, report = cells.session.latest(), cells.accepted.latest(), cells.report.latest()
    setpoint, measured = cells.setpoint.latest(), cells.measured.latest()
    return Observation(
        now_ns=clock.now_ns(),
        session=session,
        accepted=accepted,
        report=report,
        setpoint=setpoint,
        measured=measured,
        staff=staff,
        fresh_nonce=secrets.randbits(62),
    )


def main(child: Child) -> None:
    """Run until asked to end."""
    config = msgspec.json.decode(child.argument, type=SupervisorConfig)
    board = child.board
    cells = Cells(
        session=board.view("session", Session),
        accepted=board.view("accepted", Accepted),
        report=board.view("report", Report),
        setpoint=board.view("setpoint", Setpoint),
        measured=board.view("measured", Measured),
    )
    authority = board.post("authority", Authority)
    permit = board.post("permit", Permit)
    turns = board.post("turns", Turns)
    clock = MonotonicClock()
    limits = load_limits(config.procedure)
    supervisor = Supervisor(load_description(config.robot), limits, config.lease_ns, clock.now_ns())
    kept = TurnsKept()
    notes = realtime.enter(config.priority, realtime.Cores.CONTROL)
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    staff = lanes.pull(context)
    staff.bind(board.ipc("staff"))
    realtime.settle()
    child.ready(notes)
    ticker = Ticker(clock, config.rate_hz, config.phase_ns)
    while child.running:
        ticker.wait()
        ruling = supervisor.step(observe(cells, staff_messages(staff), clock))
        # The permit first: what it withdraws must not wait for the word about it.
        permit.publish(ruling.permit)
        authority.publish(ruling.authority)
        turned = kept.step(ruling)
        if turned is not None:
            turns.publish(turned)


if __name__ == "__main__":
    run("supervisor", main)
