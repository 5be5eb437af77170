"""The verdict on the link, tick by tick: boundaries dense around every limit."""

from operator import ne

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.clock import NS_PER_MS, NS_PER_S
from protocol.echo import LoopAge
from safety.limits import load_limits
from safety.link import Level, LinkJudge, Verdict
from safety.loss import LateShare

LIMITS = load_limits("laparoscopic").link
SPEED_M_S = 0.2
NOW = 10**12


class Link:
    """A link that is what a test says, judged every millisecond."""

    def __init__(self, limits=LIMITS):
        self.judge = LinkJudge(limits, SPEED_M_S)
        self.now_ns = NOW
        self.verdict = None

    def tick(self, ticks=1, silence_ms=1.0, link_ms=40.0, seen_ms=70.0, loss=None):
        for _ in range(ticks):
            self.now_ns += NS_PER_MS
            age = LoopAge(int(link_ms * NS_PER_MS), int(seen_ms * NS_PER_MS))
            self.verdict = self.judge.judge(self.now_ns, int(silence_ms * NS_PER_MS), age, loss)
        return self.verdict


@pytest.fixture
def link():
    link = Link()
    link.tick(2000)
    return link


def test_a_good_link_is_good_for_as_long_as_it_has_been(link):
    assert link.verdict.level is Level.OK
    assert link.verdict.good_ns == 1999 * NS_PER_MS
    assert link.verdict.speed_cap_m_s == SPEED_M_S
    assert link.verdict.culprit == ""


@pytest.mark.parametrize(
    ("silence_ms", "level"),
    [(99.99, Level.OK), (100.0, Level.PAUSE), (249.99, Level.PAUSE), (250.0, Level.FREEZE), (10**6, Level.FREEZE)],
)
def test_silence_pauses_then_freezes(link, silence_ms, level):
    verdict = link.tick(silence_ms=silence_ms)
    assert verdict.level is level
    assert ("no command for" in verdict.culprit) == (level is not Level.OK)
    assert (verdict.good_ns == 0) == (level is not Level.OK)


@pytest.mark.parametrize(("silence_ns", "age"), [(None, LoopAge(1, 1)), (-1, LoopAge(1, 1)), (1, None)])
def test_what_is_not_known_is_the_worst(link, silence_ns, age):
    verdict = link.judge.judge(link.now_ns + NS_PER_MS, silence_ns, age, None)
    assert verdict.level is Level.FREEZE
    assert (verdict.good_ns, verdict.speed_cap_m_s) == (0, 0.0)
    assert verdict.culprit


def test_an_old_picture_slows_at_once_and_ends_to_only_after_the_dwell_time(link):
    assert not link.tick(seen_ms=219.99).slowed
    assert link.tick(seen_ms=220.0).slowed
    assert link.verdict.level is Level.SLOW
    assert link.tick(1000, seen_ms=190.0).slowed, "not below the lower limit"
    assert link.tick(500, seen_ms=189.9).slowed
    assert not link.tick(seen_ms=189.9).slowed
    assert link.verdict.level is Level.OK


def test_a_moment_above_the_lower_limit_starts_the_dwell_time_anew(link):
    link.tick(seen_ms=220.0)
    link.tick(400, seen_ms=100.0)
    link.tick(seen_ms=200.0)
    assert link.tick(500, seen_ms=100.0).slowed
    assert not link.tick(seen_ms=100.0).slowed


@pytest.mark.parametrize(
    ("seen_ms", "ticks", "level"),
    [
        (299.9, 1000, Level.SLOW),
        (300.0, 200, Level.SLOW),
        (300.0, 201, Level.FREEZE),
        (599.9, 200, Level.SLOW),
        (600.0, 1, Level.FREEZE),
    ],
)
def test_an_older_picture_freezes_after_its_time_or_at_once(link, seen_ms, ticks, level):
    verdict = link.tick(ticks, seen_ms=seen_ms)
    assert verdict.level is level
    assert "loop age" in verdict.culprit


def test_a_moment_of_a_younger_picture_begins_the_time_anew(link):
    link.tick(150, seen_ms=310.0)
    link.tick(seen_ms=299.0)
    assert link.tick(200, seen_ms=310.0).level is Level.SLOW


def test_the_older_of_both_ages_counts():
    link = Link()
    assert link.tick(link_ms=230.0, seen_ms=10.0).slowed


def test_late_time_of_a_second_slows_and_freezes_and_is_forgotten(link):
    assert link.tick(9, link_ms=91.0).level is Level.OK
    assert link.tick(2, link_ms=91.0).level is Level.SLOW
    assert "effective loss 1." in link.verdict.culprit
    assert link.tick(38, link_ms=91.0).level is Level.SLOW
    assert link.tick(2, link_ms=91.0).level is Level.FREEZE
    link.tick(1100)
    assert link.verdict.level is Level.SLOW, "the dwell time"
    assert link.tick(500).level is Level.OK


