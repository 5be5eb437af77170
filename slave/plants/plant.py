"""What the stack asks of the arms' driver, simulated or hardware. A hardware driver implements this and nothing else.

The verbs are CRTK's (collaborative-robotics.github.io). All arms of a patient are one plant: they have one power, and
any trip stops all of them. No call blocks, waits for a drive, or raises; what went wrong shows in `measured`.
Vectors of an arm hold its joints in the order of the description, then the jaw, in rad or m.

Duties of every implementation, below and apart from whatever calls it:

- A watchdog. When an arm that follows gets no setpoint for longer than its limit (30 ms on hardware), all arms
  decelerate within their limits, hold, and latch `tripped`. Setpoints are then ignored until `rearm`.
- Setpoints that are not finite or outside the joints' limits are refused and counted, never passed on.
- No motion but towards a setpoint: not at `power_on`, not at `rearm`, not when the process was stopped and continues.
- A hard-wired stop input, normally closed, that no software of ours can override: when it opens, or when STOP + POWER
  OFF is pressed on a panel of this host, the drives do as at `power_off` and latch `stopped` until `rearm`; an input
  that is still open keeps it latched.
- A brake closes wherever there is one before the torque goes. Joints without one are left damped, and may sag.
"""

from typing import Protocol

from protocol.records import Measured
from safety.gate import GatedSetpoint


class Plant(Protocol):
    """A driver of all arms of one patient. Every time is ns on this host's monotonic clock."""

    def measured(self) -> Measured | None:
        """The newest account: joints of every arm (CRTK's measured_js), power, brakes, trip, fault, refusals.

        None until the drives have spoken. How old it is, its stamp says.
        """
        ...

    def servo_jp(self, setpoint: GatedSetpoint, stamp_ns: int, energy: bool) -> None:
        """Be where `setpoint` says at `stamp_ns`, moving as it says. Renewed every tick, or the watchdog trips.

        `energy`: whether the instrument's energy runs; it ends with every other verb, and with the watchdog.
        Does nothing without power, while tripped, and after `power_off`.
        """
        ...

    def hold(self, now_ns: int) -> None:
        """Decelerate along the path and hold under power: stop category 2. The watchdog then waits for a setpoint."""
        ...

    def park(self, now_ns: int) -> None:
        """Close the brakes under power, with the arms at rest; `hold` opens them. Joints without one are held on.

        What holds after the opening begins where the brakes held: a servo that strayed against them must not leap.
        After STOP + POWER OFF they stay closed.

        Does nothing while an arm follows or comes to rest.
        """
        ...

    def power_off(self, now_ns: int) -> None:
        """Decelerate, close the brakes, then take the torque away: stop category 1."""
        ...

    def power_on(self, now_ns: int) -> None:
        """Hold at the measured position, then open the brakes. Moves nothing. Does nothing while there is a fault."""
        ...

    def rearm(self, now_ns: int) -> None:
        """Acknowledge a trip, a fault or a stop. Moves nothing and switches nothing on."""
        ...
