"""What the team is alarmed of: who must come at once is told loudest, and what works is told not at all."""

import pytest

from protocol.messages import Action, FreezeClass, Mode
from protocol.records import NO_SESSION
from protocol.widgets.sentence import sentence
from protocol.widgets.theme import Priority
from slave.panel.conditions import conditions
from slave.panel.picture import picture_of
from slave.panel.press import STOP, Outcome
from tests.slave.panel.scene import AUTHORITY_NOW, DRIVES, INTAKE, NOW, REPORT, late, replace, seen


def alarms(snapshot, outcomes=(), trouble=None):
    return {alarm.key: alarm for alarm in conditions(picture_of(snapshot), outcomes, trouble)}


@pytest.mark.parametrize("mode", [mode for mode in Mode if mode not in (Mode.FROZEN, Mode.PAUSED)])
def test_where_all_is_well_nothing_is_told(mode):
    assert alarms(seen(mode)) == {}


@pytest.mark.parametrize(
    ("changes", "key", "priority"),
    [
        ({"authority": late(AUTHORITY_NOW)}, "supervisor", Priority.HIGH),
        ({"report": late(REPORT)}, "controller", Priority.HIGH),
        ({"measured": late(DRIVES)}, "plant", Priority.HIGH),
        ({"drives": late(DRIVES)}, "drives", Priority.HIGH),
        ({"intake": late(INTAKE, ms=800)}, "gateway", Priority.MEDIUM),
    ],
)
def test_a_part_that_is_dead_is_told(changes, key, priority):
    assert alarms(seen(Mode.LOCAL, **changes))[key].priority is priority


def test_a_call_is_told_with_its_reason_and_a_freeze_of_the_surgeons_does_not_cry():
    why = "no command for 250 ms (limit 250 ms)"
    called = alarms(seen(Mode.LOCAL, calling=True, culprit=why))["calling"]
    assert called.priority is Priority.HIGH
    assert why in called.text.english
    frozen = alarms(seen(Mode.FROZEN, FreezeClass.LINK, culprit=why))
    assert frozen["frozen LINK 1"].priority is Priority.MEDIUM
    assert "calling" not in frozen
    assert alarms(seen(Mode.PAUSED, culprit=why))["paused"].priority is Priority.LOW
    assert alarms(seen(Mode.FOLLOWING, slowed=True))["slowed"].priority is Priority.LOW
    assert "no reason" in alarms(seen(Mode.FROZEN, FreezeClass.ARM))["frozen ARM 1"].text.english


def test_each_stop_is_an_alarm_of_its_own_so_that_one_that_was_seen_hides_no_other():
    pressed, tripped, again = (
        set(alarms(seen(Mode.FROZEN, freeze_class, stop_number=number)))
        for freeze_class, number in ((FreezeClass.LOCAL, 3), (FreezeClass.ARM, 3), (FreezeClass.LOCAL, 4))
    )
    assert len(pressed | tripped | again) == 3


def test_a_link_is_told_while_the_surgeon_has_the_arms_and_not_before():
    accepted = replace(seen().accepted, accepted_ns=NOW - 3 * 10**9)
    assert "cut for 3.0 s" in alarms(seen(Mode.READY, accepted=accepted))["link"].text.english
    assert "link" not in alarms(seen(Mode.LOCAL, accepted=accepted))
    assert "link" not in alarms(seen(Mode.LOCAL, session=NO_SESSION))


def test_with_the_supervisor_silent_a_surgeons_cut_link_is_told_whoever_had_the_arms():
    accepted, silent = replace(seen().accepted, accepted_ns=NOW - 3 * 10**9), late(AUTHORITY_NOW)
    assert "link" in alarms(seen(authority=silent, accepted=accepted))
    assert "link" not in alarms(seen(authority=silent, accepted=accepted, session=NO_SESSION))


def test_stops_faults_failed_presses_and_our_own_trouble_are_told():
    stopped = replace(DRIVES, stopped=True, powered=False, fault="motor 3 is hot")
    told = alarms(seen(Mode.SAFE, drives=stopped))
    assert told["stopped"].priority is Priority.MEDIUM
    assert "motor 3 is hot" in told["fault"].text.english
    freeze = Action.FREEZE.value
    outcomes = ((STOP, Outcome.FAILED), (freeze, Outcome.FAILED), (Action.TAKE.value, Outcome.DONE))
    failed = {key: alarm.priority for key, alarm in alarms(seen(Mode.FOLLOWING), outcomes).items()}
    assert failed == {f"press {STOP}": Priority.HIGH, f"press {freeze}": Priority.MEDIUM}
    assert alarms(seen(), trouble=sentence("the disk is full"))["panel"].priority is Priority.LOW