def test_late_is_later_than_the_best_of_ten_seconds_by_50_ms(link):
    assert link.tick(100, link_ms=90.0).level is Level.OK
    link.tick(10_200, link_ms=80.0)
    assert link.tick(100, link_ms=125.0).level is Level.OK, "the old minimum is forgotten"


def test_in_a_silence_time_counts_for_the_silence_alone(link):
    assert link.tick(500, silence_ms=51.0, link_ms=200.0).level is Level.OK
    assert link.tick(60, silence_ms=50.0, link_ms=200.0).level is Level.FREEZE


def test_a_caller_that_slept_counts_for_little():
    link = Link()
    link.tick(100)
    link.now_ns += NS_PER_S
    assert link.tick(link_ms=95.0).level is Level.OK


@pytest.mark.parametrize(
    ("loss", "level"),
    [
        (None, Level.OK),
        (0.049, Level.OK),
        (0.05, Level.SLOW),
        (0.199, Level.SLOW),
        (0.2, Level.FREEZE),
        (float("nan"), Level.FREEZE),
    ],
)
def test_packet_loss_only_tightens(link, loss, level):
    assert link.tick(loss=loss).level is level


def test_packet_loss_that_falls_below_the_lower_limit_ends_the_slowness(link):
    link.tick(loss=0.06)
    assert link.tick(600, loss=0.025).slowed
    assert not link.tick(501, loss=0.024).slowed


@pytest.mark.parametrize(
    ("seen_ms", "cap"),
    [(0.0, 0.2), (75.0, 0.2), (75.1, 0.015 / 0.0751), (150.0, 0.1), (219.0, 0.015 / 0.219)],
)
def test_the_tip_goes_no_farther_unseen_than_the_blind_travel(link, seen_ms, cap):
    link.tick(link_ms=0.0, seen_ms=0.0)
    assert link.tick(link_ms=min(40.0, seen_ms), seen_ms=seen_ms).speed_cap_m_s == pytest.approx(cap)


@pytest.mark.parametrize(("seen_ms", "share"), [(220.0, 1.0), (275.0, 0.8), (800.0, 0.3)])
def test_slowed_it_goes_slower_still(link, seen_ms, share):
    verdict = link.tick(seen_ms=seen_ms)
    assert verdict.slowed
    assert verdict.speed_cap_m_s == pytest.approx(0.015 / (seen_ms * 1e-3) * share)


def test_another_session_knows_nothing_of_the_one_before(link):
    link.tick(100, seen_ms=700.0)
    link.judge.forget()
    assert not link.tick().slowed
    assert link.verdict.good_ns == 0
    assert link.tick(100).good_ns == 100 * NS_PER_MS


def test_who_looked_away_sees_it_good_and_calm_from_anew(link):
    link.tick(100, seen_ms=700.0)
    assert link.verdict.slowed
    dwell_ms = LIMITS.slow.dwell_ns // NS_PER_MS
    link.tick(dwell_ms)
    link.judge.look_away()
    assert link.tick(dwell_ms).slowed
    assert not link.tick().slowed
    link.judge.look_away()
    assert link.tick().good_ns == 0
    assert link.tick(10).good_ns == 10 * NS_PER_MS


def test_of_a_link_of_which_nothing_is_known_nothing_is_said():
    fresh = Link()
    verdict = fresh.judge.judge(fresh.now_ns, None, None, None)
    assert verdict == Verdict(Level.FREEZE, False, "no command of this session yet", 0, 0.0)
    assert LateShare(LIMITS.effective_loss).step(fresh.now_ns, 20 * NS_PER_MS, 0) == 0.0


def test_without_a_verdict_only_silence_makes_a_link_not_good():
    link = Link(load_limits("none").link)
    verdict = link.tick(10, silence_ms=999.0, seen_ms=5000.0, loss=0.9)
    assert (verdict.level, verdict.slowed, verdict.speed_cap_m_s) == (Level.OK, False, SPEED_M_S)
    assert verdict.good_ns == 9 * NS_PER_MS
    assert link.tick(silence_ms=1000.0).good_ns == 0
    assert link.judge.judge(link.now_ns, None, None, None).good_ns == 0


ticks = st.lists(
    st.tuples(st.floats(0.0, 400.0), st.floats(0.0, 900.0), st.floats(0.0, 900.0), st.none() | st.floats(0.0, 0.5)),
    min_size=1,
    max_size=60,
)


