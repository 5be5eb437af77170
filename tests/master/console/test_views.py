"""What the console shows, of every situation that a surgeon can meet."""

import pytest
from msgspec.structs import replace

from master.check_link import Advice
from master.console.buttons import actions
from master.console.check_age import NS_PER_MINUTE, OLD_NS
from master.console.conditions import conditions
from master.console.facts import facts, lane_views, link_figures
from master.console.hands_view import HandStands, hand_views
from master.console.preparing import check_view, device_ready, why_no_check, why_no_request
from master.console.snapshot import PILOT_SILENT_NS
from master.console.stage import Stage, banner, pressed_in_vain, staff_first, stage_of
from master.console_records import CheckWord, PilotStands
from protocol.messages import FreezeClass, Mode, Owner, Rest
from protocol.widgets.language import say
from protocol.widgets.theme import Level, Priority
from tests.master.console.scenes import (
    APART,
    ASKING,
    FOUND,
    HANDS,
    LAUNCHER,
    LINK,
    NOTHING,
    NOW,
    PILOT,
    READY,
    engaged,
    in_mode,
)
from tests.protocol.samples import ARM_STATE

CULPRIT = "no command for 250 ms (limit 250 ms)"
NO_SIDE = APART._replace(launcher=replace(LAUNCHER, side="", pilot=PilotStands.NONE))
DEAD = READY._replace(
    launcher=replace(LAUNCHER, pilot=PilotStands.ENDED, trouble="the pilot ended by itself (signal 9)")
)
SILENT = READY._replace(now_ns=NOW + PILOT_SILENT_NS + 1)


@pytest.mark.parametrize(
    ("seen", "stage"),
    [
        (NOTHING, Stage.NO_SIDE),
        (NO_SIDE, Stage.NO_SIDE),
        (APART._replace(launcher=replace(LAUNCHER, pilot=PilotStands.STARTING)), Stage.PILOT_STARTS),
        (SILENT, Stage.PILOT_STARTS),
        (DEAD, Stage.PILOT_ENDED),
        (APART, Stage.APART),
        (ASKING, Stage.ASKING),
        (READY, Stage.SESSION),
    ],
)
def test_stages(seen, stage):
    assert stage_of(seen) is stage


@pytest.mark.parametrize("seen", [NOTHING, NO_SIDE, SILENT, DEAD, APART, ASKING, READY])
def test_every_stage_has_a_banner_that_says_what_to_do(seen):
    words = banner(seen)
    assert words.heading.english
    assert words.advice.english


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("freeze_class", FreezeClass)
def test_every_mode_is_the_banners(mode, freeze_class):
    words = banner(in_mode(mode, freeze_class=freeze_class))
    assert words.mode is mode
    assert words.advice.english


def test_a_freeze_is_told_with_its_reason_and_what_to_do_next():
    words = banner(
        in_mode(Mode.FROZEN, freeze_class=FreezeClass.LINK, culprit=CULPRIT, link_good_ns=0)
    )  # fmt: skip
    assert words.heading.english == "FROZEN"
    assert words.reason.english == CULPRIT
    assert words.advice.english == "Lift the pedal, wait for the link (3 s), press again."


def test_a_state_that_is_too_old_is_no_state():
    seen = READY._replace(now_ns=NOW + READY.welcome.blind_ns + 1, link=replace(LINK, stamp_ns=NOW + 10**8))
    seen = seen._replace(pilot=PILOT)
    assert seen.mode is None
    assert banner(seen).heading.english == "UNKNOWN"
    assert Priority.HIGH in {alarm.priority for alarm in conditions(seen)}
    assert READY._replace(now_ns=NOW + READY.welcome.blind_ns, link=replace(LINK, stamp_ns=NOW)).mode is Mode.READY


def test_a_press_in_vain_is_answered_at_once_and_only_while_the_pedal_is_down():
    why = "the hand moves at 25 mm/s (limit 10 mm/s): hold still, lift the pedal, and press again"
    down = replace(HANDS, seen=tuple(replace(hand, pedal_down=True) for hand in HANDS.seen))
    seen = READY._replace(pilot=replace(PILOT, refused=why), hands=down)
    assert banner(seen).advice.english == why
    assert pressed_in_vain(seen._replace(hands=HANDS)) is None
    assert pressed_in_vain(engaged(seen)) is None


def test_resting_hands_are_said_in_the_banner():
    seen = READY._replace(link=replace(LINK, resting=True))
    assert "rest" in banner(seen).reason.english
    assert "GO ON" in banner(seen).advice.english


@pytest.mark.parametrize(
    ("seen", "first"),
    [
        (in_mode(Mode.LOCAL), True),
        (in_mode(Mode.SAFE), True),
        (in_mode(Mode.FROZEN, freeze_class=FreezeClass.ARM), True),
        (in_mode(Mode.FROZEN, freeze_class=FreezeClass.LINK), False),
        (READY, False),
        (APART, False),
    ],
)
def test_who_must_act_first(seen, first):
    assert staff_first(seen) == first


