"""The yardstick of `bench loop`: a bare C loop on clock_nanosleep, with nothing in it but the clock."""

from libc.stdint cimport int64_t
from libc.stdlib cimport free, malloc
from posix.time cimport CLOCK_MONOTONIC, clock_gettime, timespec

cdef extern from "<time.h>" nogil:
    int TIMER_ABSTIME
    int clock_nanosleep(int clock_id, int flags, const timespec* request, timespec* remain)


cdef inline int64_t now_ns() noexcept nogil:
    cdef timespec now
    clock_gettime(CLOCK_MONOTONIC, &now)
    return <int64_t>now.tv_sec * 1000000000 + now.tv_nsec


def lateness_ns(int64_t period_ns, int ticks, int64_t phase_ns) -> list[int]:
    """How late each of `ticks` wakings was, on the grid of `period_ns` with the given phase."""
    cdef int64_t* late = <int64_t*>malloc(ticks * sizeof(int64_t))
    cdef int64_t deadline_ns
    cdef timespec deadline
    cdef int tick
    if late == NULL:
        raise MemoryError("no memory for the lateness of the bare loop")
    try:
        with nogil:
            deadline_ns = now_ns()
            deadline_ns -= (deadline_ns - phase_ns) % period_ns
            for tick in range(ticks):
                deadline_ns += period_ns
                deadline.tv_sec = deadline_ns // 1000000000
                deadline.tv_nsec = deadline_ns % 1000000000
                clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &deadline, NULL)
                late[tick] = now_ns() - deadline_ns
                # As our Ticker does, deadlines that have passed are left out rather than made up for in a burst.
                if late[tick] > period_ns:
                    deadline_ns += late[tick] // period_ns * period_ns
        return [late[tick] for tick in range(ticks)]
    finally:
        free(late)
