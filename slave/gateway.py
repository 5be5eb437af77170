"""The gateway's process: every TCP socket of the patient's side ends here, so that a flood hits it and not the control.

Commands come in as they arrive, states go out at every tick; in between it sleeps. Whoever is heard is known by a key;
its role says with what.
"""

import secrets
from pathlib import Path

import msgspec
import zmq

from kinematics.description import RobotDescription, load_description
from protocol import lanes, realtime, run_keys
from protocol.child import Child, run
from protocol.clock import NS_PER_MS, MonotonicClock
from protocol.codec import FrameError, decode_other, encode
from protocol.curve import KeyPair, NoKeyError, new_pair
from protocol.key_files import KeyStoreError
from protocol.key_store import KeyStore
from protocol.messages import Action, Bye, Hello, Other, Owner, Refused, StaffAction, Welcome
from protocol.posix import Timer
from protocol.records import NO_SESSION, Accepted, Authority, IntakeCounts, Measured, Report, Session
from protocol.roles import Heard, Peer, Role
from protocol.stream import stream_quality
from safety.limits import Limits, load_limits
from slave.admission import Admission
from slave.config import SlaveConfig
from slave.desk import Desk, Draft
from slave.doors import Doors
from slave.figures import Told, figures_of
from slave.incidents import Incidents
from slave.intake import Intake
from slave.listener import Listener, PortError
from slave.phases import GATEWAY_PRIORITY
from slave.state import state_of
from slave.welcome import welcome_of

COUNTS_EVERY_TICKS = 100
OBSERVED_EVERY_TICKS = 20
FIGURES_EVERY_TICKS = 100
FIGURES_AT_TICK = 10
"""Between two states: those who watch have a queue of one."""
LOOK_AT_KEYS_EVERY_NS = 200 * NS_PER_MS
TELL_EVERY_TICKS = 1000
MESSAGES_AT_ONCE = 8
FROM_A_TABLET = (Action.FREEZE, Action.TAKE)
"""Presses that do no harm when they come late: what starts something must be pressed on the patient's host."""
OPEN_FILES = 8192
"""Room for all connections that the doors take, ours and ZeroMQ's handle of each: without it nobody could come back."""


