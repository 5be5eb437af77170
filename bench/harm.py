"""Ways to harm a running stack from outside, each with its way back."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable

from protocol.ports import IN_A_ROW, command_port, free_ports

Undo = Callable[[], None]

STARVER = """
import os, signal, sys, time
pid, runs_s, stops_s = int(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3])
try:
    os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(80))
except PermissionError:
    pass
while True:
    os.kill(pid, signal.SIGSTOP)
    time.sleep(stops_s)
    os.kill(pid, signal.SIGCONT)
    time.sleep(runs_s)
"""
RUNS_S, STOPS_S = 0.003, 0.3
"""A starved process gets one per cent of its time: three milliseconds, and then nothing for three hundred."""
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
    """Take the processor away, but for moments. By signals, for whom FIFO priority helps no policy can starve."""
    os.kill(pid, signal.SIGSTOP)
    arguments = [str(pid), str(RUNS_S), str(STOPS_S)]
    starver = subprocess.Popen([sys.executable, "-c", STARVER, *arguments], stdin=subprocess.DEVNULL)

    def undo() -> None:
        _end(starver)
        os.kill(pid, signal.SIGCONT)

    return undo


def _flood(port: int) -> Undo:
    """Frames of a stranger, whole ones, as fast as one process can."""
    flood = subprocess.Popen([sys.executable, "-c", FLOOD, str(command_port(port))], stdin=subprocess.DEVNULL)
    return lambda: _end(flood)


def _foul(port: int) -> Undo:
    """Bytes that are no ZeroMQ, on each port."""
    peers = [socket.create_connection(("127.0.0.1", number), timeout=1.0) for number in range(port, port + IN_A_ROW)]
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
