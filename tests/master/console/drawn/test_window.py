"""The console's window over made-up records: every situation, in both languages, on both screens."""

import time

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from bench.screenshots.console import CASE, SITUATIONS, MadeUp, made_window
from bench.screenshots.scene import SCREENS
from master.console.hand_card import HandCard
from master.console.key_panel import PedalButton
from master.console.options import FLAT
from master.console.pace import FRAMES, LATE_NS
from master.console.stage import banner
from master.console.window import ConsoleWindow
from protocol.messages import Mode
from protocol.widgets.action_button import ActionButton, ButtonState
from protocol.widgets.alarm_list import AlarmRow
from protocol.widgets.banner import Banner
from protocol.widgets.language import Language, say
from tests.window_checks import controls, cut_off, nameless, small_targets, tab_order
from tests.window_fixtures import dress

SMALL = SCREENS[0]
PATIENCE_MS = 30_000
"""For hosts that stand still: nothing is asked of how soon."""


@pytest.fixture(autouse=True)
def flat(monkeypatch):
    """What is asked here is asked of both kinds of view; the flat one is drawn sooner."""
    monkeypatch.setenv(FLAT, "1")


@pytest.fixture
def opened(qapp, qtbot):
    """Opens a window in a situation, and lets it paint."""
    windows = []

    def open_(seen, screen=SMALL) -> ConsoleWindow:
        window = made_window(dress(qapp, screen.dpi), screen, seen)
        windows.append(window)
        window.show()
        for _ in range(3):
            window.frame()
            qapp.processEvents()
        return window

    yield open_
    for window in windows:
        window.end()
        window.hide()
        window.deleteLater()
    qapp.processEvents()


def outside(window) -> MadeUp:
    return window._bridge


def button(window, text) -> ActionButton:
    found = [each for each in window.findChildren(ActionButton) if each.text() == text and each.isVisibleTo(window)]
    assert len(found) == 1, [each.text() for each in window.findChildren(ActionButton)]
    return found[0]


def meet(window, seen) -> None:
    """Show another situation in the same window."""
    outside(window).seen = seen
    window._intent.device = "window" if seen.link is None else seen.link.device
    window._intent.control = seen.link is not None and seen.link.asked
    window._case.end()
    window._rest_ns = 0
    window.frame()
    QApplication.processEvents()
    window.frame()
    QApplication.processEvents()


def test_nothing_is_cut_off_and_all_can_be_pressed_with_gloves(opened, screen, language):
    window = opened(CASE, screen)
    wrong = []
    for name, seen in SITUATIONS.items():
        meet(window, seen)
        if (window.width(), window.height()) != (screen.width, screen.height):
            wrong.append(f"{name}: {window.width()} x {window.height()}")
        found = [*cut_off(window), *small_targets(window, window._look.scale), *nameless(window)]
        wrong += [f"{name}: {each}" for each in found]
    assert wrong == []


def test_the_banner_says_it_in_words(opened, language):
    window = opened(CASE)
    (shown,) = window.findChildren(Banner)
    for name, seen in SITUATIONS.items():
        meet(window, seen)
        words = banner(outside(window).look(time.monotonic_ns()))
        assert shown.texts[0] == say(words.heading), name
        assert shown.texts[2] == say(words.advice), name
        assert all(shown.texts), name


def test_the_language_can_be_changed_while_it_is_open(opened, qtbot):
    window = opened(SITUATIONS["console-9-frozen-link"])
    before = window.findChild(Banner).texts
    qtbot.mouseClick(button(window, "中文"), Qt.MouseButton.LeftButton)
    QApplication.processEvents()
    window.frame()
    after = window.findChild(Banner).texts
    window.speak(Language.EN)
    assert after[0] == "已冻结"
    assert all(one != other for one, other in zip(before, after, strict=True))


