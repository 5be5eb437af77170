"""The command that keeps keys, the same on both sides: `farhand keys`."""

import socket
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from protocol.curve import NoKeyError, check_key
from protocol.fingerprint import fingerprint
from protocol.key_files import KeyStoreError
from protocol.key_store import KeyStore, OwnKey, default_folder
from protocol.roles import Role
from protocol.terminal import refuse, refusing, screen

keys_app = typer.Typer(
    help="Who may speak: this device's key, and the devices that it trusts. A console is enrolled by one `trust` on"
    " either side, once each side has made its key with `new`.",
    no_args_is_help=True,
)
Keys = Annotated[
    Path | None, typer.Option("--keys", help="Folder of the keys; else $FARHAND_KEYS, else ~/.config/farhand/keys.")
]
Told = Annotated[str, typer.Argument(help="A public key, as `farhand keys show` tells on the other device.")]


def store_of(folder: Path | None) -> KeyStore:
    """The keys in `folder`, or those of this user."""
    return KeyStore(folder.expanduser().resolve() if folder is not None else default_folder())


@keys_app.command()
def new(
    name: Annotated[str | None, typer.Option(help="What this device is called; else this host's name.")] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Throw an older key away.")] = False,
    keys: Keys = None,
) -> None:
    """Make this device's key."""
    with refusing(KeyStoreError):
        own = store_of(keys).make_own(name or socket.gethostname().partition(".")[0], replace=replace)
    _tell(own)


@keys_app.command()
def show(keys: Keys = None) -> None:
    """This device's public key, its fingerprint to be read over the telephone, and what to type on the other side."""
    store = store_of(keys)
    with refusing(KeyStoreError):
        own = store.own()
    if own is None:
        refuse(f"{store.folder}: this device has no key yet: farhand keys new")
    _tell(own)


@keys_app.command()
def trust(
    name: Annotated[str, typer.Argument(help="What the other device shall be called here.")],
    role: Annotated[
        Role,
        typer.Argument(
            help="surgeon: may move the arms. local: a tablet of the staff: may freeze and take. observer: may watch."
            " engineer: may measure the link. patient: a patient's side that we connect to."
        ),
    ],
    key: Told,
    host: Annotated[str, typer.Option(help="Of a patient's side: its name or address, as --connect is given it.")] = "",
    keys: Keys = None,
) -> None:
    """Trust another device. Compare the fingerprint with what `farhand keys show` tells there, by telephone."""
    with refusing(KeyStoreError, NoKeyError):
        entry = store_of(keys).trust(name, role, check_key(key), host)
    screen.print(f"trusted: {entry.name}, {entry.role.value}, fingerprint {fingerprint(entry.public)}", highlight=False)


@keys_app.command()
def revoke(
    name: Annotated[str, typer.Argument(help="The device's name here, or its fingerprint in quotes.")],
    keys: Keys = None,
) -> None:
    """Trust a device no more; a running patient's side follows within a second, and stops for the acting surgeon's."""
    with refusing(KeyStoreError):
        entry = store_of(keys).revoke(name)
    screen.print(f"revoked: {entry.name}, {entry.role.value}, fingerprint {fingerprint(entry.public)}", highlight=False)


@keys_app.command("list")
def list_keys(keys: Keys = None) -> None:
    """All devices that were ever trusted here."""
    store = store_of(keys)
    with refusing(KeyStoreError):
        own, trusted = store.own(), store.trusted()
    table = Table(title=f"{store.folder}", title_justify="left")
    for title in ("device", "role", "since", "revoked", "fingerprint"):
        table.add_column(title, no_wrap=title == "fingerprint")
    if own is not None:
        table.add_row(own.name, "this device", "", "", fingerprint(own.public))
    for each in trusted:
        table.add_row(each.name, each.role.value, each.since[:10], each.revoked[:10], fingerprint(each.public))
    screen.print(table)
    if own is None:
        screen.print("this device has no key yet: farhand keys new")


def _tell(own: OwnKey) -> None:
    # Soft wrapping: a key that is broken in two cannot be copied.
    screen.print(f"device       {own.name}\npublic key   {own.public}", highlight=False, markup=False, soft_wrap=True)
    screen.print(f"fingerprint  {fingerprint(own.public)}", highlight=False)
    screen.print(
        "on the other side type, with the role that this device shall have there:\n"
        f"  farhand keys trust {own.name} surgeon '{own.public}'",
        highlight=False,
        markup=False,
        soft_wrap=True,
    )
