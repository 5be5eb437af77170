"""Between the window and its pilot and launcher: cells to look into, ipc to ask by. No Qt; nothing waits or raises."""

import zmq

from master.console.intent import Intent
from master.console.snapshot import Snapshot
from master.console_messages import LauncherWish, WindowHand, WindowHands, Wishes
from master.console_records import LauncherWord
from master.pilot_records import PilotHands, PilotLink
from protocol import lanes
from protocol.board import Board
from protocol.clock import NS_PER_MS
from protocol.codec import FrameError, decode_state, encode
from protocol.messages import ConsoleReport, State, Welcome
from protocol.records import PilotCounts

REPEAT_NS = 100 * NS_PER_MS
DRAINS = 16
"""More than waits at most: what the socket and the pilot's own hold, at so many a turn."""


class Bridge:
    """`window` is the number that this window drew."""

    def __init__(self, board: Board, window: int) -> None:
        self._window = window
        self._launcher = board.view("launcher", LauncherWord)
        self._pilot = board.view("pilot", PilotCounts)
        self._link = board.view("pilot.link", PilotLink)
        self._hands = board.view("pilot.hands", PilotHands)
        self._welcome = board.view("welcome", Welcome)
        self._context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        self._states = lanes.pull(self._context)
        self._states.connect(board.ipc("console.states"))
        self._reports = self._asking(board, "console.reports")
        self._wishes = self._asking(board, "console.wishes")
        self._moved = self._asking(board, "console.hands")
        self._launches = self._asking(board, "launcher.wishes")
        self._state: State | None = None
        self._state_ns: int | None = None
        self._told: tuple[Wishes, LauncherWish] | None = None
        self._told_ns = 0

    def look(self, now_ns: int) -> Snapshot:
        """Everything that is known now."""
        link, welcome = self._link.latest(), self._welcome.latest()
        self._take_newest(now_ns)
        session = 0 if link is None else link.session
        ours = self._state is not None and session != 0 and self._state.session == session
        return Snapshot(
            now_ns=now_ns,
            launcher=self._launcher.latest(),
            pilot=self._pilot.latest(),
            link=link,
            hands=self._hands.latest(),
            welcome=welcome if welcome is not None and welcome.session == session != 0 else None,
            state=self._state if ours else None,
            state_ns=self._state_ns if ours else None,
        )

    def _take_newest(self, now_ns: int) -> None:
        """One sender, one connection: states come in order. Of a window that hung, many wait; the last alone is of now,
        and one that was known already is word of nothing."""
        newest: State | None = None
        for _ in range(DRAINS):
            frames = lanes.drain(self._states)
            if not frames:
                break
            for frame in reversed(frames):
                try:
                    newest = decode_state(frame)
                except FrameError:
                    continue
                break
        if newest is not None and newest != self._state:
            self._state, self._state_ns = newest, now_ns

    def painted(self, state: State) -> None:
        """This state stands on the screen."""
        report = ConsoleReport(
            version=1,
            painted_ns=state.stamp_ns,
            stop_number=state.stop_number,
            nonce=state.nonce,
            stand_in=False,
        )
        lanes.send(self._reports, encode(report))

    def ask(self, intent: Intent, now_ns: int) -> None:
        """Tell what is wished, when it has changed, and again ten times a second."""
        told = intent.wishes(), intent.launcher_wish()
        if told == self._told and now_ns - self._told_ns < REPEAT_NS:
            return
        self._told, self._told_ns = told, now_ns
        lanes.send(self._wishes, encode(told[0]))
        lanes.send(self._launches, encode(told[1]))

    def move(self, hands: tuple[WindowHand, WindowHand], now_ns: int) -> None:
        """Where keyboard and mouse have the hands now."""
        lanes.send(self._moved, encode(WindowHands(1, self._window, now_ns, hands)))

    def close(self) -> None:
        """Let go of all sockets."""
        for socket in (self._states, self._reports, self._wishes, self._moved, self._launches):
            socket.close(0)
        self._context.term()

    def _asking(self, board: Board, name: str) -> lanes.Socket:
        socket = lanes.push(self._context)
        socket.connect(board.ipc(name))
        return socket
