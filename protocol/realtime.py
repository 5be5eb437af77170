"""What a control process asks of the operating system, and what it was granted. Refusals are told, never hidden."""

import gc
import os
import resource
from enum import Enum, auto

from protocol.posix import lock_memory


class Cores(Enum):
    """Which of the cores a process runs on, so that those that stop the arm find their caches as they left them.

    On a host with one core both are that one.
    """

    CONTROL = auto()
    """The last core: supervisor, controller and plant, which wake one after the other and never at once."""
    OTHERS = auto()
    """The rest: sockets, drives and whoever else is busy."""


def enter(priority: int, cores: Cores) -> tuple[str, ...]:
    """Lock this process's memory and run it at SCHED_FIFO `priority` on `cores`.

    To be called when the slow part of starting is over, so that it delays nobody, but before a socket is made:
    threads of libraries, as ZeroMQ's, inherit it. Returns a sentence for each refusal; none: all was granted.
    """
    refusals = []
    if lock_memory() != 0:
        refusals.append(
            "mlockall was refused, so that a page fault can delay control: allow `memlock unlimited` in limits.conf"
        )
    keep_to(cores)
    gc.collect()
    try:
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(priority))
    except PermissionError:
        refusals.append(
            "SCHED_FIFO was refused, so that other programs can delay control:"
            " run as root, or allow `rtprio 80` in /etc/security/limits.conf"
        )
    return tuple(refusals)


def keep_to(cores: Cores) -> None:
    """Run this process, and the threads it makes from now on, on `cores` alone."""
    allowed = sorted(os.sched_getaffinity(0))
    if len(allowed) > 1:
        os.sched_setaffinity(0, allowed[-1:] if cores is Cores.CONTROL else allowed[:-1])


def allow_files(count: int) -> None:
    """Let this process have so many open files, where it may; many systems begin with 1024, connections included."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = count if hard == resource.RLIM_INFINITY else min(count, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def fifo_allowed() -> bool:
    """Whether this process may have SCHED_FIFO, and so its children."""
    policy, parameters = os.sched_getscheduler(0), os.sched_getparam(0)
    try:
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))
    except PermissionError:
        return False
    os.sched_setscheduler(0, policy, parameters)
    return True


def settle() -> None:
    """Make no pauses of our own from here on. To be called when everything that a loop needs has been made.

    Cyclic garbage is not made on a control path; a collection there would be a pause at a time of its own choosing.
    """
    gc.freeze()
    gc.disable()
