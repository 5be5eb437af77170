"""The mode table, complete: mode, event, guards -> mode, actions. What is not in it changes nothing.

docs/modes.md is drawn from this table by `python -m safety.draw`, and a test keeps the two the same.
"""

import msgspec

from protocol.messages import FreezeClass, Mode, Owner
from safety.modes import BY_SURGEON, Event, Machine, Row, Situation, indexed

_replace = msgspec.structs.replace


def withdraw(machine: Machine) -> Machine:
    """The permit in force ends; the plant decelerates and holds."""
    return _replace(machine, granted=False, jogging=False)


def grant(machine: Machine) -> Machine:
    """A permit of a new generation."""
    return _replace(machine, granted=True, generation=machine.generation + 1)


def count_stop(machine: Machine) -> Machine:
    """A new stop number: what consoles showed before engages nothing."""
    return _replace(machine, stop_number=machine.stop_number + 1)


def own_local(machine: Machine) -> Machine:
    """The staff own the arm, in a new authority epoch if they did not before."""
    return _own(machine, Owner.LOCAL)


def own_remote(machine: Machine) -> Machine:
    """The surgeon owns the arm, in a new authority epoch."""
    return _own(machine, Owner.REMOTE)


def call(machine: Machine) -> Machine:
    """The staff are called."""
    return _replace(machine, calling=True)


def attend(machine: Machine) -> Machine:
    """Somebody is there."""
    return _replace(machine, calling=False)


def jog_on(machine: Machine) -> Machine:
    """The staff move an arm."""
    return _replace(machine, jogging=True)


def begin_test(machine: Machine) -> Machine:
    """Power on, trips acknowledged, and the self-test begins."""
    return _replace(machine, testing=True, power=True, resets=machine.resets + 1)


def power_off(machine: Machine) -> Machine:
    """The drives decelerate, close their brakes, and lose their torque."""
    return _replace(machine, power=False)


def acknowledge(machine: Machine) -> Machine:
    """Trips are acknowledged."""
    return _replace(machine, resets=machine.resets + 1)


def _own(machine: Machine, owner: Owner) -> Machine:
    return _replace(machine, owner=owner, authority_epoch=machine.authority_epoch + (owner is not machine.owner))


def remote(machine: Machine, _situation: Situation) -> bool:
    """The surgeon owns the arm."""
    return machine.owner is Owner.REMOTE


def local(machine: Machine, _situation: Situation) -> bool:
    """The staff own the arm."""
    return machine.owner is Owner.LOCAL


def by_surgeon(machine: Machine, _situation: Situation) -> bool:
    """Frozen as LINK or MASTER."""
    return machine.freeze_class in BY_SURGEON


def by_staff(machine: Machine, _situation: Situation) -> bool:
    """Frozen as LOCAL or ARM."""
    return machine.freeze_class not in BY_SURGEON


def not_arm(machine: Machine, _situation: Situation) -> bool:
    """Frozen, but not as ARM."""
    return machine.freeze_class is not FreezeClass.ARM


def testing(machine: Machine, _situation: Situation) -> bool:
    """The self-test runs."""
    return machine.testing


def not_testing(machine: Machine, _situation: Situation) -> bool:
    """The self-test does not run."""
    return not machine.testing


def calling(machine: Machine, _situation: Situation) -> bool:
    """The staff are called."""
    return machine.calling


def not_calling(machine: Machine, _situation: Situation) -> bool:
    """Nobody is called."""
    return not machine.calling


def jogging(machine: Machine, _situation: Situation) -> bool:
    """The staff move an arm."""
    return machine.jogging


def not_jogging(machine: Machine, _situation: Situation) -> bool:
    """The staff move no arm."""
    return not machine.jogging


def session_alive(_machine: Machine, situation: Situation) -> bool:
    """A surgeon's console has a session."""
    return situation.session_alive


def arms_ready(_machine: Machine, situation: Situation) -> bool:
    """Controller and powered drives are there."""
    return situation.arms_ready


def healthy(_machine: Machine, situation: Situation) -> bool:
    """Nothing is wrong with the arms that stands on."""
    return situation.healthy


SAFE, LOCAL, READY = (Mode.SAFE,), (Mode.LOCAL,), (Mode.READY,)
FOLLOWING, PAUSED, FROZEN = (Mode.FOLLOWING,), (Mode.PAUSED,), (Mode.FROZEN,)
ENGAGED = (Mode.FOLLOWING, Mode.PAUSED)
UNFROZEN = (Mode.LOCAL, Mode.READY, Mode.FOLLOWING, Mode.PAUSED)
NOT_SAFE = (*UNFROZEN, Mode.FROZEN)
NONE, LINK, MASTER, BY_LOCAL, ARM = FreezeClass

