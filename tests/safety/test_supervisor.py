"""The supervisor's judgement, tick by tick, on a clock that the test moves."""

import msgspec
import pytest

from protocol.clock import NS_PER_MS
from protocol.messages import Action, Mode, Rest
from protocol.records import Accepted, ArmMeasured, Measured, Report, Session
from safety.limits import DEFAULT
from safety.supervisor import Observation, Supervisor
from tests.protocol.samples import ARM_STATE, COMMAND, TIP_POSE

MEASURED = ArmMeasured((0.0,) * 7, (0.0,) * 7, (0.0,) * 7)


class World:
    """A healthy slave with a surgeon who does what `hand` says; `change` breaks things."""

    def __init__(self):
        self.now_ns = 10**12
        self.supervisor = Supervisor(DEFAULT, 0.2, self.now_ns)
        self.session = Session(COMMAND.session, "console", "hand", 1)
        self.authority = None
        self.nonce = 1000
        self.hand = msgspec.structs.replace(TIP_POSE, engaged=False, clutch_epoch=0)
        self.rest = Rest.NONE
        self.talking = True
        self.accepted = None
        self.report_changes = {}
        self.measured_changes = {}

    def tick(self, ticks=1, *actions):
        for number in range(ticks):
            self.now_ns += NS_PER_MS
            self.nonce += 1
            if self.talking:
                epoch = 0 if self.authority is None else self.authority.authority_epoch
                command = msgspec.structs.replace(COMMAND, hands=(self.hand,), rest=self.rest, authority_epoch=epoch)
                self.accepted = Accepted(self.now_ns, command)
            report = Report(self.now_ns, 1, 0, 1, "", (ARM_STATE,))
            measured = Measured(self.now_ns, 1, True, False, False, "", 0, (), (MEASURED,))
            self.authority = self.supervisor.step(
                Observation(
                    now_ns=self.now_ns,
                    session=self.session,
                    accepted=self.accepted,
                    report=msgspec.structs.replace(report, **self.report_changes),
                    measured=msgspec.structs.replace(measured, **self.measured_changes),
                    actions=actions if number == 0 else (),
                    fresh_nonce=self.nonce,
                )
            )
        return self.authority.mode

    def press(self, **changes):
        """The pedal goes down after up, with what the console shows now."""
        self.hand = msgspec.structs.replace(
            self.hand,
            engaged=True,
            clutch_epoch=self.hand.clutch_epoch + 1,
            stop_number=self.authority.stop_number,
            nonce=self.authority.nonces[-1],
        )
        self.hand = msgspec.structs.replace(self.hand, **changes)

    def lift(self):
        self.hand = msgspec.structs.replace(self.hand, engaged=False)


@pytest.fixture
def world():
    world = World()
    world.tick(5)
    return world


@pytest.fixture
def following(world):
    world.tick(1, Action.GIVE)
    world.press()
    assert world.tick() is Mode.FOLLOWING
    return world


def test_nothing_moves_until_staff_give_and_the_surgeon_engages(world):
    world.press()
    assert world.tick(10) is Mode.LOCAL
    assert world.tick(1, Action.GIVE) is Mode.READY
    assert world.tick(100) is Mode.READY, "a pedal that was down before the arm was given"
    world.lift()
    world.tick()
    world.press()
    assert world.tick() is Mode.FOLLOWING
    world.lift()
    assert world.tick() is Mode.READY


def test_a_quick_second_clutch_is_heard(following):
    following.lift()
    assert following.tick(2) is Mode.READY
    following.press()
    assert following.tick() is Mode.FOLLOWING


@pytest.mark.parametrize("changes", [{"nonce": 1}, {"stop_number": 5}, {"clutch_epoch": 0}])
def test_an_engage_without_what_the_console_showed_is_not_heard(world, changes):
    world.tick(1, Action.GIVE)
    world.press(**changes)
    assert world.tick(5) is Mode.READY


def test_a_press_that_is_a_second_old_engages_nothing(world):
    world.tick(1, Action.GIVE)
    world.talking = False
    world.press()
    world.tick(1010)
    world.talking = True
    assert world.tick(5) is Mode.READY


def test_silence_freezes_and_only_a_new_press_upon_the_new_picture_goes_on(following):
    following.talking = False
    assert following.tick(249) is Mode.FOLLOWING
    assert following.tick(1) is Mode.FROZEN
    assert "no command for 250 ms (limit 250 ms)" in following.authority.culprit
    following.talking = True
    assert following.tick(10) is Mode.FROZEN, "the pedal is still down"
    following.press(stop_number=0)
    assert following.tick(10) is Mode.FROZEN, "the console had not shown the freeze"
    following.lift()
    following.tick()
    following.press()
    assert following.tick() is Mode.FOLLOWING


@pytest.mark.parametrize("rest", [rest for rest in Rest if rest is not Rest.NONE])
def test_what_the_master_reports_freezes_and_is_named(following, rest):
    following.rest = rest
    assert following.tick() is Mode.FROZEN
    assert "surgeon's" in following.authority.culprit


