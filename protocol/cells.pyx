"""Shared memory between the processes of one host: cells hold the newest record, rings the last many.

One process writes, any number read; nobody ever waits for another. A cell is sequence-locked with C11 atomics: a writer
that dies halfway leaves it odd, and its readers get no value rather than half of one.
"""

import mmap
import os

from cpython.buffer cimport PyBUF_SIMPLE, PyBUF_WRITABLE, PyBuffer_Release, PyObject_GetBuffer
from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_FromStringAndSize, PyBytes_GET_SIZE
from libc.limits cimport INT_MAX
from libc.stdint cimport uint64_t
from libc.string cimport memcpy

cdef extern from *:
    """
    #include <stdint.h>
    static inline uint64_t load_acquire(const uint64_t *p) { return __atomic_load_n(p, __ATOMIC_ACQUIRE); }
    static inline uint64_t load_relaxed(const uint64_t *p) { return __atomic_load_n(p, __ATOMIC_RELAXED); }
    static inline void store_relaxed(uint64_t *p, uint64_t v) { __atomic_store_n(p, v, __ATOMIC_RELAXED); }
    static inline void store_release(uint64_t *p, uint64_t v) { __atomic_store_n(p, v, __ATOMIC_RELEASE); }
    static inline void fence_acquire(void) { __atomic_thread_fence(__ATOMIC_ACQUIRE); }
    static inline void fence_release(void) { __atomic_thread_fence(__ATOMIC_RELEASE); }
    """
    uint64_t load_acquire(const uint64_t *) nogil
    uint64_t load_relaxed(const uint64_t *) nogil
    void store_relaxed(uint64_t *, uint64_t) nogil
    void store_release(uint64_t *, uint64_t) nogil
    void fence_acquire() nogil
    void fence_release() nogil

cdef uint64_t CELL_MAGIC = 0x314C4C4543464146
cdef uint64_t RING_MAGIC = 0x31474E4952464146

cdef enum:
    HEADER_BYTES = 64
    READ_TRIES = 3


class CellError(Exception):
    """Shared memory that is missing, foreign, or too small for what is written."""


cdef struct Header:
    uint64_t magic
    uint64_t capacity
    uint64_t columns
    uint64_t sequence
    uint64_t length


cdef class _Mapping:
    """A file mapped into memory, kept alive as long as its pointer is used."""

    cdef object _map
    cdef Py_buffer _buffer
    cdef Header* header
    cdef char* payload

    def __cinit__(self, path, size_t size, bint create):
        flags = os.O_RDWR | os.O_CLOEXEC | ((os.O_CREAT | os.O_EXCL) if create else 0)
        try:
            descriptor = os.open(path, flags, 0o600)
        except OSError as error:
            raise CellError(f"cannot open the shared memory {path}: {error.strerror}; is its owner running?") from error
        try:
            if create:
                os.ftruncate(descriptor, size)
            elif os.fstat(descriptor).st_size < HEADER_BYTES:
                raise CellError(f"{path} is no shared memory of this program: it is shorter than its header")
            self._map = mmap.mmap(descriptor, 0)
        finally:
            os.close(descriptor)
        PyObject_GetBuffer(self._map, &self._buffer, PyBUF_SIMPLE | PyBUF_WRITABLE)
        self.header = <Header*>self._buffer.buf
        self.payload = <char*>self._buffer.buf + HEADER_BYTES

    def __dealloc__(self):
        if self._buffer.buf != NULL:
            PyBuffer_Release(&self._buffer)

    cdef size_t payload_bytes(self):
        return self._buffer.len - HEADER_BYTES