def test_what_was_painted_is_reported_after_it_was_painted_and_not_before(opened, qtbot):
    window = opened(CASE)
    qtbot.waitUntil(lambda: outside(window).painted_stamps != [], timeout=PATIENCE_MS)
    outside(window).painted_stamps.clear()
    newer = CASE._replace(state=replace(CASE.state, stamp_ns=CASE.state.stamp_ns + 1))
    outside(window).seen = newer
    window.frame()
    assert outside(window).painted_stamps == []
    qtbot.waitUntil(lambda: newer.state.stamp_ns in outside(window).painted_stamps, timeout=PATIENCE_MS)


def test_a_hidden_window_reports_nothing(opened, qapp, qtbot):
    window = opened(CASE)
    qtbot.waitUntil(lambda: outside(window).painted_stamps != [], timeout=PATIENCE_MS)
    window.hide()
    qapp.processEvents()
    outside(window).painted_stamps.clear()
    outside(window).seen = CASE._replace(state=replace(CASE.state, stamp_ns=CASE.state.stamp_ns + 1))
    for _ in range(5):
        window.frame()
        qtbot.wait(10)
    assert outside(window).painted_stamps == []


def test_without_a_session_nothing_is_reported(opened, qtbot):
    window = opened(SITUATIONS["console-3-go"])
    qtbot.wait(50)
    assert outside(window).painted_stamps == []


def test_requesting_and_ending_a_session_are_wishes(opened, qtbot):
    window = opened(SITUATIONS["console-3-go"])
    qtbot.mouseClick(button(window, "REQUEST CONTROL"), Qt.MouseButton.LeftButton)
    assert window._intent.wishes().control
    outside(window).seen = SITUATIONS["console-6-ready"]
    window._rest_ns = 0
    window.frame()
    qtbot.mouseClick(button(window, "END SESSION"), Qt.MouseButton.LeftButton)
    assert not window._intent.wishes().control


def test_a_session_is_not_ended_under_engaged_hands(opened, qtbot):
    window = opened(CASE)
    end = button(window, "END SESSION")
    assert end.state is ButtonState.DISABLED
    qtbot.mouseClick(end, Qt.MouseButton.LeftButton)
    window._session()
    assert window._intent.wishes().control


def test_stop_is_asked_for_as_soon_as_it_is_touched_and_waits_for_its_answer(opened, qtbot):
    window = opened(CASE)
    stop = button(window, "STOP")
    before = len(outside(window).asked)
    qtbot.mousePress(stop, Qt.MouseButton.LeftButton)
    assert window._intent.wishes().stops == 1
    assert len(outside(window).asked) == before + 1
    outside(window).seen = CASE._replace(link=replace(CASE.link, stops=1))
    window._rest_ns = 0
    window.frame()
    assert stop.state is ButtonState.WAITING
    outside(window).seen = outside(window).seen._replace(state=replace(CASE.state, stops_heard=1, mode=Mode.FROZEN))
    window._rest_ns = 0
    window.frame()
    assert stop.state is ButtonState.DONE


def test_a_pilot_that_stalls_or_loses_the_session_leaves_the_page_of_the_case_and_no_side_to_click(opened, qtbot):
    window = opened(CASE)
    sides = window._preparing.sides
    lost = CASE._replace(link=replace(CASE.link, session=0), welcome=None, state=None, state_ns=None)
    stalled = CASE._replace(link=replace(CASE.link, stamp_ns=CASE.now_ns - 10**9))
    for seen in (stalled, lost):
        outside(window).seen = seen
        window._rest_ns = 0
        window.frame()
        assert window._operating.isVisible()
        assert not sides.isVisible()
        assert button(window, "END SESSION")
    window._intent.control = False
    window.frame()
    assert sides.isVisible()


