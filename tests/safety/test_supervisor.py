"""The supervisor's judgement, tick by tick, on a clock that the test moves."""

import math
from copy import deepcopy

import msgspec
import pytest

from kinematics.description import load_description
from protocol.clock import NS_PER_MS
from protocol.messages import Action, AxisDisplacement, FreezeClass, Mode, Owner, Rest, StaffAction, StaffJog
from protocol.records import Accepted, ArmMeasured, ArmSetpoint, Grant, Report, Session, Setpoint
from safety import supervisor
from safety.limits import load_limits
from safety.supervisor import Observation, Supervisor
from tests.protocol.samples import ARM_STATE, COMMAND, MEASURED, TIP_POSE

ROBOT = load_description("psm")
LIMITS = load_limits("laparoscopic")
LEASE_NS = LIMITS.process.lease_ns
HOME = (*(joint.home for joint in ROBOT.joints), 0.0)
STILL = (0.0,) * 7
ARM = ArmMeasured(HOME, STILL, STILL)


class World:
    """A healthy slave with a surgeon who does what `hand` says; `*_changes` break things."""

    def __init__(self, limits=LIMITS):
        self.now_ns = 10**12
        self.step_ns = NS_PER_MS
        self.limits_hash = limits.hash
        self.supervisor = Supervisor(ROBOT, limits, LEASE_NS, self.now_ns)
        self.session = Session(COMMAND.session, "console", "hand", 1)
        self.authority = self.permit = self.accepted = None
        self.nonce = 1000
        self.ticks = self.presses = 0
        self.hand = msgspec.structs.replace(TIP_POSE, engaged=False, clutch_epoch=0)
        self.rest = Rest.NONE
        self.age_ns = 40 * NS_PER_MS
        self.talking = True
        self.command_changes = {}
        self.report_changes = {}
        self.measured_changes = {}
        self.setpoint_arm = ArmSetpoint(HOME, STILL)
        self.staff = ()
        self.lapsed = False
        self.has_report = self.has_measured = True

    def tick(self, ticks=1, *actions):
        for action in actions:
            self.presses += 1
            self.staff += (StaffAction(1, 9, self.presses, action, stand_in=True),)
        for _ in range(ticks):
            self.now_ns += self.step_ns
            self.ticks += 1
            self.nonce += 1
            if self.talking:
                epoch = 0 if self.authority is None else self.authority.authority_epoch
                echo = self.now_ns - self.age_ns
                command = msgspec.structs.replace(
                    COMMAND,
                    hands=(self.hand,),
                    rest=self.rest,
                    authority_epoch=epoch,
                    received_ns=self.now_ns - 40 * NS_PER_MS,
                    shown_ns=echo,
                )
                self.accepted = Accepted(self.now_ns, msgspec.structs.replace(command, **self.command_changes))
            self.observe()
        return self.authority.mode

    def wait(self, ms):
        """So long, in ticks of 10 ms: half a lease."""
        self.step_ns = 10 * NS_PER_MS
        mode = self.tick(ms // 10)
        self.step_ns = NS_PER_MS
        return mode

    def observe(self):
        staff, self.staff = self.staff, ()
        arms = (msgspec.structs.replace(ARM_STATE, opened_epoch=self.hand.clutch_epoch),) * 2
        report = Report(self.now_ns, self.ticks, 0, 1, "", FreezeClass.NONE, self.limits_hash, arms)
        self.authority, self.permit = self.supervisor.step(
            Observation(
                now_ns=self.now_ns,
                session=self.session,
                accepted=self.accepted,
                report=msgspec.structs.replace(report, **self.report_changes) if self.has_report else None,
                setpoint=Setpoint(self.now_ns, self.ticks, 1, (self.setpoint_arm,) * 2),
                measured=self.measured() if self.has_measured else None,
                staff=staff,
                fresh_nonce=self.nonce,
            )
        )

    def measured(self):
        return msgspec.structs.replace(self.plant(), **self.measured_changes)

    def plant(self):
        """A plant that obeys its permit as the real one does."""
        permit = self.permit
        alive = permit is not None and permit.grant is not Grant.NONE and self.now_ns < permit.expires_ns
        self.lapsed = permit is not None and permit.grant is not Grant.NONE and not alive
        return msgspec.structs.replace(
            MEASURED,
            stamp_ns=self.now_ns,
            step=self.ticks,
            tick=self.ticks,
            powered=permit is not None and permit.power,
            following=alive,
            permitted=alive,
            lapsed=self.lapsed,
            generation=0 if permit is None else permit.generation,
            limits_hash=self.limits_hash,
            arms=(ARM, ARM),
        )

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


def in_local(limits=LIMITS):
    world = World(limits)
    world.tick(5)
    world.tick(200, Action.RESET)
    assert world.tick(3000) is Mode.LOCAL
    return world


@pytest.fixture(scope="module")
def settled():
    return in_local()


@pytest.fixture
def world(settled):
    """Reset, tested, and with a link that has been good for long enough: LOCAL."""
    return deepcopy(settled)


@pytest.fixture
def ready(world):
    assert world.tick(1, Action.GIVE) is Mode.READY
    return world


@pytest.fixture
def following(ready):
    ready.press()
    assert ready.tick() is Mode.FOLLOWING
    return ready


def again(world):
    """The pedal comes up, and down with what the console shows."""
    world.lift()
    world.tick()
    world.press()
    return world.tick()


def test_nothing_is_permitted_before_the_staff_have_reset_and_the_test_has_passed():
    world = World()
    assert world.tick(100) is Mode.SAFE
    assert not world.permit.power
    assert world.tick(1, Action.GIVE) is Mode.SAFE
    world.tick(1, Action.RESET)
    assert (world.authority.testing, world.permit.power) == (True, True)
    grants = set()
    while world.authority.testing:
        world.tick()
        grants.add((world.permit.grant, world.permit.generation == 0))
    assert grants == {(Grant.NONE, False), (Grant.HOLD, True)}
    assert world.authority.mode is Mode.LOCAL
    assert world.permit.grant is Grant.NONE


def test_a_plant_that_ignores_a_lapse_never_gets_a_permit():
    world = World()
    world.tick(5)
    world.measured_changes = {"permitted": True, "following": True, "lapsed": False, "generation": 0}
    world.tick(1, Action.RESET)
    world.measured_changes = {}
    world.tick(30)
    world.measured_changes = {"permitted": True, "following": True, "lapsed": False, "generation": 0}
    assert world.tick(300) is Mode.SAFE
    assert "self-test" in world.authority.culprit
    assert not world.permit.power


def test_nothing_moves_until_staff_give_and_the_surgeon_engages(world):
    world.press()
    assert world.tick(10) is Mode.LOCAL
    assert world.tick(1, Action.GIVE) is Mode.READY
    assert world.tick(100) is Mode.READY, "a pedal that was down before the arm was given"
    assert world.permit.grant is Grant.NONE
    assert again(world) is Mode.FOLLOWING
    assert world.permit.grant is Grant.MOVE
    world.lift()
    assert world.tick() is Mode.READY
    assert world.permit.grant is Grant.MOVE, "it comes to rest by its own setpoints"


def test_a_quick_second_clutch_is_heard_under_a_new_permit(following):
    first = following.permit.generation
    following.lift()
    assert following.tick(2) is Mode.READY
    following.press()
    assert following.tick() is Mode.FOLLOWING
    assert following.permit.generation == first + 1


@pytest.mark.parametrize("changes", [{"nonce": 1}, {"stop_number": 5}, {"clutch_epoch": 0}])
def test_an_engage_without_what_the_console_showed_is_not_heard(ready, changes):
    ready.press(**changes)
    assert ready.tick(5) is Mode.READY


def test_a_press_that_is_a_second_old_engages_nothing(ready):
    ready.press()
    late = ready.hand
    ready.lift()
    ready.tick(1010)
    ready.hand = late
    assert ready.tick(5) is Mode.READY


def test_nobody_engages_before_the_link_has_been_good_for_3_s(ready):
    ready.age_ns = 230 * NS_PER_MS
    ready.tick(600)
    ready.age_ns = 40 * NS_PER_MS
    ready.tick(501)
    assert not ready.authority.slowed, "the dwell time is over"
    ready.tick(2990)
    assert again(ready) is Mode.READY
    ready.lift()
    ready.tick(20)
    assert again(ready) is Mode.FOLLOWING


def test_a_short_silence_pauses_and_goes_on_by_itself_near_by(following):
    following.hand = msgspec.structs.replace(following.hand, p_W_m=(0.0, 0.0, 0.0))
    following.tick()
    generation = following.permit.generation
    following.talking = False
    assert following.tick(99) is Mode.FOLLOWING
    assert following.tick(1) is Mode.PAUSED
    assert "no command for 100 ms (limit 100 ms)" in following.authority.culprit
    assert following.authority.open_epochs[0] == following.hand.clutch_epoch
    following.tick(100)
    following.talking = True
    assert following.tick() is Mode.FOLLOWING
    assert (following.permit.grant, following.permit.generation) == (Grant.MOVE, generation)


@pytest.mark.parametrize(
    ("moved", "mode"),
    [
        ({"p_W_m": (0.0029, 0.0, 0.0)}, Mode.FOLLOWING),
        ({"p_W_m": (0.0031, 0.0, 0.0)}, Mode.FROZEN),
        ({"q_W": (math.cos(0.026), math.sin(0.026), 0.0, 0.0)}, Mode.FOLLOWING),
        ({"q_W": (math.cos(0.027), math.sin(0.027), 0.0, 0.0)}, Mode.FROZEN),
        ({"engaged": False}, Mode.READY),
    ],
)
def test_a_pause_ends_as_the_hand_comes_back(following, moved, mode):
    following.hand = msgspec.structs.replace(following.hand, p_W_m=(0.0, 0.0, 0.0))
    following.tick()
    following.talking = False
    assert following.tick(120) is Mode.PAUSED
    following.talking = True
    following.hand = msgspec.structs.replace(following.hand, **moved)
    assert following.tick() is mode
    assert following.authority.freeze_class == (FreezeClass.LINK if mode is Mode.FROZEN else FreezeClass.NONE)


def test_silence_freezes_and_only_a_new_press_upon_the_new_picture_goes_on(following):
    following.talking = False
    assert following.tick(249) is Mode.PAUSED
    assert following.tick(1) is Mode.FROZEN
    assert "no command for 250 ms (limit 250 ms)" in following.authority.culprit
    assert following.permit.grant is Grant.NONE
    following.talking = True
    assert following.tick(3600) is Mode.FROZEN, "the pedal is still down"
    following.press(stop_number=0)
    assert following.tick(10) is Mode.FROZEN, "the console had not shown the freeze"
    assert again(following) is Mode.FOLLOWING


def test_an_old_picture_slows_then_freezes_and_is_named(following):
    following.age_ns = 225 * NS_PER_MS
    following.tick()
    assert following.authority.slowed
    assert following.authority.speed_cap_m_s < 0.2
    following.age_ns = 310 * NS_PER_MS
    assert following.tick(200) is Mode.FOLLOWING
    assert following.tick(2) is Mode.FROZEN
    assert "loop age 310 ms" in following.authority.culprit
    assert following.authority.freeze_class is FreezeClass.LINK


@pytest.mark.parametrize(
    ("lag", "mode"),
    [
        ({"lag_m": 0.0099}, Mode.FOLLOWING),
        ({"lag_m": 0.0101}, Mode.FROZEN),
        ({"lag_rad": 0.174}, Mode.FOLLOWING),
        ({"lag_rad": 0.175}, Mode.FROZEN),
    ],
)
def test_an_arm_left_behind_by_the_hand_freezes(following, lag, mode):
    arm = msgspec.structs.replace(ARM_STATE, following=True, **lag)
    following.report_changes = {"arms": (arm, arm)}
    assert following.tick() is mode
    if mode is Mode.FROZEN:
        assert following.authority.culprit.startswith("LAG")
        assert following.authority.freeze_class is FreezeClass.MASTER


def words(world, *actions):
    mode = world.tick(1, *actions)
    return mode, world.authority.culprit


def test_what_ended_a_motion_is_told_in_words_and_what_began_one_needs_none(world):
    assert words(world, Action.GIVE) == (Mode.READY, "")
    world.press()
    assert words(world) == (Mode.FOLLOWING, "")
    assert words(world, Action.FREEZE) == (Mode.FROZEN, "FREEZE pressed by the local staff")
    assert words(world, Action.RELEASE) == (Mode.READY, "")
    world.command_changes = {"stops": 1}
    assert words(world) == (Mode.FROZEN, "STOP pressed by the surgeon")
    assert words(world, Action.TAKE) == (Mode.LOCAL, "")
    assert words(world, Action.GIVE) == (Mode.READY, "")
    world.session = msgspec.structs.replace(world.session, number=9)
    assert words(world) == (Mode.LOCAL, "another console has opened the session")


def test_a_session_that_ends_freezes_a_hand_that_was_followed(following):
    following.session = msgspec.structs.replace(following.session, number=0)
    assert words(following) == (Mode.FROZEN, "the surgeon's session ended")


def test_a_reason_to_rest_without_words_freezes_all_the_same(following, monkeypatch):
    monkeypatch.setattr(supervisor, "REST_TEXT", {})
    following.rest = Rest.DEVICE_LOST
    assert words(following) == (Mode.FROZEN, "the surgeon's side let go")


def test_another_console_takes_nothing_over_though_something_worse_happens_as_it_comes(ready):
    ready.session = msgspec.structs.replace(ready.session, number=9)
    assert ready.tick(1, Action.FREEZE) is Mode.FROZEN
    assert ready.authority.owner is Owner.REMOTE
    ready.tick()
    assert (ready.authority.mode, ready.authority.owner) == (Mode.FROZEN, Owner.LOCAL)


def test_what_the_sender_says_of_lost_packets_is_judged(following):
    following.command_changes = {"packet_loss": 0.5}
    assert following.tick() is Mode.FROZEN
    assert following.authority.culprit.startswith("packet loss 50.0%")


@pytest.mark.parametrize(("early_ms", "mode"), [(1, Mode.READY), (0, Mode.FOLLOWING)])
def test_an_engage_is_heard_when_the_link_has_been_good_for_exactly_long_enough(ready, early_ms, mode):
    ready.talking = False
    ready.tick(LIMITS.link.silence.pause_ns // NS_PER_MS + 1)
    ready.talking = True
    good_ns = LIMITS.people.link_good_ns - early_ms * NS_PER_MS
    while ready.authority.link_good_ns != good_ns - NS_PER_MS:
        ready.tick()
    ready.press()
    assert ready.tick() is mode
    assert ready.authority.link_good_ns == good_ns


def test_rulings_are_counted():
    world = World()
    counts = []
    for _ in range(3):
        world.tick()
        counts.append(world.authority.tick)
    assert counts == [1, 2, 3]


def test_a_self_test_that_passed_is_no_culprit():
    assert in_local().authority.culprit == ""


@pytest.mark.parametrize(("gap_ms", "mode"), [(19, Mode.READY), (20, Mode.LOCAL)])
def test_what_was_pressed_while_the_supervisor_was_held_up_for_a_lease_is_spent(world, gap_ms, mode):
    world.step_ns = gap_ms * NS_PER_MS
    assert world.tick(1, Action.GIVE) is mode


@pytest.mark.parametrize("number", [0, None])
def test_nobody_is_given_the_arm_without_a_session(world, number):
    world.session = None if number is None else msgspec.structs.replace(world.session, number=number)
    assert world.tick(1, Action.GIVE) is Mode.LOCAL


def of_session(world, session, command):
    """A tick in which this session's number is `session`, and a command of session `command` brings a new STOP."""
    world.session = msgspec.structs.replace(world.session, number=session)
    world.command_changes = {"session": command, "stops": 1}
    return world.tick()


@pytest.mark.parametrize(
    ("session", "command", "mode"),
    [(1, 1, Mode.FROZEN), (0, 0, Mode.READY), (1, 2, Mode.LOCAL), (2, 2, Mode.FROZEN), (0, 1, Mode.READY)],
)
def test_only_a_command_of_the_session_is_heard(ready, session, command, mode):
    assert of_session(ready, session, command) is mode


def test_before_the_first_command_of_a_session_nothing_is_heard():
    world = World()
    world.talking = False
    assert world.tick(100) is Mode.SAFE


def test_what_is_held_down_where_nobody_may_jog_is_not_told(ready):
    ready.staff = (StaffJog(1, 9, 1, 0, 2, 1, stand_in=True),)
    assert ready.tick() is Mode.READY
    assert ready.authority.jog is None


def test_a_trip_of_the_drives_is_told_with_their_time():
    world = in_local()
    world.measured_changes = {"tripped": True}
    assert world.tick() is Mode.FROZEN
    told = "drives: their watchdog tripped, no setpoint for over 50 ms (limit 50 ms)"
    assert world.authority.culprit == told


def test_pedals_up_is_no_culprit(following):
    following.lift()
    assert following.tick() is Mode.READY
    assert following.authority.culprit == ""


def test_a_hand_too_many_engages_nothing():
    ready = in_local()
    assert ready.tick(1, Action.GIVE) is Mode.READY
    ready.press()
    idle, third = msgspec.structs.replace(ready.hand, engaged=False), ready.hand
    ready.command_changes = {"hands": (idle, idle, third)}
    assert ready.tick() is Mode.READY


def lagging(world, lag_m, lag_rad):
    arm = msgspec.structs.replace(ARM_STATE, following=True, lag_m=lag_m, lag_rad=lag_rad)
    world.report_changes = {"arms": (arm, arm)}
    return world.tick()


def test_a_lag_on_its_limit_freezes_nothing(following):
    assert lagging(following, LIMITS.people.lag_m, LIMITS.people.lag_rad) is Mode.FOLLOWING


def test_a_lag_is_told_beside_its_limit():
    people = msgspec.structs.replace(LIMITS.people, lag_m=0.6, lag_rad=1.5)
    world = in_local(msgspec.structs.replace(LIMITS, people=people))
    world.tick(1, Action.GIVE)
    world.press()
    assert world.tick() is Mode.FOLLOWING
    assert lagging(world, 0.7, 1.0) is Mode.FROZEN
    # The second arm is told: the last that was looked at.
    assert world.authority.culprit == "LAG: arm 1 is 700.0 mm, 57.3 deg behind the hand (limit 600 mm, 86 deg)"


@pytest.mark.parametrize("rest", [rest for rest in Rest if rest is not Rest.NONE])
def test_what_the_master_reports_freezes_and_is_named(following, rest):
    following.rest = rest
    assert words(following) == (Mode.FROZEN, supervisor.REST_TEXT[rest])
    assert following.authority.freeze_class is FreezeClass.MASTER


@pytest.mark.parametrize(
    ("cell", "changes", "ticks", "culprit"),
    [
        ("measured_changes", {"fault": "motor 3 is hot"}, 1, "drives: motor 3 is hot"),
        ("measured_changes", {"tripped": True}, 1, "watchdog"),
        ("measured_changes", {"lapsed": True}, 1, "permit: lapsed, not renewed for over 20 ms (limit 20 ms"),
        ("measured_changes", {"stamp_ns": 1}, 1, "drives: last measured"),
        ("measured_changes", {"stamp_ns": 2 * 10**12}, 1, "drives: last measured"),
        ("measured_changes", {"limits_hash": 7}, 1, "plant: its limits are 7"),
        ("measured_changes", {"arms": (ARM,)}, 1, "drives: 1 arms (limit 2)"),
        ("measured_changes", {"step": 3}, 1, "drives: was started anew"),
        ("measured_changes", {"tick": 10**6}, 52, "plant: no progress for 51 ms (limit 50 ms)"),
        ("report_changes", {"stamp_ns": 1}, 1, "controller: last reported"),
        ("report_changes", {"tick": 10**6}, 52, "controller: no progress for 51 ms"),
        ("report_changes", {"limits_hash": 7}, 1, "controller: its limits are 7"),
        ("report_changes", {"refusal": "arm 0: jaw step"}, 1, "gate: arm 0: jaw step"),
    ],
)
def test_an_arm_that_is_not_well_stops_and_needs_the_staff(following, cell, changes, ticks, culprit):
    setattr(following, cell, changes)
    following.tick(ticks - 1)
    assert following.authority.mode is Mode.FOLLOWING
    assert following.tick() is Mode.FROZEN
    assert culprit in following.authority.culprit
    assert following.authority.freeze_class is FreezeClass.ARM
    assert following.permit.grant is Grant.NONE
    setattr(following, cell, {})
    following.tick(5)
    assert again(following) is Mode.FROZEN, "an engage does not lift it"
    assert following.tick(1, Action.RELEASE) is Mode.READY
    assert again(following) is Mode.FOLLOWING


def test_a_fault_that_stands_cannot_be_released(following):
    following.measured_changes = {"fault": "motor 3 is hot"}
    following.tick()
    assert following.tick(5, Action.RELEASE) is Mode.FROZEN


def test_a_trip_that_an_acknowledgement_does_not_end_freezes_again(following):
    following.measured_changes = {"tripped": True}
    following.tick()
    resets = following.permit.resets
    assert following.tick(1, Action.RELEASE) is Mode.READY
    assert following.permit.resets == resets + 1
    assert following.tick(52) is Mode.FROZEN


@pytest.mark.parametrize(
    ("moved", "ticks", "mode"),
    [(0.0009, 100, Mode.READY), (0.0011, 3, Mode.SAFE)],
)
def test_an_arm_that_holds_and_moves_loses_its_power(ready, moved, ticks, mode):
    ready.tick(300)
    insertion = HOME[2] + moved
    arm = msgspec.structs.replace(ARM, position=(*HOME[:2], insertion, *HOME[3:]))
    ready.measured_changes = {"arms": (arm, arm)}
    ready.tick(ticks)
    assert ready.authority.mode is mode
    if mode is Mode.SAFE:
        assert "standstill" in ready.authority.culprit
        assert not ready.permit.power
        assert ready.authority.calling


def test_another_session_than_the_one_it_was_given_to_gets_nothing_without_the_staff(following):
    following.session = msgspec.structs.replace(following.session, number=6)
    following.command_changes = {"session": 6}
    assert following.tick() is Mode.LOCAL
    assert following.authority.calling
    assert again(following) is Mode.LOCAL


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
    world.press(clutch_epoch=1)
    world.command_changes = {"hands": (refused, world.hand)}
    assert world.tick() is Mode.FOLLOWING
    assert world.authority.open_epochs[:2] == (0, 1)


def test_a_hand_that_is_no_longer_spoken_of_is_no_longer_engaged(ready):
    ready.press()
    both = (msgspec.structs.replace(ready.hand, engaged=False), ready.hand)
    ready.command_changes = {"hands": both}
    assert ready.tick() is Mode.FOLLOWING
    ready.command_changes = {"hands": both[:1]}
    assert ready.tick() is Mode.READY


def test_a_hand_beyond_the_arms_engages_nothing(ready):
    ready.press()
    up = msgspec.structs.replace(ready.hand, engaged=False)
    ready.command_changes = {"hands": (up, up, ready.hand)}
    assert ready.tick() is Mode.READY


def test_a_supervisor_that_was_held_up_latches(following):
    following.now_ns += 30 * NS_PER_MS
    assert following.tick() is Mode.FROZEN
    assert "supervisor: held up for 31 ms (limit 20 ms)" in following.authority.culprit
    assert again(following) is Mode.FROZEN


def test_a_stop_at_the_drives_makes_safe_and_only_a_reset_leads_back(following):
    following.measured_changes = {"stopped": True, "powered": False}
    assert following.tick() is Mode.SAFE
    assert "STOP + POWER OFF" in following.authority.culprit
    assert (following.authority.owner, following.permit.power) == (Owner.LOCAL, False)
    assert following.tick(5, Action.RELEASE, Action.GIVE, Action.TAKE) is Mode.SAFE
    following.measured_changes = {}
    assert following.tick(300, Action.RESET) is Mode.LOCAL
    assert following.permit.grant is Grant.NONE


def test_power_that_goes_by_itself_makes_safe(following):
    following.measured_changes = {"powered": False}
    assert following.tick() is Mode.SAFE
    assert "without power" in following.authority.culprit


def test_what_was_shown_before_a_freeze_or_a_change_of_owner_is_void(following):
    before = following.authority.nonces
    following.tick(1, Action.TAKE)
    assert not set(before) & set(following.authority.nonces)


def test_the_arm_goes_to_the_local_staff_when_no_surgeon_comes_back(following):
    following.lift()
    following.tick()
    following.session = msgspec.structs.replace(following.session, number=0)
    assert following.wait(29_990) is Mode.READY
    assert following.tick(9) is Mode.READY
    assert following.tick() is Mode.LOCAL
    assert following.authority.calling is True
    assert following.authority.culprit == "no good link for 30 s"


def test_frozen_calls_after_2_s_and_hands_over_after_30(following):
    following.tick(1, Action.FREEZE)
    assert following.tick(1999) is Mode.FROZEN
    assert not following.authority.calling
    following.tick()
    assert following.authority.calling
    assert following.wait(27_990) is Mode.FROZEN
    assert following.tick(9) is Mode.FROZEN
    assert following.tick() is Mode.LOCAL
    assert following.authority.culprit == "frozen for 30 s: FREEZE pressed by the local staff"
    assert following.authority.calling
    following.tick(1, Action.ATTEND)
    assert following.authority.calling is False


def test_freeze_outranks_take_and_both_are_heard(following):
    following.tick(1, Action.TAKE, Action.FREEZE)
    assert following.authority.mode is Mode.FROZEN
    assert following.tick() is Mode.LOCAL


def test_a_stop_drops_what_was_asked_for_before_it(world):
    world.tick(1, Action.GIVE, Action.FREEZE)
    assert world.authority.mode is Mode.FROZEN
    assert world.tick(1, Action.RELEASE) is Mode.LOCAL
    assert world.tick(5) is Mode.LOCAL


def test_the_surgeons_stop_freezes_calls_and_is_acknowledged_once(following):
    following.command_changes = {"stops": 1}
    assert following.tick() is Mode.FROZEN
    assert following.authority.freeze_class is FreezeClass.LOCAL
    assert following.authority.calling
    assert following.authority.stops_heard == 1
    stop_number = following.authority.stop_number
    following.tick(10)
    assert following.authority.stop_number == stop_number
    assert following.tick(1, Action.RELEASE) is Mode.READY


def test_energy_runs_only_while_following_and_after_a_stop_only_when_pressed_anew(following):
    following.command_changes = {"energy": 3}
    following.tick()
    assert following.permit.energy
    following.talking = False
    following.tick(51)
    assert not following.permit.energy, "no fresh command"
    following.talking = True
    following.tick(5)
    assert not following.permit.energy, "the press met a stop"
    following.command_changes = {"energy": 4}
    following.tick()
    assert following.permit.energy
    following.tick(1, Action.FREEZE)
    assert not following.permit.energy


def jog(world, press, ticks=1, arm=0, axis=2, direction=-1):
    for number in range(ticks):
        if number % 50 == 0:
            world.staff += (StaffJog(1, 8, press, arm, axis, direction, stand_in=True),)
        world.tick()
    return world.authority.jog


def test_a_jog_moves_while_it_is_held_and_ends_with_it(world):
    held = jog(world, 1, 500)
    assert (held.arm, held.axis, held.direction) == (0, 2, -1)
    assert world.permit.grant is Grant.MOVE
    generation = world.permit.generation
    world.tick(155)
    assert world.authority.jog is None
    assert world.permit.grant is Grant.NONE
    assert jog(world, 2) is not None
    assert world.permit.generation == generation + 1


def test_a_jog_that_met_a_stop_must_be_pressed_anew(world):
    jog(world, 1, 10)
    world.tick(1, Action.FREEZE)
    assert jog(world, 1, 10) is None
    assert world.tick(1, Action.RELEASE) is Mode.LOCAL
    assert jog(world, 1, 100) is None
    assert jog(world, 2) is not None


def test_unattended_arms_are_not_jogged(following):
    following.tick(1, Action.FREEZE)
    assert following.wait(30_000) is Mode.LOCAL
    assert jog(following, 1, 10) is None
    following.tick(1, Action.ATTEND)
    assert jog(following, 2) is not None


def test_brakes_may_close_once_the_staff_have_not_moved_their_arms_for_a_minute(world):
    """Shortened to a quarter of a second; a jog opens them and begins the time anew, and no other mode closes them."""
    park_ms = 250
    people = msgspec.structs.replace(LIMITS.people, park_ns=park_ms * NS_PER_MS)
    world.supervisor = Supervisor(ROBOT, msgspec.structs.replace(LIMITS, people=people), LEASE_NS, world.now_ns)
    world.report_changes = world.measured_changes = {"limits_hash": world.supervisor._limits_hash}
    assert world.tick(2 * park_ms) is Mode.SAFE
    assert not world.permit.park, "without power they are closed anyway"
    world.tick(1, Action.RESET)
    while world.tick() is not Mode.LOCAL:
        assert not world.permit.park
    busy_ns = world.now_ns - NS_PER_MS
    while not world.permit.park:
        world.tick()
    assert world.now_ns - busy_ns == park_ms * NS_PER_MS
    assert world.permit.power
    assert jog(world, 1) is not None
    assert not world.permit.park
    jog(world, 1, 100)
    while world.authority.jog is not None:
        world.tick()
    world.tick(park_ms - 2)
    assert not world.permit.park
    world.tick(2)
    assert world.permit.park
    assert world.tick(1, Action.GIVE) is Mode.READY
    assert not world.permit.park
    world.tick(2 * park_ms)
    assert not world.permit.park
    world.tick(1, Action.FREEZE)
    world.tick(2 * park_ms)
    assert world.authority.mode is Mode.FROZEN
    assert not world.permit.park


def test_only_the_owner_moves_the_arm(following):
    assert jog(following, 1, 10) is None


def test_a_press_that_a_worse_event_overtook_is_heard_in_the_next_tick(following):
    following.measured_changes = {"tripped": True}
    assert following.tick(1, Action.TAKE) is Mode.FROZEN
    following.measured_changes = {}
    assert following.tick() is Mode.LOCAL


def test_without_the_links_verdict_silence_stops_nothing_but_everything_else_does():
    world = World()
    limits = load_limits("none")
    world.supervisor = Supervisor(ROBOT, limits, LEASE_NS, world.now_ns)
    world.measured_changes = {"limits_hash": limits.hash}
    world.report_changes = {"limits_hash": limits.hash}
    world.tick(5)
    world.tick(200, Action.RESET)
    world.tick(3000)
    world.tick(1, Action.GIVE)
    world.press()
    assert world.tick() is Mode.FOLLOWING
    world.talking = False
    assert world.tick(900) is Mode.FOLLOWING
    assert world.tick(1, Action.FREEZE) is Mode.FROZEN


def test_a_pause_of_an_epoch_that_the_arm_has_not_opened_does_not_end_by_itself(following):
    following.hand = msgspec.structs.replace(following.hand, p_W_m=(0.0, 0.0, 0.0))
    following.tick()
    following.talking = False
    following.tick(120)
    following.talking = True
    following.report_changes = {"arms": (msgspec.structs.replace(ARM_STATE, opened_epoch=99),) * 2}
    assert following.tick() is Mode.FROZEN


@pytest.mark.parametrize("hand", ["axes", "missing"])
def test_a_pause_of_a_hand_that_cannot_be_compared_does_not_end_by_itself(following, hand):
    following.hand = msgspec.structs.replace(following.hand, p_W_m=(0.0, 0.0, 0.0))
    following.tick()
    following.talking = False
    following.tick(120)
    following.talking = True
    if hand == "axes":
        epoch, token = following.hand.clutch_epoch, (following.hand.stop_number, following.hand.nonce)
        following.hand = AxisDisplacement(epoch, True, *token, (0.0,))
    else:
        following.report_changes = {"arms": ()}
    assert following.tick() is Mode.FROZEN


def test_before_the_controller_has_spoken_nobody_is_given_the_arm_and_nothing_lags():
    world = World()
    world.has_report = False
    world.tick(5)
    world.tick(200, Action.RESET)
    assert world.tick(3000) is Mode.LOCAL
    assert world.tick(5, Action.GIVE) is Mode.LOCAL


def test_a_controller_that_was_never_there_when_a_surgeon_followed_is_no_lag(following):
    following.has_report = False
    assert following.tick() is Mode.FOLLOWING


def test_a_pause_does_not_end_while_nobody_knows_where_the_arm_stands(following):
    following.talking = False
    assert following.tick(LIMITS.link.silence.pause_ns // NS_PER_MS + 1) is Mode.PAUSED
    following.has_report, following.talking = False, True
    assert following.tick() is Mode.FROZEN
    assert "cannot be compared with its arm" in following.authority.culprit


def test_before_the_plant_has_spoken_nothing_is_judged_by_it():
    world = World()
    world.has_measured = False
    assert world.tick(100) is Mode.SAFE


def test_an_arm_that_does_not_go_where_it_is_told_stops(following):
    following.setpoint_arm = ArmSetpoint((*HOME[:2], HOME[2] + 0.003, *HOME[3:]), STILL)
    assert following.tick(40) is Mode.FOLLOWING
    following.tick(20)
    assert following.authority.mode is Mode.FROZEN
    assert "tracking error 3 mm (limit 2 mm)" in following.authority.culprit


def test_a_hand_that_left_its_arm_behind_is_the_masters_freeze_and_not_the_arms(following):
    following.report_changes = {"refusal": "LAG: arm 0: lag in m: 0.05", "refusal_class": FreezeClass.MASTER}
    assert following.tick() is Mode.FROZEN
    assert following.authority.freeze_class is FreezeClass.MASTER
    assert "LAG" in following.authority.culprit
    following.report_changes = {}
    following.tick(5)
    assert again(following) is Mode.FOLLOWING


def test_after_a_pause_every_hand_is_looked_at(following):
    """A first hand that is not engaged does not hide a second that went far."""
    first = msgspec.structs.replace(following.hand, engaged=False)
    second = msgspec.structs.replace(following.hand, p_W_m=(0.0, 0.0, 0.0), clutch_epoch=77)
    shown = {"stop_number": following.authority.stop_number, "nonce": following.authority.nonces[-1]}
    second = msgspec.structs.replace(second, **shown)
    following.command_changes = {"hands": (first, second)}
    following.tick()
    assert following.authority.open_epochs[:2] == (0, 77)
    following.talking = False
    assert following.tick(120) is Mode.PAUSED
    following.talking = True
    following.command_changes = {"hands": (first, msgspec.structs.replace(second, p_W_m=(0.1, 0.0, 0.0)))}
    arm = msgspec.structs.replace(ARM_STATE, opened_epoch=77)
    following.report_changes = {"arms": (arm, arm)}
    assert following.tick() is Mode.FROZEN
    assert following.authority.culprit.startswith("after a pause hand 1 was ")
    assert following.authority.culprit.endswith(" deg from the arm (limit 3 mm, 3 deg)")


def test_the_self_test_is_over_when_it_has_passed_and_when_it_has_failed(world):
    assert world.authority.testing is False
    world = World()
    world.tick(5)
    world.tick(1, Action.RESET)
    assert world.authority.testing is True
    world.measured_changes = {"permitted": True}
    world.tick(5)
    assert world.authority.mode is Mode.SAFE
    assert world.authority.testing is False


def stall(world, ms):
    """The supervisor alone stands still; the rest goes on."""
    world.now_ns += ms * NS_PER_MS


def test_after_a_stall_of_the_supervisor_old_presses_start_nothing(world):
    """Nobody who pressed in vain expects the arm to move now."""
    world.tick(1, Action.TAKE)
    world.tick(10)
    stall(world, 5000)
    assert jog(world, 1) is None
    assert world.permit.grant is not Grant.MOVE
    assert jog(world, 1, 10) is None, "held on, it must be pressed anew"
    assert jog(world, 2) is not None


def test_after_a_stall_a_stop_that_was_pressed_meanwhile_counts(following):
    stall(following, 15)
    assert following.tick(1, Action.FREEZE) is Mode.FROZEN


def test_a_stop_right_after_a_release_is_a_stop(following):
    """The acknowledgement of a trip does not hide it: a stop always led to SAFE, so here it is a new one."""
    following.measured_changes = {"tripped": True}
    assert following.tick(2) is Mode.FROZEN
    following.measured_changes = {}
    assert following.tick(2, Action.RELEASE) is Mode.READY
    following.measured_changes = {"stopped": True}
    assert following.tick() is Mode.SAFE


def test_an_arm_that_sags_is_noticed_though_the_controller_is_dead(following):
    following.has_report = True
    stamp_ns = following.now_ns
    following.report_changes = {"stamp_ns": stamp_ns}
    assert following.tick(60) is Mode.FROZEN
    assert "controller" in following.authority.culprit
    following.tick(250)
    assert following.authority.mode is Mode.FROZEN
    for sag in range(200):
        low = (*HOME[:2], HOME[2] + 2e-5 * sag, *HOME[3:])
        following.measured_changes = {"arms": (ArmMeasured(low, STILL, STILL), ARM)}
        if following.tick() is Mode.SAFE:
            break
    assert following.authority.mode is Mode.SAFE
    assert "standstill" in following.authority.culprit


def test_an_arm_that_moves_in_the_self_test_is_noticed():
    world = World()
    world.tick(5)
    world.tick(1, Action.RESET)
    world.measured_changes = {"following": False}
    world.tick(250)
    assert world.authority.testing
    for sag in range(200):
        low = (*HOME[:2], HOME[2] + 2e-5 * sag, *HOME[3:])
        world.measured_changes = {"following": False, "arms": (ArmMeasured(low, STILL, STILL), ARM)}
        world.tick()
        if not world.authority.testing:
            break
    assert "standstill" in world.authority.culprit
    assert not world.permit.power


def test_a_freeze_leaves_closed_brakes_closed_and_a_release_keeps_them_for_the_next_jog(world):
    people = msgspec.structs.replace(LIMITS.people, park_ns=250 * NS_PER_MS)
    limits = msgspec.structs.replace(LIMITS, people=people)
    world.supervisor = Supervisor(ROBOT, limits, LEASE_NS, world.now_ns)
    world.report_changes = world.measured_changes = {"limits_hash": limits.hash}
    world.tick(1, Action.RESET)
    while world.tick() is not Mode.LOCAL:
        pass
    assert not world.permit.park
    world.tick(300)
    assert world.permit.park
    assert world.tick(1, Action.FREEZE) is Mode.FROZEN
    assert world.permit.park
    assert world.tick(5, Action.RELEASE) is Mode.LOCAL
    assert world.permit.park
    assert world.permit.grant is Grant.NONE, "a permit to move stands for nobody"
    jog(world, 1)
    assert world.permit.grant is Grant.MOVE
    assert not world.permit.park


def test_setpoints_of_too_few_arms_do_not_end_the_supervisor(following):
    following.setpoint_arm = ArmSetpoint(HOME, STILL)
    observe = following.supervisor.step

    def step(seen):
        return observe(msgspec.structs.replace(seen, setpoint=Setpoint(seen.now_ns, 1, 1, ())))

    following.supervisor.step = step
    assert following.tick(3) is Mode.FOLLOWING


def test_a_hand_that_left_the_arm_behind_is_no_fault_of_an_arm_that_was_taken_meanwhile(following):
    following.report_changes = {"refusal": "LAG: arm 0", "refusal_class": FreezeClass.MASTER}
    assert following.tick(1, Action.TAKE) is Mode.LOCAL
    assert following.tick(3) is Mode.LOCAL
