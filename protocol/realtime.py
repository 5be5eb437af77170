"""What a control process asks of the operating system, and what it was granted. Refusals are told, never hidden."""

import gc
import os

from protocol.posix import lock_memory


def enter(priority: int) -> tuple[str, ...]:
    """Run this process at SCHED_FIFO `priority` with its memory locked and the collector off.

    Returns one sentence for each refusal; none means that all was granted. Call it when start-up allocations are done.
    """
    refusals = []
    try:
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(priority))
    except PermissionError:
        refusals.append(
            "SCHED_FIFO was refused, so that other programs can delay control:"
            " run as root, or allow `rtprio 80` in /etc/security/limits.conf"
        )
    if lock_memory() != 0:
        refusals.append(
            "mlockall was refused, so that a page fault can delay control: allow `memlock unlimited` in limits.conf"
        )
    gc.collect()
    gc.freeze()
    # Cyclic garbage is not made on a control path; a collection there would be a pause at a time of its own choosing.
    gc.disable()
    return tuple(refusals)
