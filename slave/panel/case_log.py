"""What the audit log tells of this case's modes, for a panel that is started in the middle of it."""

import os
from collections.abc import Iterable
from pathlib import Path

from protocol.messages import FreezeClass, Mode, Owner
from slave.audit_log import Entry, LineError, parse
from slave.panel.history import Span

TAIL_BYTES = 4 << 20
"""The newest of a log that may be of years: ten thousand entries, read in a tenth of a second."""
CHANGES = ("mode", "authority")
BEGUN = "run started"
SILENT, BACK = "supervisor silent", "supervisor back"


def recalled(path: Path, boot: str) -> tuple[Span, ...]:
    """The spans of the newest run in the log at `path`; none where it cannot be read, or is of another start."""
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            file.seek(max(0, size - TAIL_BYTES))
            content = file.read(TAIL_BYTES)
    except OSError:
        return ()
    lines = content.split(b"\n")
    # The first one of a tail was cut in the middle.
    return spans_of(_entries(lines if size <= TAIL_BYTES else lines[1:]), boot)


def spans_of(entries: Iterable[Entry], boot: str) -> tuple[Span, ...]:
    """The spans that the entries of the newest run tell of. Stamps of another start of this host mean nothing here."""
    spans: list[Span] = []
    for entry in entries:
        if entry.what == BEGUN:
            spans.clear()
        known = next((span for span in reversed(spans) if span.mode is not None), None)
        span = _span(entry, known) if entry.boot == boot else None
        if span is not None:
            spans.append(span)
    return tuple(sorted(spans, key=lambda span: span.start_ns))


def _entries(lines: Iterable[bytes]) -> Iterable[Entry]:
    for line in lines:
        try:
            yield parse(line)[0]
        except LineError:
            continue


def _span(entry: Entry, before: Span | None) -> Span | None:
    """What one entry tells; `before` is the newest mode that was known. A supervisor that is back goes on in it."""
    if entry.what == SILENT:
        return Span(entry.monotonic_ns, None, None, FreezeClass.NONE, "")
    if entry.what == BACK and before is not None:
        return before._replace(start_ns=entry.monotonic_ns)
    if entry.what not in CHANGES:
        return None
    details = entry.details
    try:
        mode, owner = Mode(str(details.get("mode"))), Owner(str(details.get("owner")))
        freeze_class = FreezeClass(str(details.get("freeze_class", "")))
    except ValueError:
        return None
    return Span(entry.monotonic_ns, mode, owner, freeze_class, entry.why if mode is Mode.FROZEN else "")
