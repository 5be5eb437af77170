"""Ways to harm a running stack from outside, each with its way back; and the yardstick beside it."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable

import msgspec

from protocol.ports import command_port, free_ports

Undo = Callable[[], None]

HOG = "while True: pass"
FLOOD = """
import os, sys, zmq
socket = zmq.Context().socket(zmq.PUSH)
socket.setsockopt(zmq.LINGER, 0)
socket.connect("tcp://127.0.0.1:" + sys.argv[1])
while True:
    socket.send(os.urandom(250))
"""


def do_harm(harm: str, pid_of: Callable[[str], int], port: int) -> Undo:
    """Do what `harm` says, such as "kill pilot" or "flood link"; what is returned undoes it."""
    kind, _, what = harm.partition(" ")
    if kind in ("flood", "garbage"):
        return _flood(port) if kind == "flood" else _foul(port)
    pid = pid_of(what)
    if kind == "kill":
        os.kill(pid, signal.SIGKILL)
        return lambda: None
    if kind == "starve":
        return _starve(pid)
    # A link is cut by stopping what it runs through: its connections stay, and nothing comes out of them.
    os.kill(pid, signal.SIGSTOP)
    return lambda: os.kill(pid, signal.SIGCONT)


def _starve(pid: int) -> Undo:
    """Take the processor away: the process may run only when nobody else wants its core, and somebody always does."""
    policy, parameters = os.sched_getscheduler(pid), os.sched_getparam(pid)
    hog = subprocess.Popen([sys.executable, "-c", HOG], stdin=subprocess.DEVNULL)
    os.sched_setaffinity(hog.pid, os.sched_getaffinity(pid))
    os.sched_setscheduler(pid, os.SCHED_IDLE, os.sched_param(0))

    def undo() -> None:
        _end(hog)
        os.sched_setscheduler(pid, policy, parameters)

    return undo


def _flood(port: int) -> Undo:
    """Frames of a stranger, whole ones, as fast as one process can."""
    flood = subprocess.Popen([sys.executable, "-c", FLOOD, str(command_port(port))], stdin=subprocess.DEVNULL)
    return lambda: _end(flood)


def _foul(port: int) -> Undo:
    """Bytes that are no ZeroMQ, on each port."""
    peers = [socket.create_connection(("127.0.0.1", number), timeout=1.0) for number in range(port, port + 3)]
    for peer in peers:
        peer.sendall(os.urandom(4096))

    def undo() -> None:
        for peer in peers:
            peer.close()

    return undo


class Proxy:
    """A process that all connections of a link run through, for a link that can be cut. `port`: connect here."""

    def __init__(self, to_port: int) -> None:
        self.port = free_ports()
        arguments = [str(self.port), str(to_port)]
        self._process = subprocess.Popen([sys.executable, "-m", "bench.proxy", *arguments], stdin=subprocess.DEVNULL)

    @property
    def pid(self) -> int:
        """Its process."""
        return self._process.pid

    def stop(self) -> None:
        """End it."""
        _end(self._process)


class BareLoop:
    """A bare C loop for `seconds`, at the controller's priority and rate, on the control processes' core."""

    def __init__(self, seconds: float) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.bare_process", "1000", str(int(seconds) + 1)], stdout=subprocess.PIPE
        )

    def __enter__(self) -> "BareLoop":
        return self

    def __exit__(self, *_: object) -> None:
        _end(self._process)

    def worst_ns(self) -> int:
        """How late it was at worst."""
        out, _ = self._process.communicate()
        return max(msgspec.json.decode(out, type=list[int]))


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.kill()
    process.wait()


def is_alive(pid: int) -> bool:
    """Whether a process is there, and no mere entry that its parent has yet to read."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    with open(f"/proc/{pid}/stat", encoding="ascii") as stat:
        return stat.read().rpartition(")")[2].split()[0] != "Z"
