"""A rival of the lanes, as a process at either end: `python -m bench.link.rival ARGUMENT`, told as JSON.

`udp` is a datagram a command; `zmq` is ZeroMQ as its guide introduces it: one PUSH connected to one PULL, all options
as they come. Both carry our own command, of the same size, at the same rate, and the receiver ticks as our controller
does: at each tick it takes in all that waits, keeps the newest, and notes how old that is.
"""

import signal
import socket
import sys
from array import array
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import msgspec
import zmq

from protocol import realtime
from protocol.clock import MonotonicClock
from protocol.codec import decode_command, encode
from protocol.messages import MAX_FRAME_BYTES, Command, Rest, TipPose
from protocol.pose import IDENTITY
from protocol.posix import die_with_parent
from protocol.ticker import Ticker

PRIORITY = 50
PORT = 7100
KINDS = ("udp", "zmq")

Send = Callable[[bytes], None]
Receive = Callable[[], list[bytes]]


class RivalConfig(msgspec.Struct, frozen=True):
    """`out` is where the receiver writes its rows at its end: pairs of int64, the tick's time and the newest command's
    own (0 before the first), both in ns. `host` is the receiver's address."""

    kind: str
    sends: bool
    host: str
    rate_hz: int
    out: str


class Stop:
    """Becomes true with SIGTERM."""

    def __init__(self) -> None:
        self.asked = False
        signal.signal(signal.SIGTERM, self._ask)
        signal.signal(signal.SIGINT, signal.SIG_IGN)

    def _ask(self, _signal: int, _frame: FrameType | None) -> None:
        self.asked = True


def command(sequence: int, sent_ns: int) -> Command:
    """A command of two engaged hands, with digits as a real one has them."""
    hand = TipPose(3, True, 2, 2**61 + sequence, (0.012345, -0.023456, 0.034567), IDENTITY, 0.456789)
    stamp_ns = max(0, sent_ns - 50_000_000)
    return Command(1, 2**61, 5, sequence, sent_ns, stamp_ns, stamp_ns, 100_000, 0.008, Rest.NONE, 0, 0, (hand, hand))


def udp_sender(host: str) -> Send:
    """A datagram a command; one that the system does not take is lost, as on the way."""
    out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    out.setblocking(False)
    out.connect((host, PORT))

    def send(frame: bytes) -> None:
        try:
            out.send(frame)
        except OSError:
            return

    return send


def udp_receiver(host: str) -> Receive:
    """All datagrams that wait."""
    inlet = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    inlet.bind((host, PORT))
    inlet.setblocking(False)

    def receive() -> list[bytes]:
        frames = []
        try:
            while True:
                frames.append(inlet.recv(MAX_FRAME_BYTES))
        except BlockingIOError:
            return frames

    return receive


def zmq_sender(host: str) -> Send:
    """One connection, with the queue that ZeroMQ gives it."""
    out: zmq.Socket[bytes] = zmq.Context.instance().socket(zmq.PUSH)
    out.setsockopt(zmq.LINGER, 0)
    out.connect(f"tcp://{host}:{PORT}")

    def send(frame: bytes) -> None:
        try:
            out.send(frame, zmq.DONTWAIT)
        except zmq.Again:
            return

    return send


def zmq_receiver(host: str) -> Receive:
    """All messages that wait."""
    inlet: zmq.Socket[bytes] = zmq.Context.instance().socket(zmq.PULL)
    inlet.setsockopt(zmq.LINGER, 0)
    inlet.bind(f"tcp://{host}:{PORT}")

    def receive() -> list[bytes]:
        frames: list[bytes] = []
        try:
            while True:
                frames.append(inlet.recv(zmq.DONTWAIT))
        except zmq.Again:
            return frames

    return receive


def run_sender(send: Send, ticker: Ticker, stop: Stop) -> None:
    """A command at every tick, stamped with the time it was due at: a sender that was held up sends old ones."""
    while not stop.asked:
        now_ns = ticker.wait()
        send(encode(command(ticker.ticks, now_ns - ticker.lateness_ns)))


def run_receiver(receive: Receive, ticker: Ticker, stop: Stop) -> "array[int]":
    """The rows."""
    rows = array("q")
    sequence = sent_ns = 0
    while not stop.asked:
        now_ns = ticker.wait()
        for frame in receive():
            newest = decode_command(frame)
            if newest.sequence > sequence:
                sequence, sent_ns = newest.sequence, newest.sent_ns
        rows.append(now_ns)
        rows.append(sent_ns)
    return rows


def main(config: RivalConfig) -> None:
    """Run until SIGTERM."""
    stop = Stop()
    die_with_parent(signal.SIGTERM)
    realtime.enter(PRIORITY, realtime.Cores.OTHERS)
    ticker = Ticker(MonotonicClock(), config.rate_hz)
    if config.sends:
        run_sender((udp_sender if config.kind == "udp" else zmq_sender)(config.host), ticker, stop)
        return
    rows = run_receiver((udp_receiver if config.kind == "udp" else zmq_receiver)(config.host), ticker, stop)
    Path(config.out).write_bytes(rows.tobytes())


if __name__ == "__main__":
    main(msgspec.json.decode(sys.argv[1], type=RivalConfig))
