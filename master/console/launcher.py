"""The launcher of a console: keeps its window open, and starts the pilot and the check that the window asks for.

It draws nothing and moves nothing. A window that dies is started again at once; one that is silent for so long that it
must hang is ended, and another started. Meanwhile the pilot lets go of the arms by itself, because nobody paints. A
pilot that dies is started again only when the surgeon asks for it.
"""

from collections.abc import Callable
from typing import Protocol

import msgspec

from master.console.check_process import CheckConfig
from master.console.options import ConsoleOptions, WindowOptions, master_config
from master.console.restarts import AT_MOST, Restarts
from master.console_messages import LauncherWish
from master.console_records import NO_CHECK, CheckRun, CheckWord, LauncherWord, PilotStands, Side
from protocol.board import Board, View
from protocol.carriers import CarrierError
from protocol.clock import NS_PER_S
from protocol.fields import clipped
from protocol.ports import AddressError
from protocol.records import Ready
from protocol.roles import Role

WINDOW, PILOT, CHECK = "window", "pilot", "check"
HUNG_NS = 5 * NS_PER_S
"""A window that works says what it wishes ten times a second; a slow driver's first picture takes a second or two."""
OPENS_NS = 30 * NS_PER_S
"""Longer than that no window takes to open. The first one is waited for by whoever starts the console, as long."""
HANGS_OVER_NS = 600 * NS_PER_S
"""Hanging, being ended and opening take a while each: as often as in this time, it will hang again."""
HELD_UP_NS = NS_PER_S
"""A launcher that did not run for so long cannot tell a window that hangs from one that did not run either."""


class Processes(Protocol):
    """What a launcher needs of `protocol.children.Children`."""

    def start(self, name: str, module: str, argument: str) -> None:
        """Start one."""

    def stop_one(self, name: str) -> None:
        """End one, if it is there."""

    def ready(self, name: str) -> Ready | None:
        """What it says of itself."""

    def exit_code(self, name: str) -> int | None:
        """None while it runs."""


def how_it_ended(code: int) -> str:
    """A process's end, in words."""
    return f"signal {-code}" if code < 0 else f"exit code {code}"


