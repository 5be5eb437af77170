"""The audit log's file: opened for appending only, by one writer, ours alone; each entry one write."""

import errno
import fcntl
import os
import stat
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from slave.audit_log import Chain, FalsifiedError, Happening, Moment

NS_PER_US = 1000
ANOTHER = "choose another with --audit FILE"


class AuditFileError(Exception):
    """A file that cannot be gone on with; the text says which, why and what to do."""


class _UnfitError(Exception):
    """Why a file is no place for a log, as the end of a sentence that begins with it."""


class AuditFile:
    """A log that is open for writing. `append` and `sync` may fail with OSError, and may then be tried again.

    Raises AuditFileError where others could read or change the file, another run writes it, or it was falsified.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.chain = Chain()
        """What the file holds."""
        self.disturbed = ""
        """What another program did to the file while it was ours; empty as a rule."""
        try:
            self._descriptor = _open(path)
            try:
                _check(self._descriptor)
                self._size = self._read()
            except (_UnfitError, FalsifiedError, OSError):
                os.close(self._descriptor)
                raise
        except _UnfitError as error:
            raise AuditFileError(f"the audit log {path} {error}") from None
        except FalsifiedError as error:
            why = f"is not as it was written ({error}): keep it for whoever looks into that, and {ANOTHER}"
            raise AuditFileError(f"the audit log {path} {why}") from error
        except OSError as error:
            why = "it is a symbolic link" if error.errno == errno.ELOOP else (error.strerror or str(error)).lower()
            raise AuditFileError(f"the audit log {path} cannot be opened: {why}; {ANOTHER}") from error
        self._boot = _boot()

    def append(self, happening: Happening) -> None:
        """Put one entry behind all others, after one about torn bytes where there are some. Raises OSError."""
        self._look()
        if self.chain.torn:
            self._write(self.chain.after_torn(time.monotonic_ns()))
        self._write(happening)

    def sync(self) -> None:
        """Wait until what was appended is on the disk. Raises OSError."""
        os.fdatasync(self._descriptor)

    def close(self) -> None:
        """Let another run have the file."""
        os.close(self._descriptor)

    def _write(self, happening: Happening) -> None:
        line = self.chain.line(happening, Moment(utc_at(happening.at_ns), self._boot))
        written = 0
        try:
            while written < len(line):
                written += os.write(self._descriptor, line[written:])
        finally:
            self._size += written
            self.chain.written(line, written)

    def _look(self) -> None:
        """Whether the file is still where and as it was. Entries go on into it in any case."""
        size = os.fstat(self._descriptor).st_size
        if size != self._size:
            self.disturbed = f"another program changed {self._path}: {size} bytes where we had written {self._size}"
            self._size = size
        if not _is_at(self._descriptor, self._path):
            self.disturbed = f"{self._path} was moved or removed: entries go where it went, and are not kept here"

    def _read(self) -> int:
        """Verify all that is there. Returns its size in bytes."""
        size = 0
        with os.fdopen(os.dup(self._descriptor), "rb") as file:
            for line in file:
                self.chain.read(line)
                size += len(line)
        return size


def utc_at(at_ns: int) -> str:
    """The time of day when CLOCK_MONOTONIC stood at `at_ns`, ISO 8601."""
    ago_us = (time.monotonic_ns() - at_ns) // NS_PER_US
    return (datetime.now(UTC) - timedelta(microseconds=ago_us)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _open(path: Path) -> int:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder = os.stat(path.parent)
    # In a sticky one, as /tmp is, nobody can move away what is ours.
    if folder.st_uid not in (os.geteuid(), 0) or (folder.st_mode & 0o022 and not folder.st_mode & stat.S_ISVTX):
        raise _UnfitError(f"is in a folder that others may write to: chmod 700 {path.parent}, or {ANOTHER}")
    flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK
    descriptor = os.open(path, flags, 0o600)
    _sync_folder(path.parent)
    return descriptor


def _check(descriptor: int) -> None:
    """Whether the file may be ours to write, and ours alone."""
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        raise _UnfitError(f"is no regular file: {ANOTHER}")
    if status.st_uid != os.geteuid():
        raise _UnfitError(f"belongs to another user: {ANOTHER}")
    if status.st_mode & 0o077:
        raise _UnfitError(f"is open to others, mode {stat.S_IMODE(status.st_mode):o}: chmod 600 it, or {ANOTHER}")
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise _UnfitError("is being written by another run: give each its own with --audit FILE") from None


def _sync_folder(folder: Path) -> None:
    """A new file's name is on the disk only once its folder is."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        with suppress(OSError):  # some file systems cannot, and need not
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _is_at(descriptor: int, path: Path) -> bool:
    ours = os.fstat(descriptor)
    try:
        there = os.lstat(path)
    except OSError:
        return False
    return (there.st_dev, there.st_ino) == (ours.st_dev, ours.st_ino)


def _boot() -> str:
    """Which start of the host this is, as Linux names it; "" where nobody does."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return ""
