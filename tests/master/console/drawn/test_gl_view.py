"""The arms in 3-D: bodies stand where they are told to, and the whole is painted by a real OpenGL."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.screenshots.console import CASE, SITUATIONS, made_window
from bench.screenshots.scene import SCREENS
from master.console.gl_view import OpenGL3D, ball_matrix, rod_matrix
from master.console.scene import Rod
from tests.window_fixtures import dress

near = st.floats(-0.3, 0.3)
points = st.tuples(near, near, near)


@given(a=points, b=points, radius=st.floats(1e-4, 0.01))
def test_a_rod_stands_between_its_ends_and_is_round(a, b, radius):
    if math.dist(a, b) < 1e-4:
        return
    matrix = rod_matrix(Rod(a, b, radius))
    assert matrix @ (0, 0, 0, 1) == pytest.approx((*a, 1.0))
    assert matrix @ (0, 0, 1, 1) == pytest.approx((*b, 1.0))
    along = np.array(b) - np.array(a)
    for turn in (0.0, 1.0, 2.0):
        out = (matrix @ (math.cos(turn), math.sin(turn), 0.0, 0.0))[:3]
        assert np.linalg.norm(out) == pytest.approx(radius)
        assert out @ along == pytest.approx(0.0, abs=1e-9)
    assert np.linalg.det(matrix) > 0.0


def test_a_rod_of_no_length_is_no_error():
    assert np.isfinite(rod_matrix(Rod((0.1, 0.0, 0.0), (0.1, 0.0, 0.0), 0.001))).all()


def test_a_ball_has_its_radius_and_its_place():
    matrix = ball_matrix((0.1, 0.2, 0.3), 0.005)
    assert matrix @ (1, 0, 0, 1) == pytest.approx((0.105, 0.2, 0.3, 1.0))


@pytest.mark.parametrize(("renderer", "samples"), [("llvmpipe (LLVM 15.0.6, 256 bits)", 0), ("NVIDIA RTX A2000", 4)])
def test_a_processor_that_draws_gets_less_to_do(renderer, samples):
    assert OpenGL3D("", renderer).samples == samples


def test_the_arms_are_painted_and_move(qapp, qtbot):
    window = made_window(dress(qapp, SCREENS[0].dpi), SCREENS[0], CASE)
    if window._operating.view.is_flat:
        pytest.skip("no OpenGL here")
    window.show()
    window.frame()
    qtbot.waitUntil(lambda: window._bridge.painted_stamps != [], timeout=30_000)
    canvas = window._operating.view.canvas
    following = canvas.grabFramebuffer()
    window._bridge.seen = SITUATIONS["console-6-ready"]
    window._bridge.painted_stamps.clear()
    window.frame()
    qtbot.waitUntil(lambda: window._bridge.painted_stamps != [], timeout=30_000)
    ready = canvas.grabFramebuffer()
    assert following != ready
    colours = {following.pixel(x, y) for x in range(0, following.width(), 4) for y in range(0, following.height(), 4)}
    assert len(colours) > 10
    window.end()
    window.hide()
