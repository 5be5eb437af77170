"""The pilot's tick on a clock that the test moves."""

import msgspec
import pytest

from master.devices.device import DeviceSample, HandInput
from master.pilot import DEVICE_STALE_NS, Inputs, Pilot, PilotSettings
from protocol.clock import NS_PER_MS
from protocol.codec import decode_command, encode
from protocol.messages import ConsoleReport, FreezeClass, Mode, Rest, Welcome
from protocol.pose import IDENTITY
from tests.protocol.samples import STATE

WELCOME = Welcome(
    version=1,
    session=5,
    state_key="",
    robot="psm",
    arms=("left", "right"),
    tick_hz=1000,
    jaw_min_rad=0.0,
    jaw_max_rad=1.0,
    procedure="laparoscopic",
    limits={"people.link_good_ns": 3e9},
    limits_hash=1,
    blind_ns=300 * NS_PER_MS,
)
PLAIN = PilotSettings(tremor_filter=False)
PATIENCE_NS = 300 * NS_PER_MS


class Surgeon:
    """Everything well until a test says otherwise; `stale_*` are ages in ns."""

    def __init__(self, settings=PLAIN):
        self.pilot = Pilot(settings, WELCOME, 0.001)
        self.now_ns = 10**12
        self.p = [0.0, 0.0, 0.0]
        self.pedal = False
        self.stale_device = 0
        self.stale_state = 0
        self.stale_report = 0
        self.device_is_there = True
        self.stop_number = 1
        self.nonce = 77
        self.painted_ns = 5 * 10**11
        self.energy = False
        self.state = {}
        self.resting = False

    def tick(self, ticks=1):
        for _ in range(ticks):
            self.now_ns += NS_PER_MS
            hand = HandInput(tuple(self.p), IDENTITY, 0.5)
            sample = DeviceSample(self.now_ns - self.stale_device, (hand, hand), (self.pedal, self.pedal), self.energy)
            report = ConsoleReport(1, self.painted_ns, self.stop_number, self.nonce, stand_in=True)
            command = self.pilot.tick(
                Inputs(
                    now_ns=self.now_ns,
                    sample=sample if self.device_is_there else None,
                    state=msgspec.structs.replace(STATE, stamp_ns=6 * 10**11, **self.state),
                    state_ns=self.now_ns - self.stale_state,
                    report=report,
                    report_ns=self.now_ns - self.stale_report,
                    resting=self.resting,
                )
            )
        return command


@pytest.fixture
def surgeon():
    surgeon = Surgeon()
    surgeon.tick()
    return surgeon


@pytest.fixture
def engaged(surgeon):
    surgeon.pedal = True
    assert surgeon.tick().hands[0].engaged
    return surgeon


def test_a_command_carries_both_echoes_and_counts_on(surgeon):
    first, second = surgeon.tick(), surgeon.tick()
    assert second.sequence == first.sequence + 1
    assert (second.session, second.authority_epoch) == (WELCOME.session, STATE.authority_epoch)
    assert (second.received_ns, second.shown_ns) == (6 * 10**11, 5 * 10**11)
    assert second.sent_ns == surgeon.now_ns
    assert not any(hand.engaged for hand in second.hands)
    assert decode_command(encode(second)) == second


def test_an_engage_carries_what_the_console_showed_when_the_pedal_went_down(engaged):
    engaged.nonce, engaged.stop_number = 78, 2
    hand = engaged.tick().hands[1]
    assert hand.engaged
    assert (hand.stop_number, hand.nonce) == (1, 77)


def test_hands_move_what_they_are_engaged_to(engaged):
    engaged.p[0] = 1e-4
    assert engaged.tick().hands[0].p_W_m == pytest.approx((1e-4, 0.0, 0.0))


