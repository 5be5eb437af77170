"""A recorded console, played at its own pace: both hands, their jaws, and the pedal."""

import gzip
import io
import zlib
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from master.devices.device import DeviceError, DeviceSample, HandInput, resting_hand
from master.devices.increments import HandIntegrator
from master.devices.settings import DeviceSettings

Table: TypeAlias = NDArray[np.float64]

MOTION = ("delx", "dely", "delz", "Qx", "Qy", "Qz", "grasp")
COLUMNS = ("t_ns", *(f"{column}{hand}" for hand in (0, 1) for column in MOTION), "surgeon_mode")
BEGIN_NS = 190_000_000  # the first 0.19 s hold one gap of 169 ms and no motion
TIME_MAX_NS = 10**15  # 11 days from its beginning: what is beyond that is of another clock
LEAD_IN_NS = 500_000_000  # pedal up: the recording begins with it down, and engaging takes an edge


class RecordingDevice:
    """Plays a recording in the format of shared/data/surgeon-peg-transfer.csv.gz, gzipped or plain.

    Script time 0 is `start`; packet k plays at LEAD_IN_NS + t_ns[k] - BEGIN_NS. Earlier packets are left out. Until the
    first packet, and from the last one on, hands rest with the pedal up, stamped now: the script knows that they do.
    In between the stamp is the arrival of the newest packet played, so recorded gaps are gaps.

    Raises DeviceError, naming file, line or column and what was expected, for a file that is not such a recording.
    """

    def __init__(self, path: Path, settings: DeviceSettings) -> None:
        table = read_table(path, settings)
        self.name = f"recording:{path}"
        self._play_ns = [int(t) for t in table[:, 0] - BEGIN_NS + LEAD_IN_NS]
        self._pedal_down = [bool(mode) for mode in table[:, -1] == 1.0]
        self._hands = list(zip(*(_poses(table, hand, settings) for hand in (0, 1)), strict=True))
        self._rest = (resting_hand(settings.jaw_max_rad),) * 2
        self._start_ns: int | None = None
        self._next = 0  # the first packet not yet played

    def start(self, now_ns: int) -> None:
        """Play from the beginning, now."""
        self._start_ns = now_ns
        self._next = 0

    def sample(self, now_ns: int) -> DeviceSample | None:
        """The newest packet due. Each is passed once in the whole playback, so a late tick costs what it missed."""
        script_ns = self._script_ns(now_ns)
        while self._next < len(self._play_ns) and self._play_ns[self._next] <= script_ns:
            self._next += 1
        if self._next == 0:
            return DeviceSample(now_ns - max(0, script_ns - LEAD_IN_NS), self._rest, (False, False))
        newest = self._next - 1
        if self._next == len(self._play_ns):
            return DeviceSample(now_ns, self._hands[newest], (False, False))
        stamp_ns = now_ns - script_ns + self._play_ns[newest]
        return DeviceSample(stamp_ns, self._hands[newest], (self._pedal_down[newest],) * 2)

    def ended(self, now_ns: int) -> bool:
        """Whether the last packet has been played."""
        return self._script_ns(now_ns) >= self._play_ns[-1]

    def close(self) -> None:
        """The file was read whole and closed when it was opened."""

    def _script_ns(self, now_ns: int) -> int:
        return 0 if self._start_ns is None else now_ns - self._start_ns


