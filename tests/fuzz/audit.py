"""The audit log: what is told to it can be written and read again, and of a file it takes no more than was written."""

import re
from hashlib import sha256

import msgspec
from msgspec.structs import replace

from protocol.audit_records import Turns
from protocol.clock import NS_PER_S
from protocol.codec import UNDECODABLE, encode
from protocol.records import Incident
from slave.audit_command import readable
from slave.audit_file import AuditFile, AuditFileError, utc_at
from slave.audit_log import GENESIS, TORN, Chain, Entry, FalsifiedError, Happening, LineError, Moment, parse, verify
from slave.audit_merge import Merger
from slave.audit_process import incident_of
from slave.audit_watch import AuditWatch, Seen
from tests.fuzz.decoder import Decoder
from tests.fuzz.memory import TURNS
from tests.fuzz.scratch import scratch
from tests.protocol.samples import AUTHORITY, MEASURED, SESSION

NOW_NS = 10**12
MOMENT = Moment("2031-05-06T07:08:09.000010Z", "boot")
HAPPENINGS = (
    Happening(5, "run started", "theatre-pc", "farhand", details={"version": "1", "stand_ins": True, "pid": 7}),
    Happening(6, "stop", "supervisor", "FREEZE pressed", details={"stop_number": 3}),
    Happening(7, "refused", "10.0.0.9", "no key that we trust", 41),
)
DISORDERED = Turns(9, tuple(replace(TURNS.newest[-1], stamp_ns=NOW_NS + after, stop_number=after) for after in (9, 5)))
INCIDENTS = (
    Incident(NOW_NS, "refused", "10.0.0.9", "no key that we trust", 41),
    Incident(2**63 - 1, TORN, "\x1b[2J", "x" * 200, 2**63 - 1),
)
_ENDING = re.compile(rb'(?:,"hash":"[^"]*"\}|\})?$')
_BEFORE = re.compile(rb'"before":"[^"]*"')


def log() -> bytes:
    """Three entries, a torn line, and two that go on from it."""
    chain, content = Chain(), b""
    for happening in HAPPENINGS:
        content += _append(chain, happening)
    torn = chain.line(HAPPENINGS[0], MOMENT)[:90]
    content += torn
    chain.written(torn + b"and more", len(torn))
    content += _append(chain, chain.after_torn(8))
    return content + _append(chain, HAPPENINGS[1])


def _append(chain: Chain, happening: Happening) -> bytes:
    line = chain.line(happening, MOMENT)
    chain.written(line, len(line))
    return line


def lines_of(content: bytes) -> list[bytes]:
    """With their newlines, as a file gives them."""
    return [line for line in re.split(rb"(?<=\n)", content) if line]


def write_down(happenings: list[Happening]) -> None:
    """In a log of their own, which is then whole, and is shown without harm to a terminal."""
    chain = Chain()
    content = []
    for happening in happenings:
        line = chain.line(happening, Moment(utc_at(happening.at_ns), "boot"))
        chain.written(line, len(line))
        content.append(line)
        assert readable(parse(line[:-1])[0]).isprintable()
    account = verify(content)
    assert (account.entries, account.head, account.bad) == (len(happenings), chain.head, "")


def hear_incident(frame: bytes) -> None:
    """An incident, and the same a moment later: one is written at once, one after a second, none in the future."""
    incident = incident_of(frame, NOW_NS)
    merger = Merger()
    at_once = merger.take(NOW_NS, incident)
    assert at_once is not None
    assert merger.take(NOW_NS + 1, incident) is None
    told = [at_once, *merger.due(NOW_NS + NS_PER_S)]
    assert sum(happening.count for happening in told) == 2 * incident.count
    assert all(happening.at_ns <= NOW_NS + 1 for happening in told)
    write_down(told)


def watch_turns(frame: bytes) -> None:
    """Whatever the supervisor's cell says of its turns, each look gives entries that can be written, and none twice."""
    turns = msgspec.msgpack.decode(frame, type=Turns)
    watch = AuditWatch()
    told = watch.step(NOW_NS, Seen(TURNS, AUTHORITY, SESSION, MEASURED))
    told += watch.step(NOW_NS, Seen(turns, AUTHORITY, SESSION, MEASURED))
    assert watch.step(NOW_NS, Seen(turns, AUTHORITY, SESSION, MEASURED)) == []
    write_down(told)


def read_log(content: bytes) -> None:
    """Any file: whole, or falsified at a line of it; what is shown of it does a terminal no harm."""
    lines = lines_of(content)
    account = verify(lines)
    numbers = []
    for at, line in enumerate(lines, start=1):
        entry = _shown(line.removesuffix(b"\n"))
        if entry is not None and not 0 < account.bad_line <= at:
            numbers.append(entry.number)
    assert numbers == list(range(1, account.entries + 1))
    assert account.entries + account.torn_lines <= len(lines)
    assert bool(account.bad) == bool(account.bad_line)
    assert account.bad.isprintable()
    if account.bad:
        assert account.entries < account.bad_line <= len(lines)
        raise FalsifiedError(account.bad_line, account.bad)


def _shown(line: bytes) -> Entry | None:
    try:
        entry, _ = parse(line)
    except LineError as error:
        told = str(error)
        entry = None
    else:
        told = readable(entry)
    assert told.isprintable()
    return entry


def read_sealed(content: bytes) -> None:
    """The same by one who knows the format: each line goes on from the one before it, and has the hash it should."""
    head, lines = GENESIS.encode(), []
    for line in content.removesuffix(b"\n").split(b"\n"):
        body = _BEFORE.sub(b'"before":"' + head + b'"', _ENDING.sub(b"", line, count=1)) + b"}"
        head = sha256(body).hexdigest().encode()
        lines.append(body[:-1] + b',"hash":"' + head + b'"}\n')
    read_log(b"".join(lines))


def go_on(content: bytes) -> None:
    """A file that a run begins with: refused, or gone on with, and then it is whole."""
    path = scratch("audit.jsonl", content)
    path.chmod(0o600)
    file = AuditFile(path)
    before, torn = file.chain.number, bool(file.chain.torn)
    file.append(HAPPENINGS[1])
    file.close()
    account = verify(lines_of(path.read_bytes()))
    assert (account.bad, account.torn_bytes) == ("", 0)
    assert account.entries == before + 1 + torn


LOG = log()
WHOLE = b"".join(lines_of(LOG)[:3])
DECODERS = (
    Decoder("incidents", hear_incident, (), tuple(map(encode, INCIDENTS)), cost=3),
    Decoder("audited turns", watch_turns, UNDECODABLE, (encode(TURNS), encode(DISORDERED)), cost=8),
    Decoder("audit logs", read_log, (FalsifiedError,), (LOG, WHOLE, LOG[:-40], LOG[:-1]), cost=4),
    Decoder("sealed audit logs", read_sealed, (FalsifiedError,), (WHOLE,), cost=5),
    Decoder("audit files", go_on, (AuditFileError,), (LOG, WHOLE, LOG[:-40], LOG[:-1], b""), cost=5),
)
