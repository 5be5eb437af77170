"""The supervisor's process: board and staff's ipc around `safety.supervisor`. One thread, no network."""

import secrets

import msgspec
import zmq

from kinematics.description import load_description
from protocol import lanes, realtime
from protocol.child import Child, run
from protocol.clock import MonotonicClock
from protocol.codec import FrameError, decode_other
from protocol.messages import Action, StaffAction
from protocol.records import Accepted, Authority, Measured, Report, Session
from protocol.ticker import Ticker
from safety.limits import DEFAULT
from safety.supervisor import Observation, Supervisor


class SupervisorConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the slave's launcher tells."""

    robot: str
    rate_hz: int
    phase_ns: int
    priority: int


PANELS_REMEMBERED = 16
STOPPING = (Action.FREEZE, Action.TAKE)
"""Heard as often as they come: a stop that was heard twice is one, a stop that was dropped is none."""


class Staff:
    """The staff's presses, over ipc. One that is sent again, by a panel that saw no effect, starts nothing twice."""

    def __init__(self, child: Child) -> None:
        context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        self._socket = lanes.pull(context)
        self._socket.bind(child.board.ipc("staff"))
        self._newest: dict[int, int] = {}

    def presses(self) -> tuple[Action, ...]:
        """What was pressed since the last call."""
        actions = []
        for frame in lanes.drain(self._socket):
            try:
                message = decode_other(frame)
            except FrameError:
                continue
            if isinstance(message, StaffAction) and (message.action in STOPPING or self._is_new(message)):
                actions.append(message.action)
        return tuple(actions)

    def _is_new(self, press: StaffAction) -> bool:
        last = self._newest.pop(press.panel, -1)
        self._newest[press.panel] = max(last, press.number)
        while len(self._newest) > PANELS_REMEMBERED:
            del self._newest[next(iter(self._newest))]
        return press.number > last


def main(child: Child) -> None:
    """Run until asked to end."""
    config = msgspec.json.decode(child.argument, type=SupervisorConfig)
    board = child.board
    session = board.view("session", Session)
    accepted = board.view("accepted", Accepted)
    report = board.view("report", Report)
    measured = board.view("measured", Measured)
    authority = board.post("authority", Authority)
    clock = MonotonicClock()
    supervisor = Supervisor(DEFAULT, load_description(config.robot).tip.speed_max_m_s, clock.now_ns())
    notes = realtime.enter(config.priority, realtime.Cores.CONTROL)
    staff = Staff(child)
    realtime.settle()
    child.ready(notes)
    ticker = Ticker(clock, config.rate_hz, config.phase_ns)
    while child.running:
        now_ns = ticker.wait()
        seen = Observation(
            now_ns=now_ns,
            session=session.latest(),
            accepted=accepted.latest(),
            report=report.latest(),
            measured=measured.latest(),
            actions=staff.presses(),
            fresh_nonce=secrets.randbits(62),
        )
        authority.publish(supervisor.step(seen))


if __name__ == "__main__":
    run("supervisor", main)
