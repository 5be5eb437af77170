import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.clock import NS_PER_S
from protocol.widgets.alarms import BURST_EVERY_NS, KEPT, PAUSE_NS, Alarm, Alarms, What
from protocol.widgets.sentence import literal
from protocol.widgets.theme import Priority

S = NS_PER_S
FROZEN = Alarm("frozen", Priority.HIGH, literal("frozen"))
SLOW = Alarm("slow", Priority.MEDIUM, literal("the link is slow"))
STAND_IN = Alarm("stand-in", Priority.LOW, literal("a script presses"))


def keys(alarms: Alarms) -> list[str]:
    return [entry.alarm.key for entry in alarms.entries()]


def whats(happened: tuple[object, ...]) -> list[What]:
    return [each.what for each in happened]  # type: ignore[attr-defined]


def test_an_alarm_begins_once_and_stays_after_it_ended_until_it_was_seen() -> None:
    alarms = Alarms()
    assert whats(alarms.step(1 * S, [FROZEN])) == [What.BEGAN]
    assert alarms.step(2 * S, [FROZEN]) == ()
    assert whats(alarms.step(3 * S, [])) == [What.ENDED]
    entry = alarms.entries()[0]
    assert (entry.began_ns, entry.ended_ns, entry.is_there) == (1 * S, 3 * S, False)
    assert whats(alarms.acknowledge(4 * S, "frozen")) == [What.ACKNOWLEDGED]
    assert alarms.entries() == ()


def test_one_that_was_seen_while_it_lasts_leaves_the_list_when_it_ends() -> None:
    alarms = Alarms()
    alarms.step(1 * S, [FROZEN])
    alarms.acknowledge(2 * S)
    assert keys(alarms) == ["frozen"]
    alarms.step(3 * S, [])
    assert keys(alarms) == []


def test_one_that_comes_again_asks_again() -> None:
    alarms = Alarms()
    alarms.step(1 * S, [FROZEN])
    alarms.acknowledge(2 * S)
    alarms.step(3 * S, [])
    assert whats(alarms.step(4 * S, [FROZEN])) == [What.BEGAN]
    assert alarms.worst() is Priority.HIGH
    assert alarms.entries()[0].began_ns == 4 * S


def test_one_whose_priority_rises_asks_again() -> None:
    alarms = Alarms()
    alarms.step(1 * S, [SLOW])
    alarms.acknowledge(2 * S)
    assert alarms.worst() is None
    assert whats(alarms.step(3 * S, [SLOW._replace(priority=Priority.HIGH)])) == [What.RAISED]
    assert alarms.worst() is Priority.HIGH


def test_one_that_nobody_has_seen_keeps_the_highest_priority_it_had() -> None:
    alarms = Alarms()
    alarms.step(1 * S, [FROZEN])
    alarms.step(2 * S, [FROZEN._replace(priority=Priority.MEDIUM)])
    assert alarms.worst() is Priority.HIGH
    alarms.acknowledge(3 * S)
    alarms.step(4 * S, [FROZEN._replace(priority=Priority.MEDIUM)])
    assert alarms.entries()[0].alarm.priority is Priority.MEDIUM
    assert whats(alarms.step(5 * S, [FROZEN])) == [What.RAISED]


def test_one_that_ended_unseen_stays_beside_the_next_of_its_kind() -> None:
    alarms = Alarms()
    alarms.step(1 * S, [FROZEN])
    alarms.step(2 * S, [])
    alarms.step(3 * S, [FROZEN._replace(text=literal("frozen again"))])
    assert [(e.alarm.text.english, e.began_ns, e.is_there) for e in alarms.entries()] == [
        ("frozen again", 3 * S, True),
        ("frozen", 1 * S, False),
    ]
    alarms.acknowledge(4 * S, alarms.entries()[1].alarm.key)
    assert [e.alarm.text.english for e in alarms.entries()] == ["frozen again"]
    assert alarms.worst() is Priority.HIGH, "the one that is there has not been seen"


def test_one_that_flutters_fills_no_memory_and_drops_no_other() -> None:
    alarms = Alarms()
    alarms.step(0, [SLOW])
    for number in range(3 * KEPT):
        alarms.step(number * S + 1, [SLOW, *([FROZEN] if number % 2 else [])])
    assert len(alarms.entries()) <= KEPT + 1
    assert "slow" in keys(alarms)


def test_one_whose_text_changes_is_the_same_alarm() -> None:
    alarms = Alarms()
    alarms.step(1 * S, [SLOW])
    assert alarms.step(2 * S, [SLOW._replace(text=literal("slower"))]) == ()
    assert alarms.entries()[0].alarm.text.english == "slower"
    assert alarms.entries()[0].began_ns == 1 * S


