"""The panel as a window: in every state, on both screens and in both languages, with real widgets and real fingers."""

import msgspec
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from bench.screenshots.panel import Still, moments, open_panel
from bench.screenshots.scene import SCREENS
from protocol.messages import Action, FreezeClass, Mode
from protocol.records import Jog
from protocol.widgets.action_button import ButtonState
from protocol.widgets.language import Language, switch
from slave.panel.hold import Ended, Held
from slave.panel.press import STOP, Outcome
from tests.slave.panel.scene import DRIVES, REPORT, late, seen
from tests.window_checks import controls, cut_off, nameless, small_targets, tab_order
from tests.window_fixtures import dress

MOMENTS = moments()
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def opened(qapp, qtbot):
    """Opens a panel in a moment; on the small screen unless asked otherwise."""
    kept = []

    def opens(snapshot, screen=SCREENS[0]):
        place = Still(snapshot)
        window = open_panel(place, dress(qapp, screen.dpi), screen)
        qtbot.addWidget(window)
        window.show()
        qtbot.waitUntil(lambda: window.windowHandle() is not None and window.windowHandle().isExposed(), timeout=30_000)
        window._timer.stop()
        window.look()
        kept.append(window)
        return window, place

    yield opens
    for window in kept:
        window.close()


@pytest.fixture(params=MOMENTS)
def name(request):
    return request.param


def test_nothing_is_cut_off_and_all_can_be_pressed_with_gloves(name, screen, language, opened, qapp):
    window, _ = opened(MOMENTS[name], screen)
    pages = 1 if window.pages is None else 2
    for page in range(pages):
        if window.pages is not None:
            window.pages.turn_to(page)
        qapp.processEvents()
        assert cut_off(window) == [], page
        assert small_targets(window, window._look.scale) == []
        assert nameless(window) == []


@pytest.mark.parametrize("page", [0, 1])
def test_what_is_worst_is_not_cut_off_either(page, screen, language, opened, qapp):
    """A stop that nobody confirms, and all brakes open without power."""
    drives = msgspec.structs.replace(DRIVES, powered=False, stopped=True, following=False)
    window, _ = opened(seen(Mode.SAFE, drives=drives, outcomes=((STOP, Outcome.FAILED),)), screen)
    if window.pages is not None:
        window.pages.turn_to(page)
    qapp.processEvents()
    assert cut_off(window) == []


def places(window):
    return {what: button.geometry() for what, button in window.buttons.by_action.items()}


def test_every_action_is_in_the_same_place_whatever_happens(opened, qapp):
    first, _ = opened(MOMENTS["safe"])
    where = places(first)
    for snapshot in MOMENTS.values():
        window, _ = opened(snapshot)
        qapp.processEvents()
        assert places(window) == where
    switch(qapp, Language.ZH)
    chinese, _ = opened(MOMENTS["following"])
    assert places(chinese) == where
    switch(qapp, Language.EN)


def test_stop_and_power_off_is_apart_from_all_that_is_pressed_often(opened):
    window, _ = opened(MOMENTS["following"])
    where = places(window)
    far = window._look.px(80.0)
    for action in (Action.FREEZE, Action.RELEASE, Action.TAKE, Action.GIVE):
        gap = where[action.value].center() - where[STOP].center()
        assert abs(gap.x()) > far


@pytest.mark.parametrize("what", [Action.FREEZE.value, Action.TAKE.value, STOP])
def test_what_stops_acts_as_the_finger_goes_down_and_once(what, opened):
    window, place = opened(MOMENTS["following"])
    button = window.buttons.by_action[what]
    QTest.mousePress(button, LEFT)
    assert place.pressed == [what]
    for point in (QPoint(-50, -50), button.rect().center(), QPoint(-50, -50), button.rect().center()):
        QTest.mouseMove(button, point)
    QTest.mouseRelease(button, LEFT)
    assert place.pressed == [what]


@pytest.mark.parametrize(
    ("what", "moment"),
    [
        (Action.GIVE.value, "local"),
        (Action.RELEASE.value, "frozen-arm"),
        (Action.RESET.value, "safe"),
        (Action.ATTEND.value, "called"),
    ],
)
def test_what_starts_something_acts_as_the_finger_comes_up_and_a_slip_is_taken_back(what, moment, opened):
    window, place = opened(MOMENTS[moment])
    button = window.buttons.by_action[what]
    QTest.mousePress(button, LEFT)
    assert place.pressed == []
    QTest.mouseRelease(button, LEFT, pos=QPoint(-50, -50))
    assert place.pressed == []
    QTest.mouseClick(button, LEFT)
    assert place.pressed == [what]