class Launcher:
    """`step` it some times a second. `over` is None while there is something to do, then '' or why it had to end;
    `windows`: how many it has opened. `no_window` says why none can be opened now, or ''."""

    def __init__(
        self, children: Processes, board: Board, options: ConsoleOptions, no_window: Callable[[], str]
    ) -> None:
        self._children = children
        self._no_window = no_window
        self._board = board
        self._options = options
        self._restarts = Restarts()
        self._hangs = Restarts(HANGS_OVER_NS)
        self.windows = 0
        self._window_runs = False
        self._window = 0
        self._window_started_ns = 0
        self._window_heard_ns = 0
        self._stepped_ns = 0
        self._asked = (0, 0)
        self._side = options.side
        self._check_s = 0.0
        self._pilot_side: str | None = None
        self._pilot = PilotStands.NONE
        self._trouble = ""
        self._notes: tuple[str, ...] = ()
        self._check = NO_CHECK
        self._check_run: View[CheckRun] | None = None
        self.over: str | None = None

    @property
    def opened(self) -> bool:
        """Whether the window stands on the screen."""
        if not self._window_runs:
            return False
        ready = self._children.ready(WINDOW)
        return ready is not None and ready.ok

    def hear(self, wish: LauncherWish, now_ns: int) -> None:
        """Take in what the window wishes. A window that came anew counts from 0."""
        self._window_heard_ns = now_ns
        if wish.window != self._window:
            self._window, self._asked = wish.window, (0, 0)
        starts, checks = self._asked
        self._asked = (max(starts, wish.pilot_starts), max(checks, wish.checks))
        if wish.side != self._side:
            # What was found of one side tells nothing of another.
            self._side, self._check = wish.side, NO_CHECK
            self._check_run = None
            self._children.stop_one(CHECK)
        self._check_s = wish.check_s
        if self._asked[0] > starts and self._pilot is PilotStands.ENDED:
            self._pilot_side = None
        if self._asked[1] > checks:
            self._start_check(self._asked[1])

    def step(self, now_ns: int) -> None:
        """Look after all of them."""
        self._keep_window(now_ns)
        self._keep_pilot()
        self._keep_check()

    def word(self, now_ns: int, sides: tuple[Side, ...], sides_trouble: str) -> LauncherWord:
        """What the window is told."""
        return LauncherWord(
            stamp_ns=now_ns,
            sides=sides,
            sides_trouble=clipped(sides_trouble),
            side=clipped(self._side),
            pilot=self._pilot,
            trouble=clipped(self._trouble),
            notes=tuple(map(clipped, self._notes)),
            windows=self.windows,
            check=self._check,
        )

    def _keep_window(self, now_ns: int) -> None:
        if now_ns - self._stepped_ns > HELD_UP_NS:
            self._window_heard_ns = self._window_started_ns = now_ns
        self._stepped_ns = now_ns
        if self._window_runs:
            # First of all: one that was closed says nothing any more, and hangs not.
            code = self._children.exit_code(WINDOW)
            if code is None and not self._hangs_now(now_ns):
                return
            if code is None:
                self._replace_hung(now_ns)
                return
            if code == 0:
                self.over = ""  # the surgeon closed it
                return
            ready = self._children.ready(WINDOW)
            if ready is None or not ready.ok:
                told = "; what Qt told stands above: is there a display, and are its libraries installed?"
                why = " ".join(ready.notes) if ready is not None else f"{how_it_ended(code)}{told}"
                self.over = f"the console's window did not open: {why}"
                return
            gone = self._no_window()
            if gone:
                self.over = f"the console's window is gone, and no other can be opened: {gone}; the arms hold"
                return
        if not self._restarts.may_start(now_ns):
            self.over = f"the console's window ended {AT_MOST} times within a minute: it is not started again"
            return
        self._start_window(now_ns)

    def _hangs_now(self, now_ns: int) -> bool:
        if self.opened:
            return now_ns - max(self._window_heard_ns, self._window_started_ns) > HUNG_NS
        self._window_heard_ns = now_ns
        return now_ns - self._window_started_ns > OPENS_NS

    def _replace_hung(self, now_ns: int) -> None:
        self._children.stop_one(WINDOW)
        self._window_runs = False
        if self._hangs.may_start(now_ns):
            self._start_window(now_ns)
        else:
            minutes = HANGS_OVER_NS // (60 * NS_PER_S)
            self.over = f"the console's window hung {AT_MOST} times within {minutes} minutes: it is not started again"

    def _start_window(self, now_ns: int) -> None:
        self.windows += 1
        window = WindowOptions(
            number=self.windows,
            device=self._options.device,
            scale=self._options.scale,
            language=self._options.language,
            theme=self._options.theme,
            request=self._options.request,
            place=self._options.place,
        )
        self._children.start(WINDOW, "master.console.window_process", msgspec.json.encode(window).decode())
        self._window_runs = True
        self._window_started_ns = now_ns

    def _keep_pilot(self) -> None:
        if self._pilot_side != self._side:
            self._start_pilot()
        if self._pilot not in (PilotStands.STARTING, PilotStands.RUNNING):
            return
        ready, code = self._children.ready(PILOT), self._children.exit_code(PILOT)
        if ready is not None and not ready.ok:
            self._pilot, self._trouble = PilotStands.ENDED, " ".join(ready.notes)
        elif code is not None:
            self._pilot, self._trouble = PilotStands.ENDED, f"the pilot ended by itself ({how_it_ended(code)})"
        elif ready is not None:
            self._pilot, self._notes = PilotStands.RUNNING, ready.notes

    def _start_pilot(self) -> None:
        self._pilot_side = self._side
        self._trouble, self._notes = "", ()
        self._children.stop_one(PILOT)
        if not self._side:
            self._pilot = PilotStands.NONE
            return
        try:
            config = master_config(self._options, self._side)
        except (AddressError, CarrierError) as error:
            self._pilot, self._trouble = PilotStands.ENDED, str(error)
            return
        self._children.start(PILOT, "master.pilot_process", msgspec.json.encode(config).decode())
        self._pilot = PilotStands.STARTING

    def _start_check(self, number: int) -> None:
        self._children.stop_one(CHECK)
        self._check_run = None
        self._check = CheckWord(number, running=False, text="", done_s=0.0, seconds=self._check_s, found=None)
        try:
            master = master_config(self._options, self._side, Role.ENGINEER)
        except (AddressError, CarrierError) as error:
            self._check = msgspec.structs.replace(self._check, text=clipped(str(error)))
            return
        self._board.remove_cell("check.run")
        self._board.add_cell("check.run")
        self._check_run = self._board.view("check.run", CheckRun)
        config = CheckConfig(master, self._check_s)
        self._children.start(CHECK, "master.console.check_process", msgspec.json.encode(config).decode())
        self._check = msgspec.structs.replace(self._check, running=True)

    def _keep_check(self) -> None:
        if self._check_run is None:
            return
        # Asked before the cell is read: what it told before it ended is then not missed.
        code = self._children.exit_code(CHECK)
        run = self._check_run.latest()
        if run is not None:
            self._check = msgspec.structs.replace(self._check, text=run.text, done_s=run.done_s, found=run.found)
        if code is not None:
            told = run is not None and (run.failed or run.found is not None)
            text = run.text if told and run is not None else f"the check ended by itself ({how_it_ended(code)})"
            self._check = msgspec.structs.replace(self._check, running=False, text=text)
            self._check_run = None
