"""The patient's side and a rightful surgeon as real processes, each known by a key of its own, for attackers to try.

Who else has a key: `NAMED`, one device in each role, and one that was trusted and is no more. All of it is on one host;
an attacker gives himself an address of his own by his source on loopback (127.0.0.2, ...).
"""

import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np

from bench.summary import FOLLOWING, TickLog, floats
from master.config import MasterConfig
from master.devices.recording import MOTION
from master.launch import MasterProcesses
from protocol.curve import KeyPair, new_pair
from protocol.key_store import KeyStore
from protocol.messages import Mode
from protocol.ports import free_ports
from protocol.records import Accepted, Authority, IntakeCounts, PilotCounts, Session
from protocol.roles import Role
from safety.limits import load_limits
from slave.config import SlaveConfig
from slave.launch import SlaveProcesses, development_lease_ns

HOST = "127.0.0.1"
ROBOT, PROCEDURE = "psm", "laparoscopic"
SURGEON = "theatre-1"
NAMED = {
    "theatre-2": Role.SURGEON,
    "tablet": Role.LOCAL,
    "observer": Role.OBSERVER,
    "engineer": Role.ENGINEER,
    "dismissed": Role.SURGEON,
}
REVOKED = "dismissed"
LOOK_S = 0.01
FOLLOWING_S = 45.0
PRESS_S, LIFT_S, PRESSED_FOR_S = 3.5, 0.5, 900.0
PACKET_S = 0.05


class Entry(msgspec.Struct, frozen=True):
    """What of an entry of the audit log is judged."""

    monotonic_ns: int
    what: str
    who: str
    why: str
    count: int = 1


class Ticks(NamedTuple):
    """What the controller noted of a span of time, and how many of its rows were lost to us."""

    log: TickLog
    lost: int

    def tip_way_mm(self) -> float:
        """How far a tip was, at most, from where it stood at the first tick, as the drives measured it."""
        ways = [self.log.vector(arm, "measured") for arm in range(len(self.log.arms))]
        return max(float(np.linalg.norm(way - way[:1], axis=1).max()) for way in ways) * 1e3

    def followed(self) -> bool:
        """Whether an arm followed at any of its ticks."""
        return bool((self.log["mode"] == FOLLOWING).any())

    def command_ages_ms(self) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        """Of the newest accepted command, at every tick: both sides are on one host, and have one clock."""
        return (self.log["now_ns"] - self.log["sent_ns"]) / 1e6


class Theatre:
    """Runs from `start` until `stop`. `folder` holds the keys and the audit log; `device` is the surgeon's.

    `by_port`: where the surgeon connects to, if not to the patient's side itself.
    """

    def __init__(self, folder: Path, device: str, *, seed: int = 1, by_port: int | None = None) -> None:
        self.port = free_ports()
        self.keys = {name: new_pair() for name in NAMED}
        self.log_path = folder / "audit.jsonl"
        self._trusted = KeyStore(folder / "patient")
        self._trust(folder)
        lease_ns = development_lease_ns(load_limits(PROCEDURE))
        self.slave = SlaveProcesses(
            SlaveConfig(
                HOST,
                self.port,
                PROCEDURE,
                lease_ns,
                ROBOT,
                stand_ins=True,
                keys=str(folder / "patient"),
                audit=str(self.log_path),
            )
        )
        to_port = self.port if by_port is None else by_port
        keys = str(folder / "surgeon")
        self.master = MasterProcesses(
            MasterConfig(HOST, to_port, device, SURGEON, seed=seed, stand_ins=True, keys=keys)
        )
        board = self.slave.board
        self.authority = board.view("authority", Authority)
        self.session = board.view("session", Session)
        self.accepted = board.view("accepted", Accepted)
        self.intake = board.view("intake", IntakeCounts)
        self.pilot = self.master.board.view("pilot", PilotCounts)
        self._ring = board.ring("ticks")
        self._sent = self.master.board.ring("pilot.ticks")

    def _trust(self, folder: Path) -> None:
        patient = self._trusted.make_own("patient")
        surgeon = KeyStore(folder / "surgeon")
        self.keys[SURGEON] = surgeon.make_own(SURGEON).pair
        surgeon.trust("patient", Role.PATIENT, patient.public, HOST)
        self.server_key = patient.public
        for name, role in {SURGEON: Role.SURGEON, **NAMED}.items():
            self._trusted.trust(name, role, self.keys[name].public)
        self._trusted.revoke(REVOKED)

    def revoke(self, name: str) -> None:
        """Trust a device no more, while all runs."""
        self._trusted.revoke(name)

    def key(self, name: str) -> KeyPair:
        """The key of a device; of one that nobody knows, a fresh one."""
        return self.keys[name] if name in self.keys else new_pair()

    def start(self) -> None:
        """Start all. Raises ChildError."""
        self.slave.start()
        self.master.start()

    def stop(self) -> None:
        """End all; safe at any moment."""
        self.master.stop()
        self.slave.stop()

    def await_following(self, seconds: float = FOLLOWING_S) -> bool:
        """Wait until an arm follows; False when it does not in so long."""
        return self.until(lambda: self.mode() is Mode.FOLLOWING, seconds)

    @staticmethod
    def until(condition: Callable[[], bool], seconds: float) -> bool:
        """Wait until `condition` holds; False when it does not in so long."""
        deadline_s = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > deadline_s:
                return False
            time.sleep(LOOK_S)
        return True

    def mode(self) -> Mode | None:
        """The supervisor's."""
        authority = self.authority.latest()
        return None if authority is None else authority.mode

    def mark(self) -> int:
        """Where the controller's notes are now: `ticks` gives all since."""
        return self._ring.written

    def ticks(self, since: int) -> Ticks:
        """What the controller noted since a `mark`."""
        rows, _, lost = self._ring.take(since)
        return Ticks(TickLog(floats([rows]), self.slave.arms, 1000), lost)

    def told(self, since_ns: int = 0) -> list[Entry]:
        """The audit log's entries since a time of this host's clock."""
        try:
            lines = self.log_path.read_bytes().split(b"\n")
        except FileNotFoundError:
            return []
        entries = [msgspec.json.decode(line, type=Entry) for line in lines if line.endswith(b"}")]
        return [entry for entry in entries if entry.monotonic_ns >= since_ns]


def engaged_at_rest(path: Path) -> str:
    """A device for a surgeon whose pedals go down again and again and whose hands do not move at all.

    Whatever then moves a tip was not the surgeon. Written to `path`, as a recording.
    """
    names = ["t_ns", "surgeon_mode", *(f"{what}{hand}" for hand in (0, 1) for what in MOTION)]
    period = round((PRESS_S + LIFT_S) / PACKET_S)
    lines = [",".join(names)]
    for packet in range(round(PRESSED_FOR_S / PACKET_S)):
        down = packet % period < round(PRESS_S / PACKET_S)
        lines.append(f"{round((packet + 4) * PACKET_S * 1e9)},{int(down)}" + ",0" * (2 * len(MOTION)))
    path.write_text("\n".join(lines) + "\n", encoding="ascii")
    return f"recording:{path}"
