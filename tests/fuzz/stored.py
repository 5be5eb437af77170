"""Files that the panel and its engineers open: a run is taken whole or refused; of a log what can be read counts."""

import io
from collections.abc import Callable

import numpy as np

from slave.audit_log import Chain, Happening, Moment
from slave.panel.case_log import recalled
from slave.panel.run_file import RunFileError, StoredRun
from slave.tick_log import columns
from tests.fuzz.decoder import Decoder
from tests.fuzz.scratch import scratch

BOOT = "boot"
STAMP = Moment("2031-05-06T07:08:09.000010Z", BOOT)
MODES = (
    Happening(1, "run started", "theatre-pc", "farhand"),
    Happening(2, "mode", "supervisor", "", details={"mode": "READY", "owner": "REMOTE", "freeze_class": ""}),
    Happening(3, "supervisor silent", "supervisor", "no word for 500 ms"),
    Happening(4, "supervisor back", "supervisor", "it was silent for 600 ms"),
    Happening(5, "mode", "supervisor", "why", details={"mode": "FROZEN", "owner": "REMOTE", "freeze_class": "LINK"}),
)


def stored(save: Callable[..., None], rows: int) -> bytes:
    """A run of one arm."""
    file = io.BytesIO()
    save(file, **{name: np.zeros(rows) for name in columns(1)})
    return file.getvalue()


def logged() -> bytes:
    """Entries that tell of modes."""
    chain, content = Chain(), b""
    for happening in MODES:
        line = chain.line(happening, STAMP)
        chain.written(line, len(line))
        content += line
    return content


def read_run(content: bytes) -> None:
    """What is taken can be shown at any time of it."""
    run = StoredRun(scratch("ticks.npz", content))
    for at_s in (-1.0, 0.0, run.seconds / 2, run.seconds, run.seconds + 1.0):
        moment = run.at(at_s)
        assert 0.0 <= moment.at_s <= run.seconds
        assert len(moment.picture.arms) == run.arms
        run.worst_age_ns(at_s - 0.1, at_s)


def recall(content: bytes) -> None:
    """What is told is in the order of time."""
    spans = recalled(scratch("case.jsonl", content), BOOT)
    assert list(spans) == sorted(spans, key=lambda span: span.start_ns)


DECODERS = (
    Decoder("stored ticks", read_run, (RunFileError,), (stored(np.savez, 3), stored(np.savez_compressed, 50)), cost=40),
    Decoder("case logs", recall, (), (logged(),), cost=4),
)