def test_the_list_shows_first_what_nobody_has_seen_and_what_is_worst() -> None:
    alarms = Alarms()
    alarms.step(1 * S, [STAND_IN])
    alarms.step(2 * S, [STAND_IN, SLOW])
    alarms.step(3 * S, [STAND_IN, SLOW, FROZEN])
    assert keys(alarms) == ["frozen", "slow", "stand-in"]
    alarms.acknowledge(4 * S, "frozen")
    assert keys(alarms) == ["slow", "stand-in", "frozen"]


def test_bursts_come_at_once_then_at_their_interval_and_the_worse_one_does_not_wait() -> None:
    alarms = Alarms()
    assert alarms.burst(0) is None
    alarms.step(1 * S, [SLOW])
    assert alarms.burst(1 * S) is Priority.MEDIUM
    assert alarms.burst(2 * S) is None
    alarms.step(3 * S, [SLOW, FROZEN])
    assert alarms.burst(3 * S) is Priority.HIGH
    assert alarms.burst(3 * S + BURST_EVERY_NS[Priority.HIGH] - 1) is None
    assert alarms.burst(3 * S + BURST_EVERY_NS[Priority.HIGH]) is Priority.HIGH


def test_what_ended_or_was_seen_is_silent() -> None:
    alarms = Alarms()
    alarms.step(1 * S, [FROZEN])
    alarms.acknowledge(2 * S)
    assert alarms.burst(2 * S) is None
    alarms.step(3 * S, [FROZEN, SLOW])
    assert alarms.burst(3 * S) is Priority.MEDIUM
    alarms.step(4 * S, [FROZEN])
    assert alarms.burst(60 * S) is None


def test_a_paused_audio_is_silent_shows_how_long_and_expires_by_itself() -> None:
    alarms = Alarms()
    alarms.step(1 * S, [FROZEN])
    assert whats(alarms.pause_audio(2 * S)) == [What.AUDIO_PAUSED]
    assert alarms.burst(10 * S) is None
    assert alarms.pause_left_ns(10 * S) == PAUSE_NS - 8 * S
    assert whats(alarms.step(2 * S + PAUSE_NS, [FROZEN])) == [What.AUDIO_ON]
    assert alarms.burst(2 * S + PAUSE_NS) is Priority.HIGH


def test_a_pause_can_be_ended_by_hand() -> None:
    alarms = Alarms()
    alarms.step(1 * S, [FROZEN])
    assert alarms.burst(1 * S) is Priority.HIGH
    alarms.pause_audio(2 * S)
    assert whats(alarms.resume_audio(3 * S)) == [What.AUDIO_ON]
    assert alarms.resume_audio(3 * S) == ()
    assert alarms.burst(3 * S) is Priority.HIGH


def test_a_new_alarm_of_high_priority_ends_the_pause_and_lesser_ones_do_not() -> None:
    alarms = Alarms()
    alarms.pause_audio(1 * S)
    assert whats(alarms.step(2 * S, [SLOW])) == [What.BEGAN]
    assert alarms.pause_left_ns(2 * S) > 0
    assert whats(alarms.step(3 * S, [SLOW, FROZEN])) == [What.BEGAN, What.AUDIO_ON]
    assert alarms.pause_left_ns(3 * S) == 0
    assert alarms.burst(3 * S) is Priority.HIGH


def test_the_list_is_bounded_and_never_drops_what_is_there() -> None:
    alarms = Alarms()
    for number in range(3 * KEPT):
        alarms.step(number * S, [FROZEN, SLOW._replace(key=str(number))])
    assert len(alarms.entries()) <= KEPT + 1
    assert {"frozen", str(3 * KEPT - 1)} <= set(keys(alarms))


STEPS = st.lists(
    st.one_of(
        st.sets(st.sampled_from([FROZEN, SLOW, STAND_IN])),
        st.sampled_from(["seen", "pause", "resume"]),
    ),
    max_size=30,
)


@given(STEPS)
def test_whatever_happens_nothing_is_missing_and_no_new_high_alarm_is_silenced(
    steps: list[object],
) -> None:
    alarms, there, now_ns = Alarms(), set[Alarm](), 0
    for step in steps:
        now_ns += S
        if isinstance(step, set):
            there = step
            alarms.step(now_ns, there)
            began = any(e.began_ns == now_ns and e.alarm is FROZEN for e in alarms.entries())
            assert not began or alarms.pause_left_ns(now_ns) == 0
        elif step == "seen":
            alarms.acknowledge(now_ns)
            assert alarms.worst() is None
        elif step == "pause":
            alarms.pause_audio(now_ns)
        else:
            alarms.resume_audio(now_ns)
        assert {a.key for a in there} <= set(keys(alarms))


@pytest.mark.parametrize("priority", Priority)
def test_intervals_of_bursts_are_longer_than_the_bursts(priority: Priority) -> None:
    from protocol.widgets.bursts import RATE_HZ, samples  # noqa: PLC0415

    assert BURST_EVERY_NS[priority] / NS_PER_S > len(samples(priority)) / RATE_HZ + 2.0
