"""Files that are this user's alone, of 0600 in a folder that nobody else can write.

A list that others could write would let them in; a secret that others can read is none: both are refused, with the
remedy. Nothing is changed in place: a new file takes the old one's name, so that a crash leaves one of the two.
"""

import fcntl
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

BYTES_AT_MOST = 1 << 20
LOCK = ".lock"


class KeyStoreError(Exception):
    """Keys that cannot be used as they are; the text says why and what to do."""


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Of two who change files in `folder` at once one waits: or the second would write back what the first took out."""
    _make_folder(folder)
    try:
        descriptor = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise KeyStoreError(f"{folder / LOCK} cannot be opened: {_why(error)}") from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def read_private(path: Path) -> bytes | None:
    """What is in the file; None where there is none. Raises KeyStoreError for one that is not ours alone."""
    try:
        # Not blocking: somebody may have put a pipe there.
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise KeyStoreError(f"{path} cannot be read: {_why(error)}: keys are plain files of our own") from error
    try:
        _check_folder(path.parent)
        _check_file(path, os.fstat(descriptor))
        content = os.read(descriptor, BYTES_AT_MOST + 1)
    except OSError as error:
        raise KeyStoreError(f"{path} cannot be read: {_why(error)}") from error
    finally:
        os.close(descriptor)
    if len(content) > BYTES_AT_MOST:
        raise KeyStoreError(f"{path} is longer than {BYTES_AT_MOST} bytes: no list of ours")
    return content


def write_private(path: Path, content: bytes) -> None:
    """Put `content` in the file's place, whole. Raises KeyStoreError where that cannot be done."""
    fresh = path.parent / f".{path.name}.{os.getpid()}"
    _make_folder(path.parent)
    try:
        fresh.unlink(missing_ok=True)
        # Ours and new: a file that another put there would be read by him.
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(descriptor)
        fresh.replace(path)
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        raise KeyStoreError(f"{path} cannot be written: {_why(error)}") from error


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise KeyStoreError(f"{folder} cannot be made: {_why(error)}") from error
    _check_folder(folder)


def _check_folder(folder: Path) -> None:
    """Whoever can write the folder can put an older list in place of ours."""
    try:
        found = folder.stat()
    except OSError as error:
        raise KeyStoreError(f"{folder} cannot be looked at: {_why(error)}") from error
    if found.st_uid != os.getuid():
        raise KeyStoreError(f"{folder} belongs to user {found.st_uid}, not to us: give --keys a folder of ours")
    if stat.S_IMODE(found.st_mode) & 0o022:
        mode = stat.S_IMODE(found.st_mode)
        raise KeyStoreError(f"{folder} can be written by others (mode {mode:04o}): chmod 700 {folder}")


def _check_file(path: Path, found: os.stat_result) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise KeyStoreError(f"{path} is no plain file: keys are kept in plain files of our own")
    if found.st_uid != os.getuid():
        raise KeyStoreError(f"{path} belongs to user {found.st_uid}, not to us: chown {os.getuid()} {path}")
    if stat.S_IMODE(found.st_mode) & 0o077:
        raise KeyStoreError(
            f"{path} is open to others (mode {stat.S_IMODE(found.st_mode):04o}, limit 0600): chmod 600 {path};"
            " where others may have read it, make a new key"
        )


def _why(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
