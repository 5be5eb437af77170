import msgspec
import numpy as np
import pytest

from bench.emulator.link import Cut
from bench.emulator.profile import load_profile
from bench.link import compare, html, sweep
from bench.link.findings import find
from bench.link.options import LinkOptions
from bench.link.result import LinkResult
from bench.link.run import Raw
from bench.link.screen import run_rows, stream_rows, tables
from bench.summary import TickLog
from master import tick_log as pilot_log
from protocol.messages import Mode
from slave.tick_log import MODES, columns

MS = 1_000_000
BEGIN = 10**12
SECONDS = 4
ARMS = ("left", "right")
OPTIONS = LinkOptions("urumqi-shanghai", float(SECONDS), rivals=("udp",))


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


def raw(log=None, **changes):
    now = np.arange(SECONDS * 1000, dtype=np.int64) * MS + BEGIN
    made = Raw(
        ended_by="time",
        begin_ns=BEGIN,
        end_ns=BEGIN + SECONDS * 1000 * MS,
        controller=log or controller(),
        pilot=pilot(),
        rivals={"udp": (now, now - 49 * MS)},
        cuts=[],
        culprits=[],
        cpu_s={"pilot": 1.0},
        link=([], []),
        counts=None,
        intake=None,
        host_late_ns=2 * MS,
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
    options = OPTIONS._replace(profile="two-carriers", cut_carrier=0)
    result = found(raw(controller(sent_ns=sent), cuts=[cut]), options)
    assert result.farhand.command_age_ms.max == pytest.approx(150.0)


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
