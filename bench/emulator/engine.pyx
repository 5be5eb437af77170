"""Carries packets from one TUN device to another, each by its fate: late, lost, doubled, out of order. No Python within.

What happens to a packet is read from tables that were drawn from the seed beforehand (`bench.emulator.fates`): by the
packet's number, or for delays that change with time, by the time. So the same seed makes the same link.
"""

from libc.errno cimport EINTR
from libc.stdint cimport int64_t, uint8_t
from libc.stdlib cimport calloc, free
from libc.string cimport memcpy
from posix.time cimport CLOCK_MONOTONIC, clock_gettime, timespec
from posix.unistd cimport read, write

from bench.emulator.flight cimport SLOT_BYTES, Flight, Flying

cdef extern from "<poll.h>" nogil:
    struct pollfd:
        int fd
        short events
        short revents
    short POLLIN
    int ppoll(pollfd* fds, unsigned long count, const timespec* timeout, const void* signals)

cdef extern from "Python.h":
    int PyErr_CheckSignals() except -1

cdef enum:
    CHANNELS_AT_MOST = 64
    HISTOGRAM = 2048
    HISTOGRAM_STEP_NS = 5000
    LONGEST_SLEEP_NS = 20000000
    READS_AT_ONCE = 64

LOST, LOST_IN_BURST, DOUBLED, REORDERED = 1, 2, 4, 8
cdef enum:
    C_LOST = 1
    C_BURST = 2
    C_DOUBLED = 4
    C_REORDERED = 8

COUNTERS = (
    "packets_in", "bytes_in", "packets_out", "bytes_out", "lost", "lost_in_bursts", "dropped_by_queue", "cut", "doubled",
    "reordered", "overflowed", "delay_sum_ns", "delay_min_ns", "delay_max_ns", "added_max_ns", "delayed", "run",
    "longest_run", "runs", "dropped_by_system",
)
cdef enum:
    PACKETS_IN, BYTES_IN, PACKETS_OUT, BYTES_OUT, LOSSES, BURST_LOSSES, QUEUE_DROPS, CUT_LOSSES, DOUBLES
    REORDERS, OVERFLOWS, DELAY_SUM, DELAY_MIN, DELAY_MAX, ADDED_MAX, DELAYED, RUN
    LONGEST_RUN, RUNS, SYSTEM_DROPS
    COUNTERS_ROOM = 32

STATS_ROW = COUNTERS_ROOM + HISTOGRAM
"""Counters, room for more, and the histogram of what the emulator itself added, in steps of 5 us."""
STEP_NS = HISTOGRAM_STEP_NS
FIRST_BUCKET = COUNTERS_ROOM
CONTROL_ROW = 2
"""Begin and end of the cut of one channel, ns on CLOCK_MONOTONIC; written by the bench at any time."""

cdef struct Channel:
    int source
    int sink
    uint8_t* fates
    int64_t fates_count
    int64_t* delays
    int64_t delays_count
    int64_t delay_step_ns
    int keeps_order
    int64_t reorder_ns
    int64_t rate_bit_s
    int64_t queue_ns
    int64_t* outages
    int64_t outages_count
    int64_t next_outage
    int64_t* stats
    int64_t* control
    int64_t number
    int64_t free_ns
    int64_t last_due_ns

cdef inline int64_t monotonic_ns() noexcept nogil:
    cdef timespec now
    clock_gettime(CLOCK_MONOTONIC, &now)
    return <int64_t>now.tv_sec * 1000000000 + now.tv_nsec


