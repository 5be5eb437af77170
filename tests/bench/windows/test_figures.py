"""What is made of seconds and ticks: shares, blocks, ages, growth; and that what does not hold is said."""

import numpy as np
import pytest
from msgspec.structs import replace

from bench.link.ages import Span
from bench.link.seconds import HostSecond
from bench.summary import TickLog
from bench.windows import ages, cost, memory
from bench.windows.memory import MIB, Minute
from bench.windows.turn import CONSOLE, PANEL, SETTLE_NS, Turn
from protocol.clock import NS_PER_MS, NS_PER_S
from protocol.widgets.window_second import WindowSecond
from slave.tick_log import columns

BEGIN = 1000 * NS_PER_S
SECONDS = 12
TICKS = 1000


def log(age_ns=lambda tick: NS_PER_MS):
    names = list(columns(2))
    rows = np.zeros((SECONDS * TICKS, len(names)))
    rows[:, names.index("now_ns")] = BEGIN + np.arange(SECONDS * TICKS) * NS_PER_MS
    rows[:, names.index("sent_ns")] = [BEGIN + tick * NS_PER_MS - age_ns(tick) for tick in range(SECONDS * TICKS)]
    return TickLog(rows, ("left", "right"), TICKS)


def host(late_ms=lambda second: 0.1):
    return [HostSecond(BEGIN + k * NS_PER_S, round(late_ms(k) * NS_PER_MS)) for k in range(-1, SECONDS)]


def told(frames=30, share=0.2, thread=0.15, blocked_ms=lambda second: 12, drawn="flat"):
    return [
        WindowSecond(
            begin_ns=BEGIN + k * NS_PER_S,
            end_ns=BEGIN + (k + 1) * NS_PER_S,
            frames=frames(k) if callable(frames) else frames,
            longest_blocked_ns=blocked_ms(k) * NS_PER_MS,
            process_ns=round(5e9 + k * share * 1e9),
            thread_ns=round(1e9 + k * thread * 1e9),
            resident_bytes=100 * MIB,
            drawn=drawn,
        )
        for k in range(SECONDS)
    ]


def turn(seconds=None, *, age_ns=lambda tick: NS_PER_MS, late_ms=lambda second: 0.1, freezes=()):
    span = Span(BEGIN + SETTLE_NS, BEGIN + SECONDS * NS_PER_S)
    return Turn(log(age_ns), span, host(late_ms), {CONSOLE: seconds or told(), PANEL: []}, freezes)


def holds(window_seconds):
    found = cost.cost(CONSOLE, [turn(window_seconds)])
    return {figure.name.rpartition(".")[2]: figure.holds for figure in cost.figures("console", "1280x800", found)}


def test_a_cheap_window_holds_and_its_figures_are_those_of_its_seconds():
    found = cost.cost(CONSOLE, [turn()])
    assert (found.frames, found.process, found.thread, found.blocked_ms) == pytest.approx((30.0, 0.2, 0.15, 12.0))
    assert holds(told()) == {"share": True, "blocked": True}


@pytest.mark.parametrize(
    ("seconds", "name"),
    [
        (told(share=0.31), "share"),
        (told(frames=20), "share"),
        (told(frames=lambda second: 0 if second == 6 else 31), "share"),
        (told(blocked_ms=lambda second: 51 if second == 6 else 1), "blocked"),
    ],
)
def test_what_costs_too_much_paints_too_little_or_blocks_for_too_long_does_not_hold(seconds, name):
    assert holds(seconds)[name] is False


def test_a_block_while_the_host_stood_still_is_not_the_windows_and_is_told_apart():
    blocked = told(blocked_ms=lambda second: 80 if second == 6 else 1)
    found = cost.cost(CONSOLE, [turn(blocked, late_ms=lambda second: 20.0 if second == 6 else 0.1)])
    assert found.blocked_ms == pytest.approx(1.0)
    assert (found.excused, found.excused_ms) == (2, pytest.approx(80.0))  # it, and the one after it


def test_a_block_far_longer_than_the_host_was_late_is_the_windows():
    blocked = told(blocked_ms=lambda second: 80 if second == 6 else 1)
    found = cost.cost(CONSOLE, [turn(blocked, late_ms=lambda second: 7.0 if second == 6 else 0.1)])
    assert found.blocked_ms == pytest.approx(80.0)


