"""The four TCP sockets of the patient's side: bound, keyed, guarded by one doorman, and their connections watched.

The states of a session have a socket and a key of their own, which only the session's master is told: nobody else can
take them, or a share of them.
"""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress

import zmq

from protocol import curve, lanes
from protocol.accepted_lanes import AcceptedLanes
from protocol.curve import KeyPair
from protocol.packet_loss import PacketLoss
from protocol.ports import command_port, observer_port, session_port, state_port
from protocol.roles import Door
from protocol.zap import Doorman, guard

LOOK_EVERY_TICKS = 10
LOSS_EVERY_TICKS = 200
STATE_ROOM_MESSAGES = 6
"""What a state lane may hoard: a stalled one then reads as full soon, and the others take its turn."""
LANES_PER_ADDRESS = 160
"""Connections that one address may have at a door of lanes: a master makes at most twice its 32, over each carrier."""
PEERS_PER_ADDRESS = 32
"""The same at a door where each device has one connection: a ward behind one address."""
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

    The `doorman` must be asked to answer, or nobody comes in.
    """

    def __init__(self, host: str, port: int, keys: KeyPair) -> None:
        self._context: lanes.Context = zmq.Context()
        self._host = host
        self._port = port
        self._keys = keys
        self.doorman = Doorman(self._context)
        try:
            self.sessions = self._bind(Door.SESSIONS, lanes.router(self._context), keys)
            self.commands = self._bind(Door.COMMANDS, lanes.pull(self._context), keys)
            # Tried now, so that a port that is taken is told now and not in the middle of a case.
            self._bind(Door.STATES, lanes.push(self._context), keys).close()
            self._observers: lanes.Socket | None = self._bind(Door.OBSERVERS, lanes.publisher(self._context), keys)
        except PortError:
            self._context.destroy(0)
            raise
        self.command_lanes = AcceptedLanes(self.commands, command_port(port), None, LANES_PER_ADDRESS)
        self.state_lanes: AcceptedLanes | None = None
        self._session_lanes = AcceptedLanes(self.sessions, session_port(port), None, PEERS_PER_ADDRESS)
        self._observer_lanes: AcceptedLanes | None = self._watch_observers(self._observers)
        self._turned_away: Counter[str] = Counter()
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
            self._collect(self.state_lanes)
            self.state_lanes.close()
        if self._states is not None:
            self._states.close()
        self._states = self.state_lanes = self._state_keys = None

    def close_observers(self) -> None:
        """Let all who watch go; those who may will be back within a moment."""
        if self._observer_lanes is not None and self._observers is not None:
            self._collect(self._observer_lanes)
            self._observer_lanes.close()
            self._observers.close()
        self._observers = self._observer_lanes = None

    def turned_away(self) -> dict[str, int]:
        """How many connections were ended since the last call because their address had enough, by address."""
        for each in self._all_lanes():
            self._collect(each)
        found, self._turned_away = self._turned_away, Counter()
        return found

    def close(self) -> None:
        """Give all ports back."""
        self.close_states()
        self.close_observers()
        self.command_lanes.close()
        self._session_lanes.close()
        for socket in (self.sessions, self.commands):
            socket.close()
        self.doorman.close()
        self._context.term()

    def tick(self, now_ns: int, tick: int) -> None:
        """Look after the connections."""
        if tick % LOSS_EVERY_TICKS == 0 and self.state_lanes is not None:
            self.loss.step(now_ns, self.state_lanes.counters())
        if self._states is None and self._state_keys is not None:
            self._try_states(self._state_keys)
        if self._observers is None:
            self._try_observers()
        if tick % LOOK_EVERY_TICKS == 0:
            for each in self._all_lanes():
                each.read()
        elif self.state_lanes is not None:
            self.state_lanes.look()

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

    def _all_lanes(self) -> list[AcceptedLanes]:
        each = (self.command_lanes, self._session_lanes, self.state_lanes, self._observer_lanes)
        return [lanes for lanes in each if lanes is not None]

    def _collect(self, accepted: AcceptedLanes) -> None:
        self._turned_away.update(accepted.turned_away)
        accepted.turned_away.clear()

    # The last socket gives its port back when ZeroMQ's own thread has closed it, some ticks later.

    def _try_states(self, keys: KeyPair) -> None:
        with suppress(PortError):
            socket = self._bind(Door.STATES, lanes.push(self._context), keys)
            self._states = socket
            self.state_lanes = AcceptedLanes(socket, state_port(self._port), STATE_ROOM_MESSAGES, LANES_PER_ADDRESS)

    def _try_observers(self) -> None:
        with suppress(PortError):
            socket = self._bind(Door.OBSERVERS, lanes.publisher(self._context), self._keys)
            self._observers, self._observer_lanes = socket, self._watch_observers(socket)

    def _watch_observers(self, socket: lanes.Socket) -> AcceptedLanes:
        return AcceptedLanes(socket, observer_port(self._port), None, PEERS_PER_ADDRESS)

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
