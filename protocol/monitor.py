"""What happens to the connections of a socket, as ZeroMQ's monitor tells it. Nothing here waits or raises."""

import struct
from contextlib import suppress
from itertools import count
from typing import NamedTuple

import zmq

from protocol.lanes import Socket

EVENTS_AT_MOST = 64
"""At one look, which then takes two milliseconds at most."""
_EVENT = struct.Struct("=Hi")
_numbers = count()


class Happened(NamedTuple):
    """`event` is one of zmq.EVENT_*; `value` mostly a descriptor."""

    event: int
    value: int
    endpoint: str


class Monitor:
    """Of one socket, for the events asked for. To be closed before the socket is."""

    def __init__(self, socket: Socket, events: int) -> None:
        # A name of its own each time: ZeroMQ frees one only a while after its socket is closed.
        address = f"inproc://monitor.{next(_numbers)}"
        self._socket = socket
        socket.monitor(address, events)
        self._inlet: Socket = socket.context.socket(zmq.PAIR)
        self._inlet.setsockopt(zmq.LINGER, 0)
        # ZeroMQ's own thread waits for room in here, and with it every connection of the context: 10 000 that come and
        # go would delay commands by 150 ms. Without a bound it never waits; what piles up is read at the next look.
        self._inlet.setsockopt(zmq.RCVHWM, 0)
        self._inlet.connect(address)

    def read(self) -> list[Happened]:
        """All that waits, in order. Bounded, so that a flood cannot hold us."""
        happened: list[Happened] = []
        with suppress(zmq.ZMQError):
            while len(happened) < EVENTS_AT_MOST:
                told, endpoint = self._inlet.recv_multipart(zmq.DONTWAIT)
                event, value = _EVENT.unpack(told)
                happened.append(Happened(event, value, endpoint.decode(errors="replace")))
        return happened

    def close(self) -> None:
        """Hear no more."""
        self._socket.disable_monitor()
        self._inlet.close()
