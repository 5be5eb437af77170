import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.pose import (
    IDENTITY,
    add,
    angle_rad,
    conjugate,
    from_rotation_vector,
    multiply,
    norm,
    normalise,
    rotate,
    rotation_vector,
    scaled,
    subtract,
    transformed,
    turned,
)

numbers = st.floats(-1.0, 1.0)
vectors = st.tuples(numbers, numbers, numbers)
rotations = vectors.filter(lambda v: norm(v) > 1e-3).map(
    lambda v: from_rotation_vector(scaled(v, 3.0 / norm(v) * v[0]))
)


def near(a, b, tolerance=1e-12):
    return all(math.isclose(x, y, abs_tol=tolerance) for x, y in zip(a, b, strict=True))


@given(rotations, rotations, rotations)
def test_rotations_are_a_group(a, b, c):
    assert near(multiply(multiply(a, b), c), multiply(a, multiply(b, c)))
    assert near(multiply(a, conjugate(a)), IDENTITY)
    assert near(multiply(a, IDENTITY), a)


@given(rotations, rotations, vectors)
def test_products_act_one_after_the_other_and_keep_lengths(a, b, v):
    assert near(rotate(multiply(a, b), v), rotate(a, rotate(b, v)))
    assert math.isclose(norm(rotate(a, v)), norm(v), abs_tol=1e-12)


@given(rotations, vectors, rotations, vectors)
def test_a_transformed_pose_is_the_rotated_one_moved(q_AB, p_AB, q, p):
    p_A, q_A = transformed(p_AB, q_AB, (p, q))
    assert near(p_A, add(p_AB, rotate(q_AB, p)))
    assert near(q_A, multiply(q_AB, q))


def test_a_quarter_turn_about_z_leads_x_to_y():
    q = from_rotation_vector((0.0, 0.0, math.pi / 2))
    assert near(rotate(q, (1.0, 0.0, 0.0)), (0.0, 1.0, 0.0))
    assert math.isclose(angle_rad(q), math.pi / 2)


@given(vectors.filter(lambda v: norm(v) < math.pi - 1e-3))
def test_rotation_vectors_go_there_and_back(v):
    assert near(rotation_vector(from_rotation_vector(v)), v, 1e-9)


@given(rotations, rotations)
def test_a_turn_keeps_its_angle_and_its_axis_turns_along(a, b):
    assert math.isclose(angle_rad(turned(a, b)), angle_rad(b), abs_tol=1e-7)
    axis = rotate(a, rotation_vector(b))
    if angle_rad(b) < math.pi - 1e-3:
        assert norm(subtract(rotation_vector(turned(a, b)), axis)) < 1e-9


@pytest.mark.parametrize("q", [(0.0,) * 4, (math.nan, 0.0, 0.0, 1.0), (math.inf, 0.0, 0.0, 0.0)])
def test_what_is_no_rotation_is_refused(q):
    with pytest.raises(ValueError, match="no rotation"):
        normalise(q)
