"""The panel: what it shows, what it sends, and whether it believes that it was heard."""

import msgspec
import pytest

from kinematics.description import load_description
from protocol.clock import NS_PER_MS
from protocol.messages import Action, FreezeClass, Mode, Owner, StaffAction, StaffStop
from protocol.records import Report
from slave.panel.press import CONFIRM_NS, GIVE_UP_NS, POWER_OFF_NS, SHOWN_NS, STOP, Outcome, Presses
from slave.panel.snapshot import Snapshot, axis_names
from slave.panel.view import lines, status
from tests.protocol.samples import ARM_STATE, AUTHORITY, MEASURED, SESSION
from tests.slave.panel.scene import standing

ROBOT = load_description("psm")
NOW = 10**12
LOCAL = msgspec.structs.replace(AUTHORITY, stamp_ns=NOW, mode=Mode.LOCAL, owner=Owner.LOCAL)
REPORT = Report(NOW, 1, 0, 1, 1, "", FreezeClass.NONE, 1, (ARM_STATE, ARM_STATE))


def seen(authority=LOCAL, **changes):
    snapshot = Snapshot(
        now_ns=NOW,
        robot=ROBOT,
        authority=authority,
        measured=MEASURED,
        drives=MEASURED,
        report=REPORT,
        session=SESSION,
        what="",
        outcome=Outcome.NONE,
        arm=0,
        axis=2,
    )
    return standing(snapshot._replace(**changes))


def text(snapshot):
    return "\n".join("".join(word for word, _ in line) for line in lines(snapshot))


def in_mode(mode, freeze_class=FreezeClass.NONE, **changes):
    owner = Owner.LOCAL if mode in (Mode.SAFE, Mode.LOCAL) else Owner.REMOTE
    return msgspec.structs.replace(LOCAL, mode=mode, owner=owner, freeze_class=freeze_class, **changes)


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("calling", [False, True])
def test_every_mode_fits_a_terminal_of_80_by_24_and_says_what_to_do(mode, calling):
    shown = text(seen(in_mode(mode, calling=calling, culprit="x" * 60)))
    assert mode.value in shown
    assert "do: " in shown
    assert ("CALLED" in shown) == calling
    assert len(shown.splitlines()) <= 24
    assert max(map(len, shown.splitlines())) <= 80


def test_keys_stand_in_the_same_place_whatever_happens():
    ends = {tuple(text(seen(in_mode(mode))).splitlines()[-3:]) for mode in Mode}
    assert len(ends) == 1


@pytest.mark.parametrize(
    ("freeze_class", "advice"),
    [
        (FreezeClass.ARM, "RELEASE"),
        (FreezeClass.LOCAL, "RELEASE"),
        (FreezeClass.LINK, "new press"),
        (FreezeClass.MASTER, "new press"),
    ],
)
def test_a_freeze_says_why_and_who_ends_it(freeze_class, advice):
    shown = text(seen(in_mode(Mode.FROZEN, freeze_class, culprit="no command for 250 ms (limit 250 ms)")))
    assert f"FROZEN ({freeze_class})" in shown
    assert "why: no command for 250 ms (limit 250 ms)" in shown
    assert advice in shown


def test_who_is_silent_is_said():
    late = msgspec.structs.replace(LOCAL, stamp_ns=NOW - 300 * NS_PER_MS)
    assert "SUPERVISOR SILENT" in text(seen(late))
    assert "owner: nobody knows" in text(seen(late))
    assert "SUPERVISOR SILENT" in text(seen(None))
    assert "controller SILENT: no jog" in text(seen(report=None))
    assert "drives SILENT" in text(seen(drives=None))


def test_joints_of_silent_drives_are_not_shown_as_they_were():
    silent = msgspec.structs.replace(MEASURED, stamp_ns=NOW - 300 * NS_PER_MS)
    assert "[-" in text(seen(drives=msgspec.structs.replace(MEASURED, stamp_ns=NOW)))
    assert "[-" not in text(seen(drives=silent))


