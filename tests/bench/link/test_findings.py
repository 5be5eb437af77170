import msgspec
import numpy as np
import pytest

from bench.emulator.link import Cut
from bench.emulator.profile import load_profile
from bench.link import compare, html, sweep
from bench.link.findings import find
from bench.link.options import LinkOptions
from bench.link.result import LinkResult
from bench.link.rivals import RivalLog
from bench.link.run import Raw
from bench.link.screen import looks, run_rows, stream_rows, tables
from bench.link.seconds import HostSecond
from bench.summary import TickLog
from master import tick_log as pilot_log
from protocol.messages import Mode
from slave.tick_log import MODES, columns

MS = 1_000_000
BEGIN = 10**12
SECONDS = 4
ARMS = ("left", "right")
OPTIONS = LinkOptions("urumqi-shanghai", float(SECONDS), rivals=("udp",))
CURVE = OPTIONS._replace(rivals=("udp", "lanes-keyed", "lanes-plain"))
ONE_OF_TWO = OPTIONS._replace(profile="two-carriers", cut_carrier=0)


def controller(age_ms=50.0, **changes):
    ticks = SECONDS * 1000
    names = columns(len(ARMS))
    rows = np.zeros((ticks, len(names)))
    now = BEGIN + np.arange(ticks) * MS
    values = {
        "now_ns": now,
        "mode": MODES.index(Mode.FOLLOWING),
        "sequence": np.arange(ticks) + 1,
        "sent_ns": now - age_ms * MS,
        "link_age_ns": 100.0 * MS,
        "seen_age_ns": 150.0 * MS,
        **changes,
    }
    for name, value in values.items():
        rows[:, names.index(name)] = value
    return TickLog(rows.ravel(), ARMS, 1000)


def pilot(**changes):
    now = BEGIN + np.arange(SECONDS * 1000) * MS
    values = {name: np.zeros(len(now)) for name in pilot_log.COLUMNS}
    values |= {
        "now_ns": now,
        "state_ns": now,
        "heard_sent_ns": now - 101.0 * MS,
        "offset_error_ns": np.full(len(now), 50.0 * MS),
    }
    return {**values, **changes}


def rival(age_ms=49, cpu_us=40):
    """Commands once a ms, each at so much processor time of either side, read once a second."""
    now = np.arange(SECONDS * 1000, dtype=np.int64) * MS + BEGIN
    ms = np.arange(-1, SECONDS + 2, dtype=np.int64) * 1000
    cpu = np.column_stack((BEGIN + ms * MS, (ms + 1000) * cpu_us * 1000, ms + 1000))
    return RivalLog(now, now - age_ms * MS, cpu, cpu)


def host(*late_ms):
    return [HostSecond(BEGIN + (k - 1) * 1000 * MS, round(late * MS)) for k, late in enumerate(late_ms)]


QUIET_HOST = host(*[2.0] * (SECONDS + 1))


def raw(log=None, **changes):
    made = Raw(
        ended_by="time",
        begin_ns=BEGIN,
        end_ns=BEGIN + SECONDS * 1000 * MS,
        controller=log or controller(),
        pilot=pilot(),
        rivals={"udp": rival()},
        cuts=[],
        culprits=[],
        cpu_s={"pilot": 1.0},
        link=([], []),
        counts=None,
        intake=None,
        host=QUIET_HOST,
        notes=(),
    )
    return made._replace(**changes)


def found(made=None, options=OPTIONS):
    return find(made or raw(), options, load_profile(options.profile))


def test_the_figures_are_those_of_the_rows():
    result = found()
    assert result.complete
    assert result.farhand.command_age_ms.p50 == pytest.approx(50.0, rel=1e-3)
    assert result.udp.command_age_ms.p999 == pytest.approx(49.0, rel=1e-3)
    assert result.zmq is None
    assert (result.rtt_ms.mean, result.rtt_ms.min, result.rtt_ms.max) == (101.0, 101.0, 101.0)
    assert result.loop_age_ms.p50 == pytest.approx(150.0, rel=1e-3)
    assert result.effective_loss_percent == 0.0
    assert result.cpu_percent == {"pilot": pytest.approx(25.0)}
    assert result.modes.seconds == {"FOLLOWING": 4.0}
    assert result.clock.violations == 0
    assert result.host_late_ms == 2.0
    assert (result.udp.cpu_us_per_command, result.farhand.cpu_us_per_command) == (80.0, None)
    assert result.curve is None
    assert result.carrier_cut is None


def test_a_run_that_ended_early_says_so_wherever_it_is_shown():
    result = found(raw(ended_by="Ctrl-C"))
    assert not result.complete
    assert "ended early (Ctrl-C)" in html.body(result)
    assert any("A ended early" in text for text in compare.unlike(result, found()))


def test_a_true_offset_outside_the_bound_is_counted():
    offset = np.zeros(SECONDS * 1000)
    offset[:7] = 51.0 * MS
    assert found(raw(pilot=pilot(offset_ns=offset))).clock.violations == 7


