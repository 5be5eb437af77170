import numpy as np
import pytest

from master.check_link import PICTURE_MS, Advice, Ticks, check
from master.devices.still import StillDevice
from master.screen import check_table
from safety.limits import load_limits

MS = 1e6
LIMITS = load_limits("laparoscopic").named()
SECONDS = 20
NOW = 1e12 + np.arange(SECONDS * 1000) * MS


def ticks(age_ms=60.0, gap_ms=1.0, packet_loss=0.0):
    age = np.broadcast_to(np.asarray(age_ms, dtype=np.float64), NOW.shape)
    gap = np.broadcast_to(np.asarray(gap_ms, dtype=np.float64), NOW.shape)
    return Ticks(NOW, NOW - age * MS, NOW - gap * MS, packet_loss)


def during(value, begin_s, length_s, otherwise):
    values = np.full(NOW.shape, otherwise)
    values[int(begin_s * 1000) : int((begin_s + length_s) * 1000)] = value
    return values


def advice(**changes):
    return check(ticks(**changes), "laparoscopic", LIMITS)


def test_a_good_link_is_go_without_a_reason():
    found = advice()
    assert (found.advice, found.reasons) == (Advice.GO, ())
    assert found.loop_age_p50_ms == pytest.approx(60.0 + PICTURE_MS)


@pytest.mark.parametrize(
    ("changes", "expected", "names"),
    [
        ({"age_ms": 220.0 - PICTURE_MS - 1.0}, Advice.GO, None),
        ({"age_ms": 220.0 - PICTURE_MS + 1.0}, Advice.SLOWLY, "loop age"),
        ({"age_ms": 300.0 - PICTURE_MS + 1.0}, Advice.NO_GO, "loop age, for long"),
        ({"age_ms": during(310.0 - PICTURE_MS, 5.0, 0.19, 60.0), "packet_loss": None}, Advice.NO_GO, "effective loss"),
        ({"age_ms": during(601.0 - PICTURE_MS, 5.0, 0.001, 60.0)}, Advice.NO_GO, "loop age 601.0"),
        ({"gap_ms": during(101.0, 5.0, 0.001, 1.0)}, Advice.SLOWLY, "silence"),
        ({"gap_ms": during(251.0, 5.0, 0.001, 1.0)}, Advice.NO_GO, "silence"),
        ({"age_ms": during(112.0, 5.0, 0.009, 60.0)}, Advice.GO, None),
        ({"age_ms": during(112.0, 5.0, 0.011, 60.0)}, Advice.SLOWLY, "effective loss"),
        ({"age_ms": during(112.0, 5.0, 0.051, 60.0)}, Advice.NO_GO, "effective loss"),
        ({"packet_loss": 0.049}, Advice.GO, None),
        ({"packet_loss": 0.051}, Advice.SLOWLY, "packet loss"),
        ({"packet_loss": 0.21}, Advice.NO_GO, "packet loss"),
        ({"packet_loss": None}, Advice.GO, None),
    ],
)
def test_each_limit_of_the_procedure_decides(changes, expected, names):
    found = advice(**changes)
    assert found.advice is expected
    assert (names is None) == (found.reasons == ())
    if names is not None:
        assert any(reason.startswith(names) for reason in found.reasons)


def test_a_reason_names_the_figure_and_the_limit():
    (reason,) = advice(gap_ms=during(251.0, 5.0, 0.001, 1.0)).reasons
    assert reason == "silence 251.0 ms: from 250.0 ms on the arm is frozen"


def test_a_link_that_answers_nothing_is_no_go():
    found = check(Ticks(NOW, NOW * 0.0, NOW * 0.0, None), "laparoscopic", LIMITS)
    assert found.advice is Advice.NO_GO
    assert "answered" in found.reasons[0]


def test_without_limits_nothing_is_advised():
    found = check(ticks(), "none", load_limits("none").named())
    assert found.advice is Advice.UNKNOWN
    assert "no limits" in found.reasons[0]


@pytest.mark.parametrize("changes", [{}, {"packet_loss": 0.3}, {"age_ms": 200.0}])
def test_the_table_begins_with_the_advice_and_why(changes):
    found = advice(**changes)
    table = check_table(found)
    assert found.advice.value in str(table.columns[0].header)
    assert table.row_count == 7 + len(found.reasons)


def test_a_hand_that_does_nothing_engages_nothing_whatever_happens():
    device = StillDevice()
    device.start(5)
    for now_ns in (0, 10**9, 10**15):
        sample = device.sample(now_ns)
        assert sample.stamp_ns == now_ns
        assert not any(sample.pedal_down)
        assert not sample.energy_down
    assert not device.ended(10**15)
    device.close()


def test_a_session_that_is_lost_in_the_middle_is_no_check():
    heard = NOW - 60.0 * MS
    heard[10_000:] = 0.0
    found = check(Ticks(NOW, heard, NOW - 1.0 * MS, None), "laparoscopic", LIMITS)
    assert found.advice is Advice.UNKNOWN
    assert "lost" in found.reasons[0]


def test_ticks_before_the_first_answer_are_none_of_it():
    heard = NOW - 60.0 * MS
    heard[:500] = 0.0
    assert check(Ticks(NOW, heard, NOW - 1.0 * MS, None), "laparoscopic", LIMITS).advice is Advice.GO


def test_a_host_that_stood_still_is_no_check():
    now = np.concatenate((NOW[:9000], NOW[9150:]))
    found = check(Ticks(now, now - 60.0 * MS, now - 1.0 * MS, None), "laparoscopic", LIMITS)
    assert found.advice is Advice.UNKNOWN
    assert "stood still for 151 ms" in found.reasons[0]


def test_a_moment_is_no_check():
    few = ticks()
    found = check(Ticks(*(column[:2000] for column in few[:3]), None), "laparoscopic", LIMITS)
    assert found.advice is Advice.UNKNOWN
    assert "too few" in found.reasons[0]
