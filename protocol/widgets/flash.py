"""When what flashes is lit, after IEC 60601-1-8: all of one priority in step, whoever draws it."""

import time

from protocol.clock import NS_PER_S
from protocol.widgets.theme import Priority

FLASH_HZ = {Priority.HIGH: 2.0, Priority.MEDIUM: 0.6, Priority.LOW: 0.0}
"""Within 1.4 to 2.8 Hz, and 0.4 to 0.8 Hz; what is low is steady."""
LIT_SHARE = 0.5
"""Of each period."""


def is_lit(priority: Priority, now_ns: int) -> bool:
    """Whether what flashes with that priority is lit at that time."""
    hz = FLASH_HZ[priority]
    return hz == 0.0 or (now_ns / NS_PER_S * hz) % 1.0 < LIT_SHARE


def flash_is_on(priority: Priority) -> bool:
    """Whether it is lit now."""
    return is_lit(priority, time.monotonic_ns())
