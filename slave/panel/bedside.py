"""The panel's place on the patient's host: the board's cells, and the two sockets that presses go over.

Whoever shows it, a window or a terminal, looks and presses here. It holds no path of control: that it dies changes
nothing but that nobody presses.
"""

import secrets
import time
from pathlib import Path

import zmq

from kinematics.description import DescriptionError, RobotDescription, load_description
from protocol import lanes
from protocol.audit_records import Turns
from protocol.board import Board, living_boards
from protocol.cells import CellError
from protocol.codec import encode
from protocol.messages import Other, StaffStop
from protocol.records import Accepted, Authority, IntakeCounts, Measured, Report, Run, Session
from safety.limits import Limits, LimitsError, load_limits
from slave.panel.case_log import recalled
from slave.panel.history import Span
from slave.panel.hold import Held
from slave.panel.parts import Parts, Records
from slave.panel.press import Presses
from slave.panel.snapshot import Snapshot

BOOT = Path("/proc/sys/kernel/random/boot_id")


class PanelError(Exception):
    """No panel can be shown; the text says why and what to do."""


def choose_board(wanted: Path | None) -> Path:
    """The one that runs, or the one that was asked for. Raises PanelError."""
    found = living_boards("slave")
    if wanted is not None:
        if not (wanted / "authority").exists():
            raise PanelError(f"--board {wanted} is no running patient's side; running are: {_listed(found)}")
        return wanted
    if not found:
        raise PanelError("no patient's side runs on this host: start one with `farhand slave`")
    if len(found) > 1:
        raise PanelError(f"several patient's sides run on this host; name one with --board: {_listed(found)}")
    return found[0]


def _listed(found: list[Path]) -> str:
    return ", ".join(map(str, found)) or "none"


class Bedside:
    """One patient's side of this host, looked at and pressed upon. Raises PanelError where it cannot be.

    `arm` and `axis` are those chosen for the jog.
    """

    def __init__(self, directory: Path) -> None:
        try:
            self._board = Board(directory)
            run = self._board.view("run", Run).latest()
            self._authority = self._board.view("authority", Authority)
            self._measured = self._board.view("measured", Measured)
            self._drives = self._board.view("drives.measured", Measured)
            self._report = self._board.view("report", Report)
            self._session = self._board.view("session", Session)
            self._accepted = self._board.view("accepted", Accepted)
            self._intake = self._board.view("intake", IntakeCounts)
            self._turns = self._board.view("turns", Turns)
        except CellError as error:
            raise PanelError(f"{error}; it may just have ended") from error
        if run is None:
            raise PanelError(f"{directory} does not say which robot it is; is it just starting?")
        self.run = run
        try:
            self._robot = load_description(run.robot)
            self._limits: Limits = load_limits(run.procedure)
        except (DescriptionError, LimitsError) as error:
            raise PanelError(f"{directory} runs what this farhand does not know: {error}") from error
        self._context: lanes.Context = zmq.Context()
        self._staff, self._stops = lanes.push(self._context), lanes.push(self._context)
        self._staff.connect(self._board.ipc("staff"))
        self._stops.connect(self._board.ipc("drives.stop"))
        self._parts = Parts()
        self.presses = Presses(secrets.randbits(62))
        self.arm = 0
        self.axis = 2

    @property
    def robot(self) -> RobotDescription:
        """The one that stands there."""
        return self._robot

    def look(self) -> Snapshot:
        """What is known now; also sends a stop again that was not heard."""
        records = Records(
            session=self._session.latest(),
            accepted=self._accepted.latest(),
            intake=self._intake.latest(),
            report=self._report.latest(),
            authority=self._authority.latest(),
            measured=self._measured.latest(),
            drives=self._drives.latest(),
        )
        turns = self._turns.latest()
        now_ns = time.monotonic_ns()
        authority = records.authority
        for message in self.presses.step(now_ns, authority, records.drives):
            self._send(message)
        known = authority is not None and authority.limits_hash == self._limits.hash
        return Snapshot(
            now_ns=now_ns,
            robot=self._robot,
            authority=authority,
            measured=records.measured,
            drives=records.drives,
            report=records.report,
            session=records.session,
            what=self.presses.what,
            outcome=self.presses.outcome,
            arm=self.arm,
            axis=self.axis,
            parts=self._parts.step(now_ns, records),
            outcomes=self.presses.outcomes,
            accepted=records.accepted,
            intake=records.intake,
            turns=turns,
            run=self.run,
            limits=self._limits if known else None,
            ended=not self._board.directory.exists(),
        )

    def press(self, what: str) -> None:
        """One press of a button."""
        self._send(self.presses.press(what, time.monotonic_ns()))

    def jog(self, held: Held) -> None:
        """The jog is held down, still."""
        self._send(self.presses.jog(time.monotonic_ns(), *held))

    def let_go(self) -> None:
        """The jog is held down no more: it ends now, and not when its repeats are missed."""
        message = self.presses.let_go()
        if message is not None:
            self._send(message)

    def recall(self) -> tuple[Span, ...]:
        """The modes of this case before now, from its audit log; none where it keeps none. Reads a file."""
        try:
            boot = BOOT.read_text(encoding="ascii").strip()
        except OSError:
            boot = ""
        return recalled(Path(self.run.audit), boot) if self.run.audit else ()

    def close(self) -> None:
        """Look and press no more."""
        self._staff.close()
        self._stops.close()
        self._context.term()

    def _send(self, message: Other) -> None:
        socket = self._stops if isinstance(message, StaffStop) else self._staff
        lanes.send(socket, encode(message))
