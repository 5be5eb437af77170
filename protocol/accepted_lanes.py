"""The listening end of lanes: what the kernel knows of the connections that a bound socket has accepted.

Whoever makes more of them than anybody needs is turned away, one address for itself: a flood from one leaves the others
their room.
"""

from collections import Counter
from contextlib import suppress

import zmq

from protocol.lanes import Socket
from protocol.monitor import Monitor
from protocol.tcp import TcpConnection, TcpInfo

CONNECTIONS_AT_MOST = 256
"""Handles that we keep: of more connections than any master makes, the rest are carried but not measured."""
WATCHED = zmq.EVENT_ACCEPTED | zmq.EVENT_DISCONNECTED


class AcceptedLanes:
    """The accepted connections of one socket, which listens on `port`.

    `room` is how many messages each may hold; None leaves its buffers be.

    `per_address`: how many connections one address may have. `turned_away` counts those beyond, by address.
    """

    def __init__(self, socket: Socket, port: int, room: int | None, per_address: int) -> None:
        self._port = port
        self._room = room
        self._per_address = per_address
        self._from: Counter[str] = Counter()
        self.turned_away: Counter[str] = Counter()
        self._connections: dict[int, TcpConnection] = {}
        self._infos: dict[int, TcpInfo] = {}
        self._accepted = 0
        self._monitor = Monitor(socket, WATCHED)

    def read(self) -> None:
        """Take in what connections came and went, hasten those that came, and end those that are too many."""
        for event, descriptor, _ in self._monitor.read():
            self._let_go(descriptor)
            if event == zmq.EVENT_ACCEPTED:
                with suppress(OSError):
                    self._take_on(descriptor)

    def look(self) -> None:
        """Read the kernel's account of one connection after the other, one a call."""
        if not self._connections:
            return
        descriptor, connection = next(iter(self._connections.items()))
        self._connections[descriptor] = self._connections.pop(descriptor)
        info = connection.info()
        if info is not None:
            self._infos[connection.cookie] = info

    def counters(self) -> dict[int, tuple[int, int]]:
        """By connection, the segments it sent and how many of them again."""
        return {cookie: (info.segments_out, info.retransmits) for cookie, info in self._infos.items()}

    def close(self) -> None:
        """Give all handles back. The socket remains its owner's."""
        for descriptor in tuple(self._connections):
            self._let_go(descriptor)
        self._monitor.close()

    def _take_on(self, descriptor: int) -> None:
        connection = TcpConnection(descriptor)
        if connection.local[1] != self._port:
            # Told of late: its number is that of another door's connection by now, which is not ours to count or end.
            connection.close()
            return
        address = connection.peer[0]
        if self._from[address] >= self._per_address:
            connection.shut()
            connection.close()
            self.turned_away[address] += 1
            return
        if len(self._connections) >= CONNECTIONS_AT_MOST:
            connection.close()
            return
        self._accepted += 1
        self._from[address] += 1
        connection.hasten(self._accepted)
        if self._room is not None:
            connection.make_room(self._room)
        self._connections[descriptor] = connection

    def _let_go(self, descriptor: int) -> None:
        connection = self._connections.pop(descriptor, None)
        if connection is not None:
            self._infos.pop(connection.cookie, None)
            self._from[connection.peer[0]] -= 1
            if not self._from[connection.peer[0]]:
                del self._from[connection.peer[0]]
            connection.close()
