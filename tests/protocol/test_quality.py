"""The figures of a stream, against a plain account of all that came; windows and hostile frames one by one."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.clock import NS_PER_MS, NS_PER_S
from protocol.quality import GAP_SLOTS, RUN_CLASSES, RUN_MAX, SEEN, LinkQuality

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


def test_time_that_runs_backwards_stands_still():
    stream = Stream()
    stream.frames(300)
    stream.quality.heard(stream.now_ns - 250 * MS, 302, SENT + 302 * MS)
    figures = stream.quality.figures(stream.now_ns - 500 * MS)
    assert (figures.silence_ns, figures.useful, figures.skipped) == (0, 301, 1)
    assert figures.longest_gap_ns == MS


frame = st.tuples(
    st.sampled_from((0, 1, MS, 40 * MS, 250 * MS)),
    st.integers(0, 60) | st.integers(0, 2**62),
    st.integers(0, 2**62),
)
stories = st.lists(frame, max_size=60)


@given(stories)
def test_all_counts_are_those_of_a_plain_account(story):
    quality, now_ns, heard, newest, arrivals = LinkQuality(), NOW, set(), [], [NOW]
    late = duplicate = 0
    for wait_ns, sequence, sent_ns in story:
        now_ns += wait_ns
        quality.heard(now_ns, sequence, sent_ns)
        if not newest or sequence > newest[-1][1]:
            newest.append((now_ns, sequence, sent_ns))
            arrivals.append(now_ns)
        elif sequence in heard:
            duplicate += 1
        else:
            late += 1
        heard.add(sequence)
    figures = quality.figures(now_ns)
    runs = [min(b[1] - a[1] - 1, RUN_MAX) for a, b in pairwise(newest) if b[1] - a[1] > 1]
    assert (figures.useful, figures.skipped, sum(figures.runs)) == (len(newest), sum(runs), len(runs))
    assert figures.longest_run == max(runs, default=0)
    assert figures.late + figures.duplicate == late + duplicate
    if max(heard, default=0) < SEEN:
        assert figures.late == late
    gaps = [b[0] - a[0] for a, b in pairwise(newest)]
    assert figures.longest_gap_ever_ns == max(gaps, default=0)
    assert figures.silence_ns == (now_ns - newest[-1][0] if newest else None)
    jitter = 0.0
    for a, b in pairwise(newest):
        jitter += (abs((b[0] - a[0]) - (b[2] - a[2])) - jitter) / 16
    assert figures.jitter_ns == pytest.approx(jitter)


@given(st.lists(st.tuples(st.integers(0, 30 * MS), st.integers(1, 50)), min_size=1, max_size=60))
def test_within_the_window_nothing_is_lost_of_the_losses(story):
    quality, now_ns, sequence = LinkQuality(), NOW, 0
    for wait_ns, step in story:
        now_ns += wait_ns
        sequence += step
        quality.heard(now_ns, sequence, SENT)
    figures = quality.figures(now_ns)
    assert figures.effective_loss_share == figures.skipped / (figures.skipped + figures.useful)
    assert 0.0 <= figures.effective_loss_share < 1.0


@given(
    st.lists(st.tuples(st.integers(0, 3 * NS_PER_S), st.integers(1, 5000)), min_size=2, max_size=30),
    st.integers(0, 30 * NS_PER_S),
)
def test_windows_are_right_to_within_a_slot(story, wait_ns):
    """Of an account that spreads each run evenly, the share is between those of a window and one a slot shorter."""
    quality, at_ns, sequence, heard = LinkQuality(), NOW, 0, []
    for step_ns, step in story:
        at_ns += step_ns
        sequence += step
        quality.heard(at_ns, sequence, SENT)
        heard.append((at_ns, step - 1))
    now_ns = at_ns + wait_ns
    figures = quality.figures(now_ns)

    def account(window_ns):
        useful, skipped = sum(came_ns > now_ns - window_ns for came_ns, _ in heard), 0.0
        for (began_ns, _), (ended_ns, run) in pairwise(heard):
            if ended_ns > now_ns - window_ns:
                inside_ns = min(ended_ns - began_ns, ended_ns - now_ns + window_ns)
                skipped += run if ended_ns == began_ns else run * inside_ns / (ended_ns - began_ns)
        return useful, skipped

    (useful_least, skipped_least), (useful_most, skipped_most) = account(1900 * MS), account(2000 * MS)
    if figures.effective_loss_share is None:
        assert useful_least + skipped_least < 1 + len(story)
    else:
        lost = figures.effective_loss_share
        rounding = len(story)
        least = max(skipped_least - rounding, 0) / (max(skipped_least - rounding, 0) + max(useful_most, 1))
        most = (skipped_most + rounding) / (skipped_most + rounding + useful_least)
        assert least <= lost <= most
    gaps = [(b[0], b[0] - a[0]) for a, b in pairwise(heard)]
    least_ns, most_ns = (
        max((gap for ended_ns, gap in gaps if ended_ns > now_ns - seconds * NS_PER_S), default=0)
        for seconds in (9.9, 10)
    )
    assert least_ns <= figures.longest_gap_ns <= most_ns


@given(stories, stories)
def test_another_session_knows_nothing_of_the_one_before(story, other):
    used, fresh = LinkQuality(), LinkQuality()
    for wait_ns, sequence, sent_ns in story:
        used.heard(NOW + wait_ns, sequence, sent_ns)
    used.forget()
    for wait_ns, sequence, sent_ns in other:
        used.heard(NOW + wait_ns, sequence, sent_ns)
        fresh.heard(NOW + wait_ns, sequence, sent_ns)
    assert used.figures(NOW + NS_PER_S) == fresh.figures(NOW + NS_PER_S)


@given(stories)
def test_memory_is_bounded(story):
    quality, now_ns = LinkQuality(), NOW
    for wait_ns, sequence, sent_ns in story:
        now_ns += wait_ns
        quality.heard(now_ns, sequence, sent_ns)
    sizes = sorted(len(value) for value in vars(quality).values() if isinstance(value, list))
    assert sizes == [len(RUN_CLASSES), GAP_SLOTS, GAP_SLOTS, GAP_SLOTS, SEEN]
    assert all(isinstance(value, int | float | list) for value in vars(quality).values())
