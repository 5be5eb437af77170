"""The panel: what it shows, what it sends, and whether it believes that it was heard."""

import msgspec
import pytest

from kinematics.description import load_description
from protocol.clock import NS_PER_MS
from protocol.messages import Action, FreezeClass, Mode, Owner, StaffAction, StaffStop
from protocol.records import Report
from slave.panel.press import CONFIRM_NS, GIVE_UP_NS, STOP, Outcome, Presses
from slave.panel.view import Snapshot, axis_names, lines, status
from tests.protocol.samples import ARM_STATE, AUTHORITY, MEASURED, SESSION

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
    return snapshot._replace(**changes)


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
    assert "SUPERVISOR SILENT" in text(seen(None))
    assert "controller SILENT: no jog" in text(seen(report=None))
    assert "drives SILENT" in text(seen(drives=None))


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


def test_a_stop_goes_to_the_drives_and_is_theirs_to_confirm():
    presses = Presses(7)
    assert isinstance(presses.press(STOP, NOW), StaffStop)
    presses.step(NOW + 1, in_mode(Mode.SAFE), MEASURED)
    assert presses.outcome is Outcome.WAITING
    presses.step(NOW + 2, None, msgspec.structs.replace(MEASURED, stopped=True))
    assert presses.outcome is Outcome.DONE


@pytest.mark.parametrize(
    ("what", "sent"), [(Action.FREEZE.value, True), (Action.TAKE.value, True), (STOP, True), (Action.GIVE.value, False)]
)
def test_what_stops_is_sent_again_until_it_is_confirmed_or_a_second_has_passed(what, sent):
    presses = Presses(7)
    first = presses.press(what, NOW)
    authority = UNDONE.get(what, in_mode(Mode.FOLLOWING))
    again = [presses.step(NOW + k * 10 * NS_PER_MS, authority, MEASURED) for k in range(1, 200)]
    repeats = [message for message in again if message is not None]
    assert bool(repeats) == sent
    assert all(message == first for message in repeats)
    assert again[GIVE_UP_NS // (10 * NS_PER_MS) :] == [None] * (200 - GIVE_UP_NS // (10 * NS_PER_MS) - 1)


def test_repeats_of_a_held_key_are_one_press_and_a_new_hold_is_another():
    presses = Presses(7)
    held = [presses.jog(NOW + k * 50 * NS_PER_MS, 0, 2, 1).number for k in range(5)]
    assert len(set(held)) == 1
    assert presses.jog(NOW + 200 * NS_PER_MS + 210 * NS_PER_MS, 0, 2, 1).number == held[0] + 1
    assert presses.jog(NOW + 420 * NS_PER_MS, 0, 2, -1).number == held[0] + 2
