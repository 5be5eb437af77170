"""The simulated drives' process: the cabinet that real drives have, with a clock of its own and its own watchdog.

It hears the plant's orders and tells what it measures; nothing else of the stack reaches it.
"""

import msgspec

from kinematics.description import load_description
from protocol import realtime
from protocol.child import Child, run
from protocol.clock import NS_PER_S, MonotonicClock
from protocol.fields import clipped
from protocol.records import ArmMeasured, DriveOrder, Measured, Verb
from protocol.ticker import Ticker
from slave.config import SlaveConfig
from slave.phases import DRIVES
from slave.plants.mujoco_drives import MujocoDrives

WATCHDOG_S = 0.05
"""Development: no shorter than what a shared host keeps awake for. Real drives have 30 ms."""


def is_news(order: DriveOrder, now_ns: int) -> bool:
    """Whether to heed an order. A setpoint that waited while we were stopped is none: nothing moves after a SIGCONT."""
    return order.verb is not Verb.SERVO or now_ns - order.stamp_ns <= WATCHDOG_S * NS_PER_S


def obey(drives: MujocoDrives, order: DriveOrder) -> None:
    """Do what a new order says."""
    if order.verb is Verb.SERVO:
        for number, arm in enumerate(order.arms):
            drives.servo_jp(number, arm.position, arm.velocity, order.stamp_ns)
    elif order.verb is Verb.HOLD:
        drives.hold()
    elif order.verb is Verb.POWER_OFF:
        drives.power_off()
    elif order.verb is Verb.POWER_ON:
        drives.power_on()
    else:
        drives.rearm()


def main(child: Child) -> None:
    """Run until asked to end."""
    config = msgspec.json.decode(child.argument, type=SlaveConfig)
    robot = load_description(config.robot)
    orders = child.board.view("drives.order", DriveOrder)
    measured = child.board.post("drives.measured", Measured)
    clock = MonotonicClock()
    drives = MujocoDrives(robot, WATCHDOG_S, clock.now_ns())
    notes = realtime.enter(DRIVES.priority, realtime.Cores.OTHERS)
    realtime.settle()
    child.ready(notes)
    ticker = Ticker(clock, config.rate_hz, DRIVES.phase_ns)
    obeyed = 0
    while child.running:
        now_ns = ticker.wait()
        drives.step(now_ns)
        order = orders.latest()
        if order is not None and order.number != obeyed:
            obeyed = order.number
            if is_news(order, now_ns):
                obey(drives, order)
        state = drives.state
        measured.publish(
            Measured(
                stamp_ns=drives.time_ns,
                step=ticker.ticks,
                powered=state.powered,
                tripped=state.tripped,
                holding=False,
                fault=clipped(state.fault),
                refused=state.refused,
                brakes=state.brakes,
                arms=tuple(ArmMeasured(*drives.measured_js(arm)) for arm in range(len(robot.mounts))),
            )
        )


if __name__ == "__main__":
    run("drives", main)