ROWS = (
    Row(NOT_SAFE, Event.STOPPED, (), Mode.SAFE, NONE, (own_local, withdraw, power_off, count_stop)),
    Row(SAFE, Event.STOPPED, (testing,), Mode.SAFE, NONE, (power_off,)),
    Row(NOT_SAFE, Event.STANDSTILL_FAULT, (), Mode.SAFE, NONE, (own_local, withdraw, power_off, count_stop, call)),
    Row(SAFE, Event.STANDSTILL_FAULT, (testing,), Mode.SAFE, NONE, (power_off, call)),
    Row(UNFROZEN, Event.ARM_TRIP, (), Mode.FROZEN, ARM, (withdraw, count_stop)),
    Row(FROZEN, Event.ARM_TRIP, (not_arm,), Mode.FROZEN, ARM, (withdraw, count_stop)),
    Row(SAFE, Event.ARM_TRIP, (testing,), Mode.SAFE, NONE, (power_off,)),
    Row(UNFROZEN, Event.FREEZE, (), Mode.FROZEN, BY_LOCAL, (withdraw, count_stop)),
    Row(FROZEN, Event.FREEZE, (by_surgeon,), Mode.FROZEN, BY_LOCAL, (withdraw, count_stop)),
    Row(UNFROZEN, Event.SURGEON_STOP, (), Mode.FROZEN, BY_LOCAL, (withdraw, count_stop, call)),
    Row(FROZEN, Event.SURGEON_STOP, (by_surgeon,), Mode.FROZEN, BY_LOCAL, (withdraw, count_stop, call)),
    Row((*READY, *ENGAGED, *FROZEN), Event.TAKE, (), Mode.LOCAL, NONE, (own_local, withdraw)),
    Row(LOCAL, Event.TAKE, (calling,), None, NONE, (attend,)),
    Row((*READY, *ENGAGED), Event.STRANGER, (), Mode.LOCAL, NONE, (own_local, withdraw, call)),
    Row(FROZEN, Event.STRANGER, (remote, by_surgeon), Mode.LOCAL, NONE, (own_local, withdraw, call)),
    Row(FROZEN, Event.STRANGER, (remote, by_staff), None, NONE, (own_local, call)),
    Row(ENGAGED, Event.MASTER_TROUBLE, (), Mode.FROZEN, MASTER, (withdraw, count_stop)),
    Row(FOLLOWING, Event.LAG, (), Mode.FROZEN, MASTER, (withdraw, count_stop)),
    Row(ENGAGED, Event.LINK_FREEZE, (), Mode.FROZEN, LINK, (withdraw, count_stop)),
    Row(FOLLOWING, Event.SILENCE, (), Mode.PAUSED, NONE, ()),
    Row(ENGAGED, Event.PEDALS_UP, (), Mode.READY, NONE, ()),
    Row(PAUSED, Event.BACK_FAR, (), Mode.FROZEN, LINK, (withdraw, count_stop)),
    Row(PAUSED, Event.BACK_NEAR, (), Mode.FOLLOWING, NONE, ()),
    Row(READY, Event.ENGAGE, (healthy,), Mode.FOLLOWING, NONE, (grant,)),
    Row(FROZEN, Event.ENGAGE, (by_surgeon, remote, healthy), Mode.FOLLOWING, NONE, (grant,)),
    Row(FROZEN, Event.RELEASE, (by_staff, healthy, remote), Mode.READY, NONE, (acknowledge, grant)),
    Row(FROZEN, Event.RELEASE, (by_staff, healthy, local), Mode.LOCAL, NONE, (acknowledge, grant)),
    Row(LOCAL, Event.GIVE, (session_alive, arms_ready, healthy, not_jogging), Mode.READY, NONE, (own_remote,)),
    Row(LOCAL, Event.JOG, (not_calling, arms_ready, healthy, not_jogging), None, NONE, (grant, jog_on)),
    Row(LOCAL, Event.JOG_ENDED, (jogging,), None, NONE, (withdraw,)),
    Row(SAFE, Event.RESET, (not_testing,), Mode.SAFE, NONE, (begin_test,)),
    Row(SAFE, Event.SELFTEST_FAILED, (testing,), Mode.SAFE, NONE, (power_off,)),
    Row(SAFE, Event.SELFTEST_PASSED, (testing,), Mode.LOCAL, NONE, ()),
    Row(READY, Event.NO_LINK, (), Mode.LOCAL, NONE, (own_local, withdraw, call)),
    Row(FROZEN, Event.OVERDUE, (remote,), Mode.LOCAL, NONE, (own_local, withdraw, call)),
    Row(FROZEN, Event.CALL_DUE, (not_calling,), None, NONE, (call,)),
    Row((*LOCAL, *SAFE), Event.ATTEND, (calling,), None, NONE, (attend,)),
)

TABLE = indexed(ROWS)
