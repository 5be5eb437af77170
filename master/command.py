"""The command of the surgeon's side: `farhand master`."""

import socket
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from protocol.carriers import Carriage, CarrierError, parse_carrier
from protocol.command import Keys, store_of
from protocol.curve import NoKeyError, check_key
from protocol.ports import DEFAULT_PORT
from protocol.roles import Role
from protocol.run_keys import LOOPBACK
from protocol.terminal import ending_in_order, progressing, refuse, refusing, require, screen, serve

if TYPE_CHECKING:
    from master.config import MasterConfig

ADDRESS = f"127.0.0.1:{DEFAULT_PORT}"
DEVICE_HELP = (
    "synthetic | recording:FILE | itp:PORT | mouse | evdev:PATH | spacemouse | still."
    " synthetic invents two hands from --seed; recording plays a surgeon's CSV; still does nothing;"
    " itp hears a console's UDP packets."
)
CONSOLE_DEVICE_HELP = f"window | {DEVICE_HELP} window is keyboard and mouse, for trying; all can be changed there."
Device = Annotated[str, typer.Option("--device", help=DEVICE_HELP)]
Seed = Annotated[int, typer.Option(min=0, help="Seed of the synthetic hands.")]
Scale = Annotated[float, typer.Option(help="Tip millimetres for each millimetre of the hand, 0.01 to 2.0.")]
Filter = Annotated[bool, typer.Option(help="Take 8-12 Hz out of the hands; costs 23 ms of delay.")]


ServerKey = Annotated[
    str, typer.Option(help="Public key of the patient's side, where it is not one that this device trusts.")
]
CarrierOption = Annotated[
    list[str] | None,
    typer.Option(help="ADDRESS or DEVICE of ours, @HOST if the peer has another there. Again for a second network."),
]


def absolute(device: str) -> str:
    """The device's spec with a file made absolute: our processes run elsewhere."""
    if not device.isprintable():
        refuse(f"device {device!r} has characters that cannot be printed; rename the file")
    kind, _, argument = device.partition(":")
    return f"{kind}:{Path(argument).expanduser().resolve()}" if kind in ("recording", "evdev") and argument else device


ADVICE_CODES = {"GO": 0, "NO-GO": 1, "GO SLOWLY": 3, "UNKNOWN": 4}


def check_link(
    host: Annotated[str, typer.Argument(help="HOST or HOST:PORT of the patient's side.")],
    seconds: Annotated[float, typer.Option(help="How long the link is watched.")] = 60.0,
    server_key: ServerKey = "",
    carrier: CarrierOption = None,
    keys: Keys = None,
) -> None:
    """Before a case: go, go slowly, or no-go, by the limits that the patient's side has in force. Nothing moves.

    Takes the session for that time, so that no surgeon may have it. Exit code: 0 go, 3 go slowly, 1 no-go, 4 unknown.
    """
    from master.config import MasterConfig
    from master.link_watch import watch
    from master.screen import check_table
    from protocol.ports import AddressError, parse_address

    require("--seconds", seconds, 5.0, 3600.0)
    with refusing(AddressError, CarrierError, NoKeyError):
        name, port = parse_address(host if ":" in host else f"{host}:{DEFAULT_PORT}")
        carriers = tuple(parse_carrier(text, name) for text in carrier or ())
    config = MasterConfig(
        name,
        port,
        "still",
        socket.gethostname(),
        keys=_keys_to_connect_by(name, keys, server_key),
        role=Role.ENGINEER,
        server_key=server_key,
        carriers=carriers,
    )
    _require_keys(config)
    with ending_in_order(), progressing(screen, seconds, "check-link") as progress:
        found = watch(config, seconds, progress)
    screen.print(check_table(found))
    raise typer.Exit(ADVICE_CODES[found.advice.value])


