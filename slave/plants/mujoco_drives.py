"""The simulated drive cabinet: power, brakes, watchdog and stops around the servoed arms of a MuJoCo model.

Handed the time; no clock, socket or shared memory. Step first, then give the setpoints: they take effect from then on.
"""

import msgspec
import numpy as np

from kinematics.description import Jaw, Joint, RobotDescription
from slave.plants.follower import Follower
from slave.plants.servoed_model import Joints, ServoedModel

SUBSTEP_NS = 500_000
"""Step of the integration and of the servo: a seventh of the servo's time constant."""

CATCH_UP_NS = 100_000_000
"""The world stands still for what exceeds this in one step: a process that was stopped has no past to make up for."""

BRAKE_CLOSING_NS = 20_000_000
"""The servo holds for so long after the end of a deceleration, while the brakes close. Assumed."""

SKEW_NS = 2_000_000
"""How much later than the last step a setpoint may be stamped. One from the future would keep the watchdog quiet."""

ENCODER_COUNTS = 1e7
"""Counts of an encoder per rad or m. Assumed, and finer than real ones: an arm at rest reads the same at every tick."""

OVERSPEED = 1.2
"""Setpoints may exceed a speed limit by this much; the gate before the drives holds the limit itself."""

POSITION_SLACK = 1e-9
"""Rounding that a setpoint on a joint's limit may carry, in rad or m."""


class DriveState(msgspec.Struct, frozen=True):
    """What the cabinet tells of itself.

    `powered` stays true until the brakes have closed after `power_off`. `brakes`: per arm and joint, jaw last, whether
    one is closed: without power, and parked. `tripped`: the watchdog stopped the arms, and setpoints are ignored until
    `rearm`. `fault`: why the drives switched themselves off, or empty. `refused`: setpoints refused since the start.
    `stopped`: STOP + POWER OFF was pressed, and nothing is powered until `rearm`. `following`: a setpoint moves them.
    `energy`: the instrument's.
    """

    powered: bool
    brakes: tuple[tuple[bool, ...], ...]
    tripped: bool
    stopped: bool
    following: bool
    energy: bool
    fault: str
    refused: int


