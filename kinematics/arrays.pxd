"""Checked access to numpy's arrays; see `arrays.pyx`."""

from kinematics.chain cimport Pose

cdef enum:
    READ = 0x0101  # NPY_ARRAY_CARRAY_RO: C-contiguous and aligned
    WRITE = 0x0501  # NPY_ARRAY_CARRAY: and writeable


cdef double* array(object a, int ndim, Py_ssize_t rows, Py_ssize_t columns, int flags, str name) except NULL
cdef const double* vector(object a, int n, str name) except NULL
cdef Py_ssize_t rows(object a, str name) except -1
cdef int finite(const double* numbers, Py_ssize_t count, Py_ssize_t columns, str name) except -1
cdef object empty(Py_ssize_t rows, Py_ssize_t columns)
cdef int read_pose(const double* T, Pose* pose, str name) except -1
cdef void write_pose(const Pose* pose, double* T) noexcept nogil
