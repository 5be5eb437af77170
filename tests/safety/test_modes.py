"""The mode table: every state times every event, and what must hold whichever way the machine goes."""

import itertools

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.messages import FreezeClass, Mode, Owner
from safety import draw, modes, table
from safety.modes import BY_SURGEON, Event, Machine, Situation, indexed
from safety.table import ROWS, TABLE
from tests.tree import ROOT

NOW_NS = 10**12
ALL_WELL = Situation(NOW_NS, session_alive=True, arms_ready=True, healthy=True)
MOVING = (Mode.FOLLOWING, Mode.PAUSED)


def machine_in(mode, owner=None, freeze_class=FreezeClass.NONE, **changes):
    """A machine as it can really be in that mode."""
    if owner is None:
        owner = Owner.LOCAL if mode in (Mode.SAFE, Mode.LOCAL) else Owner.REMOTE
    if mode is Mode.FROZEN and freeze_class is FreezeClass.NONE:
        freeze_class = FreezeClass.LINK
    start = Machine(mode, owner, NOW_NS - 10**9, 7, 40, 3, granted=mode in MOVING, power=mode is not Mode.SAFE)
    return msgspec.structs.replace(start, freeze_class=freeze_class, **changes)


def states():
    """Every state that a machine can be in, as far as the table looks at it."""
    yield machine_in(Mode.SAFE)
    yield machine_in(Mode.SAFE, testing=True, power=True)
    yield machine_in(Mode.SAFE, calling=True)
    yield machine_in(Mode.LOCAL)
    yield machine_in(Mode.LOCAL, calling=True)
    yield machine_in(Mode.LOCAL, jogging=True, granted=True)
    yield machine_in(Mode.READY)
    yield machine_in(Mode.READY, granted=True)
    yield machine_in(Mode.FOLLOWING)
    yield machine_in(Mode.PAUSED)
    for freeze_class, owner, calling in itertools.product(list(FreezeClass)[1:], Owner, (False, True)):
        yield machine_in(Mode.FROZEN, owner, freeze_class, calling=calling)


def situations():
    for alive, ready, healthy in itertools.product((False, True), repeat=3):
        yield Situation(NOW_NS, alive, ready, healthy)


def every_step():
    for machine, event, situation in itertools.product(states(), Event, situations()):
        after, fired = modes.step(TABLE, machine, {event: "why"}, situation)
        yield machine, event, situation, after, fired


# mode -> event -> where it leads, or the name of what it is refused for. Written out by hand from the specification's
# section 1, apart from the table, in the situation in which all is well.
LEADS = {
    Mode.SAFE: {},
    Mode.LOCAL: {
        Event.STOPPED: "SAFE",
        Event.STANDSTILL_FAULT: "SAFE",
        Event.ARM_TRIP: "FROZEN ARM",
        Event.FREEZE: "FROZEN LOCAL",
        Event.SURGEON_STOP: "FROZEN LOCAL",
        Event.GIVE: "READY",
    },
    Mode.READY: {
        Event.STOPPED: "SAFE",
        Event.STANDSTILL_FAULT: "SAFE",
        Event.ARM_TRIP: "FROZEN ARM",
        Event.FREEZE: "FROZEN LOCAL",
        Event.SURGEON_STOP: "FROZEN LOCAL",
        Event.TAKE: "LOCAL",
        Event.STRANGER: "LOCAL",
        Event.ENGAGE: "FOLLOWING",
        Event.NO_LINK: "LOCAL",
    },
    Mode.FOLLOWING: {
        Event.STOPPED: "SAFE",
        Event.STANDSTILL_FAULT: "SAFE",
        Event.ARM_TRIP: "FROZEN ARM",
        Event.FREEZE: "FROZEN LOCAL",
        Event.SURGEON_STOP: "FROZEN LOCAL",
        Event.TAKE: "LOCAL",
        Event.STRANGER: "LOCAL",
        Event.MASTER_TROUBLE: "FROZEN MASTER",
        Event.LAG: "FROZEN MASTER",
        Event.LINK_FREEZE: "FROZEN LINK",
        Event.SILENCE: "PAUSED",
        Event.PEDALS_UP: "READY",
    },
    Mode.PAUSED: {
        Event.STOPPED: "SAFE",
        Event.STANDSTILL_FAULT: "SAFE",
        Event.ARM_TRIP: "FROZEN ARM",
        Event.FREEZE: "FROZEN LOCAL",
        Event.SURGEON_STOP: "FROZEN LOCAL",
        Event.TAKE: "LOCAL",
        Event.STRANGER: "LOCAL",
        Event.MASTER_TROUBLE: "FROZEN MASTER",
        Event.LINK_FREEZE: "FROZEN LINK",
        Event.PEDALS_UP: "READY",
        Event.BACK_FAR: "FROZEN LINK",
        Event.BACK_NEAR: "FOLLOWING",
    },
}
FROZEN_LEADS = {
    Event.STOPPED: "SAFE",
    Event.STANDSTILL_FAULT: "SAFE",
    Event.TAKE: "LOCAL",
    Event.OVERDUE: "LOCAL",
}
LEADS_BY_CLASS = {
    FreezeClass.LINK: {
        **FROZEN_LEADS,
        Event.ARM_TRIP: "FROZEN ARM",
        Event.FREEZE: "FROZEN LOCAL",
        Event.SURGEON_STOP: "FROZEN LOCAL",
        Event.STRANGER: "LOCAL",
        Event.ENGAGE: "FOLLOWING",
    },
    FreezeClass.LOCAL: {**FROZEN_LEADS, Event.ARM_TRIP: "FROZEN ARM", Event.RELEASE: "READY"},
    FreezeClass.ARM: {**FROZEN_LEADS, Event.RELEASE: "READY"},
}
LEADS_BY_CLASS[FreezeClass.MASTER] = LEADS_BY_CLASS[FreezeClass.LINK]


