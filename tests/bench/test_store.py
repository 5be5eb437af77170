import msgspec
import pytest

from bench import store
from bench.store import EarlierError, earlier_results, store_results
from bench.trips import TripsResult

RESULT = TripsResult("real processes", 0.5, 0.1, {}, 0.0, 0, False, {"permit": 1}, 0.25)


def test_what_was_kept_is_gone_on_with(tmp_path):
    path = tmp_path / "folder" / "trips.json"
    assert earlier_results(path, "trips", TripsResult) == []
    store_results(path, "trips", [RESULT], complete=False)
    assert earlier_results(path, "trips", TripsResult) == [RESULT]
    assert [each.name for each in path.parent.iterdir()] == ["trips.json"]


def test_other_code_another_bench_and_no_bench_are_refused(tmp_path, monkeypatch):
    path = tmp_path / "trips.json"
    store_results(path, "trips", [RESULT])
    with pytest.raises(EarlierError, match="is of bench trips, not faults"):
        earlier_results(path, "faults", TripsResult)
    monkeypatch.setattr(store, "digest", lambda: "0" * 64)
    with pytest.raises(EarlierError, match="of other code"):
        earlier_results(path, "trips", TripsResult)
    path.write_bytes(msgspec.json.encode({"complete": True}))
    with pytest.raises(EarlierError, match="holds no run"):
        earlier_results(path, "trips", TripsResult)
