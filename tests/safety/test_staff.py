"""The staff's presses: which are heard, in which order, and how a jog ends."""

import pytest

from protocol.clock import NS_PER_MS
from protocol.messages import Action, Bye, StaffAction, StaffJog
from safety.modes import Event
from safety.staff import EVENTS, PANELS_REMEMBERED, QUEUE_MAX, Staff

NOW = 10**12
LIFE_NS = 200 * NS_PER_MS


def press(action, number, panel=1):
    return StaffAction(1, panel, number, action, stand_in=False)


def jog(number, axis=2, panel=1, direction=1):
    return StaffJog(1, panel, number, 0, axis, direction, stand_in=False)


def heard(staff):
    events = []
    while (event := staff.pressed()) is not None:
        events.append(event)
        staff.heard()
    return events


def test_every_action_is_an_event():
    assert set(EVENTS) == set(Action)


def test_presses_are_heard_in_order_and_each_once():
    staff = Staff(LIFE_NS)
    staff.hear(NOW, (press(Action.GIVE, 1), press(Action.RESET, 2), press(Action.GIVE, 1), Bye(1, 1)))
    assert heard(staff) == [Event.GIVE, Event.RESET]


def test_the_first_press_of_any_panel_jogs():
    for panel, number in ((0, 0), (0, 1), (1, 0), (7, 3)):
        staff = Staff(LIFE_NS)
        staff.hear(NOW, (jog(number, panel=panel),))
        assert staff.jog(NOW) is not None


def test_a_stop_is_heard_however_often_it_was_sent_and_before_everything():
    staff = Staff(LIFE_NS)
    staff.hear(NOW, (press(Action.GIVE, 1), press(Action.TAKE, 2), press(Action.FREEZE, 3), press(Action.FREEZE, 3)))
    assert heard(staff) == [Event.FREEZE, Event.TAKE]
    staff.hear(NOW, (press(Action.FREEZE, 3),))
    assert heard(staff) == [Event.FREEZE], "a repeat of a stop is a stop"


def test_what_comes_after_a_stop_is_heard_after_it():
    staff = Staff(LIFE_NS)
    staff.hear(NOW, (press(Action.FREEZE, 1), press(Action.RELEASE, 2)))
    assert heard(staff) == [Event.FREEZE, Event.RELEASE]


def test_panels_are_told_apart_and_old_ones_forgotten():
    staff = Staff(LIFE_NS)
    staff.hear(NOW, tuple(press(Action.GIVE, 5, panel) for panel in range(PANELS_REMEMBERED + 1)))
    assert len(heard(staff)) == PANELS_REMEMBERED + 1
    staff.hear(NOW, (press(Action.GIVE, 5, panel=PANELS_REMEMBERED),))
    assert heard(staff) == []
    staff.hear(NOW, (press(Action.GIVE, 5, panel=0),))
    assert heard(staff) == [Event.GIVE], "so long ago that it is not remembered"


def test_as_many_panels_are_remembered_as_is_said():
    staff = Staff(LIFE_NS)
    panels = range(PANELS_REMEMBERED)
    staff.hear(NOW, tuple(press(Action.GIVE, 5, panel) for panel in panels))
    heard(staff)
    staff.hear(NOW, tuple(press(Action.GIVE, 5, panel) for panel in panels))
    assert heard(staff) == []


def test_a_flood_of_presses_fills_no_memory():
    staff = Staff(LIFE_NS)
    staff.hear(NOW, tuple(press(Action.GIVE, number) for number in range(1, 1000)))
    assert len(heard(staff)) == QUEUE_MAX


def test_a_jog_lasts_as_long_as_its_repeats_come():
    staff = Staff(LIFE_NS)
    staff.hear(NOW, (jog(1),))
    assert staff.jog(NOW + LIFE_NS).axis == 2
    staff.hear(NOW + LIFE_NS, (jog(1, axis=3),))
    assert staff.jog(NOW + 2 * LIFE_NS).axis == 3
    assert staff.jog(NOW + 2 * LIFE_NS + 1) is None
    assert staff.jog(NOW + 2 * LIFE_NS) is None


def test_a_jog_that_ended_is_not_begun_again_by_repeats_that_were_held_up():
    """A tablet's link that stalls and returns would move the arm again, long after the finger was lifted."""
    staff = Staff(200 * NS_PER_MS)
    staff.hear(0, (jog(1),))
    assert staff.jog(200 * NS_PER_MS) is not None
    assert staff.jog(200 * NS_PER_MS + 1) is None
    staff.hear(10_000 * NS_PER_MS, (jog(1),))
    assert staff.jog(10_000 * NS_PER_MS) is None
    staff.hear(10_001 * NS_PER_MS, (jog(2),))
    assert staff.jog(10_001 * NS_PER_MS) is not None