CALLS = (
    Event.CALL_DUE,
    Event.OVERDUE,
    Event.NO_LINK,
    Event.STRANGER,
    Event.STANDSTILL_FAULT,
    Event.SURGEON_STOP,
)


def told(machine):
    return f"{machine.mode} {machine.freeze_class}".strip()


def expected(machine, event):
    leads = LEADS_BY_CLASS[machine.freeze_class] if machine.mode is Mode.FROZEN else LEADS[machine.mode]
    return leads.get(event, told(machine))


@pytest.mark.parametrize("event", Event)
@pytest.mark.parametrize("mode", [mode for mode in Mode if mode not in (Mode.SAFE, Mode.FROZEN)])
def test_every_event_in_every_mode_leads_where_the_specification_says(mode, event):
    machine = machine_in(mode)
    after, _ = modes.step(TABLE, machine, {event: "why"}, ALL_WELL)
    assert told(after) == expected(machine, event)


@pytest.mark.parametrize("event", Event)
@pytest.mark.parametrize("freeze_class", list(FreezeClass)[1:])
def test_a_freeze_is_left_only_as_its_class_allows(freeze_class, event):
    machine = machine_in(Mode.FROZEN, freeze_class=freeze_class)
    after, _ = modes.step(TABLE, machine, {event: "why"}, ALL_WELL)
    assert told(after) == expected(machine, event)


@pytest.mark.parametrize("event", Event)
def test_safe_is_left_by_a_self_test_that_passed_and_by_nothing_else(event):
    still, _ = modes.step(TABLE, machine_in(Mode.SAFE), {event: ""}, ALL_WELL)
    assert still.mode is Mode.SAFE
    assert still.testing == still.power == (event is Event.RESET)
    after, _ = modes.step(TABLE, machine_in(Mode.SAFE, testing=True, power=True), {event: ""}, ALL_WELL)
    assert (after.mode is Mode.LOCAL) == (event is Event.SELFTEST_PASSED)


def test_no_step_makes_two_owners_of_one_epoch_and_every_change_is_a_new_epoch():
    for machine, _event, _situation, after, _fired in every_step():
        assert (after.owner is not machine.owner) == (after.authority_epoch == machine.authority_epoch + 1)
        assert after.owner is Owner.LOCAL or after.mode not in (Mode.SAFE, Mode.LOCAL)
        assert after.owner is Owner.REMOTE or after.mode not in (Mode.READY, *MOVING)


def test_a_permit_begins_with_engage_release_or_jog_alone_each_time_in_a_new_generation():
    for machine, event, _situation, after, _fired in every_step():
        if after.generation != machine.generation:
            assert event in (Event.ENGAGE, Event.RELEASE, Event.JOG)
            assert after.generation == machine.generation + 1
            assert after.granted
        if after.granted and not machine.granted:
            assert after.generation > machine.generation


def test_every_freeze_stop_and_take_withdraws_the_permit():
    for _machine, event, _situation, after, fired in every_step():
        if fired is not None and (after.mode in (Mode.FROZEN, Mode.SAFE) or event in (Event.TAKE, Event.STRANGER)):
            assert not after.granted or after.mode is Mode.LOCAL


def test_every_new_freeze_or_stop_counts_and_nothing_else_does():
    for machine, _event, _situation, after, _fired in every_step():
        frozen_anew = after.mode is Mode.FROZEN and told(after) != told(machine)
        made_safe = after.mode is Mode.SAFE and machine.mode is not Mode.SAFE
        assert after.stop_number == machine.stop_number + (frozen_anew or made_safe)


def test_nothing_is_ended_or_begun_while_a_fault_stands():
    for machine, event, situation, after, fired in every_step():
        if not situation.healthy and fired is not None:
            assert event not in (Event.ENGAGE, Event.RELEASE, Event.GIVE, Event.JOG)
            assert not (after.granted and after.generation != machine.generation)