cdef class Engine:
    """All channels of a run. `carry` until told to stop; everything that it needs is allocated here."""

    cdef Channel* _channels
    cdef int _count
    cdef Flight _flight
    cdef int64_t _origin_ns
    cdef list _kept

    def __cinit__(self):
        self._channels = <Channel*>calloc(CHANNELS_AT_MOST, sizeof(Channel))
        if not self._channels:
            raise MemoryError("no memory for channels")
        self._flight = Flight()
        self._kept = []

    def __init__(self, int64_t origin_ns):
        """`origin_ns`: where the link's own time begins, on CLOCK_MONOTONIC."""
        self._origin_ns = origin_ns

    def __dealloc__(self):
        free(self._channels)

    def add(self, int source, int sink, fates, delays, *, delay_step_ns, keeps_order, reorder_ns, rate_bit_s,
            queue_bytes, outages, stats, control) -> None:
        """One direction of one carrier of one pair.

        `source`, `sink`: descriptors of TUN devices, not blocking. `fates` (n,) uint8 by packet number; `delays` (m,)
        int64 in ns, by packet number where `delay_step_ns` is 0, else a sample every so many ns of the link's time.
        `outages` (k, 2) int64, begin and end in ns of the link's time, in order. `stats` (STATS_ROW,) and `control`
        (CONTROL_ROW,) int64, shared with whoever looks.
        """
        cdef uint8_t[::1] fates_view = fates
        cdef int64_t[::1] delays_view = delays
        cdef int64_t[:, ::1] outages_view = outages
        cdef int64_t[::1] stats_view = stats
        cdef int64_t[::1] control_view = control
        cdef Channel* channel = &self._channels[self._count]
        if self._count >= CHANNELS_AT_MOST:
            raise ValueError(f"at most {CHANNELS_AT_MOST} channels")
        if len(fates) < 1 or len(delays) < 1 or len(stats) != STATS_ROW or len(control) != CONTROL_ROW:
            raise ValueError("a channel's tables have the wrong lengths")
        channel.source, channel.sink = source, sink
        channel.fates, channel.fates_count = &fates_view[0], len(fates)
        channel.delays, channel.delays_count = &delays_view[0], len(delays)
        channel.delay_step_ns = delay_step_ns
        channel.keeps_order, channel.reorder_ns = keeps_order, reorder_ns
        channel.rate_bit_s = rate_bit_s
        channel.queue_ns = queue_bytes * 8 * 1000000000 // rate_bit_s if rate_bit_s else 0
        channel.outages, channel.outages_count = NULL, len(outages)
        if len(outages):
            channel.outages = &outages_view[0, 0]
        channel.stats, channel.control = &stats_view[0], &control_view[0]
        channel.stats[DELAY_MIN] = 1 << 62
        self._kept.append((fates, delays, outages, stats, control))
        self._count += 1

    def carry(self, stop) -> None:
        """Carry packets until `stop`, (1,) int64, is no longer 0. Signals are looked at now and then."""
        cdef int64_t[::1] stop_view = stop
        cdef pollfd* polled = <pollfd*>calloc(CHANNELS_AT_MOST, sizeof(pollfd))
        cdef int ready, i
        cdef int64_t now_ns, sleep_ns
        cdef timespec timeout
        if not polled:
            raise MemoryError("no memory to poll")
        try:
            for i in range(self._count):
                polled[i].fd = self._channels[i].source
                polled[i].events = POLLIN
            while stop_view[0] == 0:
                with nogil:
                    self._deliver()
                    now_ns = monotonic_ns()
                    sleep_ns = LONGEST_SLEEP_NS
                    if self._flight.count and self._flight.next_due_ns() - now_ns < sleep_ns:
                        sleep_ns = max(self._flight.next_due_ns() - now_ns, 0)
                    timeout.tv_sec = 0
                    timeout.tv_nsec = sleep_ns
                    ready = ppoll(polled, self._count, &timeout, NULL)
                    if ready > 0:
                        for i in range(self._count):
                            if polled[i].revents:
                                self._take(i)
                if ready < 0:
                    PyErr_CheckSignals()
        finally:
            free(polled)

    cdef void _take(self, int index) noexcept nogil:
        cdef Channel* channel = &self._channels[index]
        cdef ssize_t length
        cdef int slot
        cdef char[SLOT_BYTES] spilled
        for _ in range(READS_AT_ONCE):
            slot = self._flight.free_slot()
            if slot < 0:
                # Worst case: more packets on their way than there is room for. They are lost, and counted apart.
                length = read(channel.source, spilled, SLOT_BYTES)
                if length <= 0:
                    return
                channel.stats[PACKETS_IN] += 1
                channel.stats[BYTES_IN] += length
                channel.stats[OVERFLOWS] += 1
                continue
            length = read(channel.source, self._flight.content(slot), SLOT_BYTES)
            if length <= 0:
                self._flight.give_back(slot)
                return
            self._flight.lengths[slot] = <int>length
            self._send_on(index, slot, <int>length)

    cdef void _send_on(self, int index, int slot, int length) noexcept nogil:
        cdef Channel* channel = &self._channels[index]
        cdef int64_t* stats = channel.stats
        cdef int64_t now_ns = monotonic_ns()
        cdef int64_t number = channel.number
        cdef uint8_t fate = channel.fates[number % channel.fates_count]
        cdef int64_t due_ns, delay_ns
        cdef int twin
        channel.number += 1
        stats[PACKETS_IN] += 1
        stats[BYTES_IN] += length
        if self._is_cut(channel, now_ns):
            stats[CUT_LOSSES] += 1
            self._flight.give_back(slot)
            return
        if fate & (C_LOST | C_BURST):
            stats[BURST_LOSSES if fate & C_BURST else LOSSES] += 1
            stats[RUN] += 1
            stats[RUNS] += stats[RUN] == 1
            stats[LONGEST_RUN] = max(stats[LONGEST_RUN], stats[RUN])
            self._flight.give_back(slot)
            return
        stats[RUN] = 0
        delay_ns = self._delay(channel, now_ns, number)
        if channel.rate_bit_s:
            channel.free_ns = max(channel.free_ns, now_ns)
            if channel.free_ns - now_ns > channel.queue_ns:
                stats[QUEUE_DROPS] += 1
                self._flight.give_back(slot)
                return
            channel.free_ns += <int64_t>length * 8 * 1000000000 // channel.rate_bit_s
            due_ns = channel.free_ns + delay_ns
        else:
            due_ns = now_ns + delay_ns
        if fate & C_REORDERED:
            stats[REORDERS] += 1
            due_ns += channel.reorder_ns
        elif channel.keeps_order:
            due_ns = max(due_ns, channel.last_due_ns)
            channel.last_due_ns = due_ns
        stats[DELAYED] += 1
        stats[DELAY_SUM] += due_ns - now_ns
        stats[DELAY_MIN] = min(stats[DELAY_MIN], due_ns - now_ns)
        stats[DELAY_MAX] = max(stats[DELAY_MAX], due_ns - now_ns)
        self._flight.fly(index, slot, due_ns)
        twin = self._flight.free_slot() if fate & C_DOUBLED else -1
        if twin >= 0:
            stats[DOUBLES] += 1
            self._flight.lengths[twin] = length
            memcpy(self._flight.content(twin), self._flight.content(slot), length)
            self._flight.fly(index, twin, due_ns)

    cdef int64_t _delay(self, Channel* channel, int64_t now_ns, int64_t number) noexcept nogil:
        cdef int64_t time_ns, at, rest, first, second
        if channel.delay_step_ns == 0:
            return channel.delays[number % channel.delays_count]
        time_ns = max(now_ns - self._origin_ns, 0)
        at = time_ns // channel.delay_step_ns
        rest = time_ns - at * channel.delay_step_ns
        first = channel.delays[at % channel.delays_count]
        second = channel.delays[(at + 1) % channel.delays_count]
        return first + <int64_t>(<double>(second - first) * rest / channel.delay_step_ns)

    cdef bint _is_cut(self, Channel* channel, int64_t now_ns) noexcept nogil:
        cdef int64_t time_ns = now_ns - self._origin_ns
        if channel.control[0] <= now_ns < channel.control[1]:
            return True
        while channel.next_outage < channel.outages_count and channel.outages[2 * channel.next_outage + 1] <= time_ns:
            channel.next_outage += 1
        return channel.next_outage < channel.outages_count and channel.outages[2 * channel.next_outage] <= time_ns

    cdef void _deliver(self) noexcept nogil:
        cdef Flying entry
        cdef Channel* channel
        cdef int64_t now_ns, added_ns
        while self._flight.count:
            now_ns = monotonic_ns()
            if self._flight.next_due_ns() > now_ns:
                return
            entry = self._flight.land()
            channel = &self._channels[entry.channel]
            if write(channel.sink, self._flight.content(entry.slot), self._flight.lengths[entry.slot]) < 0:
                channel.stats[SYSTEM_DROPS] += 1
            else:
                channel.stats[PACKETS_OUT] += 1
                channel.stats[BYTES_OUT] += self._flight.lengths[entry.slot]
            added_ns = monotonic_ns() - entry.due_ns
            channel.stats[ADDED_MAX] = max(channel.stats[ADDED_MAX], added_ns)
            channel.stats[COUNTERS_ROOM + min(added_ns // HISTOGRAM_STEP_NS, HISTOGRAM - 1)] += 1
            self._flight.give_back(entry.slot)
