"""The audit log's format: one JSON object a line, each holding the hash of the one before and its own. Pure.

An entry's hash is the SHA-256 of its line without the hash itself: `{"number":1,...,"before":"..."}`. So nothing in the
middle can be changed, removed, moved or put in without the entries after it telling. What was cut off at the end only
a head's hash noted elsewhere can tell; whoever may write the file could make a whole new chain, which the same tells.

A write that was cut short leaves the beginning of a line. Whoever goes on after it closes it with `#torn`, and begins
with an entry that tells how many bytes were found and their hash: a damaged line that no entry tells of is no torn one.
"""

import re
from collections.abc import Iterable
from hashlib import sha256
from typing import NamedTuple

import msgspec

from protocol.codec import UNDECODABLE

GENESIS = "0" * 64
"""The hash before the first entry."""
UNTOLD = "is damaged, and the entry after it does not tell of it"
TORN = "torn line"
"""What the entry is about that goes on after one."""
CLOSING = b"#torn\n"
START = b'{"number":'
_ENDING = re.compile(rb',"hash":"([0-9a-f]{64})"\}')
_HOLE = b"\0\0"
"""What a file system may leave where the power went before the data came. No flipped bit makes two zero bytes."""

Detail = str | int | bool


class Happening(msgspec.Struct, frozen=True):
    """What an entry is about: `who` did `what` and `why`, on this host's monotonic clock, so many times.

    `what` is one of a few words to search by; `details` are numbers and names that have no place in a sentence.
    """

    at_ns: int
    what: str
    who: str
    why: str
    count: int = 1
    details: dict[str, Detail] = {}


