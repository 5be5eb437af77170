import msgspec
from hypothesis import given
from hypothesis import strategies as st

from protocol.quality import COUNT_MAX, LinkQuality
from protocol.records import StreamQuality
from protocol.stream import stream_quality

COUNTS = st.integers(0, COUNT_MAX)


@given(st.lists(st.tuples(COUNTS, COUNTS, COUNTS), max_size=20), COUNTS)
def test_whatever_a_sender_says_of_its_frames_their_figures_can_be_read(frames, now_ns):
    """One whose clock leapt by hours made them unreadable, and all counts beside them stood still."""
    quality = LinkQuality()
    for heard_ns, sequence, sent_ns in frames:
        quality.heard(heard_ns, sequence, sent_ns)
    told = stream_quality(quality.figures(now_ns))
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(told), type=StreamQuality) == told
