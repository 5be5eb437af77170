"""The listening end of lanes: what the kernel knows of the connections that a bound socket has accepted."""

from contextlib import suppress

import zmq

from protocol.lanes import Socket
from protocol.monitor import Monitor
from protocol.tcp import TcpConnection, TcpInfo

CONNECTIONS_AT_MOST = 256
"""Handles that we keep: of more connections than any master makes, the rest are carried but not measured."""
WATCHED = zmq.EVENT_ACCEPTED | zmq.EVENT_DISCONNECTED


class AcceptedLanes:
    """The accepted connections of one socket. `room` is how many messages each may hold; None leaves its buffers be."""

    def __init__(self, socket: Socket, room: int | None) -> None:
        self._room = room
        self._connections: dict[int, TcpConnection] = {}
        self._infos: dict[int, TcpInfo] = {}
        self._accepted = 0
        self._monitor = Monitor(socket, WATCHED)

    def read(self) -> None:
        """Take in what connections came and went, and hasten those that came."""
        for event, descriptor, _ in self._monitor.read():
            self._let_go(descriptor)
            if event == zmq.EVENT_ACCEPTED and len(self._connections) < CONNECTIONS_AT_MOST:
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
        self._accepted += 1
        connection.hasten(self._accepted)
        if self._room is not None:
            connection.make_room(self._room)
        self._connections[descriptor] = connection

    def _let_go(self, descriptor: int) -> None:
        connection = self._connections.pop(descriptor, None)
        if connection is not None:
            self._infos.pop(connection.cookie, None)
            connection.close()
