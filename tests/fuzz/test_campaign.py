"""The gate of the long run passes nothing that it should not."""

import pytest

from tests.fuzz import campaign as module
from tests.fuzz.campaign import GROWTH_MAX_MIB, Report, again, campaign, complaint_of, judge, shares
from tests.fuzz.decoder import Decoder


def nothing(_: bytes) -> None:
    """Takes all."""


CHEAP, DEAR = Decoder("cheap", nothing, (), (b"x",)), Decoder("dear", nothing, (), (b"x",), cost=9)
ASKED = {"cheap": 900, "dear": 101}
GOOD = {"cheap": Report(900, 0.1, 5), "dear": Report(101, 0.0, 5)}


def test_inputs_are_shared_out_by_what_they_cost_and_none_is_left_over():
    assert shares((CHEAP, DEAR), 1000) == {"cheap": 901, "dear": 101}
    assert sum(shares((CHEAP, DEAR), 1_000_000).values()) >= 1_000_000


def test_a_run_in_which_all_survived_passes():
    assert judge(GOOD, ASKED) == []


def test_a_run_of_nothing_fails():
    assert "no decoder" in judge({}, {})[0]


@pytest.mark.parametrize(
    ("report", "says"),
    [
        (Report(40, 0.0, 5, "KeyError: 'p50'"), "KeyError: 'p50'"),
        (Report(899, 0.0, 5), "read 899 of 900 inputs"),
        (Report(0, 0.0, 0), "read 0 of 900"),
        (Report(900, GROWTH_MAX_MIB + 0.1, 5), "grew by 4.1 MiB"),
    ],
)
def test_one_decoder_that_did_not_is_enough(report, says):
    (wrong,) = judge({**GOOD, "cheap": report}, ASKED)
    assert wrong.startswith("cheap: ")
    assert says in wrong


def test_a_decoder_that_was_never_run_is_told():
    assert judge({"cheap": GOOD["cheap"]}, ASKED) == ["dear: never run"]


def test_a_fuzzer_that_cannot_start_fails_the_run(tmp_path, monkeypatch, capsys):
    """As where atheris is missing, or the decoder is unknown to the process that is to explore it."""
    monkeypatch.setattr(module.sys, "executable", "/bin/false")
    wrong = campaign((CHEAP,), 10, tmp_path)
    assert wrong == ["cheap: exit code 1"]
    assert "FAILED" in capsys.readouterr().out


def test_of_a_crash_the_traceback_and_the_input_are_told():
    log = (
        "INFO: seed corpus\n#2 INITED cov: 3\n#9 NEW cov: 4\n\n === Uncaught Python exception: ===\nKeyError: 'p50'\n"
        "Traceback (most recent call last):\nartifact_prefix='x/'; Test unit written to x/crash-1\n"
    )
    complaint = complaint_of(log, 77)
    assert "KeyError: 'p50'" in complaint
    assert complaint.endswith("the input: x/crash-1")
    assert "NEW" not in complaint


def test_a_kept_input_is_read_again(tmp_path, capsys):
    (tmp_path / "crash").write_bytes(b"x")

    def fails(data: bytes) -> None:
        raise KeyError(data)

    again((CHEAP,), "cheap", tmp_path / "crash")
    assert "survives" in capsys.readouterr().out
    with pytest.raises(KeyError):
        again((CHEAP._replace(read=fails),), "cheap", tmp_path / "crash")
    with pytest.raises(SystemExit, match="there are: cheap"):
        again((CHEAP,), "other", tmp_path / "crash")
