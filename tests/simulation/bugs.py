"""Bugs to be found: each breaks one rule in the real code, as a slip of the hand could. For tests only."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import msgspec

from master.clutch import Caps, Clutch
from protocol.messages import FreezeClass, Mode
from protocol.records import Grant
from safety import supervisor, table
from safety.arm_faults import ArmFaults
from safety.arms import ArmWatch
from safety.gate import Gate
from safety.hands import EnergyPedal, Hands
from safety.link import LinkJudge
from safety.modes import Event, Row, indexed
from safety.permit import PermitWatch
from safety.selftest import Outcome, SelfTest, SelfTestStep
from safety.staff import Staff
from slave import arm
from slave.arm import MountedArm
from slave.intake import Intake
from slave.plants.guard import PlantGuard
from slave.plants.mujoco_drives import MujocoDrives


@contextmanager
def _patched(owner, name, value) -> Iterator[None]:
    before = getattr(owner, name)
    setattr(owner, name, value)
    try:
        yield
    finally:
        setattr(owner, name, before)


def _table(replace) -> dict:
    return indexed(tuple(changed for row in table.ROWS for changed in replace(row)))


def the_plant_forgets_that_permits_expire():
    def judge(self, now_ns, permit):
        self.generation, self.lapsed, self.grant = permit.generation, False, permit.grant

    return _patched(PermitWatch, "_judge", judge)


def a_freeze_does_not_withdraw_the_permit():
    def replace(row):
        kept = tuple(action for action in row.actions if action is not table.withdraw)
        yield row._replace(actions=kept) if row.to is Mode.FROZEN else row

    return _patched(supervisor, "TABLE", _table(replace))


def the_jaw_opens_when_the_arm_stops():
    def rest(self, dt_s):
        self._jog = None
        self._follower.stop(dt_s)
        if self._newest_epoch:
            self._jaw.servo_jp(1.0, dt_s, 12.0)
        else:
            self._jaw.stop(dt_s)

    return _patched(MountedArm, "rest", rest)


def energy_goes_on_after_a_stop():
    return _patched(EnergyPedal, "step", lambda self, press, *, may_run: press > 0)


def a_pause_goes_on_from_anywhere():
    return _patched(supervisor, "too_far", lambda *_: "")


def an_engage_needs_no_good_link():
    real = LinkJudge.judge

    def judge(self, *arguments):
        return msgspec.structs.replace(real(self, *arguments), good_ns=10**10)

    return _patched(LinkJudge, "judge", judge)


def an_epoch_opens_beside_where_the_arm_stands():
    real = MountedArm.open

    def opened(self, hand):
        real(self, hand)
        (x, y, z), q = self._base
        self._base = ((x + 1e-3, y, z), q)
        self._base_W = self._in_world(self._base)

    return _patched(MountedArm, "open", opened)


def motion_is_extrapolated():
    real = MountedArm.point

    def point(self, hand):
        x, y, z = hand.p_W_m
        real(self, msgspec.structs.replace(hand, p_W_m=(1.5 * x, 1.5 * y, 1.5 * z)))

    return _patched(MountedArm, "point", point)


def staff_freezes_end_by_themselves():
    def replace(row):
        yield row
        if row.event is Event.CALL_DUE:
            yield Row((Mode.FROZEN,), Event.SILENCE, (table.by_staff,), Mode.READY, FreezeClass.NONE, ())
            yield Row((Mode.FROZEN,), Event.PEDALS_UP, (table.by_staff,), Mode.READY, FreezeClass.NONE, ())
            yield Row((Mode.FROZEN,), Event.ENGAGE, (table.by_staff,), Mode.FOLLOWING, FreezeClass.NONE, (table.grant,))
            yield Row((Mode.FROZEN,), Event.TAKE, (), Mode.READY, FreezeClass.NONE, ())
            yield Row((Mode.FROZEN,), Event.GIVE, (), Mode.READY, FreezeClass.NONE, ())
            yield Row((Mode.FROZEN,), Event.ATTEND, (), Mode.READY, FreezeClass.NONE, ())

    return _patched(supervisor, "TABLE", _table(replace))


def a_change_of_owner_is_no_new_epoch():
    return _patched(table, "_own", lambda machine, owner: msgspec.structs.replace(machine, owner=owner))


def lag_is_not_watched():
    return _patched(MountedArm, "lag", lambda _self: (0.0, 0.0))


def an_older_command_is_taken_for_new():
    real = Intake.take

    def take(self, frames, now_ns):
        self._sequence = -1
        return real(self, frames, now_ns)

    return _patched(Intake, "take", take)


def a_stop_leaves_epochs_open():
    return _patched(Hands, "close", lambda _self: None)


def standstill_is_not_watched():
    return _patched(ArmWatch, "_judge_standstill", lambda *_: None)


def the_drives_have_no_watchdog():
    return _patched(MujocoDrives, "_watch", lambda *_: None)


def a_jog_never_ends():
    real = Staff.jog

    def jog(self, now_ns):
        self._jogged_ns = now_ns
        return real(self, now_ns)

    return _patched(Staff, "jog", jog)


def the_jaw_meets_the_hand_at_full_speed():
    return _patched(arm, "JAW_MEETING_SPEED_RAD_S", 12.0)


def the_cap_forgets_how_old_the_picture_is():
    return _patched(LinkJudge, "_cap", lambda self, *_: self._speed_max_m_s)


def a_cap_that_is_streamed_is_not_kept():
    """By none of the three that keep it: pilot, follower, gate."""
    stack = ExitStack()
    follow, check, update = MountedArm.follow, Gate.check, Clutch.update
    stack.enter_context(_patched(MountedArm, "follow", lambda self, jaw_rad, dt_s, _: follow(self, jaw_rad, dt_s, 0.2)))
    stack.enter_context(
        _patched(Gate, "check", lambda self, wishes, dt_s, _, lags: check(self, wishes, dt_s, 0.2, lags))
    )

    def updated(self, p_HT_m, q_HT, pedal_down, token, caps, dt_s):
        return update(self, p_HT_m, q_HT, pedal_down, token, Caps(0.2, caps.angular_speed_rad_s), dt_s)

    stack.enter_context(_patched(Clutch, "update", updated))
    stack.enter_context(_patched(Clutch, "slow_to", lambda *_: None))
    return stack


def a_release_undoes_a_stop():
    """The plant acknowledges whatever is latched, and the supervisor looks away for a moment, as both once did."""
    stack = ExitStack()
    order, power = PlantGuard._order, ArmFaults._power

    def forgetful(self, now_ns, measured, setpoint):
        if measured is not None:
            self._stopped = measured.stopped
        return order(self, now_ns, measured, setpoint)

    def patient(self, now_ns, measured, machine, events):
        if now_ns - self._acknowledged_ns > self._limit_ns:
            power(self, now_ns, measured, machine, events)

    stack.enter_context(_patched(PlantGuard, "_order", forgetful))
    stack.enter_context(_patched(ArmFaults, "_power", patient))
    return stack


def the_self_test_passes_whatever_happens():
    return _patched(SelfTest, "step", lambda *_: SelfTestStep(Outcome.PASSED, Grant.NONE, True, ""))


BUGS = (
    the_plant_forgets_that_permits_expire,
    a_freeze_does_not_withdraw_the_permit,
    the_jaw_opens_when_the_arm_stops,
    energy_goes_on_after_a_stop,
    a_pause_goes_on_from_anywhere,
    an_engage_needs_no_good_link,
    an_epoch_opens_beside_where_the_arm_stands,
    motion_is_extrapolated,
    staff_freezes_end_by_themselves,
    a_change_of_owner_is_no_new_epoch,
    lag_is_not_watched,
    an_older_command_is_taken_for_new,
    a_stop_leaves_epochs_open,
    standstill_is_not_watched,
    the_drives_have_no_watchdog,
    a_jog_never_ends,
    the_jaw_meets_the_hand_at_full_speed,
    the_cap_forgets_how_old_the_picture_is,
    a_cap_that_is_streamed_is_not_kept,
    a_release_undoes_a_stop,
    the_self_test_passes_whatever_happens,
)
