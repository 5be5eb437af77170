"""A case goes on through every silence, and ends when the surgeon ends it."""

from msgspec.structs import replace

from master.console.buttons import actions
from master.console.case import Case
from master.console.conditions import conditions
from master.console.preparing import why_no_check
from master.console.snapshot import PILOT_SILENT_NS
from master.console.stage import Stage, banner, stage_of
from master.console_records import PilotStands
from protocol.widgets.theme import Priority
from tests.master.console.scenes import APART, ASKING, LAUNCHER, LINK, NOW, READY, SIDE

SILENT = READY._replace(now_ns=NOW + PILOT_SILENT_NS + 1)
DEAD = READY._replace(launcher=replace(LAUNCHER, pilot=PilotStands.ENDED, trouble="the pilot ended by itself"))
LOST = APART._replace(link=replace(LINK, session=0, trouble="no state from 127.0.0.1:7200 for 3.2 s"))


def begun():
    case = Case()
    assert not case.step(ASKING, control=True).case
    assert case.step(READY, control=True).case
    return case


def test_neither_a_stalled_nor_a_dead_pilot_nor_a_lost_session_ends_it():
    case = begun()
    for seen in (SILENT, LOST, READY, DEAD):
        found = case.step(seen, control=True)
        assert found.case
        assert found.is_locked
    assert case.step(DEAD, control=False).case


def test_it_ends_when_the_surgeon_has_ended_the_session_or_begins_anew():
    case = begun()
    assert case.step(READY, control=False).case
    assert not case.step(APART, control=False).case
    case = begun()
    case.end()
    assert not case.step(DEAD, control=False).case


def test_a_session_that_is_lost_in_mid_case_alarms_with_high_priority_and_says_why():
    seen = begun().step(LOST, control=True)
    assert stage_of(seen) is Stage.ASKING
    (alarm,) = conditions(seen)
    assert (alarm.key, alarm.priority) == ("session", Priority.HIGH)
    assert banner(seen).heading.english == "SESSION LOST"
    assert banner(seen).mode is None
    assert conditions(Case().step(ASKING, control=True)) == ()


def test_a_pilot_that_stalls_locks_what_could_be_chosen_and_is_no_start():
    seen = begun().step(SILENT, control=True)
    assert banner(seen).heading.english == "PILOT SILENT"
    assert [alarm.key for alarm in conditions(seen)] == ["pilot silent"]
    assert why_no_check(seen) is not None


def test_a_window_that_came_anew_knows_of_the_session_by_the_pilots_last_word():
    assert Case().step(SILENT, control=False).is_locked
    assert not Case().step(DEAD, control=False).is_locked
    assert not Case().step(APART, control=False).is_locked


def test_the_side_is_named_before_control_is_asked_of_it():
    there = replace(LAUNCHER, side="10.1.2.3:7200")
    assert APART._replace(launcher=there).side_name == "kashgar (10.1.2.3:7200)"
    assert APART.side_name == SIDE
    said = banner(APART._replace(launcher=there)).reason
    assert dict(said.values)["side"].english == "kashgar (10.1.2.3:7200)"


def test_no_belief_disables_stop_while_there_may_be_a_session():
    def why_not(seen):
        return actions(seen, 0.5, 0).why_no_stop

    case = begun()
    for seen in (READY, SILENT, LOST):
        assert why_not(case.step(seen, control=True)) is None
    assert why_not(Case().step(ASKING, control=True)) is None
    assert why_not(Case().step(SILENT, control=False)) is None
    assert why_not(Case().step(APART, control=False)) is not None
    assert why_not(case.step(DEAD, control=False)) is not None, "nobody would send it"
