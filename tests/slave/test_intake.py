import msgspec
from hypothesis import given
from hypothesis import strategies as st

from protocol.clock import NS_PER_MS, NS_PER_S
from protocol.codec import encode
from protocol.messages import Rest
from protocol.roles import Heard, Role
from slave.intake import AGE_MAX_NS, LEAP_MIN, Intake
from tests.protocol.samples import COMMAND, SESSION, TIP_POSE

KEY = SESSION.key
NOW = COMMAND.sent_ns
AT_REST = (msgspec.structs.replace(TIP_POSE, engaged=False),)


def frame(sequence, key=KEY, **changes):
    return Heard(encode(msgspec.structs.replace(COMMAND, sequence=sequence, **changes)), key)


def open_intake(**changes):
    intake = Intake(1000)
    intake.begin(msgspec.structs.replace(SESSION, **changes), NOW)
    intake.set_authority(COMMAND.authority_epoch)
    return intake


@given(st.permutations(range(1, 30)), st.lists(st.integers(1, 6), min_size=1, max_size=30), st.randoms())
def test_whatever_the_order_the_newest_decides_and_everything_is_counted(order, batches, chance):
    """Commands come in any order, some twice, in batches of any size."""
    intake = open_intake()
    order = [*order, *(chance.choice(order) for _ in range(5))]
    newest, position = 0, 0
    while position < len(order):
        size = batches[position % len(batches)]
        batch = order[position : position + size]
        position += size
        accepted = intake.take([frame(number) for number in batch], now_ns=NOW + position)
        if max(batch) > newest:
            newest = max(batch)
            assert accepted is not None
            assert accepted.command.sequence == newest
            assert accepted.accepted_ns == NOW + position
        else:
            assert accepted is None
    assert intake.accepted + intake.superseded == len(order)
    assert not intake.rejected


def test_nothing_is_heard_without_a_session_and_nothing_of_another():
    intake = Intake()
    assert intake.take([frame(1)], NOW + 1) is None
    intake = open_intake()
    assert intake.take([frame(2, session=COMMAND.session + 1)], NOW + 1) is None
    assert intake.rejected == {"session": 1}
    assert intake.take([frame(1)], NOW + 1) is not None, "a foreign sequence does not count"


def test_a_new_session_counts_anew():
    intake = open_intake()
    intake.take([frame(1000)], NOW)
    intake.begin(msgspec.structs.replace(SESSION, number=77), NOW)
    assert intake.take([frame(1, session=77)], NOW + 2) is not None


def test_an_engaged_hand_of_an_old_authority_is_rejected_and_a_disengaged_one_is_link():
    intake = open_intake()
    assert intake.take([frame(1, authority_epoch=1)], NOW + 1) is None
    assert intake.rejected == {"authority epoch": 1}
    assert intake.take([frame(2, authority_epoch=1, hands=AT_REST)], NOW + 1) is not None


def test_a_leading_sequence_of_a_bad_frame_locks_nobody_out():
    intake = open_intake()
    bad_hand = (msgspec.structs.replace(TIP_POSE, q_W=(0.5, 0.0, 0.0, 0.0)),)
    assert intake.take([frame(2**60, hands=bad_hand)], NOW + 1) is None
    assert intake.take([frame(2**60, session=1)], NOW + 1) is None
    assert intake.take([frame(5)], NOW + 1) is not None


@given(st.lists(st.binary(max_size=300), max_size=10))
def test_junk_among_commands_is_counted_and_changes_nothing(junk):
    intake = open_intake()
    junk = [Heard(each, KEY) for each in junk]
    accepted = intake.take([*junk, frame(3, rest=Rest.NONE), *junk], NOW + 1)
    assert accepted is not None
    assert accepted.command.sequence == 3
    assert sum(intake.rejected.values()) == 2 * len(junk)


def test_what_comes_by_another_key_is_not_even_read():
    intake = open_intake()
    assert intake.take([frame(1, key="another"), Heard(b"junk", ""), frame(10**6, key="another")], NOW) is None
    assert intake.rejected == {"key": 3}
    assert intake.take([frame(1)], NOW) is not None


