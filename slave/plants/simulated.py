"""The driver of the simulated drives: the plant's verbs as orders on the board, the drives' account as its state."""

from protocol.board import Board
from protocol.records import DriveOrder, Measured, Verb
from safety.gate import GatedSetpoint


class SimulatedPlant:
    """A `Plant` whose drives are the process of `slave.plants.drives_process`."""

    def __init__(self, board: Board) -> None:
        self._orders = board.post("drives.order", DriveOrder)
        self._measured = board.view("drives.measured", Measured)
        self._number = 0
        self._verb: Verb | None = None

    def measured(self) -> Measured | None:
        """What the drives told last; None before the first time."""
        return self._measured.latest()

    def servo_jp(self, setpoint: GatedSetpoint, stamp_ns: int, energy: bool) -> None:
        """Follow this setpoint, which was made at `stamp_ns`, with or without energy."""
        self._number += 1
        self._verb = Verb.SERVO
        self._orders.publish(DriveOrder(self._number, Verb.SERVO, stamp_ns, energy, setpoint.arms))

    def hold(self, now_ns: int) -> None:
        """Decelerate and hold under power."""
        self._order_once(Verb.HOLD, now_ns)

    def park(self, now_ns: int) -> None:
        """Close the brakes under power."""
        self._order_once(Verb.PARK, now_ns)

    def power_on(self, now_ns: int) -> None:
        """Hold where the arms are, then open the brakes."""
        self._order_once(Verb.POWER_ON, now_ns)

    def power_off(self, now_ns: int) -> None:
        """Decelerate, close the brakes, take the torque away."""
        self._order_once(Verb.POWER_OFF, now_ns)

    def rearm(self, now_ns: int) -> None:
        """Acknowledge a trip."""
        self._order_once(Verb.REARM, now_ns)

    def _order_once(self, verb: Verb, now_ns: int) -> None:
        if self._verb is not verb:
            self._number += 1
            self._verb = verb
            self._orders.publish(DriveOrder(self._number, verb, now_ns, False, ()))