cdef class Cell:
    """The newest record of one writer, as bytes of at most `capacity`."""

    cdef _Mapping _mapping
    cdef object _path

    def __init__(self, path, *, capacity=None):
        """Create the cell at `path` when a capacity in bytes is given (0600), else open the one that is there.

        Raises CellError when it exists already, is missing, or is not a cell.
        """
        cdef bint create = capacity is not None
        self._path = path
        self._mapping = _Mapping(path, HEADER_BYTES + (capacity if create else 0), create)
        if create:
            self._mapping.header.capacity = capacity
            self._mapping.header.magic = CELL_MAGIC
        elif (
            self._mapping.header.magic != CELL_MAGIC
            or self._mapping.header.capacity > self._mapping.payload_bytes()
        ):
            raise CellError(f"{path} is not a cell of this program: its header does not fit")

    @property
    def generation(self) -> int:
        """How many records have been written; 0 means none yet."""
        return load_acquire(&self._mapping.header.sequence) // 2

    def write(self, bytes record not None) -> None:
        """Replace the record. Raises CellError when it is longer than the capacity; the old one then stays."""
        cdef Header* header = self._mapping.header
        cdef uint64_t length = PyBytes_GET_SIZE(record)
        cdef uint64_t sequence
        if length > header.capacity:
            raise CellError(f"{self._path}: a record of {length} bytes exceeds the cell's capacity of {header.capacity}")
        # An odd number here means that the writer before this one died halfway; its record is lost, the cell is not.
        sequence = load_relaxed(&header.sequence) & ~(<uint64_t>1)
        store_relaxed(&header.sequence, sequence + 1)
        fence_release()
        header.length = length
        memcpy(self._mapping.payload, PyBytes_AS_STRING(record), length)
        store_release(&header.sequence, sequence + 2)

    def read(self):
        """The newest record as `bytes`; None before the first, and when three tries in a row were torn."""
        cdef Header* header = self._mapping.header
        cdef uint64_t before
        cdef uint64_t length
        cdef bytes record
        for _ in range(READ_TRIES):
            before = load_acquire(&header.sequence)
            if before == 0:
                return None
            if before & 1:
                continue
            length = header.length
            if length > header.capacity:
                continue
            record = PyBytes_FromStringAndSize(NULL, length)
            memcpy(PyBytes_AS_STRING(record), self._mapping.payload, length)
            fence_acquire()
            if load_relaxed(&header.sequence) == before:
                return record
        return None


cdef class Ring:
    """The last `capacity` rows of float64 from one writer: for samples that another process stores or counts."""

    cdef _Mapping _mapping
    cdef readonly int columns
    cdef readonly int capacity

    def __init__(self, path, *, columns=None, capacity=None):
        """Create when both figures are given (0600), else open. Raises CellError as `Cell` does."""
        cdef bint create = columns is not None
        if create and (columns < 1 or capacity < 2):
            raise CellError(f"{path}: a ring has at least 1 column and 2 rows, not {columns} and {capacity}")
        self._mapping = _Mapping(path, HEADER_BYTES + (columns * capacity * sizeof(double) if create else 0), create)
        if create:
            self._mapping.header.columns = columns
            self._mapping.header.capacity = capacity
            self._mapping.header.magic = RING_MAGIC
        elif self._mapping.header.magic != RING_MAGIC or not self._fits():
            raise CellError(f"{path} is not a ring of this program: its header does not fit")
        self.columns = self._mapping.header.columns
        self.capacity = self._mapping.header.capacity

    cdef bint _fits(self):
        # By division: a product of foreign numbers may wrap round to a small one.
        cdef Header* header = self._mapping.header
        cdef uint64_t numbers = min(self._mapping.payload_bytes() // sizeof(double), <size_t>INT_MAX)
        return 1 <= header.columns <= numbers and 2 <= header.capacity <= numbers // header.columns

    @property
    def written(self) -> int:
        """Rows written since the ring was made."""
        return load_acquire(&self._mapping.header.sequence)

    def push(self, tuple row not None) -> None:
        """Append one row of `columns` numbers; the oldest falls out. Raises CellError for another length."""
        cdef Header* header = self._mapping.header
        cdef uint64_t index = load_relaxed(&header.sequence)
        cdef double* target = <double*>self._mapping.payload + (index % self.capacity) * self.columns
        cdef int i
        if len(row) != self.columns:
            raise CellError(f"a row of {len(row)} numbers does not fit a ring of {self.columns} columns")
        for i in range(self.columns):
            target[i] = row[i]
        store_release(&header.sequence, index + 1)

    def take(self, uint64_t start):
        """Rows from number `start` on, as (bytes of float64 row by row, number of the next row, rows lost).

        Rows that the writer overtook, before or during the copy, are counted as lost and left out.
        """
        cdef Header* header = self._mapping.header
        cdef uint64_t written = load_acquire(&header.sequence)
        # One slot is never read: the writer may be in it.
        cdef uint64_t kept = self.capacity - 1
        cdef uint64_t first = max(start, written - kept if written > kept else 0)
        cdef uint64_t index, safe
        cdef size_t row_bytes = self.columns * sizeof(double)
        cdef bytes rows
        if first >= written:
            return b"", first, 0
        rows = PyBytes_FromStringAndSize(NULL, (written - first) * row_bytes)
        for index in range(first, written):
            memcpy(
                PyBytes_AS_STRING(rows) + (index - first) * row_bytes,
                self._mapping.payload + (index % self.capacity) * row_bytes,
                row_bytes,
            )
        fence_acquire()
        safe = load_relaxed(&header.sequence)
        safe = safe - kept if safe > kept else 0
        if safe > first:
            safe = min(safe, written)
            return rows[(safe - first) * row_bytes:], written, safe - start
        return rows, written, first - start
