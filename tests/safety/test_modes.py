"""Every state times every event, judged by a second statement of the table; and what holds whatever happens."""

import itertools

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.clock import NS_PER_MS, NS_PER_S
from protocol.messages import Mode, Owner
from safety.limits import DEFAULT, Limits
from safety.modes import Facts, FreezeClass, Machine, start, step

NOW = 100 * NS_PER_S
QUIET = Facts(
    now_ns=NOW,
    session_alive=True,
    session_absent_ns=0,
    silence_ns=NS_PER_MS,
    engage_heard=False,
    any_hand_engaged=False,
    arms_ready=True,
)
ENTERED = NOW - NS_PER_S


def frozen(freeze_class, owner=Owner.REMOTE, entered_ns=ENTERED):
    return Machine(Mode.FROZEN, owner, entered_ns, stop_number=4, freeze_class=freeze_class, culprit="because")


STATES = {
    "local": Machine(Mode.LOCAL, Owner.LOCAL, ENTERED),
    "ready": Machine(Mode.READY, Owner.REMOTE, ENTERED),
    "following": Machine(Mode.FOLLOWING, Owner.REMOTE, ENTERED),
    "link": frozen(FreezeClass.LINK),
    "master": frozen(FreezeClass.MASTER),
    "pressed": frozen(FreezeClass.LOCAL),
    "pressed, local": frozen(FreezeClass.LOCAL, Owner.LOCAL),
    "arm": frozen(FreezeClass.ARM),
    "arm, local": frozen(FreezeClass.ARM, Owner.LOCAL),
}
EVENTS = {
    "nothing": {},
    "engaged": {"any_hand_engaged": True},
    "engage": {"engage_heard": True, "any_hand_engaged": True},
    "silence": {"silence_ns": 250 * NS_PER_MS, "any_hand_engaged": True},
    "nearly silence": {"silence_ns": 250 * NS_PER_MS - 1, "any_hand_engaged": True},
    "never a command": {"silence_ns": None, "any_hand_engaged": True},
    "master fault": {"master_fault": "blind", "any_hand_engaged": True},
    "arm fault": {"arm_fault": "bent"},
    "give": {"give": True},
    "give, no session": {"give": True, "session_alive": False},
    "give, arms not ready": {"give": True, "arms_ready": False},
    "take": {"take": True},
    "freeze": {"freeze": True},
    "release": {"release": True},
    "release, arm fault": {"release": True, "arm_fault": "bent"},
    "no session for 30 s": {"session_absent_ns": 30 * NS_PER_S},
    "stranger": {"stranger": True},
    "freeze and release": {"freeze": True, "release": True},
    "session ended": {"session_alive": False, "any_hand_engaged": True},
}
FREEZE_PRESS = ("FROZEN", "LOCAL")
ARM_TRIP = ("FROZEN", "ARM")
LEAVES = {
    "local": {"give": "READY"},
    "ready": {"engage": "FOLLOWING", "no session for 30 s": "LOCAL"},
    "following": {
        "nothing": "READY",
        "give": "READY",
        "give, no session": ("FROZEN", "MASTER"),
        "give, arms not ready": "READY",
        "release": "READY",
        "no session for 30 s": "READY",
        "session ended": ("FROZEN", "MASTER"),
        "silence": ("FROZEN", "LINK"),
        "never a command": ("FROZEN", "LINK"),
        "master fault": ("FROZEN", "MASTER"),
        "stranger": "LOCAL",
    },
    "link": {"engage": "FOLLOWING"},
    "master": {"engage": "FOLLOWING"},
    "pressed": {"release": "READY"},
    "pressed, local": {"release": "LOCAL"},
    "arm": {"release": "READY"},
    "arm, local": {"release": "LOCAL"},
}


def expected(state, event):
    """What the specification says, or None for nothing."""
    machine = STATES[state]
    if event in ("arm fault", "release, arm fault"):
        return None if machine.freeze_class is FreezeClass.ARM else ARM_TRIP
    if event in ("freeze", "freeze and release"):
        return None if machine.freeze_class in (FreezeClass.LOCAL, FreezeClass.ARM) else FREEZE_PRESS
    if event == "take":
        return "LOCAL"
    if event == "stranger" and machine.owner is Owner.REMOTE:
        return "LOCAL"
    return LEAVES[state].get(event)


