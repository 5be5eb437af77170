"""Runs the bare C loop as a process of its own, scheduled as the controller is, and prints its latenesses as JSON."""

import sys

import msgspec

from bench.bare_loop import lateness_ns
from protocol import realtime
from protocol.clock import NS_PER_S
from slave.phases import CONTROLLER

if __name__ == "__main__":
    rate_hz, seconds = int(sys.argv[1]), int(sys.argv[2])
    realtime.enter(CONTROLLER.priority, realtime.Cores.CONTROL)
    late = lateness_ns(NS_PER_S // rate_hz, rate_hz * seconds, CONTROLLER.phase_ns)
    sys.stdout.buffer.write(msgspec.json.encode(late))