def master(
    connect: Annotated[str, typer.Option(help="HOST:PORT of the patient's side.")] = ADDRESS,
    device: Device = "synthetic",
    seed: Seed = 1,
    scale: Scale = 1.0,
    tremor_filter: Filter = True,
    server_key: ServerKey = "",
    carrier: CarrierOption = None,
    carriage: Annotated[
        Carriage, typer.Option(help="With several carriers: share the lanes out, or send all over each.")
    ] = Carriage.STRIPE,
    stand_ins: Annotated[
        bool, typer.Option("--stand-ins", help="Let a script paint for the console, and say so.")
    ] = False,
    keys: Keys = None,
) -> None:
    """The surgeon's side: an input device and the pilot that sends its motion.

    To a patient's side at 127.0.0.1 it goes by keys that were made for that run; to any other, or with --keys, by this
    device's key, which must be trusted there as surgeon: see `farhand keys`.
    """
    from master.clutch import SCALE_MAX, SCALE_MIN
    from master.config import MasterConfig
    from master.launch import MasterProcesses
    from protocol.ports import AddressError, parse_address

    require("--scale", scale, SCALE_MIN, SCALE_MAX)
    with refusing(AddressError, CarrierError, NoKeyError):
        host, port = parse_address(connect)
        carriers = tuple(parse_carrier(text, host) for text in carrier or ())
    config = MasterConfig(
        host,
        port,
        absolute(device),
        name=socket.gethostname(),
        seed=seed,
        scale=scale,
        tremor_filter=tremor_filter,
        stand_ins=stand_ins,
        keys=_keys_to_connect_by(host, keys, server_key),
        server_key=server_key,
        carriers=carriers,
        carriage=carriage,
    )
    _require_keys(config)
    with ending_in_order():
        processes = MasterProcesses(config)
        serve(processes, processes.line, f"the surgeon's side, {device}, connects to {connect}")


def console(
    connect: Annotated[str, typer.Option(help="HOST:PORT of a patient's side, chosen from the start.")] = "",
    device: Annotated[str, typer.Option("--device", help=CONSOLE_DEVICE_HELP)] = "window",
    seed: Seed = 1,
    scale: Scale = 1.0,
    tremor_filter: Filter = True,
    carrier: CarrierOption = None,
    carriage: Annotated[
        Carriage, typer.Option(help="With several carriers: share the lanes out, or send all over each.")
    ] = Carriage.STRIPE,
    keys: Keys = None,
    language: Annotated[str, typer.Option(help="en | zh_CN; can be changed in the window.")] = "",
    theme: Annotated[str, typer.Option(help="dark | light")] = "dark",
) -> None:
    """The surgeon's console: a window to choose a patient's side, check the link, and operate.

    The window is a process of its own and moves nothing: the pilot, which is started for the side that is chosen, lets
    go of the arms when the window hangs or dies. The window then comes again by itself.
    """
    from master.clutch import SCALE_MAX, SCALE_MIN
    from master.console import console as consoles
    from master.console.options import ConsoleOptions
    from protocol.ports import AddressError, parse_address

    require("--scale", scale, SCALE_MIN, SCALE_MAX)
    for option, value, known in (("--language", language, ("", "en", "zh_CN")), ("--theme", theme, ("dark", "light"))):
        if value not in known:
            refuse(f"{option} {value!r} is unknown; there are: {', '.join(filter(None, known))}")
    with refusing(AddressError, CarrierError):
        for text in carrier or ():
            parse_carrier(text, "localhost")
        if connect:
            parse_address(connect)
    options = ConsoleOptions(
        name=socket.gethostname(),
        keys=str(store_of(keys).folder),
        device=absolute(device),
        side=connect,
        seed=seed,
        scale=scale,
        tremor_filter=tremor_filter,
        keys_always=keys is not None,
        carriers=tuple(carrier or ()),
        carriage=carriage,
        language=language,
        theme=theme,
    )
    with ending_in_order():
        consoles.run(options, screen.print)


def _keys_to_connect_by(host: str, keys: Path | None, server_key: str) -> str:
    """The folder of this device's keys, or "" for those that a run on this host made."""
    if server_key:
        with refusing(NoKeyError):
            check_key(server_key)
    return str(store_of(keys).folder) if keys is not None or server_key or host not in LOOPBACK else ""


def _require_keys(config: "MasterConfig") -> None:
    """Without this device's keys nothing will ever come of it: to be told now. Those of a run may still be made."""
    from master.own_keys import NoKeysError, keys_for

    if config.keys:
        with refusing(NoKeysError):
            keys_for(config)