def test_an_engineers_hand_engages_nothing_and_his_stream_is_heard():
    intake = open_intake(role=Role.ENGINEER)
    assert intake.take([frame(1)], NOW) is None
    assert intake.rejected == {"role": 1}
    assert intake.take([frame(2, hands=AT_REST)], NOW) is not None


@given(st.integers(0, 60_000), st.integers(-5, 5))
def test_a_sequence_may_leap_as_far_as_the_rate_gives_and_a_thousand(silent_ms, beyond):
    intake = open_intake()
    assert intake.take([frame(50)], NOW) is not None
    most = 50 + LEAP_MIN + silent_ms * 12 // 10
    later = NOW + silent_ms * NS_PER_MS
    heard = intake.take([frame(most + beyond, received_ns=later, sent_ns=later)], later)
    assert (heard is not None) == (beyond <= 0)
    assert intake.rejected["leap"] == (beyond > 0)


@given(st.integers(0, 2**62))
def test_the_first_of_a_session_may_have_any_number_for_a_pilot_counts_on(sequence):
    """A pilot that ran for an hour, and then came to a new session, was not heard for five more."""
    intake = open_intake()
    assert intake.take([frame(sequence)], NOW) is not None
    assert intake.take([frame(sequence + 1)], NOW + 1) is not None


def test_of_a_session_whose_key_was_revoked_nothing_is_heard():
    intake = open_intake(revoked=True)
    assert intake.take([frame(1)], NOW) is None
    assert intake.rejected == {"key": 1}


def test_a_leaping_sequence_locks_nobody_out():
    intake = open_intake()
    assert intake.take([frame(0)], NOW) is not None
    assert intake.take([frame(2**62)], NOW) is None
    assert intake.take([frame(1)], NOW + 1) is not None
    intake = open_intake()
    assert intake.take([frame(0)], NOW) is not None
    later = NOW + 3600 * NS_PER_S
    assert intake.take([frame(3_600_000, sent_ns=later, received_ns=later)], later) is not None, "after an hour's cut"


def late(intake, sequence, sent_ns, now_ns, received_ns=0):
    return intake.take([frame(sequence, sent_ns=sent_ns, received_ns=received_ns)], now_ns)


def test_what_a_lane_held_through_a_cut_is_too_old_and_what_was_sent_after_it_is_not():
    intake = open_intake()
    assert late(intake, 1, NOW, NOW + 50 * NS_PER_MS) is not None
    end = NOW + 10 * NS_PER_S
    assert late(intake, 2, NOW + NS_PER_MS, end) is None
    assert intake.rejected == {"age": 1}
    assert late(intake, 9000, end - 50 * NS_PER_MS, end) is not None, "it echoes nothing new yet, and was just sent"
    assert late(intake, 9001, end - AGE_MAX_NS, end) is not None
    assert late(intake, 9002, end - AGE_MAX_NS - 60 * NS_PER_MS, end) is None


def test_a_clock_that_stood_still_or_leapt_is_believed_again_by_the_echo_of_ours():
    """A console that slept for a minute sends stamps that are a minute older than before, for ever."""
    intake = open_intake()
    assert late(intake, 1, NOW, NOW) is not None
    now = NOW + 60 * NS_PER_S
    assert late(intake, 2, NOW + NS_PER_MS, now) is None
    assert late(intake, 3, NOW + 2 * NS_PER_MS, now, received_ns=now - AGE_MAX_NS - 1) is None
    assert late(intake, 3, NOW + 2 * NS_PER_MS, now, received_ns=now + 1) is None, "an echo of what was never said"
    assert late(intake, 3, NOW + 2 * NS_PER_MS, now, received_ns=now - NS_PER_MS) is not None
    assert late(intake, 4, NOW + 3 * NS_PER_MS, now + NS_PER_MS) is not None, "its clock counts anew"


@given(st.integers(0, 10_000), st.floats(-1e-4, 1e-4))
def test_clocks_that_drift_apart_age_no_command(seconds, drift):
    intake = open_intake()
    assert late(intake, 1, NOW, NOW) is not None
    sent = NOW + int(seconds * NS_PER_S * (1.0 - drift))
    assert late(intake, 2, sent, NOW + seconds * NS_PER_S) is not None