@pytest.mark.parametrize(
    ("cell", "changes", "culprit"),
    [
        ("measured_changes", {"fault": "motor 3 is hot"}, "drives: motor 3 is hot"),
        ("measured_changes", {"tripped": True}, "watchdog"),
        ("measured_changes", {"stamp_ns": 1}, "drives: silent"),
        ("report_changes", {"stamp_ns": 1}, "controller: silent"),
        ("report_changes", {"refusal": "arm 0: jaw step"}, "gate: arm 0: jaw step"),
    ],
)
def test_an_arm_that_is_not_well_stops_and_needs_the_staff(following, cell, changes, culprit):
    setattr(following, cell, changes)
    assert following.tick() is Mode.FROZEN
    assert culprit in following.authority.culprit
    assert following.tick(1, Action.RELEASE) is Mode.FROZEN, "still broken"
    setattr(following, cell, {})
    following.lift()
    following.tick()
    following.press()
    assert following.tick(5) is Mode.FROZEN, "an engage does not lift it"
    assert following.tick(1, Action.RELEASE) is Mode.READY


def test_another_session_than_the_one_it_was_given_to_gets_nothing_without_the_staff(following):
    following.session = msgspec.structs.replace(following.session, number=6)
    assert following.tick() is Mode.LOCAL
    assert following.supervisor.machine.calling
    following.lift()
    following.tick()
    following.press()
    assert following.tick(3) is Mode.LOCAL


def test_a_session_that_ends_while_the_arm_follows_freezes_it(following):
    following.session = msgspec.structs.replace(following.session, number=0)
    assert following.tick() is Mode.FROZEN
    assert "session ended" in following.authority.culprit


def test_a_pedal_that_was_refused_moves_nothing_when_the_other_one_is_heard(world):
    """Both hands engaged, the left one before the arm was given: only the right one may move its arm."""
    world.press()
    refused = world.hand
    world.tick(100)
    world.tick(1, Action.GIVE)
    world.tick()
    world.press(clutch_epoch=1)
    accepted = world.accepted.command
    hands = (refused, world.hand)
    world.talking = False
    world.accepted = Accepted(world.now_ns, msgspec.structs.replace(accepted, hands=hands, authority_epoch=2))
    world.measured_changes = {"arms": (MEASURED, MEASURED)}
    world.tick()
    assert world.authority.open_epochs[0] == 0


def test_a_hand_that_is_no_longer_spoken_of_is_no_longer_engaged(world):
    world.measured_changes = {"arms": (MEASURED, MEASURED)}
    world.tick(1, Action.GIVE)
    world.press()
    command = msgspec.structs.replace(
        COMMAND, hands=(msgspec.structs.replace(world.hand, engaged=False), world.hand), authority_epoch=2
    )
    world.talking = False
    world.accepted = Accepted(world.now_ns, command)
    assert world.tick() is Mode.FOLLOWING
    world.accepted = Accepted(world.now_ns, msgspec.structs.replace(command, hands=command.hands[:1]))
    assert world.tick() is Mode.READY


def test_a_hand_beyond_the_arms_engages_nothing(world):
    world.tick(1, Action.GIVE)
    world.press()
    command = msgspec.structs.replace(
        COMMAND, hands=(msgspec.structs.replace(world.hand, engaged=False), world.hand), authority_epoch=2
    )
    world.talking = False
    world.accepted = Accepted(world.now_ns, command)
    assert world.tick() is Mode.READY


def test_a_supervisor_that_was_held_up_latches(following):
    following.now_ns += 60 * NS_PER_MS
    assert following.tick() is Mode.FROZEN
    assert "held up for 61 ms (limit 50 ms)" in following.authority.culprit
    following.lift()
    following.tick()
    following.press()
    assert following.tick(5) is Mode.FROZEN


def test_power_that_goes_is_a_fault_and_without_it_nobody_gives(world):
    world.measured_changes = {"powered": False}
    assert world.tick(1, Action.GIVE) is Mode.LOCAL
    world.measured_changes = {}
    assert world.tick(1, Action.GIVE) is Mode.READY
    world.measured_changes = {"powered": False}
    assert world.tick() is Mode.FROZEN
    assert "without power" in world.authority.culprit


def test_what_was_shown_before_a_freeze_or_a_change_of_owner_is_void(following):
    before = following.authority.nonces
    following.tick(1, Action.TAKE)
    assert not set(before) & set(following.authority.nonces)


def test_a_stop_number_shown_before_the_freeze_engages_nothing(following):
    shown = following.authority.stop_number
    following.talking = False
    following.tick(260)
    following.talking = True
    following.lift()
    following.tick()
    following.press(stop_number=shown)
    assert following.tick(5) is Mode.FROZEN


def test_the_arm_goes_to_the_local_staff_when_no_surgeon_comes_back(following):
    following.lift()
    following.tick()
    following.session = msgspec.structs.replace(following.session, number=0)
    assert following.tick(29_990) is Mode.READY
    assert following.tick(20) is Mode.LOCAL
    assert following.supervisor.machine.calling