def keys(seen):
    return {alarm.key: alarm.priority for alarm in conditions(seen)}


def test_nothing_alarms_while_all_is_well():
    for seen in (NOTHING, NO_SIDE, APART, READY, engaged(in_mode(Mode.FOLLOWING))):
        assert keys(seen) == {}


@pytest.mark.parametrize(
    ("seen", "key", "priority"),
    [
        (DEAD, "pilot", Priority.HIGH),
        (SILENT, "pilot silent", Priority.HIGH),
        (in_mode(Mode.FROZEN, freeze_class=FreezeClass.LINK), "frozen LINK 1", Priority.MEDIUM),
        (in_mode(Mode.FROZEN, freeze_class=FreezeClass.ARM), "frozen ARM 1", Priority.HIGH),
        (in_mode(Mode.FROZEN, freeze_class=FreezeClass.LOCAL), "frozen LOCAL 1", Priority.HIGH),
        (in_mode(Mode.PAUSED), "paused", Priority.LOW),
        (in_mode(Mode.LOCAL, calling=True), "calling", Priority.HIGH),
        (in_mode(Mode.FOLLOWING, slowed=True), "slowed", Priority.LOW),
        (in_mode(Mode.FOLLOWING, arms=(replace(ARM_STATE, lag_m=0.006), ARM_STATE)), "lag", Priority.MEDIUM),
        (READY._replace(hands=replace(HANDS, rest=Rest.DEVICE_LOST)), "hands", Priority.MEDIUM),
        (READY._replace(hands=replace(HANDS, rest=Rest.CONSOLE_LOST)), "hands", Priority.MEDIUM),
        (READY._replace(link=replace(LINK, device_trouble="itp: no such port")), "device", Priority.LOW),
        (READY._replace(launcher=replace(LAUNCHER, windows=2)), "window", Priority.LOW),
    ],
)
def test_what_alarms_and_how_urgently(seen, key, priority):
    assert keys(seen) == {key: priority}


def test_hands_are_told_apart():
    def stands(seen):
        return [view.stands for view in hand_views(seen)]

    rest, pressed = HandStands.REST, replace(HANDS.seen[0], pedal_down=True)
    assert stands(READY) == [rest, rest]
    assert stands(APART) == [rest, rest]
    assert stands(engaged(in_mode(Mode.FOLLOWING))) == [HandStands.ENGAGED] * 2
    assert stands(engaged(READY, epoch=9)) == [HandStands.ASKED] * 2
    assert stands(READY._replace(hands=replace(HANDS, seen=(pressed, HANDS.seen[1])))) == [HandStands.PRESSED, rest]
    assert stands(READY._replace(hands=replace(HANDS, device_age_ns=None))) == [HandStands.ABSENT] * 2
    assert stands(DEAD) == [HandStands.ABSENT] * 2
    assert stands(NOTHING) == [HandStands.ABSENT] * 2


def test_a_hand_shows_its_jaw_beside_the_arms_and_what_stands_in_its_way():
    arms = (replace(ARM_STATE, jaw_rad=0.5236, reach=3), replace(ARM_STATE, lag_m=0.004))
    left, right = hand_views(in_mode(Mode.FOLLOWING, arms=arms))
    assert left.jaw.english == "30°"
    assert left.jaw_share == pytest.approx(0.5, abs=0.01)
    assert left.note is not None
    assert left.note.english == "out of reach"
    assert right.note is not None
    assert right.note.english == "lags 4.0 mm"


def test_facts_are_always_the_same_ones_in_the_same_order():
    names = [fact.name for fact in facts(READY)]
    for seen in (NOTHING, NO_SIDE, APART, DEAD, in_mode(Mode.LOCAL)):
        assert [fact.name for fact in facts(seen)] == names
    shown = {fact.name.english: fact.value.english for fact in facts(READY)}
    assert shown["owner"] == "the surgeon"
    assert shown["motion scale"] == "0.5 : 1"
    assert shown["procedure"] == "laparoscopic"
    assert shown["speed cap"] == "200 mm/s"


def test_the_links_figures_are_those_of_the_session_and_of_no_other():
    figures = link_figures(READY, 150_000_000)
    assert figures.loop_age_ns == 128_000_000
    assert figures.worst_age_ns == 150_000_000
    assert (figures.lanes, figures.stalled, figures.replaced) == (62, 2, 2)
    assert (figures.carriers, figures.carriers_up) == (1, 1)
    assert link_figures(APART, 150_000_000).loop_age_ns is None
    assert lane_views(APART) == ()


def test_lanes_are_judged_by_what_carries():
    def level(letters):
        lanes = (replace(LINK.command_lanes[0], lanes=letters),)
        return lane_views(READY._replace(link=replace(LINK, command_lanes=lanes)))[0].level

    assert level("LLLS") is Level.OK
    assert level("LSSS") is Level.SLOW
    assert level("SSSS") is Level.FREEZE
    assert level("cccc") is Level.FREEZE


