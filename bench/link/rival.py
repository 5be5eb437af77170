"""A rival as a process at either end: `python -m bench.link.rival ARGUMENT`, told as JSON.

`udp` is a datagram a command; `zmq` is ZeroMQ as its guide introduces it: one PUSH connected to one PULL, all options
as they come. `lanes-keyed` and `lanes-plain` are the lanes of the product, the one with CURVE and the other without:
side by side they tell what keys cost, and so take turns at ticking. All carry our own command, of the same size, at the
same rate, and the receiver ticks as our controller does: at each tick it takes in all that waits, keeps the newest, and
notes how old that is.
"""

import os
import signal
import sys
import time
from array import array
from contextlib import ExitStack
from pathlib import Path
from types import FrameType

import msgspec

from bench.link import means
from bench.link.means import Receive, Send
from bench.link.turns import Turns
from protocol import realtime
from protocol.clock import NS_PER_MS, MonotonicClock
from protocol.codec import decode_command, encode
from protocol.curve import KeyPair
from protocol.messages import Command, Rest, TipPose
from protocol.pose import IDENTITY
from protocol.posix import die_with_parent
from protocol.ticker import Ticker

PRIORITY = 50
CPU_EVERY_NS = 100 * NS_PER_MS


class RivalConfig(msgspec.Struct, frozen=True):
    """`host` is the receiver's address, `rate_hz` that of the commands or of the receiver's ticks.

    `parent` is the process id of who started it, and whom it does not outlive. `place` is where it ticks, see Turns;
    None: at whole periods, as our processes do. `keys` are the receiver's, made for this run alone; its sender has the
    public one only. None: nothing is encrypted. `out` begins the names of the files that are written at the end: `rows`
    by the receiver, pairs of int64, the tick's time and the newest command's own (0 before the first), both in ns;
    `cpu` by either, see CpuLog.
    """

    kind: str
    sends: bool
    parent: int
    host: str
    rate_hz: int
    lanes: int
    place: int | None
    keys: KeyPair | None
    out: str


class Stop:
    """Becomes true with SIGTERM."""

    def __init__(self) -> None:
        self.asked = False
        signal.signal(signal.SIGTERM, self._ask)
        signal.signal(signal.SIGINT, signal.SIG_IGN)

    def _ask(self, _signal: int, _frame: FrameType | None) -> None:
        self.asked = True


class CpuLog:
    """Rows of int64: a time and the processor time of this process until then, all its threads counted, in ns; and how
    many commands it had sent."""

    def __init__(self) -> None:
        self.rows = array("q")
        self._next_ns = 0

    def note(self, now_ns: int, sent: int) -> None:
        """To be called at every tick; writes now and then."""
        if now_ns >= self._next_ns:
            self._next_ns = now_ns + CPU_EVERY_NS
            self.rows.extend((time.monotonic_ns(), time.process_time_ns(), sent))


def command(sequence: int, sent_ns: int) -> Command:
    """A command of two engaged hands, with digits as a real one has them."""
    hand = TipPose(3, True, 2, 2**61 + sequence, (0.012345, -0.023456, 0.034567), IDENTITY, 0.456789)
    stamp_ns = max(0, sent_ns - 50_000_000)
    return Command(1, 2**61, 5, sequence, sent_ns, stamp_ns, stamp_ns, 100_000, 0.008, Rest.NONE, 0, 0, (hand, hand))


def sender(stack: ExitStack, config: RivalConfig) -> Send:
    """Its sending end."""
    if config.kind == "udp":
        return means.udp_sender(stack, config.host)
    if config.kind == "zmq":
        return means.zmq_sender(stack, config.host)
    server_key = "" if config.keys is None else config.keys.public
    return means.lanes_sender(stack, config.host, config.lanes, config.rate_hz, server_key)


def receiver(stack: ExitStack, config: RivalConfig) -> Receive:
    """Its receiving end."""
    if config.kind == "udp":
        return means.udp_receiver(stack, config.host)
    if config.kind == "zmq":
        return means.zmq_receiver(stack, config.host)
    return means.lanes_receiver(stack, config.host, config.keys)


def run_sender(send: Send, ticker: Ticker | Turns, stop: Stop, cpu: CpuLog) -> None:
    """A command at every tick, stamped with the time it was due at: a sender that was held up sends old ones."""
    sent = 0
    while not stop.asked:
        now_ns = ticker.wait()
        cpu.note(now_ns, sent)
        sent += send(now_ns, encode(command(ticker.ticks, now_ns - ticker.lateness_ns)))


def run_receiver(receive: Receive, ticker: Ticker | Turns, stop: Stop, cpu: CpuLog) -> "array[int]":
    """The rows."""
    rows = array("q")
    sequence = sent_ns = 0
    while not stop.asked:
        now_ns = ticker.wait()
        cpu.note(now_ns, 0)
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
    if os.getppid() != config.parent:
        return  # it died before we asked to be told
    realtime.enter(PRIORITY, realtime.Cores.OTHERS)
    clock, cpu = MonotonicClock(), CpuLog()
    ticker = Ticker(clock, config.rate_hz) if config.place is None else Turns(clock, config.rate_hz, config.place)
    with ExitStack() as stack:
        if config.sends:
            send = sender(stack, config)
            realtime.settle()
            run_sender(send, ticker, stop, cpu)
        else:
            receive = receiver(stack, config)
            realtime.settle()
            rows = run_receiver(receive, ticker, stop, cpu)
            Path(f"{config.out}.rows").write_bytes(rows.tobytes())
        Path(f"{config.out}.{'sender' if config.sends else 'receiver'}.cpu").write_bytes(cpu.rows.tobytes())


if __name__ == "__main__":
    main(msgspec.json.decode(sys.argv[1], type=RivalConfig))
