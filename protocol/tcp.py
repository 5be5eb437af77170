"""What the kernel knows of a TCP connection that ZeroMQ made, and the timers it can be asked to keep.

Linux only. Elsewhere, and in kernels without an option, the connection is used as it is: `TcpInfo` is None, and
`hasten` says what was refused.
"""

import os
import socket
import struct
from contextlib import suppress
from typing import NamedTuple

TCP_INFO_BYTES = 232
_INFO = struct.Struct("=24x I 24x 3I 4x I 28x I 24x Q 20x I")
"""struct tcp_info of linux/tcp.h, which only ever grows: unacked at 24; last_data_recv, last_ack_recv and pmtu from 52;
rtt at 68; total_retrans at 100; bytes_received at 128; data_segs_out at 156."""
TCP_ESTABLISHED = 1
"""A state, the first byte of it."""
TCP_THIN_LINEAR_TIMEOUTS = 16
TCP_RTO_MAX_MS = 44
SO_COOKIE = 57
RTO_MAX_MS = 1000
"""The least that Linux takes for TCP_RTO_MAX_MS (6.15 and later); without it timers double up to two minutes."""
RTO_SPREAD_MS = 1000
RTO_PACES = 32
SKB_BYTES = 1280
"""What Linux books for one small segment in a send buffer: payload, header and the sk_buff itself (measured)."""


class TcpInfo(NamedTuple):
    """One reading. `retransmits`, `bytes_received` and `segments_out` (those with data) count from its beginning."""

    unacked: int
    last_data_recv_ms: int
    last_ack_recv_ms: int
    rtt_us: int
    retransmits: int
    bytes_received: int
    segments_out: int


class TcpConnection:
    """Our own handle of a connection that belongs to a ZeroMQ socket: `descriptor` is its, and stays its.

    To be closed as soon as ZeroMQ has closed its own: until then the peer is not told. Raises OSError where there is
    no such connection any more.
    """

    def __init__(self, descriptor: int) -> None:
        own = os.dup(descriptor)
        try:
            self._socket = socket.socket(fileno=own)
        except OSError:
            os.close(own)
            raise
        if self._socket.family not in (socket.AF_INET, socket.AF_INET6):
            # Told of late: its number has gone to another kind of socket, whose peer has no port.
            self._socket.close()
            raise OSError(f"descriptor {descriptor} is no TCP connection any more")
        try:
            self.peer: tuple[str, int] = self._socket.getpeername()[:2]
            self.local: tuple[str, int] = self._socket.getsockname()[:2]
            self.cookie = int.from_bytes(self._socket.getsockopt(socket.SOL_SOCKET, SO_COOKIE, 8), "little")
        except OSError:
            self._socket.close()
            raise

    def leads_to(self, host: str, port: int) -> bool:
        """Whether its peer is there; of a host that is told by name, only the port is looked at."""
        named = not host.replace(".", "").isdecimal()
        return self.peer[1] == port and (named or self.peer[0] == host)

    @property
    def is_open(self) -> bool:
        """Whether both ends hold it open; False where the kernel tells nothing."""
        with suppress(OSError, AttributeError, IndexError):
            return self._socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0] == TCP_ESTABLISHED
        return False

    def info(self) -> TcpInfo | None:
        """What the kernel knows now; None where it tells nothing."""
        with suppress(OSError, AttributeError, struct.error):
            raw = self._socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, TCP_INFO_BYTES)
            unacked, data_ms, ack_ms, _, rtt_us, retransmits, received, segments = _INFO.unpack_from(raw)
            return TcpInfo(unacked, data_ms, ack_ms, rtt_us, retransmits, received, segments)
        return None

    def hasten(self, number: int) -> tuple[str, ...]:
        """Retransmit at a steady pace rather than at doubling intervals, so that the end of a cut is noticed soon.

        `number` tells connections apart: each gets a pace of its own. All stalled in the same moment, and at one pace
        they would all try again in the same moment too, and miss the link's return by up to a whole interval.
        Returns the names of the options that this kernel does not have.
        """
        pace_ms = RTO_MAX_MS + RTO_SPREAD_MS * (number % RTO_PACES) // RTO_PACES
        refused = []
        for option, name, value in (
            (TCP_THIN_LINEAR_TIMEOUTS, "TCP_THIN_LINEAR_TIMEOUTS", 1),
            (TCP_RTO_MAX_MS, "TCP_RTO_MAX_MS", pace_ms),
        ):
            try:
                self._socket.setsockopt(socket.IPPROTO_TCP, option, value)
            except OSError:
                refused.append(name)
        return tuple(refused)

    def make_room(self, messages: int) -> None:
        """Let the send buffer hold so many small messages: what is in flight, and little more."""
        with suppress(OSError):
            # Linux doubles what it is given, for its own bookkeeping; SKB_BYTES has that in it already.
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, messages * SKB_BYTES // 2)

    def answer_lazily(self) -> None:
        """Acknowledge every second segment. By itself Linux does so at once when a reader takes in all there is, as
        ours do: at a thousand states a second that is a seventh of what goes the other way. It forgets: say it again.
        """
        with suppress(OSError, AttributeError):
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 0)

    def shut(self) -> None:
        """End the connection itself, for both ends: ZeroMQ will find it closed."""
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Give the handle back."""
        self._socket.close()
