"""The pilot's sockets to the slave over the network: the session, and its lanes. Nothing here waits or raises."""

import secrets

import zmq

from master.config import MasterConfig
from master.own_keys import NoKeysError, keys_for
from master.session import SessionClient
from master.session_lanes import SessionLanes
from protocol import curve, lanes
from protocol.carriers import Carrier
from protocol.clock import NS_PER_MS, NS_PER_S
from protocol.codec import FrameError, decode_other, decode_state, encode
from protocol.fingerprint import fingerprint
from protocol.lane_set import LaneSet, Target, unanswered_ms
from protocol.messages import Bye, Command, State, Welcome
from protocol.offset import ClockBound, OffsetBound
from protocol.ports import session_port
from protocol.quality import LinkQuality
from protocol.run_keys import RunKeys

STALE_AFTER_NS = 300 * NS_PER_MS
LOOK_FOR_KEYS_EVERY_NS = NS_PER_S
OFFSET_EVERY_LOOKS = 10


class SlaveLink:
    """Session, command lanes and state lanes. `state` is the newest of our session, `state_ns` when it came."""

    def __init__(self, context: lanes.Context, config: MasterConfig) -> None:
        self._context = context
        self._config = config
        self._carriers = config.carriers or (Carrier("", "", config.host),)
        self._keys: RunKeys | None = None
        self._no_keys = "looking for keys"
        self._looked_for_keys_ns: int | None = None
        self._session_socket: lanes.Socket | None = None
        self._session_lane: LaneSet | None = None
        self._client = SessionClient(secrets.randbits(62), config.name, config.device)
        self._bad_answer = ""
        self._looks = 0
        self.lanes: SessionLanes | None = None
        self.quality = LinkQuality()
        """Of the states."""
        self._clock = ClockBound()
        self.offset: OffsetBound | None = None
        """The slave's clock against ours: for display."""
        self.state: State | None = None
        self.state_ns: int | None = None
        self.state_frame: bytes | None = None

    @property
    def welcome(self) -> Welcome | None:
        """The session we have, if any."""
        return self._client.welcome

    def read(self, now_ns: int) -> None:
        """Take in all that waits, and keep the connections going."""
        self._look_for_keys(now_ns)
        if self._session_socket is None or self._session_lane is None:
            return
        self._session_lane.tick(now_ns)
        had = self._client.welcome
        self._read_session(self._session_socket, now_ns)
        if self._client.welcome is not had:
            self._reopen_lanes()
        if self.lanes is None:
            return
        self.lanes.tick(now_ns)
        for frame in self.lanes.receive():
            self._read_state(frame, now_ns)
        self._looks += 1
        if self._looks % OFFSET_EVERY_LOOKS == 0:
            self.offset = self._clock.bound(now_ns)

    def send(self, command: Command) -> bool:
        """Put a command on the next free lane; False when there is none."""
        return self.lanes is not None and self.lanes.send(encode(command))

    def use(self, device: str) -> None:
        """Tell the patient's side another device, with the next session."""
        self._client.use(device)

    def want(self, *, session: bool) -> None:
        """Whether to ask for a session from now on. One that we have is kept until `end`."""
        self._client.wanted = session

    def end(self) -> None:
        """End the session in order, and be ready to ask for another."""
        if self._session_socket is not None and self._client.welcome is not None:
            lanes.send(self._session_socket, encode(Bye(1, self._client.welcome.session)))
        self._client.end()
        self._reopen_lanes()

    def bye(self) -> None:
        """End the session in order, if there is one."""
        if self._session_socket is not None and self._session_lane is not None:
            if self._client.welcome is not None:
                self._session_socket.setsockopt(zmq.LINGER, 100)
                lanes.send(self._session_socket, encode(Bye(1, self._client.welcome.session)))
            self._session_lane.close()
        if self.lanes is not None:
            self.lanes.close()

    def mode(self, now_ns: int) -> str:
        """The slave's mode, for the status line; UNKNOWN when its states have stopped, or why there are none."""
        trouble = self.trouble(now_ns)
        if self.state is None:
            return trouble or "no session is asked for"
        return f"UNKNOWN: {trouble}" if trouble else self.state.mode.value

    def trouble(self, now_ns: int) -> str:
        """Why no states come now; '' while they do, and while no session is wished."""
        if not self._client.wanted:
            return ""
        if self.state is None or self.state_ns is None:
            return self._trouble()
        age_ns = now_ns - self.state_ns
        if age_ns <= STALE_AFTER_NS:
            return ""
        where = f"{self._config.host}:{self._config.port}"
        why = f": {self._trouble()}" if self._client.is_silent(now_ns) else ""
        return f"no state from {where} for {age_ns / NS_PER_S:.1f} s{why}"

    def _trouble(self) -> str:
        if self._bad_answer:
            return self._bad_answer
        if self._keys is None:
            return self._no_keys
        where = f"{self._config.host}:{self._config.port}"
        if self._session_lane is not None and self._session_lane.not_let_in:
            told = fingerprint(self._keys.own.public)
            return f"{where} does not trust our key, {told}: there, farhand keys trust; here, farhand keys show"
        return self._client.refusal or f"no answer from {where} yet: is it running, and is its key the one we trust?"

    def _look_for_keys(self, now_ns: int) -> None:
        """While there is no session: our keys and the patient's side's may be made, or trusted, any moment."""
        if self._client.welcome is not None and not self._client.is_silent(now_ns):
            return
        if self._looked_for_keys_ns is not None and now_ns - self._looked_for_keys_ns < LOOK_FOR_KEYS_EVERY_NS:
            return
        self._looked_for_keys_ns = now_ns
        try:
            keys = keys_for(self._config)
        except NoKeysError as error:
            self._no_keys = str(error)
            return
        if keys != self._keys:
            self._keys = keys
            self._reopen_session(keys)

    def _reopen_session(self, keys: RunKeys) -> None:
        if self._session_lane is not None:
            self._session_lane.close()
        port = session_port(self._config.port)
        targets = [Target(each.host, port, each.source, each.device) for each in self._carriers]
        self._session_socket = lanes.dealer(self._context)
        curve.be_client(self._session_socket, keys.own, keys.server)
        self._session_lane = LaneSet(self._session_socket, targets, len(targets), 1, unanswered_ms)

    def _read_session(self, socket: lanes.Socket, now_ns: int) -> None:
        if socket.poll(0, zmq.POLLOUT):
            hello = self._client.ask(now_ns)
            if hello is not None:
                lanes.send(socket, encode(hello))
        for frame in lanes.drain(socket):
            try:
                answer = decode_other(frame)
                if isinstance(answer, Welcome):
                    curve.check_key(answer.state_key)
                self._client.answered(answer, now_ns)
                self._bad_answer = ""
            except (FrameError, curve.NoKeyError) as error:
                self._bad_answer = str(error)

    def _reopen_lanes(self) -> None:
        if self.lanes is not None:
            self.lanes.close()
        self.lanes = None
        self.state = self.state_ns = self.state_frame = None
        self.quality.forget()
        self._clock.forget()
        welcome, config = self._client.welcome, self._config
        if welcome is not None and self._keys is not None:
            self.lanes = SessionLanes(
                self._context,
                self._carriers,
                config.carriage,
                config.port,
                config.lanes,
                config.rate_hz,
                self._keys,
                welcome,
            )

    def _read_state(self, frame: bytes, now_ns: int) -> None:
        try:
            state = decode_state(frame)
        except FrameError as error:
            self._bad_answer = str(error)
            return
        if not self._client.hears(state, now_ns):
            return
        self.quality.heard(now_ns, state.sequence, state.stamp_ns)
        if self.state is None or state.sequence > self.state.sequence:
            self._clock.exchange(state.sent_ns, state.heard_ns, now_ns)
            self.state, self.state_ns, self.state_frame = state, now_ns, frame
