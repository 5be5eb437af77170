"""The gateway's process: every TCP socket of the patient's side ends here, so that a flood hits it and not the control.

Commands come in as they arrive, states go out at every tick; in between it sleeps.
"""

import secrets

import msgspec
import zmq

from kinematics.description import RobotDescription, load_description
from protocol import lanes, realtime, run_keys
from protocol.child import Child, run
from protocol.clock import NS_PER_MS, MonotonicClock
from protocol.codec import FrameError, decode_other, encode
from protocol.curve import new_pair
from protocol.messages import Bye, Hello, Owner, Refused, Welcome
from protocol.posix import Timer
from protocol.records import Accepted, Authority, IntakeCounts, Report, Session
from protocol.stream import stream_quality
from safety.limits import Limits, load_limits
from slave.config import SlaveConfig
from slave.desk import NOBODY, Desk, Draft
from slave.intake import Intake
from slave.listener import Listener, PortError
from slave.phases import GATEWAY_PRIORITY
from slave.state import state_of
from slave.welcome import welcome_of

COUNTS_EVERY_TICKS = 100
OBSERVED_EVERY_TICKS = 20
HELLOS_AT_ONCE = 8


class Gateway:
    """Session, commands, states and observers on four sockets, between the network and the board."""

    def __init__(self, child: Child, config: SlaveConfig, robot: RobotDescription, limits: Limits) -> None:
        keys = run_keys.load(child.board, config.host, config.port)
        self._listener = Listener(config.host, config.port, keys)
        self.sessions, self.commands = self._listener.sessions, self._listener.commands
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

    def take_commands(self, now_ns: int) -> None:
        """Accept the newest of all that wait."""
        accepted = self._intake.take(lanes.drain(self.commands), now_ns)
        if accepted is not None:
            self._accepted.publish(accepted)
            self._desk.heard(now_ns)

    def answer_sessions(self, now_ns: int) -> None:
        """Answer all that ask for a session or end theirs."""
        for peer, frame in lanes.drain_router(self.sessions, HELLOS_AT_ONCE):
            try:
                message = decode_other(frame)
            except FrameError as error:
                self._intake.rejected[error.reason] += 1
                continue
            if isinstance(message, Hello):
                lanes.reply(self.sessions, peer, encode(self._answer(message, now_ns)))
            elif isinstance(message, Bye):
                self._desk.bye(message)
        self._follow_desk()

    def _answer(self, hello: Hello, now_ns: int) -> Welcome | Refused:
        authority = self._authority.latest()

        def draft() -> Draft:
            keys = new_pair()
            self._listener.open_states(keys)
            return Draft(secrets.randbits(62) + 1, keys.public)

        return self._desk.hello(hello, draft, Owner.LOCAL if authority is None else authority.owner, now_ns)

    def tick(self, now_ns: int, tick: int) -> None:
        """Keep the session, and send the newest state."""
        self._listener.tick(now_ns, tick)
        self._desk.expire(now_ns)
        self._follow_desk()
        authority, report = self._authority.latest(), self._report.latest()
        if authority is not None and report is not None:
            self._intake.set_authority(authority.authority_epoch)
            self._send_state(authority, report, tick)
        if tick % COUNTS_EVERY_TICKS == 0:
            self.publish_counts(now_ns)

    def _follow_desk(self) -> None:
        if self._desk.session != self._published:
            # A session that fell silent is the same one: its numbering goes on, or old commands would be heard again.
            if self._desk.session.number != self._published.number:
                self._intake.begin(self._desk.session.number)
            self._published = self._desk.session
            self._session.publish(self._published)
            if not self._published.number:
                self._listener.close_states()

    def _send_state(self, authority: Authority, report: Report, tick: int) -> None:
        self._sequence += 1
        if self._published.number:
            self._listener.send(encode(state_of(self._published.number, self._sequence, authority, report)))
        if tick % OBSERVED_EVERY_TICKS == 0:
            # Without the session's number: whoever knows that can end it.
            self._listener.show(encode(state_of(0, self._sequence, authority, report)))

    def close(self) -> None:
        """Give the ports back."""
        self._listener.close()

    def publish_counts(self, now_ns: int) -> None:
        """Tell the parent what came and what went."""
        intake = self._intake
        self._counts.publish(
            IntakeCounts(
                now_ns,
                intake.accepted,
                intake.superseded,
                dict(intake.rejected),
                self._listener.states_sent,
                self._listener.states_dropped,
                self._listener.loss.segments,
                self._listener.loss.again,
                stream_quality(intake.quality.figures(now_ns)),
            )
        )


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
    gateway.close()


if __name__ == "__main__":
    run("gateway", main, refusals=(PortError,))
