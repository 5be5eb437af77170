"""Starts the processes of the surgeon's side and ends them in order."""

import msgspec

from master import tick_log
from master.config import MasterConfig
from protocol.board import Board
from protocol.children import Children
from protocol.records import PilotCounts


def add_pilot_cells(board: Board) -> None:
    """What a pilot writes to."""
    for name in ("pilot", "pilot.link", "pilot.hands", "welcome"):
        board.add_cell(name)
    board.add_ring("pilot.ticks", len(tick_log.COLUMNS), tick_log.RING_ROWS)


class MasterProcesses:
    """Pilot, and the console's stand-in where asked for."""

    def __init__(self, config: MasterConfig) -> None:
        self.board = Board.create("master")
        add_pilot_cells(self.board)
        self.children = Children(self.board)
        self._config = config
        self._pilot = self.board.view("pilot", PilotCounts)

    def start(self) -> tuple[str, ...]:
        """Start all and wait until they work. Returns notes for the user. Raises ChildError with one clear line."""
        self.children.start("pilot", "master.pilot_process", msgspec.json.encode(self._config).decode())
        if self._config.stand_ins:
            self.children.start("console", "master.stand_in", "")
        return self.children.await_ready()

    def line(self) -> str:
        """How it goes, in one line."""
        pilot = self._pilot.latest()
        if pilot is None:
            return "starting"
        paints = ""
        if pilot.commands_sent:
            paints = " | a stand-in paints" if pilot.console_stand_in else " | no console paints: nothing will move"
        refused = f" | pressed in vain: {pilot.refused}" if pilot.refused else ""
        lacks = f" | this kernel has no {', '.join(pilot.lacks)}: slower after cuts" if pilot.lacks else ""
        counts = f"sent {pilot.commands_sent}, ticks missed {pilot.missed}"
        return f"{pilot.mode}{refused} | {pilot.device}{paints} | {counts}{lacks}"

    def survives(self, name: str) -> bool:
        """Without a console the pilot lets go of the arms and says so; without a pilot there is nothing left."""
        return name != "pilot"

    def stop(self) -> None:
        """End all in order; safe at any moment."""
        self.children.stop()
        self.board.remove()