def test_a_stop_and_a_fault_are_shown():
    stopped = msgspec.structs.replace(MEASURED, stopped=True, powered=False, tripped=True, fault="motor 3 is hot")
    shown = text(seen(drives=stopped))
    assert "STOPPED, power off" in shown
    assert "tripped, motor 3 is hot" in shown


def test_the_status_is_one_line():
    assert status(seen(in_mode(Mode.FROZEN, FreezeClass.ARM, culprit="why"))).count("\n") == 0


def test_every_axis_of_the_messages_has_a_name():
    assert axis_names(ROBOT)[2] == "insertion"
    assert len(axis_names(ROBOT)) == len(ROBOT.joints) + 4


DONE = {
    Action.FREEZE.value: in_mode(Mode.FROZEN, FreezeClass.LOCAL),
    Action.TAKE.value: in_mode(Mode.LOCAL),
    Action.GIVE.value: in_mode(Mode.READY),
    Action.RELEASE.value: in_mode(Mode.READY),
    Action.RESET.value: in_mode(Mode.SAFE, testing=True),
    Action.ATTEND.value: in_mode(Mode.LOCAL),
}
UNDONE = {
    Action.FREEZE.value: in_mode(Mode.FOLLOWING),
    Action.TAKE.value: in_mode(Mode.FOLLOWING),
    Action.GIVE.value: in_mode(Mode.LOCAL),
    Action.RELEASE.value: in_mode(Mode.FROZEN, FreezeClass.ARM),
    Action.RESET.value: in_mode(Mode.SAFE),
    Action.ATTEND.value: in_mode(Mode.LOCAL, calling=True),
}


@pytest.mark.parametrize("action", [action.value for action in Action])
def test_a_press_is_done_when_the_supervisor_says_so_and_failed_when_it_does_not_in_time(action):
    presses = Presses(7)
    message = presses.press(action, NOW)
    assert isinstance(message, StaffAction)
    assert (message.panel, message.number, message.action) == (7, 1, action)
    presses.step(NOW + CONFIRM_NS - 1, UNDONE[action], MEASURED)
    assert presses.outcome is Outcome.WAITING
    presses.step(NOW + CONFIRM_NS, UNDONE[action], MEASURED)
    assert presses.outcome is Outcome.FAILED
    presses.step(NOW + CONFIRM_NS + 1, DONE[action], MEASURED)
    assert presses.outcome is Outcome.DONE
    presses.step(NOW + 10**10, DONE[action], MEASURED)
    assert presses.what == ""


STOPPING = msgspec.structs.replace(MEASURED, stopped=True, powered=True)
OFF = msgspec.structs.replace(MEASURED, stopped=True, powered=False)


def test_a_stop_goes_to_the_drives_and_is_done_when_they_have_no_power():
    presses = Presses(7)
    assert isinstance(presses.press(STOP, NOW), StaffStop)
    presses.step(NOW + 1, in_mode(Mode.SAFE), MEASURED)
    assert presses.outcome is Outcome.WAITING
    presses.step(NOW + 2, None, STOPPING)
    assert presses.outcome is Outcome.STOPPING, "heard, and the arms still have power"
    assert presses.step(NOW + CONFIRM_NS, None, STOPPING) == (), "what was heard need not be sent again"
    assert presses.outcome is Outcome.STOPPING
    presses.step(NOW + CONFIRM_NS + 1, None, OFF)
    assert presses.outcome is Outcome.DONE


def test_drives_without_power_that_have_not_heard_the_stop_confirm_nothing():
    presses = Presses(7)
    presses.press(STOP, NOW)
    presses.step(NOW + CONFIRM_NS, None, msgspec.structs.replace(MEASURED, powered=False, stopped=False))
    assert presses.outcome is Outcome.FAILED


