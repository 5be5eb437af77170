"""This device's own key, and those that it trusts: two files in a folder of its user's alone."""

import os
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, TypeVar

import msgspec

from protocol.curve import KeyPair, NoKeyError, belong_together, check_key, new_pair
from protocol.fingerprint import fingerprint
from protocol.key_files import KeyStoreError, alone, read_private, write_private
from protocol.roles import Peer, Role

OWN = "device.json"
TRUSTED = "trusted.json"
TRUSTED_AT_MOST = 1000
NOT_THERE = (0, 0, 0)
Name = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,31}\Z")]
Kind = TypeVar("Kind")
NAME_LOOKS = "1 to 32 letters, digits, '.', '_' or '-', beginning with a letter or digit"


class OwnKey(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """This device's name and key."""

    name: Name
    public: str
    secret: str

    @property
    def pair(self) -> KeyPair:
        """The key alone."""
        return KeyPair(self.public, self.secret)


class Trusted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A device that was let in, as what and since when; `host` is where a patient's side is. `revoked`: when, or ""."""

    name: Name
    role: Role
    public: str
    since: str
    host: str = ""
    revoked: str = ""


class KeyStore:
    """The keys in one folder, which need not be there yet."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def stamp(self) -> tuple[int, int, int]:
        """What changes when the list of those trusted does; zeros where there is none. Reads no file."""
        try:
            found = (self.folder / TRUSTED).stat()
        except OSError:
            return NOT_THERE
        return found.st_ino, found.st_mtime_ns, found.st_size

    def own(self) -> OwnKey | None:
        """This device's key, None before `farhand keys new`. Raises KeyStoreError."""
        content = read_private(self.folder / OWN)
        if content is None:
            return None
        own = self._decoded(OWN, content, OwnKey)
        self._check(OWN, (own.public, own.secret))
        if not belong_together(own.pair):
            # Nobody could be let in by it, or find out why.
            raise KeyStoreError(
                f"{self.folder / OWN} is damaged: its public key is not that of its secret: restore it, or begin anew"
            )
        return own

    def make_own(self, name: str, *, replace: bool = False) -> OwnKey:
        """A fresh key for this device. Raises KeyStoreError where there is one and `replace` does not say otherwise."""
        if not replace and read_private(self.folder / OWN) is not None:
            raise KeyStoreError(
                f"{self.folder / OWN}: this device has a key; all who trust it would have to trust another:"
                " if that is meant, give --replace"
            )
        pair = new_pair()
        while pair.public.startswith("-"):
            # It would read as an option where it is typed.
            pair = new_pair()
        own = OwnKey(_named(name), pair.public, pair.secret)
        write_private(self.folder / OWN, _text(own))
        return own

    def trusted(self) -> list[Trusted]:
        """All that were ever trusted, those revoked too. Raises KeyStoreError."""
        content = read_private(self.folder / TRUSTED)
        if content is None:
            return []
        found = self._decoded(TRUSTED, content, list[Trusted])
        self._check(TRUSTED, (each.public for each in found))
        if len({each.public for each in found}) < len(found):
            raise KeyStoreError(f"{self.folder / TRUSTED} is damaged: one key stands there twice: take one out")
        names = [each.name for each in found if not each.revoked]
        if len(set(names)) < len(names):
            # Revoking by that name would leave one of the two in.
            raise KeyStoreError(f"{self.folder / TRUSTED} is damaged: one name stands there twice: rename one")
        return found

    def trust(self, name: str, role: Role, public: str, host: str = "") -> Trusted:
        """Let a device in as `role`. Raises KeyStoreError where its name or key is in use."""
        with alone(self.folder):
            return self._trust(name, role, public, host)

    def _trust(self, name: str, role: Role, public: str, host: str) -> Trusted:
        listed = self.trusted()
        for each in listed:
            if not each.revoked and name == each.name:
                raise KeyStoreError(f"{name} is trusted already, as {each.role.value}: revoke it, or use a new name")
            if public == each.public:
                was = "was revoked: a key is never trusted again, let the device make a new one" if each.revoked else ""
                was = was or f"is trusted already, as {each.role.value}"
                raise KeyStoreError(f"this key is that of {each.name}, which {was}")
        if len(listed) >= TRUSTED_AT_MOST:
            raise KeyStoreError(f"{len(listed)} devices are listed (limit {TRUSTED_AT_MOST}): begin a new list")
        own = self.own()
        if own is not None and own.public == public:
            raise KeyStoreError("this is this device's own key: give what `farhand keys show` tells on the other")
        entry = Trusted(_named(name), role, public, _now(), host)
        self._check(TRUSTED, (public,))
        write_private(self.folder / TRUSTED, _text([*listed, entry]))
        return entry

    def revoke(self, name: str) -> Trusted:
        """Let a device in no more, by its name or fingerprint. Raises KeyStoreError where none is trusted by it."""
        with alone(self.folder):
            return self._revoke(name)

    def _revoke(self, name: str) -> Trusted:
        listed = self.trusted()
        for at, each in enumerate(listed):
            if not each.revoked and name in (each.name, fingerprint(each.public), each.public):
                listed[at] = msgspec.structs.replace(each, revoked=_now())
                write_private(self.folder / TRUSTED, _text(listed))
                return listed[at]
        names = ", ".join(each.name for each in listed if not each.revoked) or "nobody"
        raise KeyStoreError(f"{name!r} is not trusted; there are: {names}")

    def peers(self) -> dict[str, Peer]:
        """Those trusted now, by public key. Raises KeyStoreError."""
        return {each.public: Peer(each.public, each.name, each.role) for each in self.trusted() if not each.revoked}

    def patient(self, host: str) -> str:
        """The public key of the patient's side named `host`, or that is at it; or the only one trusted; or "".

        The only one counts for any host unless it was told where it is: another host is then another side.
        """
        sides = [each for each in self.trusted() if each.role is Role.PATIENT and not each.revoked]
        anywhere = [each for each in sides if not each.host] if len(sides) == 1 else []
        meant = [each for each in sides if host in (each.name, each.host)] or anywhere
        return meant[0].public if len(meant) == 1 else ""

    def _decoded(self, name: str, content: bytes, kind: type[Kind]) -> Kind:
        try:
            return msgspec.json.decode(content, type=kind)
        except (msgspec.DecodeError, ValueError) as error:
            raise KeyStoreError(f"{self.folder / name} is damaged: {error}: restore it, or begin anew") from error

    def _check(self, name: str, keys: Iterable[str]) -> None:
        try:
            for key in keys:
                check_key(key)
        except NoKeyError as error:
            # Without the text, which may be the secret.
            raise KeyStoreError(
                f"{self.folder / name} is damaged: a key in it is none: restore it, or begin anew"
            ) from error


def default_folder() -> Path:
    """This user's: $FARHAND_KEYS, else where a user's programs keep their settings (XDG base directories)."""
    named = os.environ.get("FARHAND_KEYS")
    settings = Path(os.environ.get("XDG_CONFIG_HOME") or "~/.config") / "farhand" / "keys"
    return (Path(named) if named else settings).expanduser().resolve()


def _text(content: object) -> bytes:
    return msgspec.json.format(msgspec.json.encode(content), indent=2) + b"\n"


def _named(name: str) -> str:
    try:
        return msgspec.convert(name, Name)
    except msgspec.ValidationError as error:
        raise KeyStoreError(f"{name!r} is no name for a device: {NAME_LOOKS}") from error


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
