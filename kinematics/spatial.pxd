"""Small vectors and matrices for compiled callers; see `spatial.pyx`."""

cdef double norm3(const double* a) noexcept nogil
cdef double dot3(const double* a, const double* b) noexcept nogil
cdef void apply(const double* A, const double* x, double* y) noexcept nogil
cdef void rotation_error(const double* R_from, const double* R_to, double* e) noexcept nogil
cdef bint invert(double* A, double* inverse) noexcept nogil
