"""What Python's library lacks of POSIX and Linux for control at a fixed rate."""

from libc.errno cimport EINTR, errno
from libc.stdint cimport int64_t, uint64_t
from posix.time cimport CLOCK_MONOTONIC, clock_gettime, timespec
from posix.unistd cimport close, read

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


cdef extern from "<sys/timerfd.h>" nogil:
    struct itimerspec:
        timespec it_interval
        timespec it_value
    int TFD_NONBLOCK
    int TFD_CLOEXEC
    int TFD_TIMER_ABSTIME
    int timerfd_create(int clock_id, int flags)
    int timerfd_settime(int fd, int flags, const itimerspec* new_value, itimerspec* old_value)

cdef extern from "Python.h":
    int PyErr_CheckSignals() except -1


cdef class Timer:
    """A periodic timer as a file descriptor, for loops that wait for sockets and for the time at once.

    It expires at whole multiples of the period on CLOCK_MONOTONIC, so that a late reader does not move it.
    """

    cdef int _descriptor

    def __cinit__(self, int64_t period_ns):
        cdef itimerspec setting
        cdef timespec now
        cdef int64_t first_ns
        self._descriptor = -1
        if not 0 < period_ns < 10 ** 12:
            raise ValueError(f"a timer's period is 1 ns to 1000 s, not {period_ns} ns")
        self._descriptor = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC)
        if self._descriptor < 0:
            raise OSError(errno, "timerfd_create failed")
        clock_gettime(CLOCK_MONOTONIC, &now)
        first_ns = ((<int64_t>now.tv_sec * 1000000000 + now.tv_nsec) // period_ns + 1) * period_ns
        setting.it_value.tv_sec = first_ns // 1000000000
        setting.it_value.tv_nsec = first_ns % 1000000000
        setting.it_interval.tv_sec = period_ns // 1000000000
        setting.it_interval.tv_nsec = period_ns % 1000000000
        if timerfd_settime(self._descriptor, TFD_TIMER_ABSTIME, &setting, NULL) != 0:
            raise OSError(errno, "timerfd_settime failed")

    def __dealloc__(self):
        if self._descriptor >= 0:
            close(self._descriptor)

    def fileno(self) -> int:
        """The descriptor to wait on."""
        return self._descriptor

    def expirations(self) -> int:
        """How often it has expired since the last call; 0 when it has not. Never waits."""
        cdef uint64_t count = 0
        return count if read(self._descriptor, &count, sizeof(count)) == sizeof(count) else 0


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
