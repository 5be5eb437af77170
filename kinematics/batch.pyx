# cython: cdivision=True
"""Forward kinematics of many poses: eight at a time in step, so that the compiler makes vector instructions of every line.

The arithmetic is that of `chain.pyx`, lane by lane. The C library's sine and cosine branch on their argument, which neither
vectorises nor predicts for unrelated poses; here they are branch-free: reduction by multiples of pi/2 in three parts, and
the polynomials of Sun's fdlibm (k_sin.c, k_cos.c), good to 2e-16.
"""

from libc.math cimport fabs

from kinematics.arrays cimport write_pose
from kinematics.chain cimport Chain, Pose, Row, chain_forward

cdef enum:
    LANES = 8

# Farther from zero than this, in rad, reduction would lose digits: such poses go the ordinary way.
cdef double FAR = 1e5


cdef void forward_batch(const Chain* chain, const double* Q, Py_ssize_t count, double* T) noexcept nogil:
    """Poses (count, 4, 4) of the tip at the rows of `Q` (count, n)."""
    cdef Py_ssize_t i = 0
    cdef int n = chain.n
    cdef Pose tip
    while i < count:
        if count - i >= LANES and _near(Q + i * n, LANES * n):
            _forward_lanes(chain, Q + i * n, T + 16 * i)
            i += LANES
        else:
            chain_forward(chain, Q + i * n, &tip)
            write_pose(&tip, T + 16 * i)
            i += 1


cdef bint _near(const double* q, int count) noexcept nogil:
    cdef double farthest = 0.0
    cdef int i
    for i in range(count):
        farthest = max(farthest, fabs(q[i]))
    return farthest < FAR


cdef void _forward_lanes(const Chain* chain, const double* q, double* T) noexcept nogil:
    """As `chain_walk`, for LANES poses: three axes and an origin each, of which a row turns two axes at a time."""
    cdef double[3][LANES] x, y, z, p
    cdef double[LANES] angle, d, c, s
    cdef double u, w, tip
    cdef const Row* row
    cdef const double* K = &chain.R_6T[0]
    cdef int i, k, m, lane
    for k in range(3):
        for lane in range(LANES):
            x[k][lane] = 1.0 if k == 0 else 0.0
            y[k][lane] = 1.0 if k == 1 else 0.0
            z[k][lane] = 1.0 if k == 2 else 0.0
            p[k][lane] = 0.0
    for i in range(chain.n):
        row = &chain.rows[i]
        for lane in range(LANES):
            d[lane] = row.d + (q[lane * chain.n + i] if row.prismatic else 0.0)
            angle[lane] = row.theta + (0.0 if row.prismatic else q[lane * chain.n + i])
        _sine_cosine(angle, s, c)
        for k in range(3):
            for lane in range(LANES):
                u = row.cos_alpha * y[k][lane] + row.sin_alpha * z[k][lane]
                w = row.cos_alpha * z[k][lane] - row.sin_alpha * y[k][lane]
                p[k][lane] += row.a * x[k][lane] + d[lane] * w
                y[k][lane] = c[lane] * u - s[lane] * x[k][lane]
                x[k][lane] = c[lane] * x[k][lane] + s[lane] * u
                z[k][lane] = w
    for lane in range(LANES):
        for k in range(3):
            for m in range(3):
                T[16 * lane + 4 * k + m] = x[k][lane] * K[m] + y[k][lane] * K[3 + m] + z[k][lane] * K[6 + m]
            T[16 * lane + 4 * k + 3] = p[k][lane]
        T[16 * lane + 12] = T[16 * lane + 13] = T[16 * lane + 14] = 0.0
        T[16 * lane + 15] = 1.0


cdef void _sine_cosine(const double* angle, double* s, double* c) noexcept nogil:
    """Sines and cosines of LANES angles below FAR."""
    cdef double round = 6755399441055744.0  # 1.5 x 2^52: adding it leaves no room for a fraction
    cdef double turns, half, odd, sign_s, sign_c, r, z, sine, cosine
    cdef int lane
    for lane in range(LANES):
        turns = (angle[lane] * 0.63661977236758134308 + round) - round  # quarter turns, 2 / pi
        r = angle[lane] - turns * 1.57079632673412561417e0
        r -= turns * 6.07710050630396597660e-11
        r -= turns * 2.02226624879595063154e-21
        z = r * r
        sine = 1.58969099521155010221e-10 * z - 2.50507602534068634195e-08
        sine = (sine * z + 2.75573137070700676789e-06) * z - 1.98412698298579493134e-04
        sine = (sine * z + 8.33333333332248946124e-03) * z - 1.66666666666666324348e-01
        sine = r + r * z * sine
        cosine = -1.13596475577881948265e-11 * z + 2.08757232129817482790e-09
        cosine = (cosine * z - 2.75573143513906633035e-07) * z + 2.48015872894767294178e-05
        cosine = (cosine * z - 1.38888888888741095749e-03) * z + 4.16666666666666019037e-02
        cosine = 1.0 - (0.5 * z - z * z * cosine)
        # Quarter turns modulo four, by arithmetic: odd ones swap the two, and each changes sign every half turn.
        half = (0.5 * turns - 0.25 + round) - round  # floor of turns / 2
        odd = turns - 2.0 * half
        sign_s = 1.0 - 2.0 * (half - 2.0 * ((0.5 * half - 0.25 + round) - round))
        sign_c = sign_s * (1.0 - 2.0 * odd)
        s[lane] = sign_s * (odd * cosine + (1.0 - odd) * sine)
        c[lane] = sign_c * (odd * sine + (1.0 - odd) * cosine)
