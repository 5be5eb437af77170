"""A stored run, read for its replay: the ticks of a `farhand demo --out`, or those that the black box kept."""

import struct
import tokenize
import zipfile
import zlib
from bisect import bisect_right
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from protocol.clock import NS_PER_S
from protocol.codec import UNDECODABLE
from protocol.messages import FreezeClass, Mode
from slave.blackbox import Trip
from slave.panel.history import Span
from slave.panel.picture import Arm, Link, Picture
from slave.tick_log import MODES, columns

Column = NDArray[np.float64]

ARMS_MAX = 4
ROWS_MAX = 20_000_000
"""Five hours at 1 kHz."""
BYTES_MAX = 1 << 32
"""Unpacked: more is no run of ours, and would fill the memory."""

_BROKEN = (
    OSError,
    ValueError,
    EOFError,
    KeyError,
    TypeError,
    SyntaxError,
    RuntimeError,
    OverflowError,
    MemoryError,
    NotImplementedError,
    struct.error,
    zlib.error,
    zipfile.BadZipFile,
    tokenize.TokenError,
)
"""What numpy and zipfile raise of hostile files; found by fuzzing."""


class RunFileError(Exception):
    """A file that is no stored run; the text names it, says why and what is one."""


class Moment(NamedTuple):
    """One tick of a stored run."""

    at_s: float
    picture: Picture


class StoredRun:
    """A run's ticks by time, from 0 s on. Raises RunFileError.

    `trip`: what the black box wrote beside them, None of a whole run. `spans`: its modes, on the run's own clock.
    """

    def __init__(self, path: Path) -> None:
        self._columns = _read(path)
        now_ns = self._columns["now_ns"]
        self.arms = (len(self._columns) - len(columns(0))) // (len(columns(1)) - len(columns(0)))
        self.trip = _trip(path)
        self._begun_ns = int(now_ns[0])
        self.times_s: Column = (now_ns - now_ns[0]) / NS_PER_S
        self.seconds = float(self.times_s[-1])
        self.spans = self._read_spans()
        self._starts_s = [(span.start_ns - self._begun_ns) / NS_PER_S for span in self.spans]

    @property
    def trip_s(self) -> float | None:
        """When it tripped; None of a run that is no trip."""
        return None if self.trip is None else (self.trip.at_ns - self._begun_ns) / NS_PER_S

    def worst_age_ns(self, from_s: float, to_s: float) -> int | None:
        """The greatest loop age after `from_s` up to `to_s`; None where none is known."""
        first, end = np.searchsorted(self.times_s, (from_s, to_s), side="right")
        ages = np.maximum(self._columns["link_age_ns"][first:end], self._columns["seen_age_ns"][first:end])
        worst = ages.max(initial=-1.0)
        return None if worst < 0.0 else int(worst)

    def at(self, at_s: float) -> Moment:
        """The newest tick by then; the first one before it."""
        row = max(0, int(np.searchsorted(self.times_s, at_s, side="right")) - 1)
        number = max(0, bisect_right(self._starts_s, float(self.times_s[row])) - 1)
        span = self.spans[number]
        age = [self._columns[name][row] for name in ("link_age_ns", "seen_age_ns")]
        link = Link(*(None if value < 0.0 else int(value) for value in age))
        picture = Picture(
            mode=span.mode,
            freeze_class=span.freeze_class,
            culprit=span.culprit,
            for_ns=round((self.times_s[row] - self._starts_s[number]) * NS_PER_S),
            slowed=bool(self._columns["slowed"][row]) and span.mode is Mode.FOLLOWING,
            link=link,
            arms=tuple(self._arm(number, row) for number in range(self.arms)),
        )
        return Moment(float(self.times_s[row]), picture)

    def _arm(self, number: int, row: int) -> Arm:
        def value(name: str) -> float:
            return float(self._columns[f"arm{number}_{name}"][row])

        return Arm(
            f"{number + 1}",
            tip_W_m=(value("measured_x"), value("measured_y"), value("measured_z")),
            lag_m=value("lag_m"),
            following=value("following") > 0.0,
            reach=int(value("reach")),
        )

    def _read_spans(self) -> tuple[Span, ...]:
        modes, now_ns = self._columns["mode"], self._columns["now_ns"]
        starts = np.flatnonzero(np.diff(modes, prepend=-1.0))
        spans = [Span(int(now_ns[k]), MODES[int(modes[k])], None, FreezeClass.NONE, "") for k in starts]
        if self.trip is None:
            return tuple(spans)
        # The freeze that the file is about: its class and culprit stand beside the ticks.
        return tuple(_told(span, self.trip) for span in spans)


def _told(span: Span, trip: Trip) -> Span:
    near = abs(span.start_ns - trip.at_ns) < NS_PER_S
    if not near or span.mode is None or span.mode.value != trip.mode:
        return span
    return span._replace(freeze_class=FreezeClass(trip.freeze_class), culprit=trip.culprit)


def _read(path: Path) -> dict[str, Column]:
    wanted = "give the ticks.npz that `farhand demo --out` wrote, or the .npz of a trip"
    try:
        # Opened here: of a file that is broken numpy would leave its own open.
        with path.open("rb") as file:
            archive = np.load(file, allow_pickle=False)
            if not isinstance(archive, np.lib.npyio.NpzFile):
                raise RunFileError(f"{path} is no stored run: it holds one array; {wanted}")
            if archive.zip is None or sum(entry.file_size for entry in archive.zip.infolist()) > BYTES_MAX:
                raise RunFileError(f"{path} is no stored run: it unpacks to more than {BYTES_MAX >> 30} GiB; {wanted}")
            arms = next((n for n in range(1, ARMS_MAX + 1) if set(archive.files) == set(columns(n))), 0)
            if not arms:
                raise RunFileError(f"{path} is no stored run: it has not the columns of a tick log; {wanted}")
            found = {name: _column(archive[name], name, path) for name in columns(arms)}
    except _BROKEN as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise RunFileError(f"{path} cannot be read: {why.lower()}; {wanted}") from error
    _check(found, path)
    return found


def _column(values: NDArray[np.generic], name: str, path: Path) -> Column:
    if values.ndim != 1 or values.dtype != np.float64 or not 0 < len(values) <= ROWS_MAX:
        raise RunFileError(f"{path} is no stored run: {name} is {values.dtype} of shape {values.shape}, not numbers")
    return values.astype(np.float64, copy=False)


def _check(found: dict[str, Column], path: Path) -> None:
    """What a tick log keeps: one length, finite numbers, a time that goes on, and modes that there are."""
    if len({len(column) for column in found.values()}) != 1:
        raise RunFileError(f"{path} is no stored run: its columns differ in length")
    for name, column in found.items():
        if not np.isfinite(column).all() or np.abs(column).max() > 2.0**63:
            raise RunFileError(f"{path} is no stored run: {name} holds numbers that no tick has")
    if (np.diff(found["now_ns"]) < 0.0).any():
        raise RunFileError(f"{path} is no stored run: its time runs backwards")
    modes = found["mode"]
    if not ((modes >= 0.0) & (modes < len(MODES)) & (modes == np.floor(modes))).all():
        raise RunFileError(f"{path} is no stored run: it has modes that this farhand does not know")


def _trip(path: Path) -> Trip | None:
    """What the black box wrote beside the ticks; None where it did not, or not so that it can be read."""
    try:
        trip = msgspec.json.decode(path.with_suffix(".json").read_bytes(), type=Trip)
        FreezeClass(trip.freeze_class)
    except (OSError, *UNDECODABLE):
        return None
    return trip