def test_a_host_that_always_stands_still_tells_nothing_of_blocks():
    found = cost.cost(CONSOLE, [turn(late_ms=lambda second: 20.0)])
    assert cost.figures("console", "1280x800", found)[1].holds is None


def test_what_came_before_the_arms_followed_does_not_count():
    early = [replace(each, longest_blocked_ns=10**9) if each.end_ns <= BEGIN + SETTLE_NS else each for each in told()]
    assert cost.cost(CONSOLE, [turn(early)]).blocked_ms == pytest.approx(12.0)


def test_a_window_that_says_nothing_or_little_was_not_measured():
    assert cost.cost(PANEL, [turn()]) is None
    assert cost.cost(CONSOLE, [turn(told()[:7])]) is None
    assert [figure.holds for figure in cost.figures("panel", "1280x800", None)] == [None, None]
    assert cost.apart("console", "1280x800", None).holds is None


def test_with_opengl_it_is_the_windows_own_thread_that_counts():
    def in_3d(**changes):
        return cost.apart("console", "1280x800", cost.cost(CONSOLE, [turn(told(drawn="3-D", **changes))])).holds

    assert in_3d(share=1.4) is True
    assert in_3d(thread=0.31) is False
    assert in_3d(thread=0.2, frames=15) is False


def test_a_window_that_went_flat_says_nothing_of_3d():
    mixed = [*told(drawn="3-D")[:6], *told()[6:]]
    assert cost.apart("console", "1280x800", cost.cost(CONSOLE, [turn(mixed)])).holds is None


def tail(worst_ns):
    """One tick in fifty is late."""
    return lambda tick: worst_ns if tick % 50 == 0 else NS_PER_MS


@pytest.mark.parametrize(("worst_ms", "holding"), [(2.0, True), (2.08, True), (2.12, False), (1.88, False)])
def test_the_ages_differ_by_no_more_than_a_twentieth(worst_ms, holding):
    opened, closed = turn(age_ns=tail(round(worst_ms * NS_PER_MS))), turn(age_ns=tail(2 * NS_PER_MS))
    figure = ages.figure([opened, opened], [closed, closed])
    assert figure.holds is holding
    assert figure.measured == pytest.approx(abs(worst_ms / 2.0 - 1.0) * 100, abs=0.1)


def test_ages_that_scatter_settle_nothing():
    """From second to second by far more than a twentieth: that both sides are alike in the mean is luck."""

    def scattered(tick):
        return round((1.6 + 0.08 * (tick // TICKS * 7 % 11)) * NS_PER_MS)

    figure = ages.figure([turn(age_ns=scattered)], [turn(age_ns=scattered)])
    assert (figure.measured, figure.holds) == (0.0, None)


def test_seconds_in_which_the_host_stood_still_do_not_count_for_ages():
    stalled = turn(age_ns=lambda tick: (90 if 5000 <= tick < 6000 else 1) * NS_PER_MS, late_ms=lambda s: 9.0 * (s == 5))
    figure = ages.figure([stalled, stalled], [turn(), turn()])
    assert figure.holds is True
    assert "4 and 0 s set aside" in figure.note
    assert ages.figure([turn(late_ms=lambda second: 9.0)] * 2, [turn()] * 2).holds is None


def test_a_freeze_while_windows_were_open_does_not_hold():
    assert ages.freezes([turn(), turn()]).holds is True
    assert ages.freezes([turn(), turn(freezes=("the console paints nothing",))]).holds is False


def minutes(mib):
    return [Minute(k, round(mib(k) * MIB)) for k in range(1, 61)]


def test_memory_that_grows_with_the_case_does_not_hold():
    assert memory.figure("panel", 1.0, minutes(lambda k: 120.0 + min(k, 10))).holds is True
    growing = memory.figure("panel", 1.0, minutes(lambda k: 120.0 + 0.05 * k))
    assert (growing.holds, growing.measured) == (False, pytest.approx(2.5, abs=0.01))
    swelling = memory.figure("panel", 1.0, minutes(lambda k: 150.0 if k == 30 else 120.0))
    assert swelling.holds is False


def test_a_few_minutes_tell_nothing_of_memory():
    assert memory.figure("panel", 0.1, minutes(lambda k: 120.0)[:6]).holds is None