def test_a_pilot_that_is_started_again_asks_for_no_session_by_itself(opened, qtbot):
    window = opened(SITUATIONS["console-6-resting"])
    window._intent.stops = 2
    dead = SITUATIONS["console-9-pilot-lost"]
    outside(window).seen = dead
    window._rest_ns = 0
    window.frame()
    assert window._operating.isVisible()
    qtbot.mouseClick(button(window, "START THE PILOT AGAIN"), Qt.MouseButton.LeftButton)
    wishes = window._intent.wishes()
    assert window._intent.launcher_wish().pilot_starts == 1
    assert not wishes.control
    assert not wishes.rest
    assert wishes.stops == 0, "the next pilot would take them for new"
    window.frame()
    assert window._preparing.isVisible()


def test_the_screen_is_to_be_kept_lit_from_the_request_to_the_end_of_the_session(opened, qtbot):
    window = opened(SITUATIONS["console-3-go"])
    told = []
    window.in_case.connect(told.append)
    qtbot.mouseClick(button(window, "REQUEST CONTROL"), Qt.MouseButton.LeftButton)
    for seen in (SITUATIONS["console-3-go"], CASE, CASE._replace(link=replace(CASE.link, session=0), welcome=None)):
        outside(window).seen = seen
        window.frame()
    assert told == [True]
    window._intent.control = False
    window.frame()
    assert told == [True, False]


def test_the_side_stands_on_the_button_that_requests_control(opened):
    window = opened(SITUATIONS["console-3-go"])
    assert "kashgar (10.8.0.7:7200)" in button(window, "REQUEST CONTROL").note


def test_rest_and_scale_are_within_reach(opened, qtbot):
    window = opened(CASE)
    qtbot.mouseClick(button(window, "REST"), Qt.MouseButton.LeftButton)
    assert window._intent.wishes().rest
    smaller, larger = (
        each for each in controls(window) if each.accessibleName() in ("smaller motion", "larger motion")
    )
    qtbot.mouseClick(smaller, Qt.MouseButton.LeftButton)
    assert window._intent.wishes().scale == 0.4
    qtbot.mouseClick(larger, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(larger, Qt.MouseButton.LeftButton)
    assert window._intent.wishes().scale == 0.75


def test_the_rest_button_does_what_it_says_though_the_wish_before_it_was_not_heard_yet(opened, qtbot):
    window = opened(SITUATIONS["console-6-ready"])
    for _ in range(2):
        qtbot.mouseClick(button(window, "REST"), Qt.MouseButton.LeftButton)
        assert window._intent.wishes().rest
    outside(window).seen = SITUATIONS["console-6-resting"]
    window._rest_ns = 0
    window.frame()
    for _ in range(2):
        qtbot.mouseClick(button(window, "GO ON"), Qt.MouseButton.LeftButton)
        assert not window._intent.wishes().rest


def test_no_slip_of_the_hand_closes_it_in_the_middle_of_a_case(opened):
    window = opened(CASE)
    assert not window.close()
    assert window.isVisible()
    window._intent.control = False
    assert window.close()


def test_an_alarm_stands_in_the_list_until_it_is_touched(opened, qtbot):
    window = opened(SITUATIONS["console-9-frozen-link"])
    rows = [row for row in window.findChildren(AlarmRow) if row.isVisible()]
    assert len(rows) == 1
    outside(window).seen = SITUATIONS["console-6-ready"]
    window._rest_ns = 0
    window.frame()
    assert rows[0].isVisible()
    qtbot.mouseClick(rows[0], Qt.MouseButton.LeftButton)
    window.frame()
    assert not rows[0].isVisible()


def test_the_keyboard_is_a_hand_only_while_it_is_the_chosen_device(opened, qtbot):
    window = opened(SITUATIONS["console-keys"])
    qtbot.keyPress(window, Qt.Key.Key_Space)
    left, right = window._hands.hands.advance(1)
    assert (left.pedal_down, right.pedal_down) == (False, True)
    qtbot.keyRelease(window, Qt.Key.Key_Space)
    assert not window._hands.hands.advance(2)[1].pedal_down
    other = opened(CASE)
    qtbot.keyPress(other, Qt.Key.Key_Space)
    assert not any(hand.pedal_down for hand in other._hands.hands.advance(1))


def test_space_is_the_pedal_and_not_the_button_that_was_pressed_before(opened, qtbot):
    window = opened(SITUATIONS["console-keys"])
    window.activateWindow()
    qtbot.mouseClick(button(window, "REST"), Qt.MouseButton.LeftButton)
    qtbot.keyPress(window.focusWidget(), Qt.Key.Key_Space)
    qtbot.keyRelease(window.focusWidget(), Qt.Key.Key_Space)
    assert window._intent.wishes().rest
    assert window.focusWidget() is window
    qtbot.keyPress(window.focusWidget(), Qt.Key.Key_Space)
    assert window._hands.hands.advance(1)[1].pedal_down


def test_the_pedal_on_the_screen_is_not_pressed_by_a_finger_that_slides_off_and_back(opened, qtbot):
    window = opened(SITUATIONS["console-keys"])
    (pedal,) = window.findChildren(PedalButton)
    on, off = pedal.rect().center(), pedal.rect().center() + QPoint(0, 10 * pedal.height())
    told = []
    pedal.held.connect(told.append)
    qtbot.mousePress(pedal, Qt.MouseButton.LeftButton, pos=on)
    assert window._hands.hands.advance(1)[1].pedal_down
    for where in (on, off, on):
        move = QMouseEvent(
            QEvent.Type.MouseMove, where, pedal.mapToGlobal(where), Qt.MouseButton.NoButton, Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )  # fmt: skip
        QApplication.sendEvent(pedal, move)
    assert told == [True, False]
    assert not window._hands.hands.advance(2)[1].pedal_down
    qtbot.mouseRelease(pedal, Qt.MouseButton.LeftButton, pos=on)
    qtbot.mousePress(pedal, Qt.MouseButton.LeftButton, pos=on)
    pedal.hide()
    assert told == [True, False, True, False]


def test_a_drag_over_the_arms_moves_the_hand_with_its_pedal_down(opened, qtbot):
    window = opened(SITUATIONS["console-keys"])
    canvas = window._operating.view.canvas
    start = canvas.rect().center()
    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=start)
    assert window._hands.hands.advance(1)[1].pedal_down
    way = start + type(start)(40, -20)
    qtbot.mouseMove(canvas, way)
    QApplication.processEvents()
    qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=way)
    hand = window._hands.hands.advance(2)[1]
    assert not hand.pedal_down


