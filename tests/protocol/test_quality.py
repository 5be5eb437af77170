"""The figures of a stream, one by one: what counts, the windows, and hostile frames."""

import pytest

from protocol.clock import NS_PER_MS, NS_PER_S
from protocol.quality import RUN_CLASSES, RUN_MAX, SEEN, LinkQuality

NOW = 10**15
SENT = 7 * 10**14
MS = NS_PER_MS


class Stream:
    """Frames due each millisecond, which arrive when a test says."""

    def __init__(self):
        self.quality = LinkQuality()
        self.now_ns = NOW
        self.sequence = 0

    def frames(self, count, every_ms=1, lost=()):
        for number in range(count):
            self.now_ns += every_ms * MS
            self.sequence += 1
            if number not in lost:
                self.quality.heard(self.now_ns, self.sequence, SENT + self.sequence * every_ms * MS)
        return self.figures()

    def outage(self, ms):
        self.now_ns += ms * MS
        self.sequence += ms
        return self.figures()

    def figures(self):
        return self.quality.figures(self.now_ns)


def hear(*sequences):
    quality = LinkQuality()
    for number, sequence in enumerate(sequences):
        quality.heard(NOW + number * MS, sequence, SENT + sequence * MS)
    return quality.figures(NOW + len(sequences) * MS)


def test_of_a_stream_that_has_not_begun_nothing_is_known():
    figures = LinkQuality().figures(NOW)
    assert (figures.silence_ns, figures.effective_loss_share) == (None, None)
    assert (figures.longest_gap_ns, figures.longest_gap_ever_ns, figures.jitter_ns) == (0, 0, 0.0)
    assert figures.runs == (0,) * len(RUN_CLASSES)


def test_a_whole_stream_has_no_loss_and_no_jitter():
    figures = Stream().frames(3000)
    assert (figures.useful, figures.late, figures.duplicate, figures.skipped) == (3000, 0, 0, 0)
    assert (figures.effective_loss_share, figures.jitter_ns, figures.silence_ns) == (0.0, 0.0, 0)
    assert figures.longest_gap_ns == figures.longest_gap_ever_ns == MS


@pytest.mark.parametrize(
    ("sequences", "useful", "late", "duplicate", "skipped"),
    [
        ((5,), 1, 0, 0, 0),
        ((0, 1, 2), 3, 0, 0, 0),
        ((0, 2, 1), 2, 1, 0, 1),
        ((0, 2, 1, 1, 2, 0), 2, 1, 3, 1),
        ((0, 4, 2, 3, 5), 3, 2, 0, 3),
        ((5, 3, 3, 5), 1, 1, 2, 0),
    ],
)
def test_a_frame_is_useful_late_or_a_duplicate(sequences, useful, late, duplicate, skipped):
    figures = hear(*sequences)
    assert (figures.useful, figures.late, figures.duplicate, figures.skipped) == (useful, late, duplicate, skipped)


@pytest.mark.parametrize(
    ("run", "name"),
    [
        *((1, "1"), (2, "2"), (3, "3-4"), (4, "3-4"), (5, "5-8"), (8, "5-8"), (9, "9-16"), (16, "9-16")),
        *((17, "17-32"), (32, "17-32"), (33, "more"), (RUN_MAX, "more")),
    ],
)
def test_runs_of_lost_frames_are_counted_by_their_length(run, name):
    figures = hear(0, run + 1)
    assert dict(zip(RUN_CLASSES, figures.runs, strict=True)) == {of: int(of == name) for of in RUN_CLASSES}
    assert (figures.longest_run, figures.skipped, figures.leaps) == (run, run, 0)


def test_effective_loss_is_that_of_the_last_two_seconds():
    stream = Stream()
    stream.frames(5000)
    assert stream.frames(1000, lost=range(0, 1000, 10)).effective_loss_share == pytest.approx(0.05, abs=0.003)
    assert stream.frames(1000).effective_loss_share == pytest.approx(0.05, abs=0.003)
    assert stream.frames(1000).effective_loss_share == 0.0
    assert stream.figures().skipped == 100


def test_a_frame_that_came_too_late_is_a_loss_all_the_same():
    stream = Stream()
    stream.frames(1000)
    for first in range(1001, 1101, 2):
        for sequence in (first + 1, first):
            stream.quality.heard(stream.now_ns, sequence, SENT)
    assert stream.figures().late == 50
    assert stream.figures().effective_loss_share == 50 / 1100


def test_an_outage_counts_for_the_time_that_it_lasted():
    stream = Stream()
    stream.frames(3000)
    assert stream.outage(10_000).effective_loss_share is None, "nothing is known of the last two seconds yet"
    assert stream.figures().silence_ns == 10 * NS_PER_S
    assert stream.frames(1).effective_loss_share > 0.999
    assert stream.frames(1000).effective_loss_share == pytest.approx(0.5, abs=0.05)
    assert stream.frames(1001).effective_loss_share == 0.0
    figures = stream.figures()
    assert (figures.skipped, figures.longest_run, figures.runs[-1]) == (10_000, 10_000, 1)


