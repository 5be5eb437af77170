"""The flat views have the room that there is, and nothing lies over them."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QRectF
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from bench.screenshots.console import CASE, ROBOT, made_window
from bench.screenshots.scene import SCREENS
from master.console import flat_view
from master.console.facts_panel import FactsPanel
from master.console.flat_view import ABOVE, FRONT, ArmsFlat, arrange
from master.console.options import FLAT
from master.console.scene import LETTER_BELOW_M, ArmBodies, field_of
from master.console.view_area import CameraRoom
from protocol.pose import add, subtract
from protocol.widgets.sentence import literal
from tests.window_fixtures import dress

FIELD = field_of(ROBOT)
RGB = QImage.Format.Format_RGB32
GAP, LINE = 10.0, 25.0


@pytest.mark.parametrize("size", [(500, 250), (1000, 520), (2700, 1360), (300, 800)])
def test_both_views_lie_beside_each_other_and_fill_what_there_is(size):
    whole = QRectF(5.0, 7.0, *size)
    (front, above), px_per_m = arrange(whole, FIELD, GAP, LINE)
    assert (front.up, above.up) == (FRONT, ABOVE)
    parts = (front.name, front.field, above.name, above.field)
    assert all(whole.contains(part) for part in parts)
    assert not any(one.intersects(other) for k, one in enumerate(parts) for other in parts[:k])
    drawn = sum((FIELD.high[0] - FIELD.low[0]) * (FIELD.high[view.up] - FIELD.low[view.up]) for view in (front, above))
    assert drawn * px_per_m**2 > 0.5 * whole.width() * whole.height()


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.name)
@pytest.mark.parametrize("from_start", [True, False])
def test_nothing_lies_over_the_flat_views(qapp, monkeypatch, screen, from_start):
    if from_start:
        monkeypatch.setenv(FLAT, "1")
    window = made_window(dress(qapp, screen.dpi), screen, CASE)
    window.show()
    window.frame()
    view = window._operating.view
    if not from_start and not view.is_flat:
        window._painting.go_flat()
    for _ in range(3):
        window.frame()
        QApplication.processEvents()
    canvas = view.canvas.geometry()
    for other in (*view.findChildren(FactsPanel), *view.findChildren(CameraRoom)):
        assert not other.isVisible() or not canvas.intersects(other.geometry())
    assert canvas.width() * canvas.height() > 0.5 * view.width() * view.height()
    window.end()
    window.hide()
    window.deleteLater()
    QApplication.processEvents()


def letters_of(canvas, scenes, monkeypatch):
    """The colours within each letter's place, once with its letter and once without."""
    pictures = []
    for there in (True, False):
        if not there:
            monkeypatch.setattr(flat_view, "letter", lambda arm: literal(""))
        canvas.show_scenes(scenes, known=True)
        pictures.append(canvas.grab().toImage())
    with_, without = pictures
    changed = [(x, y) for x in range(canvas.width()) for y in range(canvas.height())]
    return [point for point in changed if with_.pixel(*point) != without.pixel(*point)]


@pytest.mark.parametrize("down_m", [0.0, 0.11])
def test_a_letter_at_each_tip_is_seen_where_arms_cross_and_at_the_floor(qapp, monkeypatch, down_m):
    canvas = ArmsFlat(dress(qapp, SCREENS[0].dpi))
    canvas.resize(600, 300)
    canvas.set_field(FIELD, 2)
    left, right = ArmBodies(ROBOT).scenes(CASE.state, ())
    place = (0.0, 0.0, right.tip.p[2] - down_m)
    # The right arm's tip is where the left one's letter stands, or both are at the floor.
    below = (place[0], place[1], place[2] + (0.0 if down_m else LETTER_BELOW_M))
    scenes = (left._replace(tip=left.tip._replace(p=below)), right._replace(tip=right.tip._replace(p=place)))
    for only in range(2):
        with monkeypatch.context() as patch:
            patch.setattr(flat_view, "letter", lambda arm, only=only: literal("LR"[arm] if arm == only else ""))
            seen = letters_of(canvas, scenes, patch)
        # In both views, and whole: nothing of it is cut off at the bottom.
        assert any(x < 300 for x, _ in seen)
        assert any(x > 300 for x, _ in seen)
        assert max(y for _, y in seen) < canvas.height() - 2
        assert len(seen) > 60
    canvas.deleteLater()


near = st.floats(-0.2, 0.2)
places = st.tuples(near, near, st.floats(-0.3, 0.02))


def placed(scene, p, ghost_p):
    """The arm of `scene`, its tip at `p`, its ghost at `ghost_p` or nowhere."""
    tip = moved(scene.tip, p)
    ghost = None if ghost_p is None else moved(scene.tip, ghost_p)
    wrist = scene.wrist._replace(a=add(p, (0.0, 0.004, 0.01)), b=p)
    return scene._replace(tip=tip, ghost=ghost, wrist=wrist, shaft=scene.shaft._replace(b=wrist.a))


def moved(tip, p):
    way = subtract(p, tip.p)
    fingers = tuple(rod._replace(a=add(rod.a, way), b=add(rod.b, way)) for rod in tip.fingers)
    return tip._replace(p=p, fingers=fingers)


@pytest.fixture(scope="module")
def shown_canvas(qapp):
    canvas = ArmsFlat(dress(qapp, SCREENS[0].dpi))
    canvas.setFixedSize(500, 260)
    canvas.set_field(FIELD, 2)
    canvas.show()
    until_s = time.monotonic() + 30.0
    while not (canvas.windowHandle() and canvas.windowHandle().isExposed()) and time.monotonic() < until_s:
        QApplication.processEvents()
    yield canvas
    canvas.close()
    canvas.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QApplication.processEvents()


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(places, places, st.none() | places, st.booleans()), min_size=2, max_size=6))
def test_what_is_painted_bit_by_bit_is_what_would_be_painted_at_once(shown_canvas, steps):
    """Nothing of an arm stays behind where it was, and nothing of it is missing where it is."""
    left, right = ArmBodies(ROBOT).scenes(CASE.state, ())
    for p, other, ghost_p, known in steps:
        scenes = (placed(left, p, ghost_p), placed(right, other, None))
        shown_canvas.show_scenes(scenes, known=known)
        QApplication.processEvents()
        QApplication.processEvents()
    on_screen = shown_canvas.screen().grabWindow(shown_canvas.winId()).toImage().convertToFormat(RGB)
    at_once = shown_canvas.grab().toImage().convertToFormat(RGB)
    assert on_screen == at_once
