"""The packets on their way: room for so many, and the one that is due first. Nothing is allocated while they fly."""

from libc.stdlib cimport free, malloc


cdef inline bint before(Flying* a, Flying* b) noexcept nogil:
    return a.due_ns < b.due_ns or (a.due_ns == b.due_ns and a.number < b.number)


cdef class Flight:
    """A pool of slots, and a binary heap of those that fly, by the time they are due; equal times keep their order."""

    def __cinit__(self):
        self._pool = <char*>malloc(<size_t>SLOTS * SLOT_BYTES)
        self.lengths = <int*>malloc(SLOTS * sizeof(int))
        self._free_slots = <int*>malloc(SLOTS * sizeof(int))
        self._heap = <Flying*>malloc(SLOTS * sizeof(Flying))
        if not (self._pool and self.lengths and self._free_slots and self._heap):
            raise MemoryError("no memory for packets on their way")
        for slot in range(SLOTS):
            self._free_slots[slot] = slot
        self._free_count = SLOTS

    def __dealloc__(self):
        free(self._pool)
        free(self.lengths)
        free(self._free_slots)
        free(self._heap)

    cdef int free_slot(self) noexcept nogil:
        """Take a slot; -1 when all are in the air."""
        if self._free_count == 0:
            return -1
        self._free_count -= 1
        return self._free_slots[self._free_count]

    cdef void give_back(self, int slot) noexcept nogil:
        self._free_slots[self._free_count] = slot
        self._free_count += 1

    cdef char* content(self, int slot) noexcept nogil:
        return self._pool + <size_t>slot * SLOT_BYTES

    cdef int64_t next_due_ns(self) noexcept nogil:
        """Of the first to land; only while `count` is not 0."""
        return self._heap[0].due_ns

    cdef void fly(self, int channel, int slot, int64_t due_ns) noexcept nogil:
        cdef Flying* heap = self._heap
        cdef Flying entry
        cdef int at = self.count
        cdef int parent
        entry.due_ns, entry.number, entry.slot, entry.channel = due_ns, self._number, slot, channel
        self._number += 1
        self.count += 1
        while at > 0:
            parent = (at - 1) // 2
            if not before(&entry, &heap[parent]):
                break
            heap[at] = heap[parent]
            at = parent
        heap[at] = entry

    cdef Flying land(self) noexcept nogil:
        """The first to land; its slot is still taken."""
        cdef Flying* heap = self._heap
        cdef Flying first = heap[0]
        cdef Flying last
        cdef int at = 0
        cdef int child
        self.count -= 1
        last = heap[self.count]
        while True:
            child = 2 * at + 1
            if child >= self.count:
                break
            if child + 1 < self.count and before(&heap[child + 1], &heap[child]):
                child += 1
            if not before(&heap[child], &last):
                break
            heap[at] = heap[child]
            at = child
        heap[at] = last
        return first
