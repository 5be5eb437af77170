"""The four TCP ports of a real patient's side under the noise of strangers, before a surgeon comes and while one acts.

Told: a process that died, a word of the supervisor or a session that changed, memory that grew, a surgeon kept out.
"""

import os
import random
import socket
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

import zmq

from bench.yardstick import VALID_LATE_NS, Yardstick
from master.config import MasterConfig
from master.launch import MasterProcesses
from protocol.messages import Mode
from protocol.ports import IN_A_ROW, command_port, free_ports, observer_port, session_port
from protocol.records import Authority, Session
from safety.limits import load_limits
from slave.config import SlaveConfig
from slave.launch import SlaveProcesses, development_lease_ns
from tests.fuzz.raw import overhear, speech

HOST = "127.0.0.1"
PROCEDURE = "laparoscopic"
GROWTH_MAX_MIB = 16.0
HELD_MAX = 48
"""Connections that say no more and stay."""
STOPPED_BY_HOST = ("mode", "stop_number")
"""What may change while the host itself stands still: the arms freeze then, as they should."""
WARM_SHARE = 0.2
PATIENCE_S = 90.0
AT_ONCE_CLOSED = struct.pack("ii", 1, 0)


class Outcome(NamedTuple):
    """`connections` were made, and `sent` bytes said; `grew_mib`: the gateway, at the worst; `wrong`: a line each."""

    connections: int
    sent: int
    grew_mib: float
    wrong: list[str]


class Strangers:
    """Connect to one port after the other, say something, and close, or stay."""

    def __init__(self, port: int, key: str, seed: int) -> None:
        self._port = port
        self._chance = random.Random(seed)
        heard = (session_port(port), zmq.DEALER), (command_port(port), zmq.PUSH), (observer_port(port), zmq.SUB)
        self._overheard = tuple(overhear(HOST, number, key, kind) for number, kind in heard)
        self._held: list[socket.socket] = []
        self.connections = 0
        self.sent = 0

    def annoy(self) -> None:
        """One connection."""
        chance = self._chance
        # Each from another address of loopback, or the system would run out of ports for them.
        source = f"127.{chance.randrange(1, 255)}.{chance.randrange(256)}.{chance.randrange(1, 255)}"
        with suppress(OSError):
            peer = socket.create_connection((HOST, self._port + chance.randrange(IN_A_ROW)), 1.0, (source, 0))
            self.connections += 1
            self._held.append(peer)
            peer.settimeout(0.002)
            for piece in speech(chance, self._overheard):
                peer.sendall(piece)
                self.sent += len(piece)
                if chance.random() < 0.5:
                    with suppress(TimeoutError):
                        peer.recv(4096)
        if len(self._held) > HELD_MAX or (self._held and chance.random() < 0.9):
            leaving = self._held.pop(chance.randrange(len(self._held)))
            if chance.random() < 0.5:
                with suppress(OSError):
                    leaving.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE_CLOSED)
            leaving.close()

    def leave(self) -> None:
        """Close what is still open."""
        for peer in self._held:
            peer.close()
        self._held.clear()


class Watch:
    """A patient's side as it stands: its processes, the supervisor's word, the session, and the gateway's memory."""

    def __init__(self, slave: SlaveProcesses) -> None:
        self._slave = slave
        self._authority = slave.board.view("authority", Authority)
        self._session = slave.board.view("session", Session)

    def mode(self) -> Mode | None:
        """The supervisor's."""
        authority = self._authority.latest()
        return None if authority is None or authority.testing else authority.mode

    def standing(self) -> dict[str, object]:
        """What no stranger may change."""
        authority, session = self._authority.latest(), self._session.latest()
        assert authority is not None
        assert session is not None
        word = {name: getattr(authority, name) for name in ("mode", "owner", "authority_epoch", "stop_number")}
        return {**word, "session": session.number, "surgeon": session.master}

    def gateway_mib(self) -> float:
        """Resident memory of the gateway."""
        pages = Path(f"/proc/{self._slave.children.pid('gateway')}/statm").read_text(encoding="ascii").split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE") / 2**20

    def ended(self) -> tuple[str, ...]:
        """The processes that died."""
        return self._slave.children.ended()