class Moment(NamedTuple):
    """When it was for people: the time of day, ISO 8601 in UTC, and which start of the host `at_ns` counts from."""

    utc: str
    boot: str


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A line, but for its own hash. The order of the fields is that of the file."""

    number: int
    utc: str
    monotonic_ns: int
    boot: str
    what: str
    who: str
    why: str
    count: int
    details: dict[str, Detail]
    before: str


class FalsifiedError(Exception):
    """What stands at line `line` cannot have been written so by us."""

    def __init__(self, line: int, why: str) -> None:
        super().__init__(f"line {line}: {why}")
        self.line = line


class LineError(Exception):
    """Not an entry."""


class Account(NamedTuple):
    """What a verification found: `entries` that are whole up to the first bad line, or the end; the newest has `head`.

    `noted_at`: the number of the entry with the hash that was asked for, 0 for none. `torn_bytes` stand at the end,
    `torn_lines` before it. `bad_line` is 0, and `bad` empty, where nothing was falsified.
    """

    entries: int
    head: str
    noted_at: int
    torn_lines: int
    torn_bytes: int
    bad_line: int
    bad: str


class Chain:
    """Reads a log line by line, and writes the lines that go on after what was read.

    `number` entries, the newest with the hash `head`; behind it the bytes `torn` that are no entry, empty as a rule.
    `torn_lines`: how many were found before, and are told of. `unended`: the last entry lacks its newline.
    """

    def __init__(self) -> None:
        self.number = 0
        self.head = GENESIS
        # Not bytes: a file may hold a million torn lines, and each would copy all before it.
        self.torn = bytearray()
        self.torn_lines = 0
        self.unended = False
        self._line = 0
        self._torn_line = 0

    def read(self, line: bytes) -> Entry | None:
        """Take in the next line, with its newline; its entry, or None where it is a torn one. Raises FalsifiedError."""
        self._line += 1
        try:
            entry, own = parse(line.removesuffix(b"\n"))
        except LineError as error:
            if _is_torn(line):
                self._torn_line = self._torn_line or self._line
                self.torn += line
                return None
            if self.torn:
                raise FalsifiedError(self._torn_line, UNTOLD) from None
            raise FalsifiedError(self._line, str(error)) from None
        if self.torn and (entry.what, entry.details) != (TORN, _found(self.torn)):
            raise FalsifiedError(self._torn_line, UNTOLD)
        if entry.number != self.number + 1:
            why = f"is entry {entry.number} where {self.number + 1} was due: some were removed, moved or put in"
            raise FalsifiedError(self._line, why)
        if entry.before != self.head:
            raise FalsifiedError(self._line, f"does not go on from the entry before it, whose hash is {self.head}")
        if entry.what == TORN and not self.torn:
            raise FalsifiedError(self._line, "tells of a torn line, and there is none before it")
        if self.torn:
            self.torn_lines += 1
        self._go_on(own, unended=not line.endswith(b"\n"))
        return entry

    def after_torn(self, at_ns: int) -> Happening:
        """What the next entry must tell, where torn bytes were found."""
        found = _found(self._torn_and_closed())
        return Happening(at_ns, TORN, "audit", "a line was found cut short, as by a loss of power", details=found)

    def line(self, happening: Happening, moment: Moment) -> bytes:
        """The bytes that put one more entry behind all that was read or written. To be told of by `written`."""
        number = self.number + 1
        entry = Entry(
            number=number,
            utc=moment.utc,
            monotonic_ns=happening.at_ns,
            boot=moment.boot,
            what=printable(happening.what),
            who=printable(happening.who),
            why=printable(happening.why),
            count=happening.count,
            details={
                printable(name): printable(value) if isinstance(value, str) else value
                for name, value in happening.details.items()
            },
            before=self.head,
        )
        body = msgspec.json.encode(entry)
        closing = self._torn_and_closed()[len(self.torn) :]
        return (b"\n" if self.unended else closing) + body[:-1] + b',"hash":"' + _hash(body).encode() + b'"}\n'

    def written(self, line: bytes, size: int) -> None:
        """So many bytes of what `line` gave are in the file: the whole entry, or, where it was cut short, less."""
        if size and self.unended:
            line, size, self.unended = line[1:], size - 1, False
        if size < len(line) - 1:
            self.torn += line[:size]
            return
        _, own = parse(line.rpartition(CLOSING)[2].removesuffix(b"\n"))
        self._go_on(own, unended=size < len(line))

    def _go_on(self, head: str, *, unended: bool) -> None:
        self.number += 1
        self.head, self.torn, self._torn_line, self.unended = head, bytearray(), 0, unended

    def _torn_and_closed(self) -> bytes:
        return bytes(self.torn if not self.torn or self.torn.endswith(b"\n") else self.torn + CLOSING)


def verify(lines: Iterable[bytes], noted: str = "") -> Account:
    """Read a whole log, line by line with their newlines, and look for the entry whose hash is `noted`."""
    chain = Chain()
    noted_at, bad_line, bad = 0, 0, ""
    try:
        for line in lines:
            if chain.read(line) is not None and chain.head == noted:
                noted_at = chain.number
    except FalsifiedError as error:
        bad_line, bad = error.line, str(error)
    return Account(chain.number, chain.head, noted_at, chain.torn_lines, len(chain.torn), bad_line, bad)


def parse(line: bytes) -> tuple[Entry, str]:
    """A line without its newline to its entry and hash, which agree. Raises `LineError`."""
    found = _ENDING.fullmatch(line, max(0, len(line) - 75))
    if found is None:
        raise LineError("is no entry of an audit log")
    own = found[1].decode()
    body = line[: found.start()] + b"}"
    if _hash(body) != own:
        raise LineError("was changed: its hash is another")
    try:
        return msgspec.json.decode(body, type=Entry), own
    except UNDECODABLE as error:
        # It names fields that the file made up.
        raise LineError(printable(f"is no entry of an audit log: {error}")) from None


def printable(text: str) -> str:
    """`text` without what would move a terminal's cursor or hide other text: peers choose their own names."""
    return "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in text)


def _is_torn(line: bytes) -> bool:
    """Whether it may be the beginning of an entry whose end never came. A whole line that was changed is none."""
    if _HOLE in line:
        return True
    if line.endswith(b"\n") and not line.endswith(CLOSING):
        return False
    # What closes a torn line may itself have been cut short, and more than once.
    begun = line.rstrip(CLOSING)
    return (begun.startswith(START) or START.startswith(begun)) and _ENDING.search(begun) is None


def _found(torn: bytes | bytearray) -> dict[str, Detail]:
    return {"bytes": len(torn), "sha256": sha256(torn).hexdigest()}


def _hash(body: bytes) -> str:
    return sha256(body).hexdigest()
