"""Opening a device by its spec, the one place that knows all of them."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from master.devices.device import Device, DeviceError
from master.devices.evdev_pad import open_evdev
from master.devices.itp import ItpDevice
from master.devices.mouse import open_mouse
from master.devices.recording import RecordingDevice
from master.devices.settings import DeviceSettings
from master.devices.spacemouse import open_spacemouse
from master.devices.still import StillDevice
from master.devices.synthetic import SyntheticDevice
from master.devices.window import WindowDevice
from protocol.numerals import whole

Opener: TypeAlias = Callable[[str, int, DeviceSettings], Device]

SPECS = ("synthetic", "recording:FILE", "itp:PORT", "mouse", "evdev:PATH", "spacemouse", "still", "window")

_OPENERS: dict[str, Opener] = {
    "still": lambda _, __, ___: StillDevice(),
    "synthetic": lambda _, seed, settings: SyntheticDevice(seed, settings),
    "recording": lambda file, _, settings: RecordingDevice(Path(file), settings),
    "itp": lambda port, _, settings: ItpDevice(settings.itp_host, _port(port), settings),
    "mouse": lambda _, __, settings: open_mouse(settings),
    "evdev": lambda path, _, settings: open_evdev(path, settings),
    "spacemouse": lambda _, __, settings: open_spacemouse(settings),
    "window": lambda _, __, settings: WindowDevice(settings.window_endpoint, settings),
}


def open_device(spec: str, *, seed: int = 0, settings: DeviceSettings = DeviceSettings()) -> Device:  # noqa: B008
    """Open the device that `spec`, one of SPECS, names. `seed` is the synthetic hand's.

    Raises DeviceError, in one line, for an unknown spec, one without the argument it needs (or with one it does not),
    and whatever keeps the device from being opened.
    """
    kind, colon, argument = spec.partition(":")
    known = {known.partition(":")[0]: known for known in SPECS}
    if kind not in known:
        raise DeviceError(f"unknown device {spec!r}; known are: {', '.join(SPECS)}")
    if bool(argument) != (":" in known[kind]) or bool(colon) != bool(argument):
        raise DeviceError(f"device {spec!r} is not of the form {known[kind]}")
    return _OPENERS[kind](argument, seed, settings)


def _port(text: str) -> int:
    port = whole(text, 1, 65535)
    if port is None:
        raise DeviceError(f"itp: {text!r} is no UDP port; give a number from 1 to 65535")
    return port
