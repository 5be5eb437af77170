"""The plant's process: the driver between the controller's setpoints and the drives, with a gate of its own."""

import msgspec

from kinematics.description import load_description
from protocol import realtime
from protocol.board import View
from protocol.child import Child, run
from protocol.clock import Clock, MonotonicClock
from protocol.fields import clipped
from protocol.records import Grant, Measured, Permit, Setpoint, Verb
from protocol.ticker import Ticker
from safety.gate import GatedSetpoint
from safety.limits import load_limits
from slave.config import SlaveConfig
from slave.phases import PLANT
from slave.plants.guard import PlantGuard
from slave.plants.plant import Plant
from slave.plants.simulated import SimulatedPlant


def with_account(measured: Measured, guard: PlantGuard, tick: int, limits_hash: int) -> Measured:
    """The drives' account with the plant's own beside it."""
    return msgspec.structs.replace(
        measured,
        tick=tick,
        fault=clipped(measured.fault or guard.fault),
        holding=guard.holding,
        permitted=guard.permit.grant is not Grant.NONE,
        lapsed=guard.permit.lapsed,
        generation=guard.permit.generation,
        limits_hash=limits_hash,
    )


def look(
    plant: Plant, setpoints: View[Setpoint], permits: View[Permit], clock: Clock
) -> tuple[int, Measured | None, Setpoint | None, Permit | None]:
    """What a tick reads, and then the time: a permit that was renewed between the two would be one of the future."""
    measured, setpoint, permit = plant.measured(), setpoints.latest(), permits.latest()
    return clock.now_ns(), measured, setpoint, permit


def main(child: Child) -> None:
    """Run until asked to end; then hold."""
    config = msgspec.json.decode(child.argument, type=SlaveConfig)
    setpoints = child.board.view("setpoint", Setpoint)
    post = child.board.post("measured", Measured)
    plant: Plant = SimulatedPlant(child.board)
    permits = child.board.view("permit", Permit)
    limits = load_limits(config.procedure)
    limits_hash = limits.hash
    guard = PlantGuard(load_description(config.robot), limits, config.lease_ns, 1.0 / config.rate_hz)
    verbs = {
        Verb.HOLD: plant.hold,
        Verb.PARK: plant.park,
        Verb.POWER_ON: plant.power_on,
        Verb.POWER_OFF: plant.power_off,
        Verb.REARM: plant.rearm,
    }
    notes = realtime.enter(PLANT.priority, realtime.Cores.CONTROL)
    realtime.settle()
    child.ready(notes)
    clock = MonotonicClock()
    ticker = Ticker(clock, config.rate_hz, PLANT.phase_ns)
    while child.running:
        ticker.wait()
        now_ns, measured, setpoint, permit = look(plant, setpoints, permits, clock)
        decided = guard.decide(now_ns, measured, setpoint, permit)
        if isinstance(decided, GatedSetpoint) and setpoint is not None:
            plant.servo_jp(decided, setpoint.stamp_ns, guard.permit.energy)
        elif isinstance(decided, Verb):
            verbs[decided](now_ns)
        if measured is not None:
            post.publish(with_account(measured, guard, ticker.ticks, limits_hash))
    if not guard.permit.park:
        # Brakes that are closed stay closed: nobody watches any more.
        plant.hold(clock.now_ns())


if __name__ == "__main__":
    run("plant", main)