def test_hands_can_be_told_apart_without_their_colours(opened):
    window = opened(CASE)
    cards = window.findChildren(HandCard)
    pictures = []
    for situation in ("console-7-following", "console-6-ready", "console-9-frozen-link"):
        outside(window).seen = SITUATIONS[situation]
        window._rest_ns = 0
        window.frame()
        image = cards[0].grab().toImage()
        pictures.append(image.convertToFormat(image.Format.Format_Mono))
    assert all(one != other for k, one in enumerate(pictures) for other in pictures[:k])


def test_tab_reaches_everything_that_can_be_pressed(opened):
    window = opened(SITUATIONS["console-3-go"])
    reached = tab_order(window)
    focusable = [each for each in controls(window) if each.isEnabled() and each.focusPolicy() & Qt.FocusPolicy.TabFocus]
    assert set(reached) == set(focusable)
    names = [each.accessibleName() for each in reached]
    assert (
        names.index("CHECK THE LINK")
        < names.index("REQUEST CONTROL")
        < names.index("STOP" if "STOP" in names else names[-1])
    )


def test_the_arms_are_where_the_state_has_them(opened):
    """The flat view shows a moved tip elsewhere."""
    window = opened(CASE)
    canvas = window._operating.view.canvas
    before = np.array(canvas.grab().toImage().constBits())
    arm = CASE.state.arms[0]
    x, y, z = arm.measured_p_W_m
    moved = replace(CASE.state, arms=(replace(arm, measured_p_W_m=(x, y, z - 0.03)), CASE.state.arms[1]))
    outside(window).seen = CASE._replace(state=moved)
    window.frame()
    assert (np.array(canvas.grab().toImage().constBits()) != before).any()