@pytest.mark.parametrize(("state", "event"), list(itertools.product(STATES, EVENTS)))
def test_every_state_times_every_event(state, event):
    before = STATES[state]
    after = step(before, msgspec.structs.replace(QUIET, **EVENTS[event]), DEFAULT)
    wanted = expected(state, event)
    if wanted is None:
        assert after == before
    elif isinstance(wanted, tuple):
        assert (after.mode, after.freeze_class, after.stop_number) == (*wanted, before.stop_number + 1)
        assert after.culprit
        assert after.owner is before.owner
    else:
        assert after.mode == wanted
        assert after.freeze_class is FreezeClass.NONE
        assert after.stop_number == before.stop_number
        assert after.entered_ns == NOW


def test_a_freeze_calls_the_staff_and_then_hands_over():
    machine = frozen(FreezeClass.LINK, entered_ns=NOW)
    for seconds, calling, mode in (
        (1, False, "FROZEN"),
        (2, True, "FROZEN"),
        (29, True, "FROZEN"),
        (30, True, "LOCAL"),
    ):
        machine = step(machine, msgspec.structs.replace(QUIET, now_ns=NOW + seconds * NS_PER_S), DEFAULT)
        assert (machine.calling, machine.mode) == (calling, mode)
    assert machine.owner is Owner.LOCAL
    assert machine.authority_epoch == 2


def test_a_freeze_of_an_arm_that_is_local_stays_until_it_is_released():
    machine = frozen(FreezeClass.LOCAL, Owner.LOCAL, entered_ns=NOW)
    late = msgspec.structs.replace(QUIET, now_ns=NOW + 100 * NS_PER_S)
    assert step(machine, late, DEFAULT).mode is Mode.FROZEN


def test_ownership_changes_are_numbered_and_a_press_upon_nothing_is_none():
    given = step(STATES["local"], msgspec.structs.replace(QUIET, give=True), DEFAULT)
    assert (given.owner, given.authority_epoch) == (Owner.REMOTE, 2)
    taken = step(given, msgspec.structs.replace(QUIET, take=True), DEFAULT)
    assert (taken.owner, taken.authority_epoch) == (Owner.LOCAL, 3)
    again = step(taken, msgspec.structs.replace(QUIET, take=True), DEFAULT)
    assert again.authority_epoch == 3


facts = st.builds(
    Facts,
    now_ns=st.integers(NOW, NOW + 60 * NS_PER_S),
    session_alive=st.booleans(),
    session_absent_ns=st.integers(0, 60 * NS_PER_S),
    silence_ns=st.none() | st.integers(0, NS_PER_S),
    engage_heard=st.booleans(),
    any_hand_engaged=st.booleans(),
    arms_ready=st.booleans(),
    arm_fault=st.sampled_from(["", "bent"]),
    master_fault=st.sampled_from(["", "blind"]),
    give=st.booleans(),
    take=st.booleans(),
    freeze=st.booleans(),
    release=st.booleans(),
)


@given(st.lists(facts, max_size=30))
def test_whatever_happens(history):
    machine = start(NOW)
    for fact in history:
        before, machine = machine, step(machine, fact, DEFAULT)
        assert (machine.mode in (Mode.READY, Mode.FOLLOWING)) <= (machine.owner is Owner.REMOTE)
        assert (machine.owner is before.owner) == (machine.authority_epoch == before.authority_epoch)
        assert machine.stop_number - before.stop_number in (0, 1)
        assert (machine.mode is Mode.FROZEN) == (machine.freeze_class is not FreezeClass.NONE)
        if machine.mode is Mode.FOLLOWING:
            assert not fact.arm_fault
            assert not fact.freeze
            assert not fact.take
            if before.mode is not Mode.FOLLOWING:
                assert fact.engage_heard
        if before.freeze_class is FreezeClass.ARM and machine.mode in (Mode.READY, Mode.FOLLOWING):
            assert fact.release


def test_limits_are_checked_when_they_are_made():
    for name in Limits.__struct_fields__:
        for bad in (0, -1, float("nan"), float("inf")):
            with pytest.raises(ValueError, match=name):
                Limits(**{name: bad})
    with pytest.raises(ValueError, match="call_ns"):
        Limits(call_ns=31 * NS_PER_S)
