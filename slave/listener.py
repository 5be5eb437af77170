"""The four TCP sockets of the patient's side: bound, keyed, guarded by one doorman, and their connections watched.

The states of a session have a socket and a key of their own, which only the session's master is told: nobody else can
take them, or a share of them.
"""

from collections.abc import Callable
from contextlib import suppress

import zmq

from protocol import curve, lanes
from protocol.accepted_lanes import AcceptedLanes, Tell
from protocol.curve import KeyPair
from protocol.fingerprint import fingerprint
from protocol.packet_loss import PacketLoss
from protocol.ports import command_port, observer_port, session_port, state_port
from protocol.roles import Door
from protocol.shunned import Shunned
from protocol.zap import Doorman, Knock, guard

READ_EVERY_TICKS = 2
"""Soon, so that a flood of connections is turned away as it comes."""
LOSS_EVERY_TICKS = 200
STATE_ROOM_MESSAGES = 6
"""What a state lane may hoard: a stalled one then reads as full soon, and the others take its turn."""
LANES_PER_ADDRESS = 160
"""Connections that one address may have at a door of lanes: a master makes at most twice its 32, over each carrier."""
PEERS_PER_ADDRESS = 32
"""The same at a door where each device has one connection: a ward behind one address."""
KNOWN_AT_MOST = 256
"""Addresses from which somebody was let in; beyond them the oldest is forgotten."""
PORTS: dict[Door, Callable[[int], int]] = {
    Door.SESSIONS: session_port,
    Door.COMMANDS: command_port,
    Door.STATES: state_port,
    Door.OBSERVERS: observer_port,
}


class PortError(Exception):
    """A port that cannot be bound; the text says which and what to do."""