def test_arms_of_a_robot_that_is_not_known_here_are_not_drawn_and_nothing_is_reported(opened, qtbot):
    window = opened(CASE._replace(welcome=replace(CASE.welcome, robot="of-tomorrow")))
    for _ in range(5):
        window.frame()
        qtbot.wait(10)
    assert outside(window).painted_stamps == []


def test_a_state_of_more_arms_than_are_drawn_is_not_reported(opened, qtbot):
    arms = (*CASE.state.arms, CASE.state.arms[0])
    window = opened(CASE._replace(state=replace(CASE.state, arms=arms)))
    for _ in range(5):
        window.frame()
        qtbot.wait(10)
    assert outside(window).painted_stamps == []


NEW_SESSION = CASE._replace(
    link=replace(CASE.link, session=6), welcome=replace(CASE.welcome, session=6), state=None, state_ns=None
)


def test_in_a_new_session_the_arms_of_the_last_one_are_gone_until_its_first_state(opened):
    window = opened(CASE)
    canvas, live = window._operating.view.canvas, window._look.theme.good
    assert live in colours(canvas)
    outside(window).seen = NEW_SESSION
    window.frame()
    assert live not in colours(canvas)


def test_likewise_in_3d(opened, monkeypatch):
    monkeypatch.delenv(FLAT)
    window = opened(CASE)
    view = window._operating.view
    if view.is_flat:
        pytest.skip("no OpenGL here")
    bodies = [body._item for arm in view.canvas._arms for body in arm._own]
    assert len(bodies) == 10
    assert all(each.visible() for each in bodies)
    outside(window).seen = NEW_SESSION
    window.frame()
    assert not any(each.visible() for each in bodies)


def colours(canvas):
    """All colours of what stands there."""
    image = canvas.grab().toImage()
    image = image.convertToFormat(image.Format.Format_RGB32)
    return {f"#{value & 0xFFFFFF:06x}" for value in np.unique(np.array(image.constBits()).view(np.uint32))}


def slow(window):
    """All frames of late were late."""
    for number in range(2 * FRAMES):
        window._painting.pace.offered(number * 10 * LATE_NS)
        window._painting.pace.shown((number * 10 + 9) * LATE_NS)


def test_the_view_changes_neither_under_an_engaged_hand_nor_for_what_a_hidden_window_did_not_show(opened, monkeypatch):
    window = opened(CASE)
    changed = []
    monkeypatch.setattr(window._painting, "go_flat", lambda: changed.append(True))
    monkeypatch.setattr(type(window._operating.view), "is_flat", False)
    slow(window)
    window.frame()
    assert changed == []
    outside(window).seen = SITUATIONS["console-6-ready"]
    slow(window)
    window.hide()
    QApplication.processEvents()
    window.frame()
    assert changed == []
    window.show()
    QApplication.processEvents()
    slow(window)
    window.frame()
    assert changed == [True]


def test_a_window_that_paints_too_late_in_3d_draws_flat_and_goes_on_reporting(opened, monkeypatch, qtbot):
    monkeypatch.delenv(FLAT)
    window = opened(SITUATIONS["console-6-ready"])
    view = window._operating.view
    if view.is_flat:
        pytest.skip("no OpenGL here")
    slow(window)
    window.frame()
    assert view.is_flat
    outside(window).painted_stamps.clear()
    outside(window).seen = CASE._replace(state=replace(CASE.state, stamp_ns=CASE.state.stamp_ns + 9))
    window.frame()
    qtbot.waitUntil(lambda: CASE.state.stamp_ns + 9 in outside(window).painted_stamps, timeout=PATIENCE_MS)
    assert cut_off(window) == []
