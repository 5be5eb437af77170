"""Arguments from Python, checked in a few nanoseconds: exact dtype and shape, contiguous, finite.

Typed memoryviews check less and take three times as long. Nothing is converted: a copy made unseen at 1 kHz, or a float32
that has lost digits on its way, is an error that the caller can mend.
"""

from libc.math cimport fabs

cimport numpy as cnp
from cpython.object cimport PyObject

import math

cnp.import_array()


cdef double* array(object a, int ndim, Py_ssize_t rows, Py_ssize_t columns, int flags, str name) except NULL:
    """Numbers of a float64 array of `ndim` dimensions that begin with `rows` and, from two dimensions on, end with `columns`.

    Three dimensions are a stack of `rows` square matrices. `flags` is READ or WRITE. Finiteness is not checked here.
    """
    cdef cnp.ndarray checked
    if cnp.PyArray_CheckExact(a):
        checked = <cnp.ndarray>a
        if (
            cnp.PyArray_TYPE(checked) == cnp.NPY_DOUBLE
            and cnp.PyArray_CHKFLAGS(checked, flags)
            and cnp.PyArray_ISNOTSWAPPED(checked)
            and cnp.PyArray_NDIM(checked) == ndim
            and cnp.PyArray_DIM(checked, 0) == rows
            and (ndim < 2 or cnp.PyArray_DIM(checked, ndim - 1) == columns)
            and (ndim < 3 or cnp.PyArray_DIM(checked, 1) == columns)
        ):
            return <double*>cnp.PyArray_DATA(checked)
    _refuse_array(a, ((rows,), (rows, columns), (rows, columns, columns))[ndim - 1], flags, name)
    return NULL


cdef int _refuse_array(object a, tuple shape, int flags, str name) except -1:
    if not cnp.PyArray_CheckExact(a):
        raise TypeError(f"{name} must be a numpy array, got {type(a).__name__}: use numpy.asarray({name}, dtype=float)")
    if a.dtype.str[1:] != "f8":
        raise TypeError(f"{name} must be of float64, got {a.dtype}: use {name}.astype(float)")
    if a.shape != shape:
        raise ValueError(f"{name} must have the shape {shape}, got {a.shape}")
    if flags == WRITE and not a.flags.writeable:
        raise ValueError(f"{name} must be writeable: it is read-only; hand in a copy")
    raise ValueError(f"{name} must be C-contiguous, aligned and of native byte order: use numpy.ascontiguousarray({name}, dtype=float)")


cdef const double* vector(object a, int n, str name) except NULL:
    """Numbers of a finite float64 array of shape (n,)."""
    cdef const double* numbers = array(a, 1, n, 0, READ, name)
    finite(numbers, n, n, name)
    return numbers


cdef Py_ssize_t rows(object a, str name) except -1:
    """Length of an array's first dimension."""
    if not cnp.PyArray_CheckExact(a) or cnp.PyArray_NDIM(<cnp.ndarray>a) < 1:
        raise TypeError(f"{name} must be a numpy array with one row or matrix a pose, got {a!r}")
    return cnp.PyArray_DIM(<cnp.ndarray>a, 0)


cdef int finite(const double* numbers, Py_ssize_t count, Py_ssize_t columns, str name) except -1:
    """Refuse NaN and infinities, of which 0 x is no zero, before any comparison: a NaN passes a clamp."""
    cdef double sum = 0.0
    cdef Py_ssize_t i
    for i in range(count):
        sum += numbers[i] * 0.0
    if sum == 0.0:
        return 0
    i = next(i for i in range(count) if not math.isfinite(numbers[i]))
    index = f"{i}" if count == columns else f"{i // columns}, {i % columns}"
    raise ValueError(f"{name}[{index}] = {numbers[i]} is not finite: reject such input where it enters")


cdef object empty(Py_ssize_t rows, Py_ssize_t columns):
    cdef cnp.npy_intp[2] shape = [rows, columns]
    return cnp.PyArray_EMPTY(2, shape, cnp.NPY_DOUBLE, 0)


cdef int read_pose(const double* T, Pose* pose, str name) except -1:
    """A homogeneous matrix (4, 4) as a pose. Raises ValueError unless it is finite, and its rotation one to within 1e-6."""
    cdef double tolerance = 1e-6  # wider than float32 rounds, far narrower than a wrong matrix
    cdef double* R = &pose.R[0]
    cdef double worst
    cdef int i
    finite(T, 16, 4, name)
    for i in range(3):
        R[3 * i] = T[4 * i]
        R[3 * i + 1] = T[4 * i + 1]
        R[3 * i + 2] = T[4 * i + 2]
        pose.p[i] = T[4 * i + 3]
    worst = max(
        max(fabs(R[0] * R[0] + R[1] * R[1] + R[2] * R[2] - 1.0), fabs(R[3] * R[3] + R[4] * R[4] + R[5] * R[5] - 1.0)),
        # the third row is the first two's vector product: unit length, orthogonality and no reflection in one
        fabs(R[1] * R[5] - R[2] * R[4] - R[6]),
    )
    worst = max(worst, max(fabs(R[2] * R[3] - R[0] * R[5] - R[7]), fabs(R[0] * R[4] - R[1] * R[3] - R[8])))
    worst = max(worst, fabs(R[0] * R[3] + R[1] * R[4] + R[2] * R[5]))
    if worst > tolerance:
        raise ValueError(
            f"the rotation in {name} is not orthonormal and right-handed: off by {worst:.2g}, at most {tolerance:g};"
            " normalise it where it is made"
        )
    if T[12] != 0.0 or T[13] != 0.0 or T[14] != 0.0 or T[15] != 1.0:
        raise ValueError(f"the last row of {name} must be 0, 0, 0, 1, got {T[12]}, {T[13]}, {T[14]}, {T[15]}")
    return 0


cdef void write_pose(const Pose* pose, double* T) noexcept nogil:
    """A pose as a homogeneous matrix (4, 4)."""
    cdef int i
    for i in range(3):
        T[4 * i] = pose.R[3 * i]
        T[4 * i + 1] = pose.R[3 * i + 1]
        T[4 * i + 2] = pose.R[3 * i + 2]
        T[4 * i + 3] = pose.p[i]
    T[12], T[13], T[14], T[15] = 0.0, 0.0, 0.0, 1.0