@given(ticks, st.floats(0.0, 200.0), st.floats(0.0, 200.0))
def test_a_worse_link_never_gets_a_milder_verdict(story, more_silence, more_age):
    mild, worse = Link(), Link()
    for silence, link_ms, seen_ms, loss in story:
        a = mild.tick(silence_ms=silence, link_ms=link_ms, seen_ms=max(seen_ms, link_ms), loss=loss)
        b = worse.tick(
            silence_ms=silence + more_silence, link_ms=link_ms, seen_ms=max(seen_ms, link_ms) + more_age, loss=loss
        )
        if b.level is Level.FREEZE or "effective" not in a.culprit:
            assert b.level >= a.level or "effective" in a.culprit
        assert b.speed_cap_m_s <= a.speed_cap_m_s + 1e-12
        assert 0.0 <= b.speed_cap_m_s <= SPEED_M_S
        assert (b.good_ns > 0) <= (b.level is Level.OK)


def test_every_number_of_the_verdict_changes_something():
    """For each limit of the link a story whose outcome differs when it is changed by a tenth."""

    def outcome(limits):
        link = Link(limits)
        for part in STORY:
            verdict = link.tick(**part)
            yield verdict.level, verdict.slowed, round(verdict.speed_cap_m_s, 6)

    usual = list(outcome(LIMITS))
    for section in ("silence", "age", "effective_loss", "packet_loss", "slow"):
        group = getattr(LIMITS, section)
        for name in group.__struct_fields__:
            value = getattr(group, name)
            for factor in (0.9, 1.1):
                changed = round(value * factor) if isinstance(value, int) else value * factor
                limits = msgspec.structs.replace(LIMITS, **{section: msgspec.structs.replace(group, **{name: changed})})
                if any(map(ne, outcome(limits), usual)):
                    break
            else:
                pytest.fail(f"link.{section}.{name} changes nothing")


STORY = (
    *({"silence_ms": ms} for ms in (92, 99, 105, 230, 249, 260)),
    *({"ticks": 1, "seen_ms": ms} for ms in (200, 215, 219)),
    {"ticks": 1, "seen_ms": 225.0},
    {"ticks": 460, "seen_ms": 180.0},
    {"ticks": 20, "seen_ms": 180.0},
    {"ticks": 15, "seen_ms": 180.0},
    {"ticks": 60, "seen_ms": 180.0},
    {"ticks": 1, "seen_ms": 240.0},
    {"ticks": 600, "seen_ms": 172.0},
    {"ticks": 1, "seen_ms": 240.0},
    {"ticks": 600, "seen_ms": 189.0},
    {"ticks": 600, "seen_ms": 70.0},
    {"ticks": 185, "seen_ms": 320.0},
    {"ticks": 10, "seen_ms": 320.0},
    {"ticks": 15, "seen_ms": 320.0},
    {"ticks": 600, "seen_ms": 100.0},
    {"ticks": 205, "seen_ms": 280.0},
    {"ticks": 1, "seen_ms": 580.0},
    {"ticks": 1, "seen_ms": 610.0},
    {"ticks": 1700, "seen_ms": 70.0},
    {"ticks": 9, "link_ms": 92.0, "seen_ms": 95.0},
    {"ticks": 1, "link_ms": 92.0, "seen_ms": 95.0},
    {"ticks": 36, "link_ms": 92.0, "seen_ms": 95.0},
    {"ticks": 2, "link_ms": 92.0, "seen_ms": 95.0},
    {"ticks": 6, "link_ms": 92.0, "seen_ms": 95.0},
    {"ticks": 930},
    {"ticks": 30},
    {"ticks": 1700},
    {"ticks": 60, "link_ms": 86.0, "seen_ms": 90.0},
    {"ticks": 60, "silence_ms": 47.0, "link_ms": 100.0, "seen_ms": 110.0},
    {"ticks": 1700},
    {"ticks": 60, "silence_ms": 53.0, "link_ms": 100.0, "seen_ms": 110.0},
    {"ticks": 1700},
    {"ticks": 7, "link_ms": 95.0, "seen_ms": 110.0},
    *({"ticks": 20} for _ in range(60)),
    {"ticks": 11, "link_ms": 95.0, "seen_ms": 110.0},
    {"ticks": 1000},
    {"ticks": 5, "link_ms": 95.0, "seen_ms": 110.0},
    *({"ticks": 60} for _ in range(30)),
    {"loss": 0.047},
    {"ticks": 1700},
    {"loss": 0.06},
    {"ticks": 600, "loss": 0.0235},
    {"ticks": 600, "loss": 0.026},
    {"loss": 0.19},
    {"loss": 0.21},
    {"ticks": 1700},
    {"ticks": 9500, "link_ms": 70.0},
    {"ticks": 60, "link_ms": 93.0, "seen_ms": 95.0},
    {"ticks": 700, "link_ms": 70.0},
    {"ticks": 60, "link_ms": 93.0, "seen_ms": 95.0},
    {"seen_ms": 700.0},
)
