"""The commands that read an audit log: `farhand audit verify` and `farhand audit show`."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, BinaryIO

import typer

from protocol.terminal import errors, notice, refuse, screen
from slave.audit_log import Account, Entry, LineError, parse, printable, verify

FALSIFIED = 1
HASH = re.compile(r"[0-9a-f]{64}")

audit_app = typer.Typer(help="Read the audit log of the patient's side, and check it.", no_args_is_help=True)

File = Annotated[Path, typer.Argument(help="An audit log, of a running patient's side too.")]


@audit_app.command("verify")
def verify_file(
    file: File,
    head: Annotated[str | None, typer.Option(help="A head's hash, noted earlier: it must be in the chain.")] = None,
) -> None:
    """Is it as it was written? Exit 0: yes. 1: it was falsified, or is shorter than it was. 2: it cannot be read."""
    if head is not None and not HASH.fullmatch(head):
        refuse(f"--head {head!r} is no hash: give the 64 digits and letters that an earlier verify printed")
    with _opened(file) as lines:
        account = verify(lines, head or "")
    _say(file, account)
    if account.bad:
        raise typer.Exit(FALSIFIED)
    if head is not None and not account.noted_at:
        errors.print(
            f"farhand: no entry of {file} has the hash {head}: entries were cut off at its end, or it is another log",
            style="bold red",
            markup=False,
            soft_wrap=True,
        )
        raise typer.Exit(FALSIFIED)
    if head is not None:
        screen.print(f"entry {account.noted_at} has the hash that was noted", soft_wrap=True)


@audit_app.command("show")
def show_file(
    file: File,
    last: Annotated[int, typer.Option(min=1, help="So many of the newest entries.")] = 50,
) -> None:
    """The newest entries, for people, and whether the whole is as it was written (exit codes as those of verify)."""
    with _opened(file) as lines:
        kept = list(lines)
    for line in kept[-last:]:
        try:
            entry, _ = parse(line.removesuffix(b"\n"))
        except LineError as error:
            screen.print(f"! a line that {error}", style="bold red", markup=False, soft_wrap=True)
        else:
            screen.print(readable(entry), markup=False, soft_wrap=True)
    account = verify(kept)
    _say(file, account)
    if account.bad:
        raise typer.Exit(FALSIFIED)


def readable(entry: Entry) -> str:
    """An entry in one line, which moves no cursor: whoever made the file need not have been this program."""
    times = f" ({entry.count} times)" if entry.count != 1 else ""
    details = ", ".join(f"{name} {value}" for name, value in entry.details.items() if value != "")
    words = ": ".join(part for part in (entry.who, entry.why) if part)
    told = f"{entry.utc} {entry.number:>6} {entry.what.upper()}{times} | {words}{' | ' if details else ''}{details}"
    return printable(told)


def _say(file: Path, account: Account) -> None:
    if account.bad:
        errors.print(
            f"farhand: {file} was FALSIFIED: {account.bad}; whole up to entry {account.entries}",
            style="bold red",
            markup=False,
            soft_wrap=True,
        )
        return
    if account.torn_lines:
        notice(f"torn lines: {account.torn_lines}, each told of by the entry that went on after it")
    if account.torn_bytes:
        notice(f"the last {account.torn_bytes} bytes are a torn line: cut short, or just being written")
    screen.print(f"whole: {account.entries} entries, head {account.head}", soft_wrap=True, markup=False)


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    try:
        with path.open("rb") as file:
            yield file
    except OSError as error:
        refuse(f"the audit log {path} cannot be read: {(error.strerror or str(error)).lower()}")
