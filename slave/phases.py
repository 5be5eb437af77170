"""When in each millisecond the processes of the patient's side tick, so that each reads what the one before it wrote.

Drives measure and move, the supervisor judges, the controller decides, the plant passes on; the gateway wakes when
frames come. Priorities fall from those who stop the arm to those who talk about it.
"""

from typing import NamedTuple

from protocol.clock import NS_PER_MS


class Slot(NamedTuple):
    """A share of the period, and a SCHED_FIFO priority."""

    phase_ns: int
    priority: int


DRIVES = Slot(0, 54)
SUPERVISOR = Slot(NS_PER_MS // 4, 60)
CONTROLLER = Slot(NS_PER_MS // 2, 58)
PLANT = Slot(NS_PER_MS * 3 // 4, 56)
GATEWAY_PRIORITY = 52