def test_a_stop_can_be_pressed_in_every_state(name, opened):
    window, place = opened(MOMENTS[name])
    for what in (Action.FREEZE.value, Action.TAKE.value, STOP):
        QTest.mouseClick(window.buttons.by_action[what], LEFT)
    assert place.pressed == [Action.FREEZE.value, Action.TAKE.value, STOP]


def test_keys_press_and_stops_come_first_by_the_tabulator(opened):
    window, place = opened(MOMENTS["following"])
    assert tab_order(window)[0] is window.buttons.by_action[Action.FREEZE.value]
    QTest.keyClick(window.buttons.by_action[Action.FREEZE.value], Qt.Key.Key_Return)
    assert place.pressed == [Action.FREEZE.value]
    assert set(tab_order(window)) == {each for each in controls(window) if each.isEnabled()}


@pytest.mark.parametrize(
    ("outcome", "state", "says"),
    [
        (Outcome.WAITING, ButtonState.WAITING, "asked"),
        (Outcome.DONE, ButtonState.DONE, "confirmed"),
        (Outcome.FAILED, ButtonState.FAILED, "not confirmed"),
    ],
)
def test_a_button_says_what_became_of_its_press(outcome, state, says, opened):
    window, _ = opened(seen(Mode.FOLLOWING, outcomes=((STOP, outcome), (Action.FREEZE.value, outcome))))
    for what in (STOP, Action.FREEZE.value):
        button = window.buttons.by_action[what]
        assert button.state is state
        assert says in button.note
        assert says in button.accessibleDescription()
        assert ("FAILED" in button.text()) == (outcome is Outcome.FAILED)


def test_a_stop_that_was_heard_is_not_said_to_be_done_while_there_is_power(opened):
    window, _ = opened(seen(Mode.FOLLOWING, outcomes=((STOP, Outcome.STOPPING),)))
    button = window.buttons.by_action[STOP]
    assert button.state is ButtonState.WAITING
    assert "stopping" in button.note


def test_the_banner_says_mode_reason_and_what_to_do_and_flashes_for_a_call(opened):
    window, _ = opened(MOMENTS["frozen-arm"])
    heading, reason, advice = window.banner.texts
    assert heading == "FROZEN"
    assert "tracking error 2.41 mm (limit 2 mm)" in reason
    assert "RELEASE" in advice
    assert window.buttons.by_action[Action.ATTEND.value].state is ButtonState.DISABLED, "TAKE answers a call there"
    window, _ = opened(MOMENTS["called"])
    assert window.buttons.by_action[Action.ATTEND.value].isEnabled()


def test_all_is_said_anew_in_another_language_while_it_is_open(opened, qapp, qtbot):
    window, _ = opened(MOMENTS["frozen-link"])
    QTest.mouseClick(window.language, LEFT)
    qapp.processEvents()
    window.look()
    assert window.banner.texts[0] == "已冻结"
    assert window.buttons.by_action[Action.FREEZE.value].text() == "冻结"
    assert window.language.text() == "English"
    QTest.mouseClick(window.language, LEFT)
    qapp.processEvents()
    window.look()
    assert window.buttons.by_action[Action.FREEZE.value].text() == "FREEZE"


def held_pad(opened, screen=SCREENS[1]):
    """A panel in LOCAL with room for all, a finger on the pad's plus; the supervisor lets it move."""
    window, place = opened(seen(Mode.LOCAL), screen)
    QTest.mousePress(window.jog.plus, LEFT)
    step(window, place)
    step(window, place, jog=Jog(0, 2, 1))
    return window, place


def step(window, place, ms=50, **changes):
    """One look, so much later."""
    now_ns = window.jog._clock() if not hasattr(place, "now_ns") else place.now_ns + ms * 1_000_000
    place.now_ns = now_ns
    shift = now_ns - seen().authority.stamp_ns
    fresh = seen(Mode.LOCAL, **changes)
    moved = {
        field: msgspec.structs.replace(getattr(fresh, field), stamp_ns=getattr(fresh, field).stamp_ns + shift)
        for field in ("authority", "measured", "drives", "report", "intake")
    }
    place.snapshot = fresh._replace(now_ns=now_ns, **moved)
    window.look()


