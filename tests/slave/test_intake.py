import msgspec
from hypothesis import given
from hypothesis import strategies as st

from protocol.codec import encode
from protocol.messages import Rest
from slave.intake import Intake
from tests.protocol.samples import COMMAND, TIP_POSE


def frame(sequence, **changes):
    return encode(msgspec.structs.replace(COMMAND, sequence=sequence, **changes))


def open_intake():
    intake = Intake()
    intake.begin(COMMAND.session)
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
        accepted = intake.take([frame(number) for number in batch], now_ns=position)
        if max(batch) > newest:
            newest = max(batch)
            assert accepted is not None
            assert accepted.command.sequence == newest
            assert accepted.accepted_ns == position
        else:
            assert accepted is None
    assert intake.accepted + intake.superseded == len(order)
    assert not intake.rejected


def test_nothing_is_heard_without_a_session_and_nothing_of_another():
    intake = Intake()
    assert intake.take([frame(1)], 1) is None
    intake = open_intake()
    assert intake.take([frame(2, session=COMMAND.session + 1)], 1) is None
    assert intake.rejected == {"session": 1}
    assert intake.take([frame(1)], 1) is not None, "a foreign sequence does not count"


def test_a_new_session_counts_anew():
    intake = open_intake()
    intake.take([frame(1000)], 1)
    intake.begin(77)
    assert intake.take([frame(1, session=77)], 2) is not None


def test_an_engaged_hand_of_an_old_authority_is_rejected_and_a_disengaged_one_is_link():
    intake = open_intake()
    assert intake.take([frame(1, authority_epoch=1)], 1) is None
    assert intake.rejected == {"authority epoch": 1}
    at_rest = (msgspec.structs.replace(TIP_POSE, engaged=False),)
    assert intake.take([frame(2, authority_epoch=1, hands=at_rest)], 1) is not None


def test_a_leading_sequence_of_a_bad_frame_locks_nobody_out():
    intake = open_intake()
    bad_hand = (msgspec.structs.replace(TIP_POSE, q_W=(0.5, 0.0, 0.0, 0.0)),)
    assert intake.take([frame(2**60, hands=bad_hand)], 1) is None
    assert intake.take([frame(2**60, session=1)], 1) is None
    assert intake.take([frame(5)], 1) is not None


@given(st.lists(st.binary(max_size=300), max_size=10))
def test_junk_among_commands_is_counted_and_changes_nothing(junk):
    intake = open_intake()
    accepted = intake.take([*junk, frame(3, rest=Rest.NONE), *junk], 1)
    assert accepted is not None
    assert accepted.command.sequence == 3
    assert sum(intake.rejected.values()) == 2 * len(junk)
