"""The connecting end of lanes: opens them, watches each by what the kernel tells of it, and replaces those that stall.

ZeroMQ makes a connection for each `connect`. What it cannot do is to tell which of them stands still: the socket's
monitor names the descriptor of each, and the kernel tells the rest. It is kept from reconnecting by itself, for then
the monitor would no longer say which of them it speaks of.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import chain, zip_longest
from typing import NamedTuple

import zmq

from protocol.clock import NS_PER_MS
from protocol.lane_plan import Condition, connect_timeout_ns, is_stalled, plan
from protocol.lanes import HANDSHAKE_MS, Socket
from protocol.monitor import Monitor
from protocol.tcp import TcpConnection, TcpInfo

LOOK_EVERY_NS = 10 * NS_PER_MS
PLAN_EVERY_NS = 25 * NS_PER_MS
OPENED_AT_ONCE = 1
HANDSHAKE_NS = (HANDSHAKE_MS + 2000) * NS_PER_MS
"""Longer than ZeroMQ itself gives a handshake."""
OVER = zmq.EVENT_DISCONNECTED | zmq.EVENT_CLOSED
NOT_LET_IN = zmq.EVENT_HANDSHAKE_FAILED_AUTH
WATCHED = zmq.EVENT_CONNECTED | zmq.EVENT_HANDSHAKE_SUCCEEDED | NOT_LET_IN | OVER
KNOCK_AGAIN_NS = 1000 * NS_PER_MS
"""Who was not let in waits so long before he asks again: the list of those trusted changes at a person's pace."""
REKEY_NS = 3600 * 1000 * NS_PER_MS
"""Each connection has keys of its own; after so long a lane gets a fresh one, one lane at a time."""
ROOM_MIN_MESSAGES = 6
ROOM_MAX_MESSAGES = 64
FIRST_ROUND_TRIP_NS = 400 * NS_PER_MS
"""Taken until a connection has told its own."""
LETTERS = {Condition.FREE: ".", Condition.CONNECTING: "c", Condition.LIVE: "L", Condition.STALLED: "S"}


class Target(NamedTuple):
    """Where lanes lead, and over which carrier: a source address, or a device, or neither."""

    host: str
    port: int
    source: str = ""
    device: str = ""


class LaneFigures(NamedTuple):
    """How many lanes are in which condition now, and how many spares were ever opened and closed in their stead."""

    live: int
    stalled: int
    connecting: int
    opened: int
    closed: int


def unanswered_ms(info: TcpInfo) -> int:
    """For how long a sending lane has waited for an answer to what it sent."""
    return info.last_ack_recv_ms if info.unacked else 0


def unheard_ms(info: TcpInfo) -> int:
    """For how long a receiving lane has brought nothing: it should bring something at every other tick or so."""
    return info.last_data_recv_ms


class _Slot:
    """One way of spelling an endpoint, and the connection that goes by it."""

    def __init__(self, number: int, target: Target) -> None:
        # Spelled alike, one `disconnect` would close them all. Never as ZeroMQ itself would spell it: by that name it
        # closes what has ended.
        port = f"{'0' * (number + 1)}{target.port}"
        source = f"{target.source}:0;" if target.source else ""
        self.number = number
        self.target = target
        self.endpoint = f"tcp://{source}{target.host}:{port}"
        self.condition = Condition.FREE
        self.given_up_ns = 0
        self.live_ns: int | None = None
        self.retired = False
        self.connection: TcpConnection | None = None
        self.info: TcpInfo | None = None

    def let_go(self) -> None:
        """Forget the connection: it is closed, or about to be."""
        if self.connection is not None:
            self.connection.close()
        self.connection = self.info = None


