"""What is kept of the supervisor's turns: every one, in order, with the event that made it."""

import msgspec
import pytest

from protocol.audit_records import Turn, Turns
from protocol.fields import TEXT_MAX
from protocol.messages import Action, Mode, Owner
from protocol.records import Authority
from safety.modes import Event
from safety.supervisor import Ruling
from safety.turns import CELL_BYTES, KEPT, TurnsKept
from tests.protocol.samples import AUTHORITY, PERMIT

LONGEST = max((event.name for event in Event), key=len)


def ruling(event, **changes):
    return Ruling(msgspec.structs.replace(AUTHORITY, **changes), PERMIT, event)


def test_the_first_tick_is_a_turn_and_after_it_only_an_event_makes_one():
    kept = TurnsKept()
    first = kept.step(ruling(None))
    assert (first.number, [turn.event for turn in first.newest]) == (1, [""])
    assert kept.step(ruling(None, tick=2)) is None
    second = kept.step(ruling(Event.FREEZE, tick=3))
    assert (second.number, [turn.event for turn in second.newest]) == (2, ["", "FREEZE"])
    assert kept.step(ruling(None, tick=4)) is None


def test_a_turn_tells_what_the_machine_then_was():
    (turn,) = TurnsKept().step(ruling(Event.TAKE, calling=True)).newest
    same = {name: getattr(AUTHORITY, name) for name in Turn.__struct_fields__ if name in Authority.__struct_fields__}
    assert msgspec.structs.asdict(turn) == {**same, "calling": True, "event": "TAKE"}


def test_the_newest_are_kept_and_all_are_counted():
    kept = TurnsKept()
    for number in range(KEPT + 5):
        turns = kept.step(ruling(Event.FREEZE, stop_number=number))
    assert turns.number == KEPT + 5
    assert [turn.stop_number for turn in turns.newest] == list(range(5, KEPT + 5))


def test_the_longest_turns_fit_their_cell():
    largest = dict.fromkeys(("stamp_ns", "stop_number", "authority_epoch"), 2**63 - 1)
    kept = TurnsKept()
    for _ in range(KEPT):
        turns = kept.step(
            ruling(
                next(event for event in Event if event.name == LONGEST),
                culprit="\U0001f480" * TEXT_MAX,
                mode=max(Mode, key=len),
                owner=max(Owner, key=len),
                **largest,
            )
        )
    assert len(msgspec.msgpack.encode(msgspec.structs.replace(turns, number=2**63 - 1))) <= CELL_BYTES


def test_what_is_written_is_read():
    turns = TurnsKept().step(ruling(Event.LAG))
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(turns), type=Turns) == turns


@pytest.mark.parametrize("action", [Action.FREEZE, Action.TAKE])
def test_a_ruling_names_the_event_that_moved_the_machine_and_none_when_nothing_did(following, action):
    assert following.event is Event.ENGAGE
    following.tick()
    assert following.event is None
    following.tick(1, action)
    assert following.event is Event[action.name]
    following.tick()
    assert following.event is None
