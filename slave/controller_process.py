"""The controller's process: the board and the clock around `slave.controller`. Shared memory only; 1 kHz."""

import msgspec

from kinematics import load_robot
from protocol import realtime
from protocol.child import Child, run
from protocol.clock import MonotonicClock
from protocol.fields import clipped
from protocol.posix import thread_cpu_ns
from protocol.records import Accepted, Authority, Measured, Report, Setpoint
from protocol.ticker import Ticker
from safety.limits import load_limits
from slave import tick_log
from slave.config import SlaveConfig
from slave.controller import Controller, Seen
from slave.phases import CONTROLLER


def main(child: Child) -> None:
    """Run until asked to end."""
    config = msgspec.json.decode(child.argument, type=SlaveConfig)
    board = child.board
    authority = board.view("authority", Authority)
    accepted = board.view("accepted", Accepted)
    measured = board.view("measured", Measured)
    setpoint = board.post("setpoint", Setpoint)
    report = board.post("report", Report)
    ring = board.ring("ticks")
    limits = load_limits(config.procedure)
    limits_hash = limits.hash
    controller = Controller(load_robot(config.robot), limits, config.lease_ns, 1.0 / config.rate_hz)
    notes = realtime.enter(CONTROLLER.priority, realtime.Cores.CONTROL)
    realtime.settle()
    child.ready(notes)
    clock = MonotonicClock()
    ticker = Ticker(clock, config.rate_hz, CONTROLLER.phase_ns)
    cpu_ns = thread_cpu_ns()
    while child.running:
        now_ns = ticker.wait()
        seen = Seen(now_ns, authority.latest(), accepted.latest(), measured.latest())
        # Read after the command: whoever bounds our clock by it takes the command to have been there by then.
        heard_ns = clock.now_ns()
        decided = controller.tick(seen)
        if decided.setpoint is None:
            continue
        # Stamped with the tick it is for: waking late moves no setpoint.
        stamp_ns = now_ns - ticker.lateness_ns
        setpoint.publish(Setpoint(stamp_ns, ticker.ticks, decided.generation, decided.setpoint.arms))
        states = tuple(arm.state for arm in decided.arms)
        refused = clipped(decided.refusal), decided.refusal_class
        counts = ticker.ticks, ticker.missed
        report.publish(Report(now_ns, *counts, decided.sent_ns, heard_ns, *refused, limits_hash, states))
        before_ns, cpu_ns = cpu_ns, thread_cpu_ns()
        timing = tick_log.Timing(ticker.lateness_ns, cpu_ns - before_ns, ticker.missed)
        ring.push(tick_log.row(now_ns, timing, decided))


if __name__ == "__main__":
    run("controller", main)