def test_unattended_arms_are_not_jogged_and_giving_needs_a_session_and_arms():
    calling = machine_in(Mode.LOCAL, calling=True)
    assert modes.step(TABLE, calling, {Event.JOG: ""}, ALL_WELL) == (calling, None)
    for changes in ({"session_alive": False}, {"arms_ready": False}, {"healthy": False}):
        machine = machine_in(Mode.LOCAL)
        assert modes.step(TABLE, machine, {Event.GIVE: ""}, ALL_WELL._replace(**changes)) == (machine, None)


def test_staff_are_called_where_the_specification_says():
    for machine, event, _situation, after, fired in every_step():
        if fired is None:
            assert after == machine
        elif event in CALLS:
            assert after.calling
        elif event not in (Event.SELFTEST_FAILED, Event.JOG, Event.JOG_ENDED):
            assert not after.calling


def test_power_goes_with_a_stop_and_a_failed_test_and_comes_with_a_reset_alone():
    for machine, event, _situation, after, fired in every_step():
        if fired is None:
            continue
        if event in (Event.STOPPED, Event.STANDSTILL_FAULT, Event.SELFTEST_FAILED) or after.mode is Mode.SAFE:
            assert after.power == (event is Event.RESET) or event is Event.ATTEND
        if after.power and not machine.power:
            assert event is Event.RESET


def test_what_is_yes_or_no_is_nothing_else():
    for _, _, _, after, _ in every_step():
        flags = (after.granted, after.power, after.testing, after.calling, after.jogging)
        assert all(type(flag) is bool for flag in flags)


def test_trips_are_acknowledged_once_by_each_reset_and_release_and_by_nothing_else():
    for machine, event, _, after, fired in every_step():
        if fired is not None:
            assert after.resets - machine.resets == (event in (Event.RESET, Event.RELEASE))


@given(st.lists(st.sets(st.sampled_from(Event)), max_size=40), st.data())
def test_whatever_happens_together_the_worst_that_applies_acts(ticks, data):
    machine = modes.start(NOW_NS)
    for tick, events in enumerate(ticks):
        situation = data.draw(st.sampled_from(list(situations())))
        after, fired = modes.step(
            TABLE, machine, dict.fromkeys(events, "why"), situation._replace(now_ns=NOW_NS + tick)
        )
        if fired is None:
            assert after == machine
        else:
            assert fired in events
            alone, again = modes.step(TABLE, machine, {fired: "why"}, situation._replace(now_ns=NOW_NS + tick))
            assert (alone, again) == (after, fired)
            worse = [event for event in events if event < fired]
            assert all(modes.step(TABLE, machine, {e: ""}, situation)[1] is None for e in worse)
        machine = after


def test_a_freeze_keeps_its_culprit_until_it_ends():
    machine, _ = modes.step(TABLE, machine_in(Mode.FOLLOWING), {Event.LINK_FREEZE: "no command for 250 ms"}, ALL_WELL)
    assert machine.culprit == "no command for 250 ms"
    called, _ = modes.step(TABLE, machine, {Event.CALL_DUE: ""}, ALL_WELL)
    assert (called.culprit, called.calling) == (machine.culprit, True)
    following, _ = modes.step(TABLE, called, {Event.ENGAGE: ""}, ALL_WELL)
    assert (following.culprit, following.calling, following.freeze_class) == ("", False, FreezeClass.NONE)


def test_no_row_is_shadowed_or_unreachable():
    fired = set()
    for machine, event, situation in itertools.product(states(), Event, situations()):
        for row in TABLE.get((machine.mode, event), ()):
            if all(guard(machine, situation) for guard in row.guards):
                fired.add(ROWS.index(row))
                break
    assert fired == set(range(len(ROWS)))


def test_a_supervisor_started_anew_has_newer_epochs_and_generations_than_the_one_before():
    before = modes.start(NOW_NS)
    after = modes.start(NOW_NS + 10**9)
    assert after.generation > before.generation + 900
    assert after.authority_epoch > before.authority_epoch + 900
    assert before == Machine(Mode.SAFE, Owner.LOCAL, NOW_NS, NOW_NS // 10**6 + 1, NOW_NS // 10**6 + 1)
    assert modes.start(NOW_NS + 999_999).generation == before.generation
    assert type(before.generation) is int


def test_the_drawing_in_the_docs_is_the_table():
    assert (ROOT / "docs" / "modes.md").read_text() == draw.page(), "python -m safety.draw > docs/modes.md"


def test_by_surgeon_is_what_the_specification_says():
    assert set(BY_SURGEON) == {FreezeClass.LINK, FreezeClass.MASTER}
    assert table.TABLE is TABLE


def test_the_index_holds_every_row_once_in_order():
    assert indexed(()) == {}
    first, second = ROWS[0], ROWS[-1]
    table = indexed((first, second, first))
    for row in (first, second):
        for mode in row.modes:
            assert row in table[mode, row.event]
    assert table[first.modes[0], first.event].count(first) == 2