def test_a_jog_goes_on_while_it_is_held_and_ends_with_the_finger(opened):
    window, place = held_pad(opened)
    assert place.jogged[0] == Held(0, 2, 1)
    assert "insertion" in window.jog.state.text
    before = len(place.jogged)
    for _ in range(10):
        step(window, place, jog=Jog(0, 2, 1))
    assert len(place.jogged) - before == 10
    let_go = place.let_go_of
    QTest.mouseRelease(window.jog.plus, LEFT)
    assert place.let_go_of > let_go
    before = len(place.jogged)
    for _ in range(10):
        step(window, place)
    assert len(place.jogged) == before


def leave(window):
    QTest.mouseMove(window.jog.plus, QPoint(-40, -40))
    QTest.mouseMove(window.jog.plus, window.jog.plus.rect().center())


def lose_focus(window):
    QApplication.sendEvent(window.jog.plus, QFocusEvent(QEvent.Type.FocusOut))


def lose_activation(window):
    window.isActiveWindow = lambda: False
    QApplication.sendEvent(window, QEvent(QEvent.Type.ActivationChange))


ENDS = {
    "a finger that leaves": (leave, Ended.LEFT),
    "the focus": (lose_focus, Ended.FOCUS),
    "another window": (lose_activation, Ended.FOCUS),
    "a hidden window": (lambda window: window.hide(), Ended.HIDDEN),
    "another axis": (lambda window: QTest.mouseClick(window.jog.axes[4], LEFT), Ended.UP),
    "a second button": (lambda window: QTest.mousePress(window.jog.minus, LEFT), Ended.ANOTHER),
}


@pytest.mark.parametrize("end", ENDS)
def test_a_jog_ends_with_whatever_casts_doubt_on_the_finger_and_must_be_pressed_anew(end, opened):
    window, place = held_pad(opened)
    window.jog.plus.setFocus()
    act, why = ENDS[end]
    let_go = place.let_go_of
    act(window)
    assert window.jog.held is None
    assert window.jog._hold.ended is why
    assert place.let_go_of > let_go
    before = len(place.jogged)
    for _ in range(5):
        step(window, place, jog=Jog(0, 2, 1))
    assert len(place.jogged) == before


def test_a_jog_that_met_a_stop_ends(opened):
    window, place = held_pad(opened)
    place.snapshot = place.snapshot._replace(
        authority=msgspec.structs.replace(place.snapshot.authority, mode=Mode.FROZEN, freeze_class=FreezeClass.LOCAL)
    )
    window.look()
    assert window.jog.held is None
    assert not any(button.is_held for button in window.jog.holds)


def test_what_is_held_in_vain_is_told(opened):
    window, place = opened(seen(Mode.LOCAL), SCREENS[1])
    QTest.mousePress(window.jog.retract, LEFT)
    for _ in range(4):
        step(window, place)
    assert place.jogged[0] == Held(0, 2, -1)
    assert "Nothing moves" in window.jog.state.text


def test_with_the_controller_dead_the_jog_is_greyed_and_release_by_hand_offered(opened):
    window, place = opened(seen(Mode.LOCAL, report=late(REPORT, ms=8000)), SCREENS[1])
    for button in (*window.jog.holds, *window.jog.axes, *window.jog.arms):
        assert not button.isEnabled()
    assert "controller is dead" in window.jog.state.text
    assert "outer wrist yaw" in window.jog.hand.text
    QTest.mousePress(window.jog.plus, LEFT)
    window.look()
    assert place.jogged == []


def test_space_holds_as_a_finger_does(opened):
    window, place = opened(seen(Mode.LOCAL), SCREENS[1])
    window.jog.minus.setFocus()
    QTest.keyPress(window.jog.minus, Qt.Key.Key_Space)
    step(window, place)
    assert place.jogged == [Held(0, 2, -1)]
    QTest.keyRelease(window.jog.minus, Qt.Key.Key_Space)
    assert window.jog.held is None


def test_the_whole_case_is_in_the_time_line(opened):
    window, _ = opened(MOMENTS["following"])
    modes = [stretch.mode for stretch in window.timeline.history.stretches]
    assert modes[0] is Mode.SAFE
    assert modes.count(Mode.FROZEN) == 2
    assert modes[-1] is Mode.FOLLOWING


def test_closing_the_window_ends_what_is_held_and_presses_nothing(opened):
    window, place = held_pad(opened)
    window.close()
    assert window.jog.held is None
    assert place.pressed == []
