from master.console.pace import FRAMES, LATE_NS, LATE_SHARE, Pace

FRAME_NS = 33_000_000


def played(delays_ns):
    pace = Pace()
    now_ns = 10**12
    for delay_ns in delays_ns:
        pace.offered(now_ns)
        pace.shown(now_ns + delay_ns)
        now_ns += max(FRAME_NS, delay_ns)
    return pace


def test_frames_in_time_are_not_too_slow():
    assert not played([LATE_NS - 1] * 3 * FRAMES).too_slow


def test_some_late_ones_are_forgiven_and_many_are_not():
    few = int(LATE_SHARE * FRAMES)
    assert not played([FRAME_NS] * FRAMES + [LATE_NS] * few).too_slow
    assert played([FRAME_NS] * FRAMES + [LATE_NS] * (few + 1)).too_slow


def test_nothing_is_judged_before_there_was_time_to_see():
    assert not played([10 * LATE_NS] * (FRAMES - 1)).too_slow
    assert played([10 * LATE_NS] * FRAMES).too_slow


def test_frames_that_are_never_shown_are_late():
    pace = Pace()
    for number in range(4 * FRAMES):
        pace.offered(10**12 + number * FRAME_NS)
    assert pace.too_slow


def test_what_was_slow_and_is_not_any_more_is_forgotten():
    assert not played([LATE_NS] * FRAMES + [FRAME_NS] * FRAMES).too_slow
