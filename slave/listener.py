"""The four TCP sockets of the patient's side: bound, keyed, and their connections watched.

The states of a session have a socket and a key of their own, which only the session's master is told: nobody else can
take them, or a share of them.
"""

from contextlib import suppress

import zmq

from protocol import curve, lanes
from protocol.accepted_lanes import AcceptedLanes
from protocol.curve import KeyPair
from protocol.packet_loss import PacketLoss
from protocol.ports import command_port, observer_port, session_port, state_port

LOOK_EVERY_TICKS = 10
LOSS_EVERY_TICKS = 200
STATE_ROOM_MESSAGES = 6
"""What a state lane may hoard: a stalled one then reads as full soon, and the others take its turn."""


class PortError(Exception):
    """A port that cannot be bound; the text says which and what to do."""


class Listener:
    """Raises PortError where a port is taken; after that nothing here waits or raises."""

    def __init__(self, host: str, port: int, keys: KeyPair) -> None:
        self._context: lanes.Context = zmq.Context()
        self._host = host
        self._port = port
        try:
            self.sessions = self._bind(lanes.router(self._context), session_port(port), keys)
            self.commands = self._bind(lanes.pull(self._context), command_port(port), keys)
            self._observers = self._bind(lanes.publisher(self._context), observer_port(port), keys)
            # Tried now, so that a port that is taken is told now and not in the middle of a case.
            self._bind(lanes.push(self._context), state_port(port), keys).close()
        except PortError:
            self._context.destroy(0)
            raise
        self.command_lanes = AcceptedLanes(self.commands, None)
        self.state_lanes: AcceptedLanes | None = None
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

    def close(self) -> None:
        """Give all ports back."""
        self.close_states()
        self.command_lanes.close()
        for socket in (self.sessions, self.commands, self._observers):
            socket.close()
        self._context.term()

    def tick(self, now_ns: int, tick: int) -> None:
        """Look after the connections."""
        if tick % LOSS_EVERY_TICKS == 0 and self.state_lanes is not None:
            self.loss.step(now_ns, self.state_lanes.counters())
        if self._states is None and self._state_keys is not None:
            self._try_states(self._state_keys)
        if tick % LOOK_EVERY_TICKS == 0:
            self.command_lanes.read()
            if self.state_lanes is not None:
                self.state_lanes.read()
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
        lanes.send(self._observers, frame)

    def _try_states(self, keys: KeyPair) -> None:
        # The last session's socket gives its port back when ZeroMQ's own thread has closed it, some ticks later.
        with suppress(PortError):
            socket = self._bind(lanes.push(self._context), state_port(self._port), keys)
            self._states, self.state_lanes = socket, AcceptedLanes(socket, STATE_ROOM_MESSAGES)

    def _bind(self, socket: lanes.Socket, port: int, keys: KeyPair) -> lanes.Socket:
        curve.be_server(socket, keys)
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
