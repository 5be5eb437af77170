"""What Python's library lacks of POSIX and Linux for control at a fixed rate."""

from libc.errno cimport EINTR, errno
from libc.stdint cimport int64_t
from posix.time cimport CLOCK_MONOTONIC, clock_gettime, timespec

cdef extern from "<time.h>" nogil:
    int TIMER_ABSTIME
    int CLOCK_THREAD_CPUTIME_ID
    int clock_nanosleep(int clock_id, int flags, const timespec* request, timespec* remain)

cdef extern from "<sys/mman.h>" nogil:
    int MCL_CURRENT
    int MCL_FUTURE
    int mlockall(int flags)

cdef extern from "<sys/prctl.h>" nogil:
    int PR_SET_PDEATHSIG
    int prctl(int option, unsigned long a2, unsigned long a3, unsigned long a4, unsigned long a5)


def sleep_until_ns(int64_t deadline_ns) -> None:
    """Sleep until CLOCK_MONOTONIC reaches `deadline_ns`. A signal's handler runs, then the sleep goes on."""
    cdef timespec deadline
    cdef int result
    if deadline_ns <= 0:
        return
    deadline.tv_sec = deadline_ns // 1000000000
    deadline.tv_nsec = deadline_ns % 1000000000
    while True:
        with nogil:
            result = clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &deadline, NULL)
        if result != EINTR:
            return
        check_signals()


cdef extern from "Python.h":
    int PyErr_CheckSignals() except -1


cdef inline void check_signals() except *:
    PyErr_CheckSignals()


def thread_cpu_ns() -> int:
    """CPU time that the calling thread has used, in ns."""
    cdef timespec used
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used)
    return <int64_t>used.tv_sec * 1000000000 + used.tv_nsec


def lock_memory() -> int:
    """Keep all pages of this process in memory, present and future. Returns 0, or the errno of the refusal."""
    return 0 if mlockall(MCL_CURRENT | MCL_FUTURE) == 0 else errno


def die_with_parent(int signal_number) -> int:
    """Ask for `signal_number` when the parent dies, so that no orphan drives an arm. Returns 0 or an errno."""
    return 0 if prctl(PR_SET_PDEATHSIG, signal_number, 0, 0, 0) == 0 else errno
