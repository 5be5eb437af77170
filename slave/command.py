"""The command of the patient's side: `farhand slave`. Those of its panel are in `slave/panel/command.py`."""

import os
from pathlib import Path
from typing import Annotated

import typer

from protocol.command import Keys, store_of
from protocol.fingerprint import fingerprint
from protocol.key_files import KeyStoreError
from protocol.ports import DEFAULT_PORT
from protocol.roles import Role
from protocol.run_keys import LOOPBACK
from protocol.terminal import ending_in_order, notice, refuse, refusing, serve

ADDRESS = f"127.0.0.1:{DEFAULT_PORT}"

Robot = Annotated[str, typer.Option(help="A robot that `farhand robots` lists.")]
Procedure = Annotated[
    str, typer.Option(help="laparoscopic | vascular | none: the limits in force. none switches the link's verdict off.")
]


def _state_folder() -> Path:
    """Where a user's programs keep what outlives them (XDG base directory specification)."""
    return (Path(os.environ.get("XDG_STATE_HOME") or "~/.local/state") / "farhand").expanduser()


def slave(
    bind: Annotated[str, typer.Option(help="HOST:PORT; this port and the next three are listened on.")] = ADDRESS,
    robot: Robot = "psm",
    procedure: Procedure = "laparoscopic",
    stand_ins: Annotated[
        bool, typer.Option("--stand-ins", help="Let a script press for the local staff, and say so.")
    ] = False,
    trips: Annotated[Path | None, typer.Option(help="Where the ticks around every trip are kept.")] = None,
    keys: Keys = None,
    audit: Annotated[Path | None, typer.Option(help="The file that the audit log is kept in.")] = None,
) -> None:
    """The patient's side: simulated arms, their supervisor, and the sockets that a master connects to.

    At 127.0.0.1 keys are made for the run, for this user's programs on this host. At any other address, or with --keys,
    only those are let in whom this device trusts: see `farhand keys`.
    """
    from kinematics.description import DescriptionError
    from protocol.ports import AddressError, parse_address
    from safety.limits import LimitsError, load_limits
    from slave.config import SlaveConfig
    from slave.launch import SlaveProcesses, development_lease_ns

    with refusing(AddressError, LimitsError):
        host, port = parse_address(bind)
        lease_ns = development_lease_ns(load_limits(procedure))
    folder = (trips or _state_folder() / "trips").expanduser().resolve()
    log = (audit or _state_folder() / "audit" / "audit.jsonl").expanduser().absolute()
    key_folder = _keys_to_listen_by(bind, keys) if keys is not None or host not in LOOPBACK else ""
    with ending_in_order(DescriptionError, KeyStoreError):
        processes = SlaveProcesses(
            SlaveConfig(
                host,
                port,
                procedure,
                lease_ns,
                robot,
                stand_ins=stand_ins,
                trips=str(folder),
                keys=key_folder,
                audit=str(log),
            )
        )
        serve(
            processes,
            processes.line,
            f"the patient's side, {robot}, {procedure}, listens at {bind}, key {fingerprint(processes.server_key)}",
        )


def _keys_to_listen_by(bind: str, keys: Path | None) -> str:
    store = store_of(keys)
    with refusing(KeyStoreError):
        own, peers = store.own(), store.peers()
    if own is None:
        refuse(
            f"{bind}: without keys only 127.0.0.1 is listened on, or anybody on the network could move the arm:"
            f" farhand keys new, then farhand keys trust for each console ({store.folder} has no key yet)"
        )
    if not any(peer.role is Role.SURGEON for peer in peers.values()):
        notice("no surgeon's console is trusted yet: farhand keys trust NAME surgeon KEY; it is let in at once then")
    return str(store.folder)
