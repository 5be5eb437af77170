"""Stored runs: what a demo and the black box wrote is read again, and what is none is one clear line."""

import msgspec
import numpy as np
import pytest

from protocol.messages import FreezeClass, Mode
from slave.blackbox import Trip
from slave.blackbox_process import write
from slave.panel.run_file import RunFileError, StoredRun
from slave.tick_log import MODES, columns

NAMES = columns(2)
BEGUN = 5 * 10**12


def rows(count=3000):
    """Three seconds: READY, FOLLOWING from 1 s, FROZEN from 2 s; the left tip moves along x."""
    table = np.zeros((count, len(NAMES)))
    at = {name: k for k, name in enumerate(NAMES)}
    table[:, at["now_ns"]] = BEGUN + np.arange(count) * 10**6
    table[:, at["mode"]] = MODES.index(Mode.READY)
    table[1000:, at["mode"]] = MODES.index(Mode.FOLLOWING)
    table[2000:, at["mode"]] = MODES.index(Mode.FROZEN)
    table[:, at["slowed"]] = 1.0
    table[:, at["link_age_ns"]] = -1.0
    table[500:, at["link_age_ns"]] = 60e6
    table[:, at["seen_age_ns"]] = -1.0
    table[500:, at["seen_age_ns"]] = 90e6
    table[:, at["arm0_measured_x"]] = np.arange(count) * 1e-5
    table[1000:2000, at["arm0_following"]] = 1.0
    return table


def stored(path, table=None, **changes):
    table = rows() if table is None else table
    arrays = {name: table[:, k] for k, name in enumerate(NAMES)}
    np.savez_compressed(path, **{**arrays, **changes})
    return path


@pytest.fixture
def run(tmp_path):
    return StoredRun(stored(tmp_path / "ticks.npz"))


def test_every_moment_is_shown_as_it_was(run):
    assert run.arms == 2
    assert run.seconds == pytest.approx(2.999)
    for at_s, mode in (
        (-5.0, Mode.READY),
        (0.999, Mode.READY),
        (1.0, Mode.FOLLOWING),
        (2.5, Mode.FROZEN),
        (99.0, Mode.FROZEN),
    ):
        assert run.at(at_s).picture.mode is mode
    early, late = run.at(0.1), run.at(1.5)
    assert early.picture.link.loop_age_ns is None
    assert late.picture.link.loop_age_ns == 90_000_000
    assert late.at_s == pytest.approx(1.5)
    assert late.picture.for_ns == pytest.approx(0.5e9)
    assert late.picture.arms[0].tip_W_m[0] == pytest.approx(1500 * 1e-5)
    assert late.picture.arms[0].following
    assert not late.picture.arms[1].following
    assert (early.picture.slowed, late.picture.slowed) == (False, True)


def test_the_modes_of_the_run_are_its_time_line(run):
    assert [span.mode for span in run.spans] == [Mode.READY, Mode.FOLLOWING, Mode.FROZEN]


def test_the_worst_age_of_a_stretch_is_what_is_plotted_and_none_where_none_is_known(run):
    assert run.worst_age_ns(0.0, 0.4) is None
    assert run.worst_age_ns(0.0, 0.6) == 90_000_000
    assert run.worst_age_ns(5.0, 6.0) is None


def test_what_the_black_box_wrote_is_read_with_its_culprit(tmp_path):
    trip = Trip(7, BEGUN + 2 * 10**9, "FROZEN", "LINK", "no command for 250 ms (limit 250 ms)")
    write(tmp_path, trip, rows(), NAMES)
    (path,) = tmp_path.glob("*.npz")
    run = StoredRun(path)
    assert run.trip_s == pytest.approx(2.0)
    frozen = run.at(2.5).picture
    assert (frozen.freeze_class, frozen.culprit) == (FreezeClass.LINK, trip.culprit)
    assert run.at(1.5).picture.culprit == ""


@pytest.mark.parametrize("story", [b"", b"{}", b"nonsense", msgspec.json.encode(Trip(1, 1, "FROZEN", "NOISE", ""))])
def test_a_story_beside_it_that_cannot_be_read_is_none(tmp_path, story):
    path = stored(tmp_path / "ticks.npz")
    path.with_suffix(".json").write_bytes(story)
    assert StoredRun(path).trip is None


def column(value, count=3000):
    return np.full(count, value)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"mode": column(17.0)}, "modes"),
        ({"mode": column(0.5)}, "modes"),
        ({"arm0_lag_m": column(np.nan)}, "arm0_lag_m"),
        ({"now_ns": column(1e300)}, "now_ns"),
        ({"now_ns": np.arange(3000, 0, -1, dtype=np.float64)}, "backwards"),
        ({"arm1_reach": column(0.0, 5)}, "length"),
        ({"lateness_ns": np.array(["x"] * 3000)}, "lateness_ns"),
        ({"lateness_ns": np.zeros((3000, 2))}, "lateness_ns"),
        ({"extra": column(0.0)}, "columns"),
    ],
)
def test_what_no_run_of_ours_holds_is_named(tmp_path, changes, says):
    with pytest.raises(RunFileError, match=says):
        StoredRun(stored(tmp_path / "ticks.npz", **changes))


@pytest.mark.parametrize("content", [b"", b"PK\3\4 no zip", b"\x93NUMPY\1\0v\0{}", b"text"])
def test_what_is_no_archive_is_one_clear_line(tmp_path, content):
    path = tmp_path / "ticks.npz"
    path.write_bytes(content)
    with pytest.raises(RunFileError, match=r"ticks\.npz"):
        StoredRun(path)


def test_a_single_array_and_a_file_that_is_not_there_are_told_apart_from_a_run(tmp_path):
    np.save(tmp_path / "one.npy", np.zeros(3))
    with pytest.raises(RunFileError, match="one array"):
        StoredRun(tmp_path / "one.npy")
    with pytest.raises(RunFileError, match="no such file"):
        StoredRun(tmp_path / "none.npz")


def test_an_empty_log_is_no_run(tmp_path):
    with pytest.raises(RunFileError):
        StoredRun(stored(tmp_path / "ticks.npz", rows(0)))


def test_rows_of_a_log_of_one_arm_are_read_too(tmp_path):
    names = columns(1)
    path = tmp_path / "ticks.npz"
    np.savez_compressed(path, **{name: np.zeros(3) for name in names})
    assert StoredRun(path).arms == 1
