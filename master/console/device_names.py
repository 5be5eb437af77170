"""The devices of the catalogue as a surgeon reads them. Pure."""

from typing import NamedTuple

from master.devices.catalog import SPECS
from protocol.widgets.sentence import Sentence, mark


class DeviceKind(NamedTuple):
    """`kind` begins its spec; `argument` says what follows it, or is "" where nothing does."""

    kind: str
    name: Sentence
    argument: Sentence | None


_NAMES = {
    "window": mark("keyboard, mouse (for trying)"),
    "synthetic": mark("invented hands (for trying)"),
    "recording": mark("recorded hands"),
    "itp": mark("a console (ITP packets)"),
    "mouse": mark("a mouse (for trying)"),
    "evdev": mark("a game pad or pedal"),
    "spacemouse": mark("a SpaceMouse"),
    "still": mark("nothing at all"),
}
_ARGUMENTS = {"FILE": mark("the recording's file"), "PORT": mark("UDP port"), "PATH": mark("path under /dev/input")}
FIRST = "window"


def device_kinds() -> tuple[DeviceKind, ...]:
    """All that the catalogue knows, this window first."""
    kinds = [_kind(spec) for spec in SPECS]
    return tuple(sorted(kinds, key=lambda each: each.kind != FIRST))


def spec_of(kind: DeviceKind, argument: str) -> str:
    """What the catalogue opens it by."""
    return f"{kind.kind}:{argument.strip()}" if kind.argument is not None else kind.kind


def split_spec(spec: str) -> tuple[str, str]:
    """Kind and argument of a spec."""
    kind, _, argument = spec.partition(":")
    return kind, argument


def _kind(spec: str) -> DeviceKind:
    kind, _, argument = spec.partition(":")
    name = Sentence(_NAMES[kind]) if kind in _NAMES else Sentence("{text}", (("text", spec),))
    return DeviceKind(kind, name, Sentence(_ARGUMENTS[argument]) if argument in _ARGUMENTS else None)