@pytest.mark.parametrize("then", [STOPPING, None], ids=["powered", "dead"])
def test_a_stop_that_was_heard_and_takes_no_power_away_is_told_as_failed(then):
    presses = Presses(7)
    presses.press(STOP, NOW)
    presses.step(NOW, None, STOPPING)
    presses.step(NOW + POWER_OFF_NS - 1, None, then)
    assert presses.outcome is Outcome.STOPPING
    presses.step(NOW + POWER_OFF_NS, None, then)
    assert presses.outcome is Outcome.FAILED


def test_a_stop_that_was_heard_is_done_though_somebody_rearmed_the_drives_before_their_power_went():
    presses = Presses(7)
    presses.press(STOP, NOW)
    presses.step(NOW, None, STOPPING)
    presses.step(NOW + 1, None, msgspec.structs.replace(OFF, stopped=False))
    assert presses.outcome is Outcome.DONE


@pytest.mark.parametrize(
    ("what", "sent"), [(Action.FREEZE.value, True), (Action.TAKE.value, True), (Action.GIVE.value, False)]
)
def test_what_stops_is_sent_again_until_it_is_confirmed_or_a_second_has_passed(what, sent):
    presses = Presses(7)
    first = presses.press(what, NOW)
    authority = UNDONE.get(what, in_mode(Mode.FOLLOWING))
    again = [presses.step(NOW + k * 10 * NS_PER_MS, authority, MEASURED) for k in range(1, 200)]
    repeats = [message for messages in again for message in messages]
    assert bool(repeats) == sent
    assert all(message == first for message in repeats)
    assert again[GIVE_UP_NS // (10 * NS_PER_MS) :] == [()] * (200 - GIVE_UP_NS // (10 * NS_PER_MS) - 1)


def test_a_stop_that_nobody_hears_is_told_and_sent_until_it_is_heard():
    presses, minute_ns = Presses(7), 60_000 * NS_PER_MS
    stop = presses.press(STOP, NOW)
    presses.press(Action.RESET.value, NOW + 1)
    assert presses.step(NOW + minute_ns, None, None) == (stop,)
    assert presses.step(NOW + minute_ns + 1, None, MEASURED) == (), "not as fast as it is looked at"
    assert presses.step(NOW + 2 * minute_ns, None, MEASURED) == (stop,)
    assert presses.outcome_of(STOP) is Outcome.FAILED
    assert presses.step(NOW + 3 * minute_ns, None, STOPPING) == ()
    assert presses.outcome_of(STOP) is Outcome.STOPPING
    for later_ns in (1, SHOWN_NS):
        presses.step(NOW + 3 * minute_ns + later_ns, None, OFF)
        assert presses.outcome_of(STOP) is Outcome.DONE, "shown as long as any other"
    assert presses.step(NOW + 4 * minute_ns, None, MEASURED) == (), "it does not come back after a RESET"
    assert presses.outcome_of(STOP) is Outcome.NONE


def test_a_stop_that_failed_is_told_until_it_is_pressed_anew():
    presses = Presses(7)
    presses.press(STOP, NOW)
    presses.step(NOW + CONFIRM_NS, None, None)
    presses.press(STOP, NOW + 2 * CONFIRM_NS)
    assert presses.outcome_of(STOP) is Outcome.WAITING


def test_a_stop_that_failed_is_told_in_the_text_whatever_was_pressed_since():
    shown = text(seen(what="GIVE", outcome=Outcome.DONE, outcomes=((STOP, Outcome.FAILED), ("GIVE", Outcome.DONE))))
    assert "FAILED, not confirmed: use the hard-wired stop" in shown


def test_repeats_of_a_held_key_are_one_press_and_a_new_hold_is_another():
    presses = Presses(7)
    held = [presses.jog(NOW + k * 50 * NS_PER_MS, 0, 2, 1).number for k in range(5)]
    assert len(set(held)) == 1
    assert presses.jog(NOW + 200 * NS_PER_MS + 210 * NS_PER_MS, 0, 2, 1).number == held[0] + 1
    assert presses.jog(NOW + 420 * NS_PER_MS, 0, 2, -1).number == held[0] + 2


def test_what_is_let_go_is_told_once_and_the_next_hold_is_a_new_press_however_soon():
    presses = Presses(7)
    assert presses.let_go() is None
    first = presses.jog(NOW, 0, 2, 1)
    end = presses.let_go()
    assert (end.panel, end.number, end.arm, end.axis, end.direction) == (7, first.number, 0, 2, 0)
    assert presses.let_go() is None
    assert presses.jog(NOW + 1, 0, 2, 1).number == first.number + 1


def test_a_press_of_another_button_does_not_end_the_wait_for_a_stop():
    presses = Presses(7)
    stop = presses.press(STOP, NOW)
    presses.press(Action.RESET.value, NOW + 1)
    assert stop in presses.step(NOW + 60 * NS_PER_MS, in_mode(Mode.SAFE), MEASURED)
    assert dict(presses.outcomes)[STOP] is Outcome.WAITING
    presses.step(NOW + 2 * CONFIRM_NS, in_mode(Mode.FOLLOWING), MEASURED)
    assert dict(presses.outcomes)[STOP] is Outcome.FAILED


@pytest.mark.parametrize("action", [action.value for action in Action])
def test_what_was_said_before_the_press_confirms_nothing(action):
    presses = Presses(7)
    presses.press(action, NOW + 1)
    presses.step(NOW + CONFIRM_NS, DONE[action], MEASURED)
    assert presses.outcome is Outcome.WAITING
    presses.step(NOW + 1 + CONFIRM_NS, DONE[action], MEASURED)
    assert presses.outcome is Outcome.FAILED, "the last word of one that is dead"


def test_a_take_that_answers_a_call_is_done_when_nobody_is_called_any_more():
    presses = Presses(7)
    presses.press(Action.TAKE.value, NOW)
    presses.step(NOW, in_mode(Mode.LOCAL, calling=True), MEASURED)
    assert presses.outcome is Outcome.WAITING
    presses.step(NOW, in_mode(Mode.LOCAL), MEASURED)
    assert presses.outcome is Outcome.DONE


def test_a_take_is_done_though_a_dead_part_froze_the_arms_again_at_once():
    presses = Presses(7)
    presses.press(Action.TAKE.value, NOW)
    frozen = in_mode(Mode.FROZEN, FreezeClass.ARM)
    presses.step(NOW, frozen, MEASURED)
    assert presses.outcome is Outcome.WAITING
    presses.step(NOW, msgspec.structs.replace(frozen, owner=Owner.LOCAL), MEASURED)
    assert presses.outcome is Outcome.DONE


def test_a_take_that_was_lost_is_not_done_because_the_arms_were_frozen_and_the_teams_before():
    frozen = msgspec.structs.replace(
        in_mode(Mode.FROZEN, FreezeClass.ARM), owner=Owner.LOCAL, calling=True, entered_ns=NOW - 5, stop_number=3
    )
    for news, outcome in (
        ({}, Outcome.FAILED),
        ({"entered_ns": NOW + 1}, Outcome.DONE),
        ({"stop_number": 4}, Outcome.DONE),
        ({"mode": Mode.LOCAL, "calling": False}, Outcome.DONE),
    ):
        presses = Presses(7)
        presses.step(NOW - 1, frozen, MEASURED)
        presses.press(Action.TAKE.value, NOW)
        now_ns = NOW + CONFIRM_NS
        presses.step(now_ns, msgspec.structs.replace(frozen, stamp_ns=now_ns, **news), MEASURED)
        assert presses.outcome is outcome, news


def test_with_the_controller_dead_the_text_offers_release_by_hand():
    shown = text(seen(report=None))
    assert "by hand, once S took the power: outer roll" in shown
    assert max(map(len, shown.splitlines())) <= 80
