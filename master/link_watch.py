"""Watches a link for a minute, with a hand that does nothing: the run behind `farhand check-link`."""

import time
from collections.abc import Callable

import msgspec
import numpy as np

from master.check_link import LinkCheck, Ticks, check
from master.config import MasterConfig
from master.launch import MasterProcesses
from master.tick_log import COLUMNS
from protocol.children import ChildError
from protocol.messages import Welcome
from protocol.records import PilotCounts

LOOK_EVERY_S = 0.1
ANSWER_LIMIT_S = 20.0
SETTLE_S = 2.0
"""Lanes open and their windows fill; what is measured begins after that."""


def watch(config: MasterConfig, seconds: float, progress: Callable[[str, float], None]) -> LinkCheck:
    """Open a session, stream commands that ask for nothing, and judge what comes back. Raises ChildError."""
    processes = MasterProcesses(msgspec.structs.replace(config, device="still", stand_ins=False))
    try:
        processes.start()
        return _watch(processes, seconds, progress)
    finally:
        processes.stop()


def _watch(processes: MasterProcesses, seconds: float, progress: Callable[[str, float], None]) -> LinkCheck:
    welcomes, counts = processes.board.view("welcome", Welcome), processes.board.view("pilot", PilotCounts)
    ring, position = processes.board.ring("pilot.ticks"), 0
    rows: list[bytes] = []
    begun_s: float | None = None
    asked_s = time.monotonic()
    worst_loss: float | None = None
    while True:
        time.sleep(LOOK_EVERY_S)
        pilot, welcome, now_s = counts.latest(), welcomes.latest(), time.monotonic()
        if "pilot" in processes.children.ended():
            raise ChildError("the pilot process ended by itself")
        if begun_s is None:
            begun_s, position = (now_s, ring.written) if _answers(pilot, welcome) else (None, 0)
            progress("waiting for an answer" if pilot is None else pilot.mode, 0.0)
            if begun_s is None and now_s - asked_s > ANSWER_LIMIT_S:
                raise ChildError(pilot.mode if pilot is not None else "no answer")
            continue
        new, position, _ = ring.take(position)
        if now_s - begun_s < SETTLE_S:
            continue
        rows.append(new)
        if pilot is not None and pilot.packet_loss is not None:
            worst_loss = max(pilot.packet_loss, worst_loss or 0.0)
        elapsed_s = now_s - begun_s - SETTLE_S
        progress("measuring; nothing moves", elapsed_s)
        if elapsed_s >= seconds and welcome is not None:
            return _judge(b"".join(rows), welcome, worst_loss)


def _answers(pilot: PilotCounts | None, welcome: Welcome | None) -> bool:
    return pilot is not None and welcome is not None and pilot.answered


def _judge(rows: bytes, welcome: Welcome, packet_loss: float | None) -> LinkCheck:
    table = np.frombuffer(rows, dtype=np.float64).reshape(-1, len(COLUMNS))
    now_ns, heard_ns, state_ns = (table[:, COLUMNS.index(name)] for name in ("now_ns", "heard_sent_ns", "state_ns"))
    return check(Ticks(now_ns, heard_ns, state_ns, packet_loss), welcome.procedure, welcome.limits)