def read_table(path: Path, settings: DeviceSettings) -> Table:
    """The columns of COLUMNS, one row a packet, from BEGIN_NS on. Raises DeviceError."""
    text = _read_text(path)
    header, _, body = text.partition("\n")
    names = header.strip().split(",")
    if missing := [column for column in COLUMNS if column not in names]:
        raise DeviceError(
            f"{path}: line 1 lacks the columns {', '.join(missing)}; a recording has {', '.join(COLUMNS)}"
        )
    if not body.strip():
        raise DeviceError(f"{path}: no packet after line 1; a recording has one a line")
    try:
        everything: Table = np.loadtxt(io.StringIO(body), delimiter=",", ndmin=2, comments=None)
    except ValueError as error:
        raise DeviceError(f"{path}: {_explain(error, body, len(names))}") from error
    if everything.shape[1] != len(names):
        raise DeviceError(f"{path}: line 2 has {everything.shape[1]} numbers, line 1 names {len(names)} columns")
    table: Table = everything[:, [names.index(column) for column in COLUMNS]]
    _check(table, path, settings)
    table = table[table[:, 0] >= BEGIN_NS]
    if len(table) == 0:
        raise DeviceError(f"{path}: ends before t_ns = {BEGIN_NS}, where playback begins; give a longer recording")
    return table


def _read_text(path: Path) -> str:
    try:
        data = path.read_bytes()
        if data[:2] == b"\x1f\x8b":
            data = gzip.decompress(data)
        return data.decode("ascii")
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise DeviceError(f"{path}: damaged or truncated gzip data ({error}); copy the file again") from error
    except UnicodeDecodeError as error:
        raise DeviceError(
            f"{path}: byte {error.start} is no ASCII text; a recording is CSV, plain or gzipped"
        ) from error
    except OSError as error:
        raise DeviceError(f"{path}: cannot be read ({error.strerror}); give the path of a recording") from error


def _explain(error: ValueError, body: str, width: int) -> str:
    """Which line of the file numpy stumbled over, found again because it counts rows in ways of its own."""
    for line, row in enumerate(body.splitlines(), start=2):
        cells = row.split(",")
        if row.strip() and len(cells) != width:
            return f"line {line} has {len(cells)} cells, line 1 names {width} columns"
        for cell in cells if row.strip() else ():
            try:
                float(cell)
            except ValueError:
                return f"line {line} has {cell.strip()!r} where a number was expected"
    return str(error)


def _check(table: Table, path: Path, settings: DeviceSettings) -> None:
    """Raises DeviceError for the first number that no console sends. Lines count from 1, the header's."""
    _refuse(~np.isfinite(table), table, path, "a finite number")
    far = np.zeros(table.shape, dtype=bool)
    far[:, 0] = np.abs(table[:, 0]) > TIME_MAX_NS
    _refuse(far, table, path, f"a time of at most {TIME_MAX_NS:g} ns")
    late = np.zeros(table.shape, dtype=bool)
    late[1:, 0] = np.diff(table[:, 0]) <= 0.0
    _refuse(late, table, path, "a time after the line before")
    mode = np.zeros(table.shape, dtype=bool)
    mode[:, -1] = ~np.isin(table[:, -1], (0.0, 1.0))
    _refuse(mode, table, path, "0 (pedal up) or 1 (pedal down)")
    bounds = np.full(table.shape[1], np.inf)
    for hand in (0, 1):
        first = 1 + hand * len(MOTION)
        bounds[first : first + 3] = settings.step_max_m / settings.position_m_per_count
        bounds[first + 3 : first + 6] = settings.turn_max_rad / settings.rotation_rad_per_count
    _refuse(np.abs(table) > bounds, table, path, "an increment within step_max_m and turn_max_rad of the settings")


def _refuse(bad: NDArray[np.bool_], table: Table, path: Path, expected: str) -> None:
    if bad.any():
        row, column = map(int, np.argwhere(bad)[0])
        value = table[row, column]
        raise DeviceError(
            f"{path}: line {row + 2}, column {COLUMNS[column]}: {value:.17g} where {expected} was expected"
        )


def _poses(table: Table, hand: int, settings: DeviceSettings) -> list[HandInput]:
    """The hand after each packet."""
    first = 1 + hand * len(MOTION)
    integrator = HandIntegrator(settings)
    poses = []
    for x, y, z, qx, qy, qz, grasp in table[:, first : first + len(MOTION)].tolist():
        integrator.advance((x, y, z), (qx, qy, qz), grasp)
        poses.append(integrator.hand())
    return poses