class Gateway:
    """Session, commands, states and observers on four sockets, between the network and the board."""

    def __init__(self, child: Child, config: SlaveConfig, robot: RobotDescription, limits: Limits) -> None:
        board = child.board
        self._admission = Admission(config.keys, run_keys.run_peers(board.directory))
        self._incidents = Incidents()
        self.listener = Listener(config.host, config.port, _own_pair(child, config), self._incidents.add)
        self.sessions, self.commands = self.listener.sessions, self.listener.commands
        self._desk = Desk(welcome_of(robot, limits, config.rate_hz))
        self._intake = Intake(config.rate_hz)
        self._doors = Doors(self._admission, self._incidents)
        self._context: lanes.Context = zmq.Context()
        self._staff = lanes.push(self._context)
        self._staff.connect(board.ipc("staff"))
        self._audit = lanes.push(self._context)
        self._audit.setsockopt(zmq.SNDHWM, 256)
        self._audit.connect(board.ipc("audit"))
        self._accepted = board.post("accepted", Accepted)
        self._session = board.post("session", Session)
        self._counts = board.post("intake", IntakeCounts)
        self._authority = board.view("authority", Authority)
        self._report = board.view("report", Report)
        self._measured = board.view("measured", Measured)
        self._robot, self._procedure = config.robot, config.procedure
        self._newest: Accepted | None = None
        self._session.publish(NO_SESSION)
        self._published = NO_SESSION
        self._rejected: dict[str, int] = {}
        self._sequence = 0
        self._looked_at_keys_ns = 0
        self._is_audited = bool(config.audit)

    def answer_knocks(self) -> None:
        """Let in who may come in."""
        self.listener.answer_knocks(self._doors.lets_in)

    def take_commands(self, now_ns: int) -> None:
        """Accept the newest of all that wait."""
        heard = lanes.hear(self.commands)
        self.listener.command_lanes.heard(heard)
        accepted = self._intake.take(heard, now_ns)
        if accepted is not None:
            self._newest = accepted
            self._accepted.publish(accepted)
            self._desk.heard(now_ns)

    def answer_sessions(self, now_ns: int) -> None:
        """Answer all that ask for a session or end theirs, and pass on what the staff press on a tablet."""
        messages = lanes.hear_router(self.sessions, MESSAGES_AT_ONCE)
        self.listener.session_lanes.heard(heard for _, heard in messages)
        for route, heard in messages:
            answer = self._answer(heard, now_ns)
            if answer is not None:
                lanes.reply(self.sessions, route, encode(answer))
        self._follow_desk(now_ns)

    def _answer(self, heard: Heard, now_ns: int) -> Welcome | Refused | None:
        peer = self._admission.peers.get(heard.key)
        if peer is None:
            # Trusted when it came, and no more: its connection may still be open.
            self._incidents.add("dropped", heard.key, "its key is trusted no more")
            return None
        try:
            message = decode_other(heard.content)
        except FrameError as error:
            self._incidents.add("dropped", peer.name, error.reason)
            return None
        if isinstance(message, Hello):
            return self._greet(message, peer, now_ns)
        if isinstance(message, Bye):
            if not self._desk.bye(message, peer.key):
                self._incidents.add("dropped", peer.name, "Bye to a session that it does not have")
        else:
            self._hear_staff(message, peer)
        return None

    def _greet(self, hello: Hello, peer: Peer, now_ns: int) -> Welcome | Refused:
        authority = self._authority.latest()

        def draft() -> Draft:
            keys = new_pair()
            self.listener.open_states(keys)
            return Draft(secrets.randbits(62) + 1, keys.public)

        answer = self._desk.hello(hello, peer, draft, Owner.LOCAL if authority is None else authority.owner, now_ns)
        if isinstance(answer, Refused):
            self._incidents.add("session refused", peer.name, answer.reason)
        return answer

    def _hear_staff(self, message: Other, peer: Peer) -> None:
        """What stops, pressed on a tablet, goes the way of a press on the patient's host; all else is dropped.

        STOP + POWER OFF never needs a network. What starts something could have been held up on its way, and act in
        another situation than that in which it was pressed.
        """
        if peer.role is not Role.LOCAL or not isinstance(message, StaffAction):
            why = f"{type(message).__name__} from a key trusted as {peer.role.value}"
            self._incidents.add("dropped", peer.name, why)
            return
        what = message.action.value
        if message.action not in FROM_A_TABLET:
            self._incidents.add("dropped", peer.name, f"{what} from a tablet: it is pressed on the patient's host")
        elif lanes.send(self._staff, encode(message)):
            self._incidents.add("pressed on a tablet", peer.name, what)
        else:
            self._incidents.add("lost", peer.name, f"{what}: the supervisor takes nothing more")

    def tick(self, now_ns: int, tick: int) -> None:
        """Keep the session, and send the newest state."""
        self.listener.tick(now_ns, tick)
        self._desk.expire(now_ns)
        # By the time, not by ticks: whoever floods us makes these few, and may be the one who is revoked.
        if now_ns - self._looked_at_keys_ns >= LOOK_AT_KEYS_EVERY_NS:
            self._looked_at_keys_ns = now_ns
            self._follow_keys()
        self._follow_desk(now_ns)
        authority, report = self._authority.latest(), self._report.latest()
        if authority is not None and report is not None:
            self._intake.set_authority(authority.authority_epoch)
            self._send_state(authority, report, tick)
        if tick % FIGURES_EVERY_TICKS == FIGURES_AT_TICK and authority is not None:
            self._show_figures(authority, now_ns)
        if tick % COUNTS_EVERY_TICKS == 0:
            self.publish_counts(now_ns)
        if tick % TELL_EVERY_TICKS == 0:
            self.tell(now_ns)

    def _follow_keys(self) -> None:
        """Whoever was trusted, or is no more, is so from now on: on connections that are open, too."""
        change = self._admission.look()
        if change is None:
            return
        if change.trouble:
            self._incidents.add("keys not read", "this device", change.trouble)
        for what, peers in (("key trusted", change.trusted), ("key revoked", change.revoked)):
            for peer in peers:
                self._incidents.add(what, peer.name, peer.role.value)
        if change.revoked:
            self._desk.revoke(self._admission.peers)
            self.listener.close_observers()

    def _follow_desk(self, now_ns: int) -> None:
        session = self._desk.session
        if session == self._published:
            return
        # A session that fell silent is the same one: its numbering goes on, or old commands would be heard again. One
        # that is revoked is heard no more, on connections that are open, too.
        if (session.number, session.revoked) != (self._published.number, self._published.revoked):
            self._intake.begin(session, now_ns)
        if not session.number or session.revoked:
            self.listener.close_states()
        self._published = session
        self._doors.session = session
        self._session.publish(session)

    def _send_state(self, authority: Authority, report: Report, tick: int) -> None:
        self._sequence += 1
        if self._published.number:
            self.listener.send(encode(state_of(self._published.number, self._sequence, authority, report)))
        if tick % OBSERVED_EVERY_TICKS == 0:
            # Without the session's number: whoever knows that can end it.
            self.listener.show(encode(state_of(0, self._sequence, authority, report)))

    def _show_figures(self, authority: Authority, now_ns: int) -> None:
        newest, session = self._newest, self._published
        ours = newest if newest is not None and newest.command.session == session.number else None
        quality = stream_quality(self._intake.quality.figures(now_ns))
        told = Told(session, ours, authority, self._measured.latest(), quality)
        self.listener.show(encode(figures_of(now_ns, self._robot, self._procedure, told)))

    def close(self, now_ns: int) -> None:
        """Give the ports back."""
        self.tell(now_ns)
        self.listener.close()
        self._context.destroy(100)

    def tell(self, now_ns: int) -> None:
        """Tell the audit log what happened; without one, nobody."""
        for reason, count in self._intake.rejected.items():
            fresh = count - self._rejected.get(reason, 0)
            if fresh:
                self._incidents.add("dropped", self._published.master or "no session", f"command: {reason}", fresh)
        self._rejected = dict(self._intake.rejected)
        for incident in self._incidents.told(now_ns):
            if self._is_audited and not lanes.send(self._audit, encode(incident)):
                self._incidents.add(incident.what, incident.who, incident.why, incident.count)

    def publish_counts(self, now_ns: int) -> None:
        """Tell the parent what came and what went."""
        intake, listener = self._intake, self.listener
        self._counts.publish(
            IntakeCounts(
                now_ns,
                intake.accepted,
                intake.superseded,
                dict(intake.rejected),
                listener.states_sent,
                listener.states_dropped,
                listener.loss.segments,
                listener.loss.again,
                stream_quality(intake.quality.figures(now_ns)),
            )
        )


