"""Starts the processes of the patient's side and ends them in order."""

from pathlib import Path

import msgspec

from kinematics.description import load_description
from protocol import realtime, run_keys
from protocol.audit_records import AuditState
from protocol.board import Board
from protocol.children import Children
from protocol.fields import TEXT_MAX
from protocol.key_store import KeyStore
from protocol.messages import Mode
from protocol.records import Authority, IntakeCounts, Run, Session
from safety import turns
from safety.limits import Limits
from safety.supervisor_process import SupervisorConfig
from slave import phases
from slave.config import SlaveConfig
from slave.tick_log import RING_ROWS, columns

CELLS = (
    "accepted",
    "session",
    "intake",
    "authority",
    "permit",
    "run",
    "setpoint",
    "report",
    "measured",
    "drives.order",
    "drives.measured",
    "audit.state",
)


def development_lease_ns(limits: Limits) -> int:
    """The permit's lease for simulated drives on this host: the short one where SCHED_FIFO is granted."""
    return limits.process.lease_ns if realtime.fifo_allowed() else limits.process.lease_shared_ns


class SlaveProcesses:
    """Drives, plant, controller, supervisor, gateway, and the staff's stand-in where asked for.

    Raises KeyStoreError where this device's key is asked for and cannot be used.
    """

    def __init__(self, config: SlaveConfig) -> None:
        self.arms = tuple(mount.name for mount in load_description(config.robot).mounts)
        self.board = Board.create("slave")
        for name in CELLS:
            self.board.add_cell(name)
        self.board.add_cell("turns", turns.CELL_BYTES)
        self.board.add_ring("ticks", len(columns(len(self.arms))), RING_ROWS)
        own = KeyStore(Path(config.keys)).own() if config.keys else None
        self.server_key = run_keys.make(self.board, config.host, config.port, None if own is None else own.pair)
        """What a master must know, to be sure that it speaks to us."""
        self.children = Children(self.board)
        self._config = config
        # A path that no record has room for is one that no panel can read again.
        audit = config.audit if len(config.audit) <= TEXT_MAX else ""
        run = Run(config.robot, config.procedure, config.stand_ins, config.lease_ns, audit)
        self.board.post("run", Run).publish(run)
        self._authority = self.board.view("authority", Authority)
        self._session = self.board.view("session", Session)
        self._intake = self.board.view("intake", IntakeCounts)
        self._audit = self.board.view("audit.state", AuditState)

    def start(self) -> tuple[str, ...]:
        """Start all and wait until they work. Returns notes for the user. Raises ChildError with one clear line."""
        config = msgspec.json.encode(self._config).decode()
        supervisor = SupervisorConfig(
            robot=self._config.robot,
            procedure=self._config.procedure,
            lease_ns=self._config.lease_ns,
            rate_hz=self._config.rate_hz,
            phase_ns=phases.SUPERVISOR.phase_ns,
            priority=phases.SUPERVISOR.priority,
        )
        self.children.start("drives", "slave.plants.drives_process", config)
        self.children.start("plant", "slave.plants.plant_process", config)
        self.children.start("controller", "slave.controller_process", config)
        if self._config.audit:
            # Before those of whom it tells, so that it ends after them and misses nothing of their end.
            self.children.start("audit", "slave.audit_process", config)
        self.children.start("supervisor", "safety.supervisor_process", msgspec.json.encode(supervisor).decode())
        self.children.start("gateway", "slave.gateway", config)
        if self._config.trips:
            self.children.start("blackbox", "slave.blackbox_process", config)
        if self._config.stand_ins:
            self.children.start("staff", "slave.stand_in", "")
        return self.children.await_ready()

    def line(self) -> str:
        """How it goes, in one line."""
        authority, session, intake = self._authority.latest(), self._session.latest(), self._intake.latest()
        if authority is None or session is None or intake is None:
            return "starting"
        who = f"{session.master} ({session.device})" if session.number else "no surgeon's session"
        why = f" | {authority.culprit}" if authority.culprit else ""
        rejected = sum(intake.rejected.values())
        staff = " | a stand-in presses for the staff" if self._config.stand_ins else ""
        if authority.mode in (Mode.SAFE, Mode.LOCAL) and not self._config.stand_ins:
            staff = " | waits for the staff: farhand panel"
        counts = f"accepted {intake.accepted}, rejected {rejected}"
        audit = self._audit.latest()
        trouble = f" | AUDIT LOG: {audit.trouble}" if audit is not None and audit.trouble else ""
        return f"{authority.mode} | owner {authority.owner}{why}{staff} | {who} | {counts}{trouble}"

    def survives(self, name: str) -> bool:
        """Always: whoever is left holds the arm, and tells the staff."""
        return True

    def stop(self) -> None:
        """End all in order; safe at any moment."""
        self.children.stop()
        self.board.remove()
