"""A panel that is started in mid-case knows the case from its audit log, and nothing of another case."""

from protocol.messages import FreezeClass, Mode, Owner
from slave.audit_log import Chain, Happening, Moment
from slave.panel.case_log import TAIL_BYTES, recalled

BOOT = "3c7f1ac5"
S = 10**9


def written(path, happenings, boot=BOOT):
    chain = Chain()
    with path.open("ab") as file:
        for happening in happenings:
            line = chain.line(happening, Moment("2031-05-06T07:08:09.000000Z", boot))
            chain.written(line, len(line))
            file.write(line)
    return path


def mode(at_s, name, why="", owner="REMOTE", freeze_class=""):
    details = {"mode": name, "owner": owner, "freeze_class": freeze_class, "testing": False}
    return Happening(round(at_s * S), "mode", "supervisor", why, details=details)


BEGUN = Happening(0, "run started", "host", "farhand", details={"pid": 1})


def test_the_modes_of_the_newest_run_come_back(tmp_path):
    story = [
        BEGUN,
        mode(1, "FOLLOWING"),
        Happening(2 * S, "run ended", "host", "in order"),
        BEGUN,
        mode(10, "SAFE", owner="LOCAL"),
        mode(12, "READY"),
        Happening(13 * S, "calling", "supervisor", "nobody ended the freeze", details={"mode": "FROZEN"}),
        mode(14, "FROZEN", "no command for 250 ms (limit 250 ms)", freeze_class="LINK"),
    ]
    spans = recalled(written(tmp_path / "audit.jsonl", story), BOOT)
    assert [(span.start_ns // S, span.mode) for span in spans] == [
        (10, Mode.SAFE),
        (12, Mode.READY),
        (14, Mode.FROZEN),
    ]
    assert spans[-1].freeze_class is FreezeClass.LINK
    assert spans[-1].culprit == "no command for 250 ms (limit 250 ms)"
    assert spans[0].owner is Owner.LOCAL


def test_a_supervisor_that_was_silent_is_a_gap(tmp_path):
    story = [
        BEGUN,
        mode(1, "READY"),
        Happening(2 * S, "supervisor silent", "supervisor", ""),
        Happening(3 * S, "supervisor back", "supervisor", ""),
    ]
    spans = recalled(written(tmp_path / "audit.jsonl", story), BOOT)
    assert [span.mode for span in spans] == [Mode.READY, None, Mode.READY]


def test_stamps_of_another_start_of_the_host_mean_nothing(tmp_path):
    assert recalled(written(tmp_path / "audit.jsonl", [BEGUN, mode(1, "READY")], boot="another"), BOOT) == ()


def test_what_cannot_be_read_is_passed_over(tmp_path):
    path = written(tmp_path / "audit.jsonl", [BEGUN, mode(1, "READY"), mode(2, "DANCING"), mode(3, "LOCAL")])
    path.write_bytes(b"\xff\0nonsense\n" + path.read_bytes() + b'{"number":9,"utc"')
    assert [span.mode for span in recalled(path, BOOT)] == [Mode.READY, Mode.LOCAL]
    assert recalled(tmp_path / "none", BOOT) == ()
    assert recalled(tmp_path, BOOT) == ()


def test_of_a_log_of_years_only_the_tail_is_read(tmp_path):
    path = tmp_path / "audit.jsonl"
    path.write_bytes(b"x" * (TAIL_BYTES - 10) + b"\n")
    written(path, [BEGUN, mode(1, "READY")])
    assert [span.mode for span in recalled(path, BOOT)] == [Mode.READY]
