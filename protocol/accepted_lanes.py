"""The listening end of lanes: what the kernel knows of the connections that a bound socket has accepted.

Whoever makes more of them than anybody needs is turned away, and whoever says what is no frame of ours, or nothing, is
told of: so that a flood leaves the others their room, and has an address.
"""

from collections.abc import Callable, Container, Iterable
from contextlib import suppress
from itertools import islice

import zmq

from protocol.crowd import Crowd
from protocol.lanes import HANDSHAKE_MS, Socket
from protocol.monitor import Monitor
from protocol.roles import Heard
from protocol.tcp import TcpConnection, TcpInfo

Tell = Callable[[str, str, str], None]
"""What happened, from which address, and why."""

NO_HANDSHAKE = zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL
# Not HANDSHAKE_FAILED_PROTOCOL. Telling of that, libzmq 4.3 forgets in the middle (by errno) that the connection is to
# be ended: after a replayed or forged frame it stood there for ever, and nothing more of it was read.
WATCHED = zmq.EVENT_ACCEPTED | zmq.EVENT_DISCONNECTED | NO_HANDSHAKE
TURNED_AWAY, BROKEN_OFF, LEFT = "turned away", "broken off", "left"
TOO_MANY = "too many connections from one address"
TOO_MANY_STRANGERS = "too many connections of strangers"
NO_WORD = "it went without a word of who it is"
SILENT = f"it did not say who it is for {HANDSHAKE_MS / 1000:.0f} s"
NO_FRAME = "what it sent is no frame of its connection: without a key, garbled, forged, replayed, or too long"
REFUSED_OFTEN = "keys from its address are refused again and again"
HOARDS = "it sent far more than could be heard of it: a message without an end, or a flood"
LOOKS_AT_ONCE = 4
FRAME_COST_BYTES = 42
"""Of a frame beside its content: CurveZMQ's command, nonce and box (RFC 26), and a long size."""
UNHEARD_MAX_BYTES = 256 * 1024
"""What a connection may have brought beyond what was heard: its handshake, and what waits in the kernel or in ZeroMQ,
which keeps the parts of a message until the last one comes, and knows no bound for them."""
NOT_SEEN = "unknown address"
"""Of a connection that had ended before we could ask for its peer."""


class AcceptedLanes:
    """The accepted connections of one socket, which listens on `port`.

    `room` is how many messages each may hold; None leaves its buffers be.

    `per_address`: how many connections one address may have. `known`: addresses from which somebody was let in;
    `shunned`: those from which nobody else is listened to.
    """

    def __init__(
        self,
        socket: Socket,
        port: int,
        room: int | None,
        per_address: int,
        known: Container[str] = (),
        tell: Tell | None = None,
        shunned: Container[str] = (),
    ) -> None:
        self._port = port
        self._room = room
        self._known = known
        self._shunned = shunned
        self._tell = tell or (lambda *_: None)
        self._crowd = Crowd(per_address, known)
        self._connections: dict[int, TcpConnection] = {}
        self._infos: dict[int, TcpInfo] = {}
        self._heard_bytes: dict[int, int] = {}
        self._shut: set[int] = set()
        self._no_handshake = False
        self._accepted = 0
        self._monitor = Monitor(socket, WATCHED)

    def read(self) -> None:
        """Take in what connections came and went, hasten those that came, and end those that are too many."""
        fresh: set[int] = set()
        for event, value, _ in self._monitor.read():
            if event == zmq.EVENT_ACCEPTED:
                self._let_go(value)
                fresh.add(value)
                with suppress(OSError):
                    self._take_on(value)
            elif event == NO_HANDSHAKE:
                # Of which connection is not told; but its end is, and comes next.
                self._no_handshake = True
            else:
                self._tell_end(value, is_fresh=value in fresh)
                self._let_go(value)
                self._no_handshake = False

    def heard(self, frames: Iterable[Heard]) -> None:
        """What came out of the socket: it explains what its connections brought."""
        for frame in frames:
            if frame.descriptor in self._heard_bytes:
                self._heard_bytes[frame.descriptor] += len(frame.content) + FRAME_COST_BYTES

    def look(self) -> None:
        """Read the kernel's account of one connection after the other, a few a call, and end those that hoard."""
        for descriptor in tuple(islice(self._connections, LOOKS_AT_ONCE)):
            connection = self._connections[descriptor] = self._connections.pop(descriptor)
            info = connection.info()
            if info is None:
                continue
            self._infos[connection.cookie] = info
            if info.bytes_received > self._heard_bytes[descriptor] + UNHEARD_MAX_BYTES:
                self._end(BROKEN_OFF, descriptor, HOARDS)

    def counters(self) -> dict[int, tuple[int, int]]:
        """By connection, the segments it sent and how many of them again."""
        return {cookie: (info.segments_out, info.retransmits) for cookie, info in self._infos.items()}

    def close(self) -> None:
        """Give all handles back. The socket remains its owner's."""
        for descriptor in tuple(self._connections):
            self._let_go(descriptor)
        self._monitor.close()

    def break_off(self, descriptor: int, why: str) -> None:
        """End a connection, if it is there."""
        if descriptor in self._connections:
            self._end(BROKEN_OFF, descriptor, why)

    def _take_on(self, descriptor: int) -> None:
        connection = TcpConnection(descriptor)
        if connection.local[1] != self._port:
            # Told of late: its number is that of another door's connection by now, which is not ours to count or end.
            connection.close()
            return
        self._connections[descriptor] = connection
        self._heard_bytes[descriptor] = 0
        if connection.peer[0] in self._shunned and connection.peer[0] not in self._known:
            self._end(TURNED_AWAY, descriptor, REFUSED_OFTEN)
            return
        leaves = self._crowd.enter(descriptor, connection.peer[0])
        if leaves is not None:
            self._end(TURNED_AWAY, leaves, TOO_MANY if leaves == descriptor else TOO_MANY_STRANGERS)
        if leaves == descriptor:
            return
        self._accepted += 1
        connection.hasten(self._accepted)
        if self._room is not None:
            connection.make_room(self._room)

    def _end(self, what: str, descriptor: int, why: str) -> None:
        connection = self._connections[descriptor]
        connection.shut()
        self._tell(what, connection.peer[0], why)
        self._let_go(descriptor)
        self._shut.add(descriptor)

    def _tell_end(self, descriptor: int, *, is_fresh: bool) -> None:
        """Tell of a connection that ended otherwise than ours do. It was ended by this side where it is open yet."""
        connection = self._connections.get(descriptor)
        if descriptor in self._shut:
            return
        is_open = connection is not None and connection.is_open
        if connection is None or (is_fresh and is_open):
            # Its number may have been another's when we asked for its peer.
            self._tell(LEFT, NOT_SEEN, NO_WORD if self._no_handshake else NO_FRAME)
        elif is_open:
            self._tell(BROKEN_OFF, connection.peer[0], SILENT if self._no_handshake else NO_FRAME)
        elif self._no_handshake and connection.peer[0] not in self._known:
            # A console's lanes come and go as its link does; a stranger's do not.
            self._tell(LEFT, connection.peer[0], NO_WORD)

    def _let_go(self, descriptor: int) -> None:
        self._shut.discard(descriptor)
        self._crowd.leave(descriptor)
        self._heard_bytes.pop(descriptor, None)
        connection = self._connections.pop(descriptor, None)
        if connection is not None:
            self._infos.pop(connection.cookie, None)
            connection.close()