class Listener:
    """Raises PortError where a port is taken; after that nothing here waits or raises.

    `answer_knocks` must be called, or nobody comes in. `tell` hears of peers that were turned away or broken off.
    """

    def __init__(self, host: str, port: int, keys: KeyPair, tell: Tell) -> None:
        # The doors that anybody knocks at have a thread of ZeroMQ's own, below that of the lanes: a flood at them takes
        # no time of the commands'.
        self._lane_context, self._door_context = lanes.context(below=1), lanes.context(below=3)
        self._host = host
        self._port = port
        self._keys = keys
        self._tell = tell
        self._known: dict[str, None] = {}
        self._shunned = Shunned()
        self.doormen = Doorman(self._lane_context), Doorman(self._door_context)
        try:
            self.sessions = self._bind(Door.SESSIONS, lanes.router(self._door_context), keys)
            self.commands = self._bind(Door.COMMANDS, lanes.pull(self._lane_context), keys)
            # Tried now, so that a port that is taken is told now and not in the middle of a case.
            self._bind(Door.STATES, lanes.push(self._lane_context), keys).close()
            self._observers: lanes.Socket | None = self._bind(Door.OBSERVERS, lanes.publisher(self._door_context), keys)
        except PortError:
            self._lane_context.destroy(0)
            self._door_context.destroy(0)
            raise
        self.command_lanes = self._watch(Door.COMMANDS, self.commands)
        self.state_lanes: AcceptedLanes | None = None
        self.session_lanes = self._watch(Door.SESSIONS, self.sessions)
        self._observer_lanes: AcceptedLanes | None = self._watch(Door.OBSERVERS, self._observers)
        self._states: lanes.Socket | None = None
        self._state_keys: KeyPair | None = None
        self.loss = PacketLoss()
        """Of the states' packets."""
        self.states_sent = 0
        self.states_dropped = 0

    def open_states(self, keys: KeyPair) -> None:
        """From now on states go to those who know these keys, and to nobody else."""
        self.close_states()
        self._state_keys = keys

    def close_states(self) -> None:
        """The session is over."""
        if self.state_lanes is not None:
            self.state_lanes.close()
        if self._states is not None:
            self._states.close()
        self._states = self.state_lanes = self._state_keys = None

    def close_observers(self) -> None:
        """Let all who watch go; those who may will be back within a moment."""
        if self._observer_lanes is not None and self._observers is not None:
            self._observer_lanes.close()
            self._observers.close()
        self._observers = self._observer_lanes = None

    def answer_knocks(self, lets_in: Callable[[Knock], bool]) -> None:
        """Let in who may come in, and know their addresses again."""

        def lets_in_and_knows(knock: Knock) -> bool:
            let_in = lets_in(knock)
            if let_in:
                self._known.pop(knock.address, None)
                self._known[knock.address] = None
                if len(self._known) > KNOWN_AT_MOST:
                    del self._known[next(iter(self._known))]
            else:
                self._shunned.refused(knock.address)
            return let_in

        for doorman in self.doormen:
            doorman.answer(lets_in_and_knows)

    def close(self) -> None:
        """Give all ports back."""
        self.close_states()
        self.close_observers()
        self.command_lanes.close()
        self.session_lanes.close()
        for socket in (self.sessions, self.commands):
            socket.close()
        for doorman in self.doormen:
            doorman.close()
        self._lane_context.term()
        self._door_context.term()

    def tick(self, now_ns: int, tick: int) -> None:
        """Look after the connections."""
        self._shunned.tick(now_ns)
        if tick % LOSS_EVERY_TICKS == 0 and self.state_lanes is not None:
            self.loss.step(now_ns, self.state_lanes.counters())
        if self._states is None and self._state_keys is not None:
            self._try_states(self._state_keys)
        if self._observers is None:
            self._try_observers()
        if tick % READ_EVERY_TICKS == 0:
            for each in self._all_lanes():
                each.read()
                each.look()
            self._break_off_intruders()

    def send(self, frame: bytes) -> None:
        """A state, to the session's master, if there is one."""
        if self._states is not None:
            if lanes.send(self._states, frame):
                self.states_sent += 1
            else:
                self.states_dropped += 1

    def show(self, frame: bytes) -> None:
        """A state, to all who may watch."""
        if self._observers is not None:
            lanes.send(self._observers, frame)

    def _break_off_intruders(self) -> None:
        """Observers are heard with nothing, and subscribe to all or nothing."""
        if self._observers is not None and self._observer_lanes is not None:
            for descriptor, key in lanes.intruders(self._observers):
                why = f"an observer is heard with nothing, of this key too: {fingerprint(key)}"
                self._observer_lanes.break_off(descriptor, why)

    def _all_lanes(self) -> list[AcceptedLanes]:
        each = (self.command_lanes, self.session_lanes, self.state_lanes, self._observer_lanes)
        return [lanes for lanes in each if lanes is not None]

    def _watch(self, door: Door, socket: lanes.Socket) -> AcceptedLanes:
        of_lanes = door in (Door.COMMANDS, Door.STATES)
        room = STATE_ROOM_MESSAGES if door is Door.STATES else None
        per_address = LANES_PER_ADDRESS if of_lanes else PEERS_PER_ADDRESS

        def tell(what: str, address: str, why: str) -> None:
            self._tell(what, address, f"{door.value}: {why}")

        return AcceptedLanes(socket, PORTS[door](self._port), room, per_address, self._known, tell, self._shunned)

    # The last socket gives its port back when ZeroMQ's own thread has closed it, some ticks later.

    def _try_states(self, keys: KeyPair) -> None:
        with suppress(PortError):
            socket = self._bind(Door.STATES, lanes.push(self._lane_context), keys)
            self._states, self.state_lanes = socket, self._watch(Door.STATES, socket)

    def _try_observers(self) -> None:
        with suppress(PortError):
            socket = self._bind(Door.OBSERVERS, lanes.publisher(self._door_context), self._keys)
            self._observers, self._observer_lanes = socket, self._watch(Door.OBSERVERS, socket)

    def _bind(self, door: Door, socket: lanes.Socket, keys: KeyPair) -> lanes.Socket:
        curve.be_server(socket, keys)
        guard(socket, door)
        port = PORTS[door](self._port)
        try:
            socket.bind(f"tcp://{self._host}:{port}")
        except zmq.ZMQError as error:
            socket.close()
            why = error.strerror.lower() if error.strerror else error
            raise PortError(
                f"cannot listen on {self._host}:{port}: {why};"
                " choose another with --bind HOST:PORT (four ports in a row are needed)"
            ) from error
        return socket
