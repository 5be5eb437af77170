"""A long run is kept while it goes on, and gone on with by the same code only."""

import msgspec
import pytest
from rich.console import Console

from bench import sim
from bench.sim import earlier, run, store
from bench.store import EarlierError
from bench.world.run import SeedResult, SimOptions, SimReport, report

OPTIONS = SimOptions(0, 4, 1.0, "laparoscopic", "psm")
SILENT = Console(quiet=True)


def result(seed):
    return SeedResult(seed, False, "", 0.1, 0.05, {"SAFE": 0.1}, {})


def read(path):
    return msgspec.json.decode(path.read_bytes(), type=SimReport)


def test_what_an_earlier_run_did_is_not_done_again(tmp_path):
    path = tmp_path / "new folder" / "sim.json"
    assert earlier(path, OPTIONS) == []
    begun = run(OPTIONS._replace(end=2), SILENT, path, [])
    assert begun.complete
    had = earlier(path, OPTIONS)
    marked = [msgspec.structs.replace(each, trips={"had": 1}) for each in had]
    whole = run(OPTIONS, SILENT, path, marked)
    assert [each.seed for each in whole.results] == [0, 1, 2, 3]
    assert whole.trips["had"] == 2
    assert whole.complete
    assert read(path) == whole


def test_an_interrupted_run_keeps_what_it_has(tmp_path, monkeypatch):
    def interrupted(*_, **__):
        yield result(0)
        raise KeyboardInterrupt

    monkeypatch.setattr(sim, "results", interrupted)
    with pytest.raises(KeyboardInterrupt):
        run(OPTIONS, SILENT, tmp_path / "sim.json", [])
    kept = read(tmp_path / "sim.json")
    assert (kept.complete, kept.seeds, kept.results) == (False, 1, [result(0)])


@pytest.mark.parametrize(
    ("options", "sources", "why"),
    [
        (OPTIONS, "0" * 64, "other code"),
        (OPTIONS._replace(procedure="none"), None, "is of laparoscopic, psm, 1 s"),
        (OPTIONS._replace(seconds=5.0), None, "is of laparoscopic, psm, 1 s"),
    ],
)
def test_runs_that_do_not_add_up_are_refused(tmp_path, options, sources, why):
    path = tmp_path / "sim.json"
    store(path, report(OPTIONS, sources or sim.digest(), [result(1)]))
    with pytest.raises(EarlierError, match=why):
        earlier(path, options)


def test_a_file_that_is_no_run_is_refused(tmp_path):
    (tmp_path / "x.json").write_text("{}")
    with pytest.raises(EarlierError, match="holds no run"):
        earlier(tmp_path / "x.json", OPTIONS)


def test_seeds_that_are_not_asked_for_do_not_count(tmp_path):
    store(tmp_path / "sim.json", report(OPTIONS, sim.digest(), [result(0), result(3)]))
    assert earlier(tmp_path / "sim.json", OPTIONS._replace(first=2)) == [result(3)]