def test_of_a_cut_the_recovery_is_told_and_its_ages_are_left_out():
    sent = BEGIN + np.arange(SECONDS * 1000) * MS - 50.0 * MS
    sent[1000:2400] = sent[999]
    cut = Cut(BEGIN + 1000 * MS, BEGIN + 2000 * MS)
    result = found(raw(controller(sent_ns=sent), cuts=[cut]))
    assert result.recovery_s == [0.4]
    assert result.reengaged_s == [0.0], "it never stopped following here"
    assert result.farhand.command_age_ms.max == pytest.approx(50.0)
    assert result.farhand.longest_gap_ms == pytest.approx(1401.0)
    assert max(result.farhand.trace_ms) > 1400.0, "the picture shows it all the same"


def test_of_a_cut_of_one_carrier_every_tick_counts():
    sent = BEGIN + np.arange(SECONDS * 1000) * MS - 50.0 * MS
    sent[1500:1600] = sent[1499]
    cut = Cut(BEGIN + 1000 * MS, BEGIN + 2000 * MS)
    result = found(raw(controller(sent_ns=sent), cuts=[cut]), ONE_OF_TWO)
    assert result.farhand.command_age_ms.max == pytest.approx(150.0)


def test_a_cut_of_one_carrier_is_told_beside_the_rest_of_the_run_and_a_cut_of_the_link_is_not():
    sent = BEGIN + np.arange(SECONDS * 1000) * MS - 50.0 * MS
    sent[2100:2200] = sent[2099]
    made = raw(controller(sent_ns=sent), cuts=[Cut(BEGIN + 2000 * MS, BEGIN + 2500 * MS)])
    cut = found(made, ONE_OF_TWO).carrier_cut
    assert cut.during.command_age_ms.max == pytest.approx(150.0)
    assert cut.outside.command_age_ms.max == pytest.approx(50.0)
    assert (cut.during.seconds, cut.outside.seconds) == (2, 2)
    stalled = found(made._replace(host=host(2, 2, 2, 5.1, 2)), ONE_OF_TWO).carrier_cut
    assert (stalled.during.seconds, stalled.during.seconds_set_aside) == (0, 2)
    assert stalled.during.with_stalls_ms.max == pytest.approx(150.0)
    assert found(made).carrier_cut is None
    assert found(made, ONE_OF_TWO._replace(profile="urumqi-shanghai")).carrier_cut is None, "it has but one carrier"


def test_what_keys_cost_is_told_of_the_seconds_in_which_the_host_ran_and_nothing_was_cut():
    rivals = {"udp": rival(), "lanes-keyed": rival(51, 70), "lanes-plain": rival(50, 65)}
    result = found(raw(rivals=rivals), CURVE)
    assert result.curve.cpu_us.added.value == pytest.approx(10.0)
    assert result.curve.command_age_ms["p99"].added.value == pytest.approx(1.0)
    assert (result.lanes_keyed.cpu_us_per_command, result.lanes_plain.cpu_us_per_command) == (140.0, 130.0)
    assert result.lanes_keyed.command_age_ms.p50 == pytest.approx(51.0, rel=1e-3)
    late = found(raw(rivals=rivals, host=host(9, 2, 2, 2, 2)), CURVE).curve
    assert (late.seconds, late.seconds_set_aside) == (SECONDS - 1, 1)
    cut = found(raw(rivals=rivals, cuts=[Cut(BEGIN + 1000 * MS, BEGIN + 1100 * MS)]), CURVE).curve
    assert (cut.seconds, cut.seconds_set_aside) == (SECONDS - 2, 0)


def test_the_host_is_judged_by_the_measured_time_alone():
    assert found(raw(host=host(80, 2, 3, 2, 2, 90))).host_late_ms == 3.0
    assert found(raw(host=[])).host_late_ms is None


def test_an_acceleration_counts_while_the_arm_follows_and_not_where_the_plant_holds():
    setpoint = np.zeros(SECONDS * 1000)
    setpoint[2000:] = 1e-5
    assert found(raw(controller(arm0_setpoint_x=setpoint))).motion.tip_acceleration_max_m_s2 == pytest.approx(10.0)
    adrift = np.zeros(SECONDS * 1000)
    adrift[1999:2002] = 1.0
    held = found(raw(controller(arm0_setpoint_x=setpoint, adrift=adrift)))
    assert held.motion.tip_acceleration_max_m_s2 == 0.0


def test_freezes_are_counted_by_what_they_named_and_timed():
    mode = np.full(SECONDS * 1000, MODES.index(Mode.FOLLOWING))
    mode[1000:2500] = MODES.index(Mode.FROZEN)
    culprits = [(BEGIN - 5, "before the run"), (BEGIN + 1000 * MS, "no command for 250 ms (limit 250 ms)")]
    modes = found(raw(controller(mode=mode), culprits=culprits)).modes
    assert modes.longest_freeze_s == 1.5
    assert list(modes.freezes.values()) == [1]
    assert "no command" in next(iter(modes.freezes))


