"""The command of the surgeon's side: `farhand master`."""

import socket
from pathlib import Path
from typing import Annotated

import typer

from protocol.ports import DEFAULT_PORT
from protocol.terminal import ending_in_order, refuse, refusing, require, serve

ADDRESS = f"127.0.0.1:{DEFAULT_PORT}"
DEVICE_HELP = (
    "synthetic | recording:FILE | itp:PORT | mouse | evdev:PATH | spacemouse."
    " synthetic invents two hands from --seed; recording plays a surgeon's CSV; itp hears a console's UDP packets."
)
Device = Annotated[str, typer.Option("--device", help=DEVICE_HELP)]
Seed = Annotated[int, typer.Option(min=0, help="Seed of the synthetic hands.")]
Scale = Annotated[float, typer.Option(help="Tip millimetres for each millimetre of the hand, 0.01 to 2.0.")]
Filter = Annotated[bool, typer.Option(help="Take 8-12 Hz out of the hands; costs 23 ms of delay.")]


def absolute(device: str) -> str:
    """The device's spec with a file made absolute: our processes run elsewhere."""
    if not device.isprintable():
        refuse(f"device {device!r} has characters that cannot be printed; rename the file")
    kind, _, argument = device.partition(":")
    return f"{kind}:{Path(argument).expanduser().resolve()}" if kind in ("recording", "evdev") and argument else device


def master(
    connect: Annotated[str, typer.Option(help="HOST:PORT of the patient's side.")] = ADDRESS,
    device: Device = "synthetic",
    seed: Seed = 1,
    scale: Scale = 1.0,
    tremor_filter: Filter = True,
    stand_ins: Annotated[
        bool, typer.Option("--stand-ins", help="Let a script paint for the console, and say so.")
    ] = False,
) -> None:
    """The surgeon's side: an input device and the pilot that sends its motion."""
    from master.clutch import SCALE_MAX, SCALE_MIN
    from master.config import MasterConfig
    from master.launch import MasterProcesses
    from protocol.ports import AddressError, parse_address

    require("--scale", scale, SCALE_MIN, SCALE_MAX)
    with refusing(AddressError):
        host, port = parse_address(connect)
    config = MasterConfig(
        host,
        port,
        absolute(device),
        name=socket.gethostname(),
        seed=seed,
        scale=scale,
        tremor_filter=tremor_filter,
        stand_ins=stand_ins,
    )
    with ending_in_order():
        processes = MasterProcesses(config)
        serve(processes, processes.line, f"the surgeon's side, {device}, connects to {connect}")