class LaneSet:
    """`wanted` lanes of one socket, in equal shares to each target. `still_ms` tells how long a lane stands still.

    `rate_hz`: messages a second over all of them, which sizes their buffers. `rekey_ns`: the age at which a lane is
    replaced, for fresh keys. Nothing here waits or raises.
    """

    def __init__(
        self,
        socket: Socket,
        targets: Sequence[Target],
        wanted: int,
        rate_hz: int,
        still_ms: Callable[[TcpInfo], int],
        rekey_ns: int = REKEY_NS,
    ) -> None:
        socket.setsockopt(zmq.RECONNECT_IVL, -1)
        self._socket = socket
        self._still_ms = still_ms
        self._share = max(1, wanted // len(targets))
        # Each target must be able to carry everything: the others may be gone.
        self._lane_rate_hz = rate_hz / self._share
        slots = 2 * self._share
        self._groups = [[_Slot(n * len(targets) + k, t) for n in range(slots)] for k, t in enumerate(targets)]
        self._slots = [slot for group in self._groups for slot in group]
        self._by_endpoint = {slot.endpoint: slot for slot in self._slots}
        self._monitor = Monitor(socket, WATCHED)
        self._looked_ns = self._planned_ns = 0
        self._next = 0
        self._opened = self._closed = 0
        self.live = self.stalled = 0
        self.not_let_in = False
        """Whether the peer refused our key the last time that it answered."""
        self._knock_ns = 0
        self._rekey_ns = rekey_ns
        self._measured = False
        self.round_trip_ns = FIRST_ROUND_TRIP_NS
        self.refused: tuple[str, ...] = ()
        """What of TCP this kernel does not have: without TCP_INFO no lane is known to stall, and none is replaced."""

    def tick(self, now_ns: int) -> None:
        """Look at one lane, and now and then at what the monitor tells and at the whole."""
        self._look_at_next()
        if now_ns - self._looked_ns >= LOOK_EVERY_NS:
            self._looked_ns = now_ns
            self._read_monitor(now_ns)
        if now_ns - self._planned_ns >= PLAN_EVERY_NS:
            self._planned_ns = now_ns
            for group in self._groups:
                self._retire_oldest(group, now_ns)
            opens = [self._follow_plan(group, now_ns) for group in self._groups]
            # By turns: whoever sends on them goes through them in the order they came in, and should not give one
            # target many messages in a row.
            for slot in chain.from_iterable(zip_longest(*opens)):
                if slot is not None:
                    self._open(slot, now_ns)
            conditions = [slot.condition for slot in self._slots]
            self.live, self.stalled = conditions.count(Condition.LIVE), conditions.count(Condition.STALLED)

    def figures(self) -> LaneFigures:
        """How it stands."""
        conditions = [slot.condition for slot in self._slots]
        live, stalled = conditions.count(Condition.LIVE), conditions.count(Condition.STALLED)
        return LaneFigures(live, stalled, conditions.count(Condition.CONNECTING), self._opened, self._closed)

    def letters(self) -> tuple[str, ...]:
        """For each target, its slots in order, each by its condition's letter of LETTERS."""
        return tuple("".join(LETTERS[slot.condition] for slot in group) for group in self._groups)

    def counters(self) -> dict[int, tuple[int, int]]:
        """By connection, the segments it sent and how many of them again."""
        return {
            slot.connection.cookie: (slot.info.segments_out, slot.info.retransmits)
            for slot in self._slots
            if slot.connection is not None and slot.info is not None
        }

    def close(self) -> None:
        """Close all lanes and the socket itself."""
        for slot in self._slots:
            slot.let_go()
        self._monitor.close()
        self._socket.close()

    def _look_at_next(self) -> None:
        for _ in self._slots:
            self._next = (self._next + 1) % len(self._slots)
            slot = self._slots[self._next]
            if slot.connection is not None and slot.condition in (Condition.LIVE, Condition.STALLED):
                self._look(slot, slot.connection)
                return

    def _look(self, slot: _Slot, connection: TcpConnection) -> None:
        info = connection.info()
        if info is None:
            return
        slot.info = info
        connection.answer_lazily()
        if info.rtt_us:
            self.round_trip_ns += (info.rtt_us * 1000 - self.round_trip_ns) // len(self._slots)
        stalled = slot.retired or is_stalled(self._still_ms(info) * NS_PER_MS, self.round_trip_ns)
        slot.condition = Condition.STALLED if stalled else Condition.LIVE

    def _retire_oldest(self, group: list[_Slot], now_ns: int) -> None:
        """One lane that has had its keys for long enough is treated as one that stalled: a spare first, then its end.

        One at a time over each carrier, and only while all its others carry: it never costs what a bad link needs.
        """
        live = [slot for slot in group if slot.condition is Condition.LIVE and slot.live_ns is not None]
        if len(live) < self._share or any(slot.retired for slot in group):
            return
        oldest = min(live, key=lambda slot: slot.live_ns or 0)
        if now_ns - (oldest.live_ns or now_ns) >= self._rekey_ns:
            oldest.retired, oldest.condition = True, Condition.STALLED

    def _read_monitor(self, now_ns: int) -> None:
        for event, value, endpoint in self._monitor.read():
            slot = self._by_endpoint.get(endpoint)
            if slot is not None and slot.condition is not Condition.FREE:
                self._note(slot, event, value, now_ns)

    def _note(self, slot: _Slot, event: int, value: int, now_ns: int) -> None:
        if event == NOT_LET_IN:
            self.not_let_in, self._knock_ns = True, now_ns + KNOCK_AGAIN_NS
            self._close(slot)
            return
        if event == zmq.EVENT_HANDSHAKE_SUCCEEDED:
            self.not_let_in = False
            slot.live_ns = now_ns
            # One of which we have no handle could stand still unseen, and count as carrying for ever.
            if slot.connection is None:
                self._close(slot)
            else:
                slot.condition = Condition.LIVE
            return
        if event & OVER:
            self._close(slot)
            return
        # By now it may be closed again, and its number another's.
        with suppress(OSError):
            slot.connection = TcpConnection(value)
            self._take_on(slot, slot.connection)

    def _take_on(self, slot: _Slot, connection: TcpConnection) -> None:
        if not connection.leads_to(slot.target.host, slot.target.port):
            slot.let_go()
            return
        refused = connection.hasten(slot.number)
        in_flight = self._lane_rate_hz * self.round_trip_ns / 1e9
        connection.make_room(min(max(ROOM_MIN_MESSAGES, 2 + round(1.5 * in_flight)), ROOM_MAX_MESSAGES))
        slot.info = connection.info()
        self.refused = refused if slot.info is not None else ("TCP_INFO", *refused)
        if slot.info is not None and slot.info.rtt_us and not self._measured:
            self._measured = True
            self.round_trip_ns = slot.info.rtt_us * 1000

    def _follow_plan(self, group: list[_Slot], now_ns: int) -> list[_Slot]:
        """Close what is to be closed; what is to be opened."""
        for slot in group:
            # Where a name is not known, or a device is gone, ZeroMQ tells nothing and tries nothing more.
            if slot.condition is Condition.CONNECTING and now_ns >= slot.given_up_ns:
                self._close(slot)
        if now_ns < self._knock_ns:
            return []
        at_once = OPENED_AT_ONCE if self._opened >= len(self._slots) // 2 else self._share
        opens, closes = plan([slot.condition for slot in group], self._share, at_once)
        for number in closes:
            self._close(group[number])
        return [group[number] for number in opens]

    def _open(self, slot: _Slot, now_ns: int) -> None:
        timeout_ns = connect_timeout_ns(slot.number, self.round_trip_ns)
        slot.given_up_ns = now_ns + timeout_ns + HANDSHAKE_NS
        with suppress(zmq.ZMQError):
            # Options are copied into a connection when it is made: those of others stay as they are.
            self._socket.setsockopt(zmq.CONNECT_TIMEOUT, timeout_ns // NS_PER_MS)
            if slot.target.device:
                self._socket.setsockopt_string(zmq.BINDTODEVICE, slot.target.device)
            self._socket.connect(slot.endpoint)
            slot.condition = Condition.CONNECTING
            self._opened += 1

    def _close(self, slot: _Slot) -> None:
        slot.let_go()
        slot.condition, slot.live_ns, slot.retired = Condition.FREE, None, False
        self._closed += 1
        with suppress(zmq.ZMQError):
            self._socket.disconnect(slot.endpoint)
