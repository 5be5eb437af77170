"""The simulated drives' process: the cabinet that real drives have, with a clock of its own and its own watchdog.

It hears the plant's orders and tells what it measures; nothing else of the stack reaches it.
"""

import msgspec
import zmq

from kinematics.description import load_description
from protocol import lanes, realtime
from protocol.child import Child, run
from protocol.clock import NS_PER_S, MonotonicClock
from protocol.codec import FrameError, decode_other
from protocol.fields import clipped
from protocol.figures import StopLine
from protocol.messages import StaffStop
from protocol.records import ArmMeasured, DriveOrder, Measured, Verb
from protocol.ticker import Ticker
from safety.limits import load_limits
from slave.config import SlaveConfig
from slave.phases import DRIVES
from slave.plants.mujoco_drives import MujocoDrives


def is_news(order: DriveOrder, now_ns: int, watchdog_ns: int) -> bool:
    """Whether to heed an order. A setpoint that waited while we were stopped is none: nothing moves after a SIGCONT."""
    return order.verb is not Verb.SERVO or now_ns - order.stamp_ns <= watchdog_ns


def obey(drives: MujocoDrives, order: DriveOrder) -> None:
    """Do what a new order says."""
    if order.verb is Verb.SERVO:
        for number, arm in enumerate(order.arms):
            drives.servo_jp(number, arm.position, arm.velocity, order.stamp_ns)
        drives.run_energy(order.energy)
    elif order.verb is Verb.HOLD:
        drives.hold()
    elif order.verb is Verb.PARK:
        drives.park()
    elif order.verb is Verb.POWER_OFF:
        drives.power_off()
    elif order.verb is Verb.POWER_ON:
        drives.power_on()
    else:
        drives.rearm()


def is_stop(frame: bytes) -> bool:
    """Whether a frame from a panel is STOP + POWER OFF."""
    try:
        return isinstance(decode_other(frame), StaffStop)
    except FrameError:
        return False


def account(drives: MujocoDrives, step: int, arms: int) -> Measured:
    """What the drives tell; what the plant adds is not theirs to know."""
    state = drives.state
    return Measured(
        stamp_ns=drives.time_ns,
        step=step,
        tick=0,
        powered=state.powered,
        tripped=state.tripped,
        stopped=state.stopped,
        following=state.following,
        energy=state.energy,
        holding=False,
        permitted=False,
        lapsed=False,
        generation=0,
        limits_hash=0,
        fault=clipped(state.fault),
        refused=state.refused,
        brakes=state.brakes,
        arms=tuple(ArmMeasured(*drives.measured_js(arm)) for arm in range(arms)),
        line=StopLine.NONE,
    )


def main(child: Child) -> None:
    """Run until asked to end."""
    config = msgspec.json.decode(child.argument, type=SlaveConfig)
    robot = load_description(config.robot)
    orders = child.board.view("drives.order", DriveOrder)
    measured = child.board.post("drives.measured", Measured)
    clock = MonotonicClock()
    watchdog_ns = load_limits(config.procedure).process.watchdog_ns
    drives = MujocoDrives(robot, watchdog_ns / NS_PER_S, clock.now_ns())
    notes = realtime.enter(DRIVES.priority, realtime.Cores.OTHERS)
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    stops = lanes.pull(context)
    stops.bind(child.board.ipc("drives.stop"))
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
            if is_news(order, now_ns, watchdog_ns):
                obey(drives, order)
        # Last, so that no order of the same tick undoes a stop.
        if any(is_stop(frame) for frame in lanes.drain(stops)):
            drives.stop()
        measured.publish(account(drives, ticker.ticks, len(robot.mounts)))


if __name__ == "__main__":
    run("drives", main)
