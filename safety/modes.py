"""The machine state of one patient, and the table that it moves by. Pure: handed the time and what happened.

| mode | leaves on | to |
|---|---|---|
| LOCAL | GIVE, with a live session and healthy arms | READY |
| READY | engage | FOLLOWING |
| READY | no session for 30 s | LOCAL |
| FOLLOWING | all pedals up | READY |
| FOLLOWING | silence | FROZEN (LINK) |
| FOLLOWING | the surgeon's side in trouble, or its session ended | FROZEN (MASTER) |
| FROZEN (LINK, MASTER) | engage | FOLLOWING |
| FROZEN (LOCAL, ARM) | RELEASE | READY, or LOCAL by owner |
| FROZEN as REMOTE | 30 s | LOCAL |
| any | TAKE; as REMOTE: another session than the one it was given to | LOCAL |
| any | FREEZE | FROZEN (LOCAL) |
| any | an arm's fault | FROZEN (ARM) |
"""

from collections.abc import Callable
from enum import StrEnum

import msgspec

from protocol.messages import Mode, Owner
from safety.limits import Limits


class FreezeClass(StrEnum):
    """Who may end a freeze: the surgeon by engaging (LINK, MASTER), or first the local staff (LOCAL, ARM)."""

    NONE = ""
    LINK = "LINK"
    MASTER = "MASTER"
    LOCAL = "LOCAL"
    ARM = "ARM"


BY_SURGEON = (FreezeClass.LINK, FreezeClass.MASTER)


class Machine(msgspec.Struct, frozen=True):
    """One mode and one owner. `stop_number` counts freezes; `authority_epoch` counts changes of owner."""

    mode: Mode
    owner: Owner
    entered_ns: int
    authority_epoch: int = 1
    stop_number: int = 0
    freeze_class: FreezeClass = FreezeClass.NONE
    culprit: str = ""
    calling: bool = False


class Facts(msgspec.Struct, frozen=True):
    """What one tick knows. `silence_ns` is None before the first command; a fault is a sentence, or empty.

    `stranger`: the session is not the one that the arm was given to.
    """

    now_ns: int
    session_alive: bool
    session_absent_ns: int
    silence_ns: int | None
    engage_heard: bool
    any_hand_engaged: bool
    arms_ready: bool
    stranger: bool = False
    arm_fault: str = ""
    master_fault: str = ""
    give: bool = False
    take: bool = False
    freeze: bool = False
    release: bool = False


def start(now_ns: int) -> Machine:
    """The patient's side owns the arm until both sides have said otherwise."""
    return Machine(Mode.LOCAL, Owner.LOCAL, now_ns)


def step(machine: Machine, facts: Facts, limits: Limits) -> Machine:
    """The machine after one tick. Worst case first: what stops outranks what takes, what takes outranks what moves."""
    if facts.arm_fault and machine.freeze_class is not FreezeClass.ARM:
        return _freeze(machine, facts, FreezeClass.ARM, facts.arm_fault)
    if facts.freeze and machine.freeze_class not in (FreezeClass.LOCAL, FreezeClass.ARM):
        return _freeze(machine, facts, FreezeClass.LOCAL, "FREEZE pressed by the local staff")
    if facts.take:
        return _own(machine, facts, Owner.LOCAL, Mode.LOCAL)
    if facts.stranger and machine.owner is Owner.REMOTE:
        return _hand_over(machine, facts)
    return _BY_MODE[machine.mode](machine, facts, limits)


def _local(machine: Machine, facts: Facts, _limits: Limits) -> Machine:
    given = facts.give and facts.session_alive and facts.arms_ready
    return _own(machine, facts, Owner.REMOTE, Mode.READY) if given else machine


def _ready(machine: Machine, facts: Facts, limits: Limits) -> Machine:
    if facts.session_absent_ns >= limits.handover_ns:
        return _hand_over(machine, facts)
    return _enter(machine, facts, Mode.FOLLOWING) if facts.engage_heard else machine


def _following(machine: Machine, facts: Facts, limits: Limits) -> Machine:
    if facts.master_fault or not facts.session_alive:
        culprit = facts.master_fault or "the surgeon's session ended"
        return _freeze(machine, facts, FreezeClass.MASTER, culprit)
    if facts.silence_ns is None or facts.silence_ns >= limits.silence_freeze_ns:
        silence = "ever" if facts.silence_ns is None else f"for {facts.silence_ns / 1e6:.0f} ms"
        culprit = f"no command {silence} (limit {limits.silence_freeze_ns / 1e6:.0f} ms)"
        return _freeze(machine, facts, FreezeClass.LINK, culprit)
    return machine if facts.any_hand_engaged else _enter(machine, facts, Mode.READY)


def _frozen(machine: Machine, facts: Facts, limits: Limits) -> Machine:
    frozen_ns = facts.now_ns - machine.entered_ns
    if machine.owner is Owner.REMOTE and frozen_ns >= limits.handover_ns:
        return _hand_over(machine, facts)
    if machine.freeze_class in BY_SURGEON:
        if facts.engage_heard and machine.owner is Owner.REMOTE:
            return _enter(machine, facts, Mode.FOLLOWING)
    elif facts.release and not facts.freeze and not facts.arm_fault:
        return _enter(machine, facts, Mode.READY if machine.owner is Owner.REMOTE else Mode.LOCAL)
    if frozen_ns >= limits.call_ns and not machine.calling:
        return msgspec.structs.replace(machine, calling=True)
    return machine


def _enter(machine: Machine, facts: Facts, mode: Mode) -> Machine:
    return msgspec.structs.replace(
        machine, mode=mode, entered_ns=facts.now_ns, freeze_class=FreezeClass.NONE, culprit="", calling=False
    )


def _own(machine: Machine, facts: Facts, owner: Owner, mode: Mode) -> Machine:
    changed = owner is not machine.owner
    entered = _enter(machine, facts, mode)
    return msgspec.structs.replace(entered, owner=owner, authority_epoch=machine.authority_epoch + changed)


def _hand_over(machine: Machine, facts: Facts) -> Machine:
    """The arm falls to a side where nobody may be looking: it calls until someone there acts."""
    return msgspec.structs.replace(_own(machine, facts, Owner.LOCAL, Mode.LOCAL), calling=True)


def _freeze(machine: Machine, facts: Facts, freeze_class: FreezeClass, culprit: str) -> Machine:
    return msgspec.structs.replace(
        machine,
        mode=Mode.FROZEN,
        entered_ns=facts.now_ns,
        stop_number=machine.stop_number + 1,
        freeze_class=freeze_class,
        culprit=culprit,
        calling=False,
    )


_BY_MODE: dict[Mode, Callable[[Machine, Facts, Limits], Machine]] = {
    Mode.LOCAL: _local,
    Mode.READY: _ready,
    Mode.FOLLOWING: _following,
    Mode.FROZEN: _frozen,
}