def test_a_jog_that_is_let_go_ends_at_once_and_no_repeat_begins_it_again():
    staff = Staff(LIFE_NS)
    staff.hear(NOW, (jog(1, direction=-1),))
    assert staff.jog(NOW).direction == -1
    staff.hear(NOW + 1, (jog(1, direction=0),))
    assert staff.jog(NOW + 1) is None
    staff.hear(NOW + 2, (jog(1),))
    assert staff.jog(NOW + 2) is None
    staff.hear(NOW + 3, (jog(2), jog(2, direction=0)))
    assert staff.jog(NOW + 3) is None
    staff.hear(NOW + 4, (jog(3),))
    assert staff.jog(NOW + 4).direction == 1


@pytest.mark.parametrize("other", [jog(2, direction=0), jog(1, panel=2, direction=0)])
def test_another_press_that_is_let_go_ends_no_jog(other):
    staff = Staff(LIFE_NS)
    staff.hear(NOW, (jog(1, direction=0),))
    assert staff.jog(NOW) is None, "what was never held is not let go"
    staff.hear(NOW, (jog(1), other))
    assert staff.jog(NOW) is not None
    staff.hear(NOW + LIFE_NS, (other,))
    assert staff.jog(NOW + LIFE_NS + 1) is None, "nor does it make one last"


def test_a_spent_jog_must_be_pressed_anew():
    staff = Staff(LIFE_NS)
    staff.spend_jog()
    staff.hear(NOW, (jog(1),))
    staff.spend_jog()
    assert staff.jog(NOW) is None
    staff.hear(NOW, (jog(1),))
    assert staff.jog(NOW) is None
    staff.hear(NOW, (jog(2),))
    assert staff.jog(NOW) is not None


def test_a_jog_that_met_a_stop_is_not_begun_again_because_another_panel_was_pressed():
    staff = Staff(LIFE_NS)
    staff.hear(NOW, (jog(5, panel=1),))
    staff.spend_jog()
    staff.hear(NOW, (jog(1, panel=2), jog(1, panel=2, direction=0)))
    staff.hear(NOW, (jog(5, panel=1),))
    assert staff.jog(NOW) is None
    staff.hear(NOW, (jog(4, panel=1),))
    assert staff.jog(NOW) is None, "an older press of the same panel is spent as well"
    staff.hear(NOW, (jog(6, panel=1),))
    assert staff.jog(NOW) is not None


def test_a_stop_meets_all_who_hold_for_the_newest_press_alone_jogs():
    staff = Staff(LIFE_NS)
    staff.hear(NOW, (jog(1, panel=1, axis=0), jog(1, panel=2, axis=1), jog(1, panel=1, axis=0)))
    assert staff.jog(NOW).axis == 1
    staff.spend_jog()
    staff.hear(NOW, (jog(1, panel=1), jog(1, panel=2)))
    assert staff.jog(NOW) is None
    staff.hear(NOW, (jog(2, panel=1),))
    assert staff.jog(NOW) is not None


def test_as_many_panels_spent_jogs_are_remembered_as_is_said():
    staff, panels = Staff(LIFE_NS), range(PANELS_REMEMBERED)
    for panel in panels:
        staff.hear(NOW, (jog(1, panel=panel),))
        staff.spend_jog()
    staff.hear(NOW, tuple(jog(1, panel=panel) for panel in panels))
    assert staff.jog(NOW) is None
    staff.hear(NOW, (jog(1, panel=PANELS_REMEMBERED),))
    staff.spend_jog()
    staff.hear(NOW, (jog(1, panel=0),))
    assert staff.jog(NOW) is not None, "so long ago that it is not remembered"


def test_what_waited_while_nobody_listened_is_spent_but_stops_count():
    staff = Staff(LIFE_NS)
    staff.hear(NOW, (press(Action.GIVE, 1), StaffJog(1, 1, 2, 0, 0, 1, True)))
    late = (
        press(Action.RESET, 3),
        press(Action.FREEZE, 4),
        press(Action.FREEZE, 4),
        StaffJog(1, 1, 5, 0, 0, 1, True),
    )
    staff.hear_late((*late, Bye(1, 1)))
    assert staff.pressed() is Event.FREEZE
    staff.heard()
    assert staff.pressed() is None
    assert staff.jog(NOW) is None
    staff.hear(NOW, late[:1] + late[3:])
    assert staff.pressed() is None, "a repeat of what was spent is no new press"
    assert staff.jog(NOW) is None
    staff.hear(NOW, (StaffJog(1, 1, 6, 0, 0, 1, True), press(Action.RESET, 7)))
    assert staff.pressed() is Event.RESET
    assert staff.jog(NOW) is not None
