"""The commands that show a patient's side: `farhand panel` for the team beside it; `watch`, `replay` for engineers."""

import os
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from protocol.command import Keys, store_of
from protocol.curve import NoKeyError, check_key
from protocol.desktop import no_window
from protocol.half import Half
from protocol.key_files import KeyStoreError
from protocol.ports import DEFAULT_PORT
from protocol.roles import Role
from protocol.run_keys import LOOPBACK, RunKeys, find
from protocol.terminal import notice, refuse, refusing, screen

if TYPE_CHECKING:
    from slave.panel.bedside import Bedside


class Speaks(StrEnum):
    """A window's language: by its ISO 639 code."""

    EN = "en"
    ZH = "zh"


class Colours(StrEnum):
    """Dark for a dimmed theatre, light for a bright one."""

    DARK = "dark"
    LIGHT = "light"


Speech = Annotated[Speaks | None, typer.Option("--language", help="en | zh; else as the system's. Can be switched.")]
Theme = Annotated[Colours, typer.Option(help="dark | light")]
Text = Annotated[bool, typer.Option("--text", help="In this terminal, without a window.")]
Once = Annotated[bool, typer.Option("--once", help="One line of status, and no keys.")]


def panel(
    text: Text = False,
    board: Annotated[Path | None, typer.Option(help="Which patient's side, where several run on this host.")] = None,
    once: Once = False,
    press: Annotated[
        str | None,
        typer.Option(help="FREEZE | RELEASE | TAKE | GIVE | RESET | ATTEND | STOP, once, confirmed or exit 1."),
    ] = None,
    language: Speech = None,
    theme: Theme = Colours.DARK,
    half: Annotated[Half, typer.Option(help="whole | left | right: where on the screen.")] = Half.WHOLE,
) -> None:
    """The local staff's panel, on the patient's host: freeze, release, take, give, jog, stop, reset.

    A window; with --text it is in the terminal. It may be closed or killed at any moment: the arms do not notice.
    """
    from protocol.messages import Action
    from slave.panel import text as terminal
    from slave.panel.bedside import Bedside, PanelError, choose_board
    from slave.panel.press import STOP

    buttons = {**{action.value: action.value for action in Action}, "STOP": STOP}
    if press is not None and press not in buttons:
        refuse(f"--press {press!r} is no button; there are: {', '.join(buttons)}")
    with refusing(PanelError):
        bedside = Bedside(choose_board(board))
        if press is not None:
            done = terminal.press_once(bedside, buttons[press])
            screen.print(f"{press}: {'done' if done else 'FAILED'} | {terminal.status_line(bedside)}", soft_wrap=True)
            raise typer.Exit(0 if done else 1)
        if once:
            screen.print(terminal.status_line(bedside), soft_wrap=True, markup=False)
        elif text:
            terminal.show(bedside, screen)
        else:
            _require_window("farhand panel --text shows the panel in this terminal")
            raise typer.Exit(_open_panel(bedside, language, theme, half))


def watch(
    host: Annotated[str, typer.Argument(help="HOST or HOST:PORT of the patient's side.")],
    text: Text = False,
    once: Once = False,
    server_key: Annotated[
        str, typer.Option(help="Public key of the patient's side, where it is not one that this device trusts.")
    ] = "",
    keys: Keys = None,
    language: Speech = None,
    theme: Theme = Colours.DARK,
) -> None:
    """Watch a patient's side: the panel's figures, read only. This device's key must be trusted there as observer.

    A window where there is a display, else in the terminal.
    """
    from protocol.ports import AddressError, parse_address
    from slave.panel import engineer_text
    from slave.panel.bedside import PanelError
    from slave.panel.watching import Watcher

    with refusing(AddressError, PanelError):
        name, port = parse_address(host if ":" in host else f"{host}:{DEFAULT_PORT}")
        watcher = Watcher(name, port, _keys_to_watch_by(name, port, keys, server_key))
        if once:
            heard, line = engineer_text.watch_once(watcher)
            screen.print(line, soft_wrap=True, markup=False)
            raise typer.Exit(0 if heard else 1)
        if _shows_window(text):
            from slave.panel.app import show
            from slave.panel.watch_window import WatchWindow

            raise typer.Exit(
                show(lambda look, _roomy: WatchWindow(look, watcher, f"{name}:{port}"), _locale(language), theme)
            )
        engineer_text.show_watched(watcher, screen)


def replay(
    file: Annotated[Path, typer.Argument(help="ticks.npz of `farhand demo --out`, or the .npz of a trip.")],
    text: Text = False,
    language: Speech = None,
    theme: Theme = Colours.DARK,
) -> None:
    """Replay a stored run at any speed, with a slider over its time.

    A window where there is a display, else in the terminal.
    """
    from slave.panel import engineer_text
    from slave.panel.bedside import PanelError
    from slave.panel.run_file import RunFileError, StoredRun

    with refusing(RunFileError, PanelError):
        run = StoredRun(file)
        if _shows_window(text):
            from slave.panel.app import show
            from slave.panel.replay_window import ReplayWindow

            raise typer.Exit(show(lambda look, _roomy: ReplayWindow(look, run, file.name), _locale(language), theme))
        engineer_text.show_replay(run, screen)


def _open_panel(bedside: "Bedside", language: Speaks | None, theme: str, half: Half) -> int:
    from protocol.widgets.window_figures import tell_if_asked
    from slave.panel.app import show, state_folder
    from slave.panel.window import PanelWindow

    log = state_folder() / "alarms.jsonl"
    return show(
        lambda look, roomy: tell_if_asked(PanelWindow(look, bedside, log, roomy=roomy), "panel"),
        _locale(language),
        theme,
        half,
    )


def _require_window(instead: str) -> None:
    why = no_window()
    if why:
        refuse(f"{why}; {instead}")


def _shows_window(text: bool) -> bool:
    """Whether a window is shown; where none can be, the terminal is told why it is used."""
    why = "" if text else no_window()
    if why:
        notice(f"{why}; this terminal is used")
    return not text and not why


def _locale(language: Speaks | None) -> str:
    """The name of Qt's locale: what was asked for, else what the system speaks."""
    spoken = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    wanted = language or (Speaks.ZH if spoken.startswith("zh") else Speaks.EN)
    return {Speaks.EN: "en", Speaks.ZH: "zh_CN"}[wanted]


def _keys_to_watch_by(host: str, port: int, folder: Path | None, server_key: str) -> RunKeys:
    """On this host those that the run made; elsewhere, or with --keys, this device's own."""
    if folder is None and not server_key and host in LOOPBACK:
        found = find(port, Role.OBSERVER)
        if found is None:
            refuse(f"no patient's side of this user at {host}:{port} made keys for this host: start `farhand slave`")
        return found
    store = store_of(folder)
    with refusing(KeyStoreError, NoKeyError):
        own, server = store.own(), check_key(server_key) if server_key else store.patient(host)
    if own is None:
        refuse(f"{store.folder}: this device has no key yet: farhand keys new")
    if not server:
        refuse(
            f"which key has {host}? On that host `farhand keys show` tells it; here type"
            f" farhand keys trust NAME patient KEY --host {host}"
        )
    return RunKeys(server, own.pair)