def noise(strangers: Strangers, watch: Watch, seconds: float, kept: tuple[str, ...]) -> tuple[float, list[str]]:
    """So long a siege: by how many MiB the gateway grew, and what of the standing changed that is to be `kept`."""
    before, wrong = watch.standing(), dict[str, None]()
    warm_mib: float | None = None
    begun_s = time.monotonic()
    while (passed_s := time.monotonic() - begun_s) < seconds:
        strangers.annoy()
        if warm_mib is None and passed_s >= WARM_SHARE * seconds:
            warm_mib = watch.gateway_mib()
        if strangers.connections % 16 == 0:
            wrong |= {f"{name} was {before[name]}, is {now}": None for name, now in changed(before, watch, kept)}
        if watch.ended():
            break
    strangers.leave()
    wrong |= {f"the {name} process died": None for name in watch.ended()}
    wrong |= {f"{name} was {before[name]}, is {now}": None for name, now in changed(before, watch, kept)}
    grew_mib = 0.0 if "gateway" in watch.ended() or warm_mib is None else watch.gateway_mib() - warm_mib
    if grew_mib >= GROWTH_MAX_MIB:
        wrong[f"the gateway grew by {grew_mib:.1f} MiB in {seconds:.0f} s (limit {GROWTH_MAX_MIB:.0f} MiB)"] = None
    return grew_mib, list(wrong)


def changed(before: dict[str, object], watch: Watch, kept: tuple[str, ...]) -> Iterator[tuple[str, object]]:
    """What of `kept` is not as it was, and how it is."""
    now = watch.standing()
    return ((name, now[name]) for name in kept if now[name] != before[name])


def until(is_so: Callable[[], bool]) -> bool:
    """Wait for it; whether it came."""
    deadline_s = time.monotonic() + PATIENCE_S
    while not (so := is_so()) and time.monotonic() < deadline_s:
        time.sleep(0.02)
    return so


@contextmanager
def patients_side() -> Iterator[tuple[int, SlaveProcesses]]:
    """A real one with a stand-in for the staff, and its port."""
    port = free_ports()
    lease_ns = development_lease_ns(load_limits(PROCEDURE))
    slave = SlaveProcesses(SlaveConfig(HOST, port, PROCEDURE, lease_ns, stand_ins=True))
    try:
        slave.start()
        yield port, slave
    finally:
        slave.stop()


def both_lines(slave: SlaveProcesses, master: MasterProcesses) -> str:
    """What the two sides say of themselves: a stand-in that a busy host lets starve is told there."""
    return f"{slave.line()}; {master.line()}"


@contextmanager
def closing_yardstick() -> Iterator[Yardstick]:
    """A bare loop beside the siege."""
    yardstick = Yardstick()
    try:
        yield yardstick
    finally:
        yardstick.stop()


def besiege(seconds: float, seed: int) -> Outcome:
    """Half of the time without a surgeon; then one comes, and for the other half he acts."""
    with patients_side() as (port, slave), closing_yardstick() as yardstick:
        watch = Watch(slave)
        if not until(lambda: watch.mode() is Mode.LOCAL):
            return Outcome(0, 0, 0.0, [f"the arms were not LOCAL within {PATIENCE_S:.0f} s: {watch.mode()}"])
        strangers = Strangers(port, slave.server_key, seed)
        begin_ns = time.monotonic_ns()
        grew_mib, wrong = noise(strangers, watch, seconds / 2.0, tuple(watch.standing()))
        late_ns = yardstick.worst_ns(begin_ns, time.monotonic_ns())
        if late_ns is None or late_ns > VALID_LATE_NS:
            wrong = [line for line in wrong if not line.startswith(STOPPED_BY_HOST)]
        master = MasterProcesses(
            MasterConfig(HOST, port, "synthetic", "rightful", stand_ins=True, server_key=slave.server_key)
        )
        try:
            master.start()
            if not until(lambda: watch.mode() is Mode.FOLLOWING):
                wrong.append(
                    f"a rightful surgeon does not follow within {PATIENCE_S:.0f} s: {both_lines(slave, master)}"
                )
            # What the link does meanwhile is the host's to say; whose the session is, is not.
            grew_again_mib, more = noise(strangers, watch, seconds / 2.0, ("session", "surgeon"))
            wrong += more
            if not until(lambda: watch.mode() is Mode.FOLLOWING):
                wrong.append(
                    f"the surgeon does not follow again within {PATIENCE_S:.0f} s: {both_lines(slave, master)}"
                )
            wrong += [f"the surgeon's {name} process died" for name in master.children.ended()]
        finally:
            master.stop()
    return Outcome(strangers.connections, strangers.sent, max(grew_mib, grew_again_mib), wrong)
