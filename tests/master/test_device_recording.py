import gzip
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from master.devices.device import DeviceError
from master.devices.recording import BEGIN_NS, COLUMNS, LEAD_IN_NS, RecordingDevice
from master.devices.settings import DeviceSettings
from protocol.pose import angle_rad, from_rotation_vector, multiply

RECORDING = Path(__file__).parents[2].parent / "shared" / "data" / "surgeon-peg-transfer.csv.gz"
SETTINGS = DeviceSettings()
MS = 1_000_000
START_NS = 77 * MS
real = pytest.mark.skipif(not RECORDING.exists(), reason=f"the recording is not here: {RECORDING}")


def row(t_ms, left=(0, 0, 0, 0, 0, 0, 0), right=(0, 0, 0, 0, 0, 0, 0), mode=1):
    return ",".join(map(str, (t_ms * MS, *left, *right, mode)))


HEADER = ",".join(COLUMNS)


def write(path, rows, header=HEADER):
    path.write_text("\n".join([header, *rows]) + "\n")
    return path


@pytest.fixture
def short(tmp_path):
    rows = [
        row(0, left=(500, 0, 0, 0, 0, 0, 0)),  # before playback begins
        row(200, left=(1, 2, 3, 0, 0, 0, 0), right=(0, 0, 0, 2, 0, 0, 1300)),
        row(210, left=(1, 0, 0, 0, 0, 0, -60), right=(0, 0, 0, 0, 3, 0, 9999)),
        row(400, left=(-5, 0, 0, 0, 0, 0, 0), mode=0),
        row(410),
    ]
    device = RecordingDevice(write(tmp_path / "short.csv", rows), SETTINGS)
    device.start(START_NS)
    return device


def at(device, recorded_ms):
    """The sample when `recorded_ms` of the recording is due."""
    return device.sample(START_NS + LEAD_IN_NS + recorded_ms * MS - BEGIN_NS)


def test_increments_are_summed_and_scaled(short):
    first = at(short, 200)
    assert first.hands[0].p_HT_m == pytest.approx((9.5e-6, 19e-6, 28.5e-6))
    assert at(short, 210).hands[0].p_HT_m == pytest.approx((19e-6, 19e-6, 28.5e-6))
    assert at(short, 405).hands[0].p_HT_m == pytest.approx((-28.5e-6, 19e-6, 28.5e-6))


def test_rotations_are_composed_on_the_left(short):
    expected = multiply(from_rotation_vector((0, 3e-3, 0)), from_rotation_vector((2e-3, 0, 0)))
    assert at(short, 300).hands[1].q_HT == pytest.approx(expected, abs=1e-12)


def test_grasp_is_clipped_and_high_counts_close_the_jaw(short):
    assert at(short, 200).hands[1].jaw_rad == pytest.approx(math.radians(30.0))
    later = at(short, 300)
    assert later.hands[0].jaw_rad == SETTINGS.jaw_max_rad
    assert later.hands[1].jaw_rad == SETTINGS.jaw_min_rad


def test_pedal_is_up_for_the_lead_in_then_as_recorded_and_up_at_the_end(short):
    assert short.sample(START_NS + LEAD_IN_NS - MS).pedal_down == (False, False)
    assert at(short, 200).pedal_down == (True, True)
    assert at(short, 400).pedal_down == (False, False)
    last = at(short, 410)
    assert last.pedal_down == (False, False)
    assert last.hands == at(short, 10_000).hands


def test_stamps_are_the_arrivals_played_and_gaps_age(short):
    assert at(short, 205).stamp_ns == START_NS + LEAD_IN_NS + 200 * MS - BEGIN_NS
    assert at(short, 399).stamp_ns == START_NS + LEAD_IN_NS + 210 * MS - BEGIN_NS


def test_playback_ends_once_and_starts_anew(short):
    end_ns = START_NS + LEAD_IN_NS + 410 * MS - BEGIN_NS
    assert not short.ended(end_ns - 1)
    assert short.ended(end_ns)
    short.sample(end_ns)
    short.start(end_ns)
    assert not short.ended(end_ns)
    assert short.sample(end_ns).hands[0].p_HT_m == (0.0, 0.0, 0.0)


def test_before_start_nothing_plays(tmp_path):
    device = RecordingDevice(write(tmp_path / "a.csv", [row(200), row(201)]), SETTINGS)
    sample = device.sample(10**15)
    assert sample.pedal_down == (False, False)
    assert sample.stamp_ns == 10**15
    assert not device.ended(10**15)


def test_axes_of_the_console_are_a_setting(tmp_path):
    turned = DeviceSettings(
        position_axes=((0, 1, 0), (-1, 0, 0), (0, 0, 1)), rotation_axes=((0, 0, 1), (0, 1, 0), (1, 0, 0))
    )
    path = write(tmp_path / "a.csv", [row(200, left=(100, 0, 0, 10, 0, 0, 0)), row(201)])
    device = RecordingDevice(path, turned)
    device.start(START_NS)
    hand = at(device, 200).hands[0]
    assert hand.p_HT_m == pytest.approx((0.0, -950e-6, 0.0))
    assert hand.q_HT == pytest.approx(from_rotation_vector((0.0, 0.0, 10e-3)))


