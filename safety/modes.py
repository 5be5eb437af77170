"""The machine state of one patient, and the step that it moves by: one event a tick, the worst first.

The table itself, complete, is `safety/table.py`. Pure: handed the time and what happened.
"""

from collections.abc import Callable, Mapping
from enum import IntEnum
from typing import NamedTuple

import msgspec

from protocol.clock import NS_PER_MS
from protocol.messages import FreezeClass, Mode, Owner

BY_SURGEON = (FreezeClass.LINK, FreezeClass.MASTER)
"""Freezes that the surgeon ends by engaging; the others need RELEASE by the staff first."""


class Event(IntEnum):
    """What can happen, worst first: what stops outranks what takes, what takes outranks what moves."""

    STOPPED = 0
    """STOP + POWER OFF, by hand or wire, or the drives' power went without being asked to."""
    STANDSTILL_FAULT = 1
    """An arm that holds has moved."""
    ARM_TRIP = 2
    FREEZE = 3
    """Pressed by the staff."""
    SURGEON_STOP = 4
    TAKE = 5
    """Pressed by the staff."""
    STRANGER = 6
    """The session is not the one that the arm was given to."""
    MASTER_TROUBLE = 7
    """The surgeon's device, console or session is lost."""
    LAG = 8
    LINK_FREEZE = 9
    """The link's verdict: freeze."""
    SILENCE = 10
    """The link's verdict: pause."""
    PEDALS_UP = 11
    BACK_FAR = 12
    """Commands are back in time, with one of them too far from where the arm rests."""
    BACK_NEAR = 13
    ENGAGE = 14
    """A clutch epoch was rightly opened."""
    RELEASE = 15
    """Pressed by the staff."""
    GIVE = 16
    """Pressed by the staff."""
    JOG = 17
    """The staff hold a jog down."""
    JOG_ENDED = 18
    RESET = 19
    """Pressed by the staff."""
    SELFTEST_FAILED = 20
    SELFTEST_PASSED = 21
    NO_LINK = 22
    """No session with a good link for the handover's time."""
    OVERDUE = 23
    """Frozen for the handover's time."""
    CALL_DUE = 24
    """Frozen for so long that the staff are called."""
    ATTEND = 25
    """Pressed by the staff."""


class Machine(msgspec.Struct, frozen=True):
    """One mode and one owner.

    `stop_number` counts freezes and stops; `authority_epoch` changes of owner; `generation` permits granted, of which
    the newest is in force while `granted`; `resets` acknowledgements of trips. `power`: what the drives shall have.
    `testing`: the self-test runs. `calling`: the staff are called. `jogging`: they move an arm.
    """

    mode: Mode
    owner: Owner
    entered_ns: int
    authority_epoch: int
    generation: int
    stop_number: int = 0
    resets: int = 0
    granted: bool = False
    power: bool = False
    testing: bool = False
    calling: bool = False
    jogging: bool = False
    freeze_class: FreezeClass = FreezeClass.NONE
    culprit: str = ""


class Situation(NamedTuple):
    """What guards ask about, beside the machine itself.

    `arms_ready`: controller and powered drives are there; `healthy`: nothing is wrong with them that an acknowledgement
    would not end.
    """

    now_ns: int
    session_alive: bool
    arms_ready: bool
    healthy: bool


Guard = Callable[[Machine, Situation], bool]
Action = Callable[[Machine], Machine]


class Row(NamedTuple):
    """One row of the table. `to` is None where the mode stays as it is; every guard must hold."""

    modes: tuple[Mode, ...]
    event: Event
    guards: tuple[Guard, ...]
    to: Mode | None
    freeze_class: FreezeClass
    actions: tuple[Action, ...]


Table = Mapping[tuple[Mode, Event], tuple[Row, ...]]


def start(now_ns: int) -> Machine:
    """Without power, and the patient's side's own.

    Epoch and generation begin at the time, in ms: those of a supervisor started anew are newer than any before.
    """
    begin = now_ns // NS_PER_MS + 1
    return Machine(Mode.SAFE, Owner.LOCAL, now_ns, begin, begin)


def indexed(rows: tuple[Row, ...]) -> Table:
    """The rows by mode and event, in their order."""
    table: dict[tuple[Mode, Event], tuple[Row, ...]] = {}
    for row in rows:
        for mode in row.modes:
            table[mode, row.event] = (*table.get((mode, row.event), ()), row)
    return table


def step(
    table: Table, machine: Machine, events: Mapping[Event, str], situation: Situation
) -> tuple[Machine, Event | None]:
    """The machine after one tick, and the event that moved it.

    `events` are what happened, each with its culprit in words (or ''). The worst one that has a row whose guards hold
    acts; the others are lost, and those that still stand come again with the next tick.
    """
    for event in sorted(events):
        for row in table.get((machine.mode, event), ()):
            if all(guard(machine, situation) for guard in row.guards):
                return _apply(row, machine, events[event], situation.now_ns), event
    return machine, None


def _apply(row: Row, machine: Machine, culprit: str, now_ns: int) -> Machine:
    after = machine
    if row.to is not None:
        after = msgspec.structs.replace(
            machine,
            mode=row.to,
            entered_ns=now_ns,
            freeze_class=row.freeze_class,
            culprit=culprit,
            testing=False,
            calling=False,
            jogging=False,
        )
    for action in row.actions:
        after = action(after)
    return after
