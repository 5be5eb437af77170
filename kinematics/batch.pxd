"""Forward kinematics of many poses, for compiled callers; see `batch.pyx`."""

from kinematics.chain cimport Chain

cdef void forward_batch(const Chain* chain, const double* Q, Py_ssize_t count, double* T) noexcept nogil
