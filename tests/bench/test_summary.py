"""The figures of a run, on logs whose figures are known."""

import math

import numpy as np
import pytest

from bench.summary import TickLog, clutch_step_max_mm, log_figures, loop_age_ms, mode_changes, tracking
from slave.tick_log import MODES, columns

NAMES = columns(2)
READY, FOLLOWING = (next(k for k, mode in enumerate(MODES) if mode == name) for name in ("READY", "FOLLOWING"))


def make_log(ticks=3000, following=slice(500, 2500), lag=0, error_m=0.0):
    """Two arms that follow a sine of 20 mm at 0.5 Hz, `lag` ticks late, with a constant error on top."""
    rows = np.zeros((ticks, len(NAMES)))
    at = {name: rows[:, k] for k, name in enumerate(NAMES)}
    at["now_ns"][:] = np.arange(ticks) * 1e6 + 1e12
    at["mode"][:] = READY
    at["mode"][following] = FOLLOWING
    at["link_age_ns"][:] = 2e6
    at["seen_age_ns"][:] = 60e6
    for arm in range(2):
        at[f"arm{arm}_following"][following] = 1.0
        at[f"arm{arm}_opened_epoch"][following] = 1.0
        since = np.arange(following.stop - following.start)
        path = 0.02 * np.sin(since * math.pi * 1e-3)
        at[f"arm{arm}_commanded_x"][following] = path
        late = np.where(since < lag, 0.0, np.roll(path, lag))
        for name in ("setpoint", "measured"):
            at[f"arm{arm}_{name}_x"][following] = late + error_m * (since > 0)
            at[f"arm{arm}_{name}_x"][following.stop :] = (late[-1] if len(late) else 0.0) + error_m
    return TickLog(rows.ravel(), ("left", "right"), 1000)


def test_a_pure_lag_is_reported_as_a_lag_and_not_as_an_error():
    lag_ms, rms_mm, max_mm = tracking(make_log(lag=7), "measured")
    assert lag_ms == 7.0
    assert rms_mm < 1e-9
    assert max_mm < 1e-9


def test_an_error_is_an_error():
    _, rms_mm, max_mm = tracking(make_log(error_m=0.001), "measured")
    assert rms_mm == pytest.approx(1.0, rel=0.01)
    assert max_mm >= 1.0


def test_one_bad_tick_shows_in_the_maximum():
    log = make_log()
    log.vector(1, "measured")[1200] += (0.0, 0.004, 0.0)
    _, rms_mm, max_mm = tracking(log, "measured")
    assert max_mm == pytest.approx(4.0)
    assert rms_mm < 0.1


def test_what_is_out_of_reach_is_no_error_until_the_next_epoch():
    log = make_log()
    log["arm1_reach"][1500:1600] = 1.0
    log.vector(1, "measured")[1500:2500] += (0.0, 0.0, 0.03)
    assert tracking(log, "measured")[2] < 1e-9
    log.vector(1, "measured")[1499] += (0.0, 0.0, 0.03)
    assert tracking(log, "measured")[2] == pytest.approx(30.0)


def test_a_step_at_an_opening_is_found_in_setpoint_and_measurement():
    assert clutch_step_max_mm(make_log()) == pytest.approx(0.0, abs=1e-9)
    for name in ("setpoint", "measured"):
        log = make_log()
        log.vector(0, name)[500:] += (0.0, 0.0, 5e-5)
        assert clutch_step_max_mm(log) == pytest.approx(0.05)


def test_a_leap_that_an_opening_commands_is_found_though_the_tip_starts_slowly():
    log = make_log()
    log.vector(1, "commanded")[500] += (0.0, 3e-3, 0.0)
    assert clutch_step_max_mm(log) == pytest.approx(3.0)


def test_loop_age_is_the_older_part_from_the_first_engage_on():
    log = make_log()
    log["seen_age_ns"][:500] = 900e6
    log["link_age_ns"][600] = 80e6
    age = loop_age_ms(log)
    assert (age.p50, age.max, age.n) == (60.0, 80.0, 2500)


def test_modes_are_listed_as_they_were_entered():
    assert [(change.mode, change.entered_at_s) for change in mode_changes(make_log())] == [
        ("READY", 0.0),
        ("FOLLOWING", 0.5),
        ("READY", 2.5),
    ]


def test_a_run_in_which_nothing_moved_says_so():
    log = make_log(following=slice(0, 0))
    figures = log_figures(log)
    assert figures["tracking_rms_mm"] is None
    assert figures["clutch_step_max_mm"] is None
    assert figures["loop_age_ms"].n == 0
    assert figures["clutch_epochs_followed"] == {"left": 0, "right": 0}


def test_a_run_that_never_ticked_says_so_too():
    figures = log_figures(TickLog(np.zeros(0), ("left", "right"), 1000))
    assert figures["ticks"] == 0
    assert figures["modes"] == []


def test_each_epoch_counts_even_when_they_touch():
    log = make_log()
    log["arm0_opened_epoch"][1500:2500] = 2.0
    assert [(s.start, s.stop) for s in log.segments(0)] == [(500, 1500), (1500, 2500)]
