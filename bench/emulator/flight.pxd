from libc.stdint cimport int64_t

cdef enum:
    SLOTS = 32768
    SLOT_BYTES = 1600

cdef struct Flying:
    int64_t due_ns
    int64_t number
    int slot
    int channel

cdef class Flight:
    cdef char* _pool
    cdef int* lengths
    cdef int* _free_slots
    cdef int _free_count
    cdef Flying* _heap
    cdef int count
    cdef int64_t _number
    cdef int free_slot(self) noexcept nogil
    cdef void give_back(self, int slot) noexcept nogil
    cdef char* content(self, int slot) noexcept nogil
    cdef int64_t next_due_ns(self) noexcept nogil
    cdef void fly(self, int channel, int slot, int64_t due_ns) noexcept nogil
    cdef Flying land(self) noexcept nogil
