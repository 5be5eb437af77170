"""The gateway's process: every TCP socket of the patient's side ends here, so that a flood hits it and not the control.

Commands come in as they arrive, states go out at every tick; in between it sleeps.
"""

import secrets

import msgspec
import zmq

from kinematics.description import RobotDescription, load_description
from protocol import lanes, realtime
from protocol.child import Child, run
from protocol.clock import NS_PER_MS, MonotonicClock
from protocol.codec import FrameError, decode_other, encode
from protocol.messages import Bye, Hello
from protocol.ports import command_port, session_port, state_port
from protocol.posix import Timer
from protocol.records import Accepted, Authority, IntakeCounts, Report, Session
from safety.limits import Limits, load_limits
from slave.config import SlaveConfig
from slave.desk import NOBODY, Desk
from slave.intake import Intake
from slave.phases import GATEWAY_PRIORITY
from slave.state import state_of
from slave.welcome import welcome_of

COUNTS_EVERY_TICKS = 100


class PortError(Exception):
    """A port that cannot be bound; the text says which and what to do."""


class Gateway:
    """Session, commands and states on three sockets, between the network and the board."""

    def __init__(self, child: Child, config: SlaveConfig, robot: RobotDescription, limits: Limits) -> None:
        context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        self.sessions = _bind(lanes.router(context), config.host, session_port(config.port))
        self.commands = _bind(lanes.pull(context), config.host, command_port(config.port))
        self._states = _bind(lanes.push(context), config.host, state_port(config.port))
        self._desk = Desk(welcome_of(robot, limits, config.rate_hz))
        self._intake = Intake()
        board = child.board
        self._accepted = board.post("accepted", Accepted)
        self._session = board.post("session", Session)
        self._counts = board.post("intake", IntakeCounts)
        self._authority = board.view("authority", Authority)
        self._report = board.view("report", Report)
        self._session.publish(NOBODY)
        self._published = NOBODY
        self._sequence = 0
        self._sent = 0
        self._dropped = 0

    def take_commands(self, now_ns: int) -> None:
        """Accept the newest of all that wait."""
        accepted = self._intake.take(lanes.drain(self.commands), now_ns)
        if accepted is not None:
            self._accepted.publish(accepted)
            self._desk.heard(now_ns)

    def answer_sessions(self, now_ns: int) -> None:
        """Answer all that ask for a session or end theirs."""
        for peer, frame in lanes.drain_router(self.sessions):
            try:
                message = decode_other(frame)
            except FrameError as error:
                self._intake.rejected[error.reason] += 1
                continue
            if isinstance(message, Hello):
                number = secrets.randbits(62) + 1
                lanes.reply(self.sessions, peer, encode(self._desk.hello(peer, message, number, now_ns)))
            elif isinstance(message, Bye):
                self._desk.bye(peer, message)
        self._follow_desk()

    def tick(self, now_ns: int, tick: int) -> None:
        """Keep the session, and send the newest state."""
        self._desk.expire(now_ns)
        self._follow_desk()
        authority, report = self._authority.latest(), self._report.latest()
        if authority is not None and report is not None:
            self._intake.set_authority(authority.authority_epoch)
            if self._published.number:
                self._send_state(authority, report)
        if tick % COUNTS_EVERY_TICKS == 0:
            self.publish_counts(now_ns)

    def _follow_desk(self) -> None:
        if self._desk.session != self._published:
            self._published = self._desk.session
            self._intake.begin(self._published.number)
            self._session.publish(self._published)

    def _send_state(self, authority: Authority, report: Report) -> None:
        self._sequence += 1
        state = state_of(self._published.number, self._sequence, authority, report)
        if lanes.send(self._states, encode(state)):
            self._sent += 1
        else:
            self._dropped += 1

    def publish_counts(self, now_ns: int) -> None:
        """Tell the parent what came and what went."""
        intake = self._intake
        self._counts.publish(
            IntakeCounts(now_ns, intake.accepted, intake.superseded, dict(intake.rejected), self._sent, self._dropped)
        )


def _bind(socket: "zmq.Socket[bytes]", host: str, port: int) -> "zmq.Socket[bytes]":
    try:
        socket.bind(f"tcp://{host}:{port}")
    except zmq.ZMQError as error:
        raise PortError(
            f"cannot listen on {host}:{port}: {error.strerror.lower() if error.strerror else error};"
            " choose another with --bind HOST:PORT (three ports in a row are needed)"
        ) from error
    return socket


def main(child: Child) -> None:
    """Run until asked to end."""
    config = msgspec.json.decode(child.argument, type=SlaveConfig)
    robot = load_description(config.robot)
    notes = realtime.enter(GATEWAY_PRIORITY, realtime.Cores.OTHERS)
    gateway = Gateway(child, config, robot, load_limits(config.procedure))
    clock = MonotonicClock()
    timer = Timer(NS_PER_MS * 1000 // config.rate_hz)
    poller = zmq.Poller()
    poller.register(gateway.commands, zmq.POLLIN)
    poller.register(gateway.sessions, zmq.POLLIN)
    poller.register(timer.fileno(), zmq.POLLIN)
    realtime.settle()
    child.ready(notes)
    ticks = 0
    while child.running:
        events = dict(poller.poll())
        now_ns = clock.now_ns()
        if gateway.commands in events:
            gateway.take_commands(now_ns)
        if gateway.sessions in events:
            gateway.answer_sessions(now_ns)
        if timer.fileno() in events and timer.expirations():
            ticks += 1
            gateway.tick(now_ns, ticks)
    gateway.publish_counts(clock.now_ns())


if __name__ == "__main__":
    run("gateway", main, refusals=(PortError,))
