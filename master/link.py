"""The pilot's sockets: to the slave over the network, and to the console on this host. Nothing here waits or raises."""

import zmq

from master.config import MasterConfig
from master.session import SessionClient
from protocol import lanes
from protocol.board import Board
from protocol.clock import NS_PER_MS, NS_PER_S
from protocol.codec import FrameError, decode_other, decode_state, encode
from protocol.messages import Bye, Command, ConsoleReport, State, Welcome
from protocol.ports import command_port, state_port

Context = zmq.Context[zmq.Socket[bytes]]

SHOW_EVERY_TICKS = 10
STALE_AFTER_NS = 300 * NS_PER_MS


class SlaveLink:
    """Session, command lanes and state lanes. `state` is the newest of our session, `state_ns` when it came."""

    def __init__(self, context: Context, config: MasterConfig) -> None:
        self._context = context
        self._config = config
        self._session_socket = lanes.dealer(context)
        self._session_socket.connect(f"tcp://{config.host}:{config.port}")
        self._commands: zmq.Socket[bytes] | None = None
        self._states: zmq.Socket[bytes] | None = None
        self._client = SessionClient(config.name, config.device)
        self._bad_answer = ""
        self.state: State | None = None
        self.state_ns: int | None = None
        self.state_frame: bytes | None = None

    @property
    def welcome(self) -> Welcome | None:
        """The session we have, if any."""
        return self._client.welcome

    def read(self, now_ns: int) -> None:
        """Take in all that waits."""
        had = self._client.welcome
        self._read_session(now_ns)
        if self._client.welcome is not had:
            self._reopen_lanes()
        if self._states is None:
            return
        for frame in lanes.drain(self._states):
            self._read_state(frame, now_ns)

    def send(self, command: Command) -> bool:
        """Put a command on the next free lane; False when there is none."""
        return self._commands is not None and lanes.send(self._commands, encode(command))

    def bye(self) -> None:
        """End the session in order, if there is one."""
        if self._client.welcome is not None:
            self._session_socket.setsockopt(zmq.LINGER, 100)
            lanes.send(self._session_socket, encode(Bye(1, self._client.welcome.session)))
        self._session_socket.close()

    def mode(self, now_ns: int) -> str:
        """The slave's mode, for the status line; UNKNOWN when its states have stopped, or why there are none."""
        if self.state is None or self.state_ns is None:
            return self._trouble()
        age_ns = now_ns - self.state_ns
        if age_ns > STALE_AFTER_NS:
            return f"UNKNOWN: no state from {self._config.host}:{self._config.port} for {age_ns / NS_PER_S:.1f} s"
        return self.state.mode.value

    def _trouble(self) -> str:
        if self._bad_answer:
            return self._bad_answer
        return self._client.refusal or f"no answer from {self._config.host}:{self._config.port} yet"

    def _read_session(self, now_ns: int) -> None:
        hello = self._client.ask(now_ns)
        if hello is not None:
            lanes.send(self._session_socket, encode(hello))
        for frame in lanes.drain(self._session_socket):
            try:
                self._client.answered(decode_other(frame), now_ns)
                self._bad_answer = ""
            except FrameError as error:
                self._bad_answer = str(error)

    def _reopen_lanes(self) -> None:
        for socket in (self._commands, self._states):
            if socket is not None:
                socket.close()
        self._commands = self._states = None
        self.state = self.state_ns = self.state_frame = None
        if self._client.welcome is None:
            return
        host, port, count = self._config.host, self._config.port, self._config.lanes
        self._commands = lanes.push(self._context)
        lanes.connect(self._commands, host, command_port(port), count)
        self._states = lanes.pull(self._context)
        lanes.connect(self._states, host, state_port(port), count)

    def _read_state(self, frame: bytes, now_ns: int) -> None:
        try:
            state = decode_state(frame)
        except FrameError as error:
            self._bad_answer = str(error)
            return
        if self._client.hears(state, now_ns) and (self.state is None or state.sequence > self.state.sequence):
            self.state, self.state_ns, self.state_frame = state, now_ns, frame


class ConsoleLink:
    """To the console of this host, over ipc: states out, what was painted back."""

    def __init__(self, context: Context, board: Board) -> None:
        self._out = lanes.push(context)
        self._out.bind(board.ipc("console.states"))
        self._in = lanes.pull(context)
        self._in.bind(board.ipc("console.reports"))
        self._ticks = 0
        self.report: ConsoleReport | None = None
        self.report_ns: int | None = None

    def forget(self) -> None:
        """A new session: what was painted of the last one tells nothing, not even which of two stamps is newer."""
        self.report = self.report_ns = None

    def show(self, frame: bytes | None) -> None:
        """Offer the newest state to the console, a hundred times a second; it paints what it can."""
        self._ticks += 1
        if frame is not None and self._ticks % SHOW_EVERY_TICKS == 0:
            lanes.send(self._out, frame)

    def read(self, now_ns: int) -> None:
        """Take in what was painted. Only a newer state counts: a screen that stands still is not alive."""
        for frame in lanes.drain(self._in):
            try:
                report = decode_other(frame)
            except FrameError:
                continue
            last_ns = 0 if self.report is None else self.report.painted_ns
            if isinstance(report, ConsoleReport) and report.painted_ns > last_ns:
                self.report, self.report_ns = report, now_ns