@pytest.mark.parametrize(
    ("change", "rest"),
    [
        ({"device_is_there": False}, Rest.DEVICE_LOST),
        ({"stale_state": PATIENCE_NS + 1}, Rest.STATE_LOST),
        ({"stale_report": PATIENCE_NS + 1}, Rest.CONSOLE_LOST),
        ({"stale_device": DEVICE_STALE_NS + 1}, Rest.DEVICE_STALE),
    ],
)
def test_what_is_lost_lets_go_and_is_told_until_the_pedal_is_up(engaged, change, rest):
    for name, value in change.items():
        setattr(engaged, name, value)
    command = engaged.tick()
    assert command.rest is rest
    assert not any(hand.engaged for hand in command.hands)
    for name in change:
        setattr(engaged, name, name == "device_is_there" and True)
    engaged.p[0] = 0.01
    command = engaged.tick(5)
    assert command.rest is rest
    assert not any(hand.engaged for hand in command.hands)
    engaged.pedal = False
    assert engaged.tick(150).rest is Rest.NONE
    engaged.pedal = True
    assert engaged.tick().hands[0].engaged


def test_what_is_nearly_lost_is_not(engaged):
    engaged.stale_state = engaged.stale_report = PATIENCE_NS
    engaged.stale_device = DEVICE_STALE_NS
    command = engaged.tick()
    assert command.rest is Rest.NONE
    assert command.hands[0].engaged


def test_nobody_engages_while_blind(surgeon):
    surgeon.stale_report = PATIENCE_NS + 1
    surgeon.pedal = True
    assert not surgeon.tick().hands[0].engaged
    surgeon.stale_report = 0
    assert not surgeon.tick(3).hands[0].engaged


def test_a_device_at_rest_may_be_silent_while_nobody_is_engaged(surgeon):
    surgeon.stale_device = 10 * DEVICE_STALE_NS
    command = surgeon.tick()
    assert command.rest is Rest.NONE
    assert command.device_age_ns == 10 * DEVICE_STALE_NS


def test_the_jaw_stays_within_the_instruments_range():
    surgeon = Surgeon()
    surgeon.pilot._welcome = msgspec.structs.replace(WELCOME, jaw_max_rad=0.4)
    assert surgeon.tick().hands[0].jaw_rad == 0.4


def test_the_tremor_filter_can_be_switched_off():
    for on in (True, False):
        surgeon = Surgeon(PilotSettings(tremor_filter=on))
        surgeon.tick()
        surgeon.pedal = True
        surgeon.tick()
        surgeon.p[0] = 1e-4
        moved = surgeon.tick().hands[0].p_W_m[0]
        assert (moved == pytest.approx(1e-4)) is not on


def test_letting_go_disengages(engaged):
    assert engaged.pilot.engaged
    engaged.pilot.let_go()
    assert not engaged.tick().hands[0].engaged
    assert engaged.pilot.epochs == (1, 1)


def test_a_console_that_has_painted_no_state_yet_gives_no_token():
    surgeon = Surgeon()
    surgeon.painted_ns = 0
    surgeon.tick()
    surgeon.pedal = True
    assert not surgeon.tick().hands[0].engaged


def test_a_later_session_counts_commands_and_epochs_on():
    surgeon = Surgeon()
    surgeon.tick()
    surgeon.pedal = True
    last = surgeon.tick()
    surgeon.pilot = Pilot(PLAIN, msgspec.structs.replace(WELCOME, session=6), 0.001, surgeon.pilot)
    surgeon.pedal = False
    first = surgeon.tick()
    assert (first.session, first.sequence) == (6, last.sequence + 1)
    surgeon.pedal = True
    assert surgeon.tick().hands[0].clutch_epoch == last.hands[0].clutch_epoch + 1


def pressed(surgeon):
    """The pedal comes up, and down again a moment later."""
    surgeon.pedal = False
    surgeon.tick(2)
    surgeon.pedal = True
    return surgeon.tick().hands[0].engaged


@pytest.mark.parametrize(
    ("state", "why"),
    [
        ({"mode": Mode.LOCAL}, "LOCAL"),
        ({"mode": Mode.PAUSED}, "PAUSED"),
        ({"mode": Mode.FROZEN, "freeze_class": FreezeClass.ARM}, "FROZEN (ARM)"),
        ({"mode": Mode.FROZEN, "freeze_class": FreezeClass.LOCAL}, "FROZEN (LOCAL)"),
        ({"link_good_ns": 2_900_000_000}, "good for 2.9 s (limit 3 s)"),
    ],
)
def test_a_press_that_cannot_be_heard_engages_nothing_and_says_why(surgeon, state, why):
    surgeon.state = state
    assert not pressed(surgeon)
    assert why in surgeon.pilot.refused
    surgeon.state = {}
    assert not surgeon.tick(10).hands[0].engaged, "the pedal must come up first"
    assert pressed(surgeon)
    assert surgeon.pilot.refused == ""