GOOD = [row(200), row(201)]


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([row(200), row(201)[:9]], "line 3 has 1 cells"),
        ([row(200), "x" + row(201)], "line 3 has 'x201000000' where a number was expected"),
        ([row(200), row(201).replace(",0", ",nan", 1)], "line 3, column delx0: nan where a finite number"),
        ([row(200), row(200)], "line 3, column t_ns: 200000000 where a time after"),
        ([row(200), row(2 * 10**9)], "line 3, column t_ns: 2000000000000000 where a time of at most 1e+15 ns"),
        (["-1e308" + row(0)[1:], "1e308" + row(0)[1:]], "line 2, column t_ns: -1"),
        ([row(200), row(201, mode=2)], "line 3, column surgeon_mode: 2 where 0 (pedal up) or 1"),
        ([row(200), row(201, left=(0, 9999, 0, 0, 0, 0, 0))], "line 3, column dely0: 9999 where an increment"),
        ([row(200), row(201, right=(0, 0, 0, 0, 0, 101, 0))], "line 3, column Qz1: 101 where an increment"),
        ([row(200) + ",7", row(201) + ",7"], "line 2 has 17 numbers, line 1 names 16 columns"),
        ([], "no packet after line 1"),
        ([row(1), row(2)], "ends before t_ns = 190000000"),
    ],
)
def test_bad_rows_are_named(tmp_path, rows, says):
    path = write(tmp_path / "bad.csv", rows)
    with pytest.raises(DeviceError) as caught:
        RecordingDevice(path, SETTINGS)
    assert says in str(caught.value)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_missing_columns_are_named(tmp_path):
    path = write(tmp_path / "bad.csv", GOOD, header=HEADER.replace("Qy1", "other"))
    with pytest.raises(DeviceError, match="lacks the columns Qy1"):
        RecordingDevice(path, SETTINGS)


def test_missing_truncated_and_foreign_files_are_refused(tmp_path):
    with pytest.raises(DeviceError, match="No such file"):
        RecordingDevice(tmp_path / "none.csv", SETTINGS)
    packed = gzip.compress(write(tmp_path / "a.csv", GOOD * 1000).read_bytes())
    (tmp_path / "cut.gz").write_bytes(packed[:-40])
    with pytest.raises(DeviceError, match="damaged or truncated gzip"):
        RecordingDevice(tmp_path / "cut.gz", SETTINGS)
    (tmp_path / "photo.csv").write_bytes(bytes(range(256)))
    with pytest.raises(DeviceError, match="no ASCII text"):
        RecordingDevice(tmp_path / "photo.csv", SETTINGS)
    (tmp_path / "empty.csv").write_bytes(b"")
    with pytest.raises(DeviceError, match="lacks the columns"):
        RecordingDevice(tmp_path / "empty.csv", SETTINGS)


@given(st.binary(max_size=400))
def test_no_file_of_any_bytes_raises_anything_else(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("fuzz") / "f.csv"
    path.write_bytes(data)
    with pytest.raises(DeviceError):
        RecordingDevice(path, SETTINGS)


@real
def test_the_real_recording_plays_whole():
    device = RecordingDevice(RECORDING, SETTINGS)
    device.start(START_NS)
    edges, down, gap_ns = [], False, 0
    for ms in range(81_000):
        now_ns = START_NS + ms * MS
        sample = device.sample(now_ns)
        gap_ns = max(gap_ns, now_ns - sample.stamp_ns)
        if sample.pedal_down[0] != down:
            down = sample.pedal_down[0]
            edges.append((ms, down))
    assert [down for _, down in edges] == [True, False, True, False, True, False]
    recorded_ms = (31_178, 32_214, 54_223, 55_192)
    assert [ms for ms, _ in edges[1:5]] == pytest.approx([ms + 310 for ms in recorded_ms], abs=2)
    assert gap_ns < 30 * MS
    assert device.ended(START_NS + 81_000 * MS)
    table = np.loadtxt(RECORDING, delimiter=",", skiprows=1)
    with gzip.open(RECORDING, "rt") as file:
        names = file.readline().strip().split(",")
    for hand in (0, 1):
        total = [table[:, names.index(f"del{axis}{hand}")].sum() * 9.5e-6 for axis in "xyz"]
        assert sample.hands[hand].p_HT_m == pytest.approx(total, abs=1e-12)
        turned = [sum(abs(table[:, names.index(f"Q{axis}{hand}")])) for axis in "xyz"]
        assert 0.0 < angle_rad(sample.hands[hand].q_HT) < 1e-3 * sum(turned)
