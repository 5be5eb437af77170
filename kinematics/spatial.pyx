# cython: cdivision=True
"""Small vectors and matrices, row by row, for compiled callers. No allocation."""

from libc.math cimport atan2, fabs, sqrt


cdef double norm3(const double* a) noexcept nogil:
    return sqrt(a[0] * a[0] + a[1] * a[1] + a[2] * a[2])


cdef double dot3(const double* a, const double* b) noexcept nogil:
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


cdef void apply(const double* A, const double* x, double* y) noexcept nogil:
    """`y = A x`, `A` (6, 6)."""
    cdef int i
    for i in range(6):
        y[i] = dot3(A + 6 * i, x) + dot3(A + 6 * i + 3, x + 3)


cdef void rotation_error(const double* R_from, const double* R_to, double* e) noexcept nogil:
    """Rotation vector in the base, at most pi long, that turns `R_from` into `R_to`; exact for small angles."""
    cdef double D[9]
    cdef double sine, cosine, angle
    cdef int i, j, k
    for i in range(3):
        for j in range(3):
            D[3 * i + j] = R_to[3 * i] * R_from[3 * j] + R_to[3 * i + 1] * R_from[3 * j + 1] + R_to[3 * i + 2] * R_from[3 * j + 2]
    e[0] = 0.5 * (D[7] - D[5])
    e[1] = 0.5 * (D[2] - D[6])
    e[2] = 0.5 * (D[3] - D[1])
    sine = norm3(e)
    cosine = 0.5 * (D[0] + D[4] + D[8] - 1.0)
    angle = atan2(sine, cosine)
    if sine > 1e-6:
        for i in range(3):
            e[i] *= angle / sine
    elif cosine < 0.0:  # half a turn: the sines vanish, (D + 1) / 2 is the axis times itself
        k = 0
        for i in range(1, 3):
            if D[4 * i] > D[4 * k]:
                k = i
        for i in range(3):
            e[i] = 0.5 * (D[3 * i + k] + (1.0 if i == k else 0.0))
        sine = norm3(e)
        for i in range(3):
            e[i] *= angle / sine


cdef bint invert(double* A, double* inverse) noexcept nogil:
    """Inverse of a (6, 6) matrix by Gauss and Jordan with row pivots; `A` is used up. False if there is none to speak of."""
    cdef int i, j, k, pivot
    cdef double factor, swap
    for i in range(36):
        inverse[i] = 0.0
    for i in range(6):
        inverse[7 * i] = 1.0
    for k in range(6):
        pivot = k
        for i in range(k + 1, 6):
            if fabs(A[6 * i + k]) > fabs(A[6 * pivot + k]):
                pivot = i
        if fabs(A[6 * pivot + k]) < 1e-6:
            return False
        if pivot != k:
            for j in range(6):
                swap = A[6 * k + j]
                A[6 * k + j] = A[6 * pivot + j]
                A[6 * pivot + j] = swap
                swap = inverse[6 * k + j]
                inverse[6 * k + j] = inverse[6 * pivot + j]
                inverse[6 * pivot + j] = swap
        factor = 1.0 / A[7 * k]
        for j in range(6):
            A[6 * k + j] *= factor
            inverse[6 * k + j] *= factor
        for i in range(6):
            factor = A[6 * i + k]
            if i != k and factor != 0.0:
                for j in range(6):
                    A[6 * i + j] -= factor * A[6 * k + j]
                    inverse[6 * i + j] -= factor * inverse[6 * k + j]
    return True