def test_the_json_reads_back_and_has_what_others_read():
    result = found()
    text = msgspec.json.encode(result)
    assert msgspec.json.decode(text, type=LinkResult) == result
    plain = msgspec.json.decode(text)
    assert {"complete", "profile", "seed", "rtt_ms", "loss_percent", "recovery_s", "farhand", "udp", "zmq"} <= set(
        plain
    )
    assert {"p50", "p90", "p99", "p999", "max", "n"} <= set(plain["farhand"]["command_age_ms"])


def test_a_closer_look_is_shown_with_its_bounds_on_screen_and_page_and_reads_back():
    rivals = {"lanes-keyed": rival(51, 70), "lanes-plain": rival(50, 65)}
    cut = Cut(BEGIN + 2000 * MS, BEGIN + 2500 * MS)
    options = CURVE._replace(profile="two-carriers", cut_carrier=0, rivals=("lanes-keyed", "lanes-plain"))
    result = found(raw(rivals=rivals, cuts=[cut]), options)
    assert msgspec.json.decode(msgspec.json.encode(result), type=LinkResult) == result
    keys, carrier = looks(result)
    assert all(len(row) == 4 for look in (keys, carrier) for row in look.rows)
    assert keys.rows[0][1:] == ("140.0 (140.0 to 140.0)", "130.0 (130.0 to 130.0)", "10.0 (10.0 to 10.0)")
    assert keys.rows[1][3] == "15.0"
    assert {row[0]: row[3] for row in carrier.rows}["command age, ms: p99.9"] == "1.00 (1.00 to 1.00)"
    assert len(tables(result)) == 4
    page = html.body(result)
    assert page.count("<svg") == 2
    for text in ("What keys cost (CURVE)", "One carrier cut", "10.0 (10.0 to 10.0)", "1.00 (1.00 to 1.00)"):
        assert text in page
    assert {"lanes-keyed: command age, p99, ms", "lanes-plain: command age, p99, ms"} <= {
        row[0] for row in compare.rows(result, result)
    }


def test_tables_and_page_show_each_figure_and_the_papers_beside_it(tmp_path):
    result = found()
    assert len(tables(result)) == 2
    assert all(len(row) == 3 for row in stream_rows(result)), "a name, farhand, udp"
    rows = dict(run_rows(result))
    for name in result.paper:
        assert any(key.startswith(name) for key in rows), f"the paper's row {name!r} has none of ours beside it"
    path = tmp_path / "deep" / "report.html"
    html.write(path, result)
    page = path.read_text()
    assert "106.66 (87.94-1927.12)" in page
    assert page.count("<svg") == 2
    assert "http" not in page.replace("http://www.w3.org", "").replace("http://purl.org", "").replace(
        "http://creativecommons.org", ""
    ).replace("https://matplotlib.org", ""), "it stands alone"


def test_two_runs_are_alike_or_one_is_fresher():
    near, far = found(), found(raw(controller(age_ms=80.0)))
    verdicts = {row[0]: row[3] for row in compare.rows(near, far)}
    assert verdicts["farhand: command age, p99, ms"] == "A is fresher"
    assert verdicts["udp: command age, p99, ms"] == "alike"
    assert compare.unlike(near, near) == []
    other = found(options=OPTIONS._replace(profile="loss-10", lanes=8))
    ages = near.udp.command_age_ms
    half = msgspec.structs.replace(near.udp, command_age_ms=msgspec.structs.replace(ages, high={}))
    unbounded = msgspec.structs.replace(near, udp=half)
    assert {row[3] for row in compare.rows(unbounded, near) if row[0].startswith("udp")} == {""}
    assert {"profile", "lanes"} <= {text.partition(":")[0] for text in compare.unlike(near, other)}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (None, "cannot be read"),
        (b"{}", "holds no run"),
        (b"no JSON", "holds no run"),
        (b'{"about": "\xff"}', "holds no run"),
        (b'{"more": ' + b"[" * 5000, "holds no run"),
    ],
)
def test_a_file_that_holds_no_run_is_refused(tmp_path, text, says):
    path = tmp_path / "a.json"
    if text is not None:
        path.write_bytes(text)
    with pytest.raises(compare.CompareError, match=says):
        compare.load(path)


def test_a_sweep_ends_with_the_run_that_did_not_and_says_so(tmp_path):
    plans = list(sweep.plans(["lan", "4g"], [8, 32], [1000], OPTIONS))
    assert [(each.profile, each.lanes) for each in plans] == [("lan", 8), ("lan", 32), ("4g", 8), ("4g", 32)]
    ends = iter([found(), found(raw(ended_by="Ctrl-C"))])
    results = sweep.run(plans, lambda _options, _title: next(ends))
    assert len(results) == 2
    assert all(len(row) == len(sweep.HEADS) for row in sweep.rows(results))
    sweep.store(tmp_path / "s.json", results, len(plans))
    assert msgspec.json.decode((tmp_path / "s.json").read_bytes())["complete"] is False
    sweep.write(tmp_path / "s.html", results)
    assert (tmp_path / "s.html").read_text().count("<svg") == 2 + 2 * len(results)
