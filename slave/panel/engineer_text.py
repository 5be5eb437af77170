"""`farhand watch` and `farhand replay` in a terminal: the same figures, where there is no display."""

import sys
import time
from collections.abc import Callable

from rich.console import Console
from rich.live import Live

from protocol.clock import NS_PER_S
from slave.panel.bedside import PanelError
from slave.panel.link_view import LinkWatch
from slave.panel.picture_lines import picture_lines, status_of
from slave.panel.player import Player
from slave.panel.run_file import StoredRun
from slave.panel.text import drawn, raw_terminal, typed_keys
from slave.panel.view import Line
from slave.panel.watching import Drawer, Watcher

LEFT, RIGHT = "\x1b[D", "\x1b[C"
ENDS = ("q", "\x03", "")
FIRST_WORD_S = 5.0
LOOK_S = 0.02


def show_watched(watcher: Watcher, console: Console) -> None:
    """Live, until q or Ctrl-C."""
    drawer, link = Drawer(), LinkWatch()

    def lines() -> list[Line]:
        seen = watcher.look()
        return [*picture_lines(seen.now_ns, drawer.picture(seen), link), (), ((" q quit", "dim"),)]

    _show(console, lines, lambda _key: None)


def watch_once(watcher: Watcher) -> tuple[bool, str]:
    """Wait for the first word: whether there was one, and the picture in one plain line."""
    drawer = Drawer()
    deadline_s = time.monotonic() + FIRST_WORD_S
    while time.monotonic() < deadline_s:
        seen = watcher.look()
        if seen.state is not None and seen.figures is not None:
            return True, status_of(drawer.picture(seen))
        time.sleep(LOOK_S)
    return False, status_of(drawer.picture(watcher.look()))


def show_replay(run: StoredRun, console: Console) -> None:
    """Plays at once; Space pauses, arrows go a second back or on, + and - change the speed."""
    player, link = Player(run.seconds), LinkWatch()
    player.play()
    passed_s = time.monotonic()

    def lines() -> list[Line]:
        nonlocal passed_s
        now_s = time.monotonic()
        player.step(now_s - passed_s)
        passed_s = now_s
        moment = run.at(player.at_s)
        paused = "" if player.plays else ", paused"
        where = f" {moment.at_s:.3f} of {run.seconds:.1f} s, {player.speed:g} times life{paused}"
        rows = picture_lines(round(moment.at_s * NS_PER_S), moment.picture, link)
        return [*rows, (), ((where, "bold"),), ((" space play/pause   arrows a second   + - speed   q quit", "dim"),)]

    def press(key: str) -> None:
        nonlocal link
        if key == " ":
            player.pause() if player.plays else player.play()
        elif key in (LEFT, RIGHT):
            player.seek(player.at_s + (1.0 if key == RIGHT else -1.0))
            link = LinkWatch()
        elif key in ("+", "="):
            player.faster()
        elif key == "-":
            player.slower()

    _show(console, lines, press)


def _show(console: Console, lines: Callable[[], list[Line]], press: Callable[[str], None]) -> None:
    if not (sys.stdin.isatty() and console.is_terminal):
        raise PanelError("without a display this needs a terminal for its keys; use --once in scripts")
    with raw_terminal(sys.stdin.fileno()), Live(console=console, auto_refresh=False, screen=True) as live:
        while True:
            live.update(drawn(lines()), refresh=True)
            for key in typed_keys(sys.stdin.fileno()):
                if key in ENDS:
                    return
                press(key)