@pytest.mark.parametrize("freeze_class", [FreezeClass.LINK, FreezeClass.MASTER])
def test_the_surgeon_may_press_in_a_freeze_that_is_his_to_end(surgeon, freeze_class):
    surgeon.state = {"mode": Mode.FROZEN, "freeze_class": freeze_class}
    assert pressed(surgeon)


@pytest.mark.parametrize(("speed_m_s", "engages"), [(0.0095, True), (0.0105, False)])
def test_only_a_still_hand_engages(surgeon, speed_m_s, engages):
    for _ in range(200):
        surgeon.p[0] += speed_m_s * 1e-3
        surgeon.tick()
    surgeon.pedal = True
    assert surgeon.tick().hands[0].engaged == engages
    assert ("mm/s (limit 10 mm/s)" in surgeon.pilot.refused) != engages


def test_energy_is_numbered_by_press_and_a_pedal_found_down_is_none():
    surgeon = Surgeon()
    surgeon.energy = True
    assert surgeon.tick().energy == 0
    for press in (1, 2):
        surgeon.energy = False
        assert surgeon.tick().energy == 0
        surgeon.energy = True
        assert surgeon.tick(3).energy == press


def test_stops_are_counted_and_told_in_every_command_after(surgeon):
    assert surgeon.tick().stops == 0
    surgeon.pilot.stop()
    assert surgeon.tick(5).stops == 1


def test_a_stop_is_of_its_session_alone():
    """The patient's side counts anew in each: it would hear an old stop again, and freeze the next surgeon."""
    first = Pilot(PLAIN, WELCOME, 1e-3)
    first.stop()
    assert Pilot(PLAIN, WELCOME, 1e-3, first).stops == 1
    assert Pilot(PLAIN, msgspec.structs.replace(WELCOME, session=WELCOME.session + 1), 1e-3, first).stops == 0


def test_while_slowed_motion_scales_down_with_the_cap_and_up_again_only_at_the_next_press(engaged):
    def gained():
        before = engaged.tick(100).hands[0].p_W_m[0]
        for _ in range(100):
            engaged.p[0] += 1e-6
            engaged.tick()
        return engaged.tick(100).hands[0].p_W_m[0] - before

    assert gained() == pytest.approx(1e-4)
    engaged.state = {"slowed": True, "speed_cap_m_s": 0.1}
    assert gained() == pytest.approx(0.5e-4)
    engaged.state = {}
    assert gained() == pytest.approx(0.5e-4)
    assert pressed(engaged)
    assert gained() == pytest.approx(1e-4)


def test_hands_that_shall_rest_are_let_go_and_only_a_new_press_after_it_engages(engaged):
    engaged.resting = True
    command = engaged.tick()
    assert command.rest is Rest.NONE
    assert not any(hand.engaged for hand in command.hands)
    assert not pressed(engaged)
    assert "your hands rest" in engaged.pilot.refused
    engaged.resting = False
    assert not engaged.tick(5).hands[0].engaged
    assert pressed(engaged)


def test_another_device_engages_nothing_by_a_pedal_that_it_holds_down_and_moves_nothing_by_where_it_is(surgeon):
    surgeon.tick(5)
    surgeon.p[0] = 0.5
    surgeon.pedal = True
    surgeon.pilot.use_another_device()
    assert not surgeon.tick(5).hands[0].engaged
    assert pressed(surgeon)
    assert surgeon.tick().hands[0].p_W_m == (0.0, 0.0, 0.0)


def test_another_device_lets_go_of_what_was_engaged(engaged):
    engaged.pilot.use_another_device()
    assert not engaged.tick().hands[0].engaged


def test_another_scale_holds_for_what_moves_from_then_on(engaged):
    engaged.p[0] = 1e-4
    before = engaged.tick().hands[0].p_W_m[0]
    engaged.pilot.set_scale(0.5)
    engaged.p[0] = 2e-4
    assert engaged.tick().hands[0].p_W_m[0] == pytest.approx(before + 0.5e-4)