class MujocoDrives:
    """The drives of all arms of `description`, at home, without power and with brakes closed at first.

    `watchdog_s`: how long an arm that follows may be without a setpoint. `now_ns`: the time at which the world begins.
    Vectors of an arm hold its joints in the order of the description, then the jaw, in rad or m.
    """

    def __init__(self, description: RobotDescription, watchdog_s: float, now_ns: int) -> None:
        if not watchdog_s >= 0.005:
            raise ValueError(f"watchdog_s is {watchdog_s}; at least 0.005 (five periods of 1 kHz) is needed")
        axes: tuple[Joint | Jaw, ...] = (*description.joints, description.jaw)
        count, arms = len(axes), len(description.mounts)
        self._arms = tuple(slice(k * count, (k + 1) * count) for k in range(arms))
        self._watchdog_ns = round(watchdog_s * 1e9)
        self._bounds = tuple(
            (
                axis.position_min - POSITION_SLACK,
                axis.position_max + POSITION_SLACK,
                axis.velocity_max * OVERSPEED,
            )
            for axis in axes
        )
        self._jumps = tuple(axis.velocity_max * OVERSPEED * watchdog_s for axis in axes)
        self._has_brake = tuple(axis.drive.brake for axis in axes)
        self._brakes_closed = (self._has_brake,) * arms
        self._brakes_open = ((False,) * count,) * arms
        self._world = world = ServoedModel(description, SUBSTEP_NS * 1e-9)
        acceleration_max = np.array([axis.acceleration_max for axis in axes])
        self._followers = tuple(
            Follower(world.wanted_position[arm], world.wanted_velocity[arm], acceleration_max) for arm in self._arms
        )
        self._sound_position = world.position.copy()
        self._time_ns = now_ns
        self._heard_ns: list[int | None] = [None] * arms  # newest setpoint's stamp of each arm that follows
        self._off_ns: int | None = None  # when the torque goes, after a power_off
        self._powered, self._tripped, self._fault, self._refused = False, False, "", 0
        self._stopped = self._energy = self._parked = False

    @property
    def time_ns(self) -> int:
        """The time of the present state: at most one integration step before that of the last `step`."""
        return self._time_ns

    @property
    def state(self) -> DriveState:
        """Power, brakes, trip and fault."""
        return DriveState(
            powered=self._powered,
            brakes=self._brakes_closed if self._parked or not self._powered else self._brakes_open,
            tripped=self._tripped,
            stopped=self._stopped,
            following=self._following,
            energy=self._energy,
            fault=self._fault,
            refused=self._refused,
        )

    @property
    def _following(self) -> bool:
        return any(heard_ns is not None for heard_ns in self._heard_ns)

    def measured_js(self, arm: int) -> tuple[Joints, Joints, Joints]:
        """Position as encoders tell, velocity (rad, m, per s) and effort (N m, N) of one arm, joints then jaw."""
        return self._world.measured_js(self._arms[arm], ENCODER_COUNTS)

    def servo_jp(self, arm: int, position: Joints, velocity: Joints, stamp_ns: int) -> None:
        """Be at `position`, moving at `velocity`, at `stamp_ns`: a stamp of where it was made makes its delay harmless.

        Refused, and counted, while parked, and unless there is such an arm with so many joints and all is finite,
        within the limits, no farther from where the servo is than the joint could have gone while the watchdog was
        content, and stamped at most the watchdog's time before the last step and SKEW_NS after it.
        Ignored without power, while tripped, and after `power_off`.
        """
        if not (0 <= arm < len(self._arms) and len(position) == len(velocity) == len(self._bounds)):
            # Not raised: whoever sends so much nonsense must not take the drives with him.
            self._refused += 1
            return
        if not self._powered or self._tripped or self._off_ns is not None:
            return
        if self._parked or not -self._watchdog_ns <= stamp_ns - self._time_ns <= SKEW_NS:
            self._refused += 1
            return
        follower = self._followers[arm]
        # Written so that NaN fails it.
        sound = all(
            low <= x <= high and -fastest <= v <= fastest
            for x, v, (low, high, fastest) in zip(position, velocity, self._bounds, strict=True)
        )
        if not (sound and follower.may_go_to(position, self._jumps)):
            self._refused += 1
            return
        follower.track(position, velocity, stamp_ns)
        self._heard_ns[arm] = stamp_ns

    def hold(self) -> None:
        """Decelerate within the joints' limits and hold under power. The watchdog rests until the next setpoint."""
        self._stop_followers()
        if self._parked and self._off_ns is None and not self._stopped:
            # The servo begins where the brakes held, not where it last was told to be. The jaw grips on.
            for arm, follower in zip(self._arms, self._followers, strict=True):
                position = self._world.position[arm].copy()
                position[-1] = self._world.wanted_position[arm][-1]
                follower.rest_at(position)
            self._world.unlock()
            self._parked = False

    def park(self) -> None:
        """Close the brakes under power and hold on, until `hold`. Ignored unless powered, at rest, and with brakes."""
        at_rest = not self._following and all(follower.resting for follower in self._followers)
        if any(self._has_brake) and self._powered and at_rest and self._off_ns is None and not self._parked:
            self._world.lock()
            self._parked = True

    def power_off(self) -> None:
        """Decelerate, close the brakes, then take the torque away. Joints without a brake are damped, and may sag."""
        if self._powered and self._off_ns is None:
            self._off_ns = self._stop_followers() + BRAKE_CLOSING_NS

    def stop(self) -> None:
        """STOP + POWER OFF, from a button or the hard-wired line: as `power_off`, and latched until `rearm`."""
        self._stopped = True
        self.power_off()

    def run_energy(self, on: bool) -> None:
        """The instrument's energy, on only while the arms follow."""
        self._energy = on and self._following

    def power_on(self) -> None:
        """Hold where the arms are and open the brakes. Does nothing with power on, or while stopped or faulty."""
        if self._powered or self._fault or self._stopped:
            return
        for arm, follower in zip(self._arms, self._followers, strict=True):
            follower.rest_at(self._world.position[arm])
        self._world.engage()
        self._powered = True

    def rearm(self) -> None:
        """Acknowledge a trip, a fault or a stop. Moves nothing and switches nothing on."""
        self._tripped, self._fault, self._stopped = False, "", False

    def creep(self, arm: int, joint: int, by: float) -> None:
        """A servo that lost its reference: one that holds slides on by so much. To rehearse that it is noticed."""
        if self._powered and not self._following:
            self._followers[arm].slide(joint, by)

    def step(self, now_ns: int) -> None:
        """Let the world go on until `now_ns`. What is left of an integration step is made up for in the next call."""
        self._time_ns = max(self._time_ns, now_ns - CATCH_UP_NS)
        self._watch(now_ns)
        while self._time_ns + SUBSTEP_NS <= now_ns:
            self._integrate()
            self._time_ns += SUBSTEP_NS
        if self._world.is_sound():
            self._sound_position[:] = self._world.position
        else:
            # At the last sound position the state is finite again.
            self._world.restore(self._sound_position)
            self._cut_power()
            self._fault = (
                "simulation diverged: a joint at no possible speed; check masses, efforts and servo of the robot"
            )

    def _watch(self, now_ns: int) -> None:
        """The watchdog: one arm that follows and whose newest setpoint is too old stops all."""
        for heard_ns in self._heard_ns:
            if heard_ns is not None and now_ns - heard_ns > self._watchdog_ns:
                self._stop_followers()
                self._tripped = True
                return

    def _stop_followers(self) -> int:
        """Bring every reference to rest, without energy. Returns the time at which the last one rests."""
        self._energy = False
        self._heard_ns = [None] * len(self._arms)
        return max((follower.stop(self._time_ns) for follower in self._followers), default=self._time_ns)

    def _integrate(self) -> None:
        if self._off_ns is not None and self._time_ns >= self._off_ns:
            self._cut_power()
        if not self._powered:
            self._world.integrate()
            return
        for follower in self._followers:
            follower.advance(self._time_ns)
        self._world.integrate_servoed()

    def _cut_power(self) -> None:
        self._world.release()
        self._powered, self._off_ns, self._energy, self._parked = False, None, False, False
        self._heard_ns = [None] * len(self._arms)