def _own_pair(child: Child, config: SlaveConfig) -> KeyPair:
    own = KeyStore(Path(config.keys)).own() if config.keys else None
    return run_keys.server_pair(child.board.directory) if own is None else own.pair


def main(child: Child) -> None:
    """Run until asked to end."""
    config = msgspec.json.decode(child.argument, type=SlaveConfig)
    robot = load_description(config.robot)
    realtime.allow_files(OPEN_FILES)
    notes = realtime.enter(GATEWAY_PRIORITY, realtime.Cores.OTHERS)
    gateway = Gateway(child, config, robot, load_limits(config.procedure))
    clock = MonotonicClock()
    timer = Timer(NS_PER_MS * 1000 // config.rate_hz)
    knocks = [doorman.socket for doorman in gateway.listener.doormen]
    poller = zmq.Poller()
    for each in (gateway.commands, gateway.sessions, *knocks, timer.fileno()):
        poller.register(each, zmq.POLLIN)
    realtime.settle()
    child.ready(notes)
    ticks = 0
    while child.running:
        events = dict(poller.poll())
        now_ns = clock.now_ns()
        if gateway.commands in events:
            gateway.take_commands(now_ns)
        if timer.fileno() in events and timer.expirations():
            ticks += 1
            gateway.tick(now_ns, ticks)
        if gateway.sessions in events:
            gateway.answer_sessions(now_ns)
        if any(knock in events for knock in knocks):
            gateway.answer_knocks()
    gateway.publish_counts(clock.now_ns())
    gateway.close(clock.now_ns())


if __name__ == "__main__":
    run("gateway", main, refusals=(PortError, KeyStoreError, NoKeyError))