def test_a_run_is_spread_evenly_over_its_gap():
    quality = LinkQuality()
    quality.heard(NOW, 0, SENT)
    quality.heard(NOW + NS_PER_S, 1001, SENT)
    for left_ms, lost in ((0, 1000), (100, 900), (200, 800), (900, 100)):
        useful = 1 + (left_ms == 0)
        share = quality.figures(NOW + (1900 + left_ms) * MS).effective_loss_share
        assert share == lost / (lost + useful)


def test_after_a_silence_longer_than_any_window_they_are_empty():
    stream = Stream()
    stream.frames(11_000, lost=range(0, 11_000, 2))
    figures = stream.outage(20_000)
    assert (figures.longest_gap_ns, figures.effective_loss_share) == (0, None)


def test_the_longest_gap_of_ten_seconds_is_forgotten_and_that_of_the_session_is_not():
    stream = Stream()
    stream.frames(10)
    stream.outage(200)
    assert stream.figures().longest_gap_ns == MS, "a silence is not over"
    stream.frames(1)
    assert stream.frames(9800).longest_gap_ns == 201 * MS
    assert stream.frames(300).longest_gap_ns == MS
    assert stream.figures().longest_gap_ever_ns == 201 * MS


def test_late_frames_end_no_gap():
    quality = LinkQuality()
    for now_ms, sequence in ((0, 10), (50, 9), (60, 10), (100, 11)):
        quality.heard(NOW + now_ms * MS, sequence, SENT)
    assert quality.figures(NOW + 130 * MS).longest_gap_ns == 100 * MS
    assert quality.figures(NOW + 130 * MS).silence_ns == 30 * MS


def test_jitter_is_a_sixteenth_of_each_difference_of_transit():
    quality = LinkQuality()
    for now_ns, sequence, sent_ns in ((0, 1, 0), (1016, 2, 1000), (2016, 3, 2000), (2984, 4, 3000)):
        quality.heard(NOW + now_ns, sequence, SENT + sent_ns)
    assert quality.figures(NOW + 2984).jitter_ns == pytest.approx((1.0 * 15 / 16) * 15 / 16 + 2.0)


def test_a_leap_of_the_sequence_is_one_bounded_event():
    stream = Stream()
    stream.frames(10)
    stream.quality.heard(stream.now_ns + MS, 2**62, SENT)
    figures = stream.figures()
    assert (figures.leaps, figures.skipped, figures.longest_run, figures.runs[-1]) == (1, RUN_MAX, RUN_MAX, 1)
    stream.quality.heard(stream.now_ns + MS, 2**62 + 1, SENT)
    assert stream.figures().useful == 12
    assert stream.figures().leaps == 1


def test_a_leap_of_time_is_survived():
    stream = Stream()
    stream.frames(10)
    stream.quality.heard(2**62, 2**40, 2**62)
    stream.quality.heard(2**62 + MS, 2**40 + 1, 2**62)
    figures = stream.quality.figures(2**62 + MS)
    assert (figures.useful, figures.leaps) == (12, 1)
    assert figures.longest_gap_ns == 2**62 - stream.now_ns


@pytest.mark.parametrize("bad", [-1, 2**63, float("nan"), float("inf")])
@pytest.mark.parametrize("place", range(3))
def test_what_no_frame_can_be_is_refused(bad, place):
    stream = Stream()
    stream.frames(10)
    before = stream.figures()
    frame = [stream.now_ns + MS, 11, SENT]
    frame[place] = bad
    stream.quality.heard(*frame)
    after = stream.figures()
    assert after.refused == 1
    assert (after.useful, after.late, after.duplicate, after.skipped) == (before.useful, 0, 0, 0)


def test_a_duplicate_older_than_the_memory_counts_as_late():
    stream = Stream()
    stream.frames(SEEN + 1)
    stream.quality.heard(stream.now_ns, 2, SENT)
    stream.quality.heard(stream.now_ns, 1, SENT)
    assert (stream.figures().duplicate, stream.figures().late) == (1, 1)


def test_a_late_frame_puts_no_newer_one_out_of_the_memory():
    figures = hear(0, SEEN + 1, 1, SEEN + 1)
    assert (figures.late, figures.duplicate) == (1, 1)


def test_time_that_runs_backwards_stands_still():
    stream = Stream()
    stream.frames(300)
    stream.quality.heard(stream.now_ns - 250 * MS, 302, SENT + 302 * MS)
    figures = stream.quality.figures(stream.now_ns - 500 * MS)
    assert (figures.silence_ns, figures.useful, figures.skipped) == (0, 301, 1)
    assert figures.longest_gap_ns == MS
    assert stream.figures().silence_ns == 0