def checked(**changes):
    return APART._replace(
        launcher=replace(LAUNCHER, check=replace(CheckWord(1, False, "", 20.0, 20.0, FOUND), **changes)),
        check_age_ns=0,
    )


@pytest.mark.parametrize(
    ("advice", "heading", "level"),
    [
        (Advice.GO, "GO", Level.OK),
        (Advice.SLOWLY, "GO SLOWLY", Level.SLOW),
        (Advice.NO_GO, "NO-GO", Level.FREEZE),
        (Advice.UNKNOWN, "NOT KNOWN", Level.UNKNOWN),
    ],
)
def test_the_check_says_go_slowly_or_no_go_with_the_reason(advice, heading, level):
    why = "loop age 231.0 ms: from 220.0 ms on the arm is slowed or paused"
    view = check_view(checked(found=replace(FOUND, advice=advice, reasons=(why,))))
    assert (view.heading.english, view.level) == (heading, level)
    assert [reason.english for reason in view.reasons] == [why]
    assert view.progress is None
    assert len(view.figures) == 6


@pytest.mark.parametrize(
    ("advice", "age_ns", "heading", "level"),
    [
        (Advice.GO, NS_PER_MINUTE - 1, "GO", Level.OK),
        (Advice.GO, OLD_NS - 1, "GO", Level.OK),
        (Advice.GO, OLD_NS, "CHECK AGAIN", Level.UNKNOWN),
        (Advice.SLOWLY, OLD_NS, "CHECK AGAIN", Level.UNKNOWN),
        (Advice.GO, None, "CHECK AGAIN", Level.UNKNOWN),
        (Advice.NO_GO, OLD_NS, "NO-GO", Level.FREEZE),
    ],
)
def test_what_was_good_is_good_for_ten_minutes_only(advice, age_ns, heading, level):
    view = check_view(checked(found=replace(FOUND, advice=advice, reasons=()))._replace(check_age_ns=age_ns))
    assert (view.heading.english, view.level) == (heading, level)
    told = [say(reason) for reason in view.reasons]
    assert told[-1] == "good for laparoscopic: no limit was crossed"
    when = {NS_PER_MINUTE - 1: [], OLD_NS - 1: ["checked 9 min ago"], OLD_NS: ["checked 10 min ago"]}
    assert told[:-1] == when.get(age_ns, ["checked some time ago"])


def test_a_check_that_runs_shows_how_far_it_is_and_one_that_failed_why():
    running = checked(found=None, running=True, done_s=5.0)
    assert check_view(running).progress == pytest.approx(0.25)
    assert why_no_check(running) is not None
    assert why_no_request(running) is not None
    failed = check_view(checked(found=None, text="no answer"))
    assert [reason.english for reason in failed.reasons] == ["no answer"]


def test_what_can_be_pressed_when():
    assert why_no_check(APART) is None
    assert why_no_request(APART) is None
    for seen in (NOTHING, NO_SIDE, ASKING, READY):
        assert why_no_check(seen) is not None
        assert why_no_request(seen) is not None


def test_a_device_on_its_way_or_refused_is_said():
    assert device_ready(APART)[1] is Level.OK
    assert device_ready(APART._replace(link=replace(APART.link, device_opening=True)))[1] is Level.SLOW
    word, level = device_ready(APART._replace(link=replace(APART.link, device_trouble="mouse: no mouse")))
    assert (word.english, level) == ("mouse: no mouse", Level.FREEZE)
    assert device_ready(APART._replace(hands=replace(HANDS, device_age_ns=10**9)))[1] is Level.SLOW


def test_the_session_is_not_ended_under_an_engaged_hand_and_there_is_no_stop_without_one():
    now = actions(READY, 0.5)
    assert not now.asks
    assert now.why_not_session is None
    assert actions(engaged(in_mode(Mode.FOLLOWING)), 0.5).why_not_session is not None
    assert actions(APART, 0.5).why_no_stop is not None


def test_the_first_button_is_the_one_that_leads_on():
    assert actions(APART, 0.5).asks
    assert actions(DEAD, 0.5).restarts
    assert actions(DEAD, 0.5).why_not_session is None
    assert actions(NO_SIDE, 0.5).why_not_session is not None


def test_another_scale_is_said_to_wait_for_the_next_press():
    assert not actions(READY, 0.5).scale_waits
    assert actions(READY, 0.2).scale_waits
    assert actions(READY, 0.1).why_no_smaller is not None
    assert actions(READY, 2.0).why_no_larger is not None


def test_an_owner_is_told_in_words():
    shown = {fact.name.english: fact.value.english for fact in facts(in_mode(Mode.LOCAL))}
    assert in_mode(Mode.LOCAL).state.owner is Owner.LOCAL
    assert shown["owner"] == "the local team"
