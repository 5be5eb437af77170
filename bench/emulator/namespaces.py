"""Network namespaces of our own, each with its end of the link. They vanish with the process that made them.

A namespace belongs to whoever holds a descriptor of it or runs in it; ours is held by one descriptor, and a device by
that of its TUN. Linux only.
"""

import ctypes
import fcntl
import os
import socket
import struct
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

CLONE_NEWNET = 0x40000000
TUNSETIFF = 0x400454CA
IFF_TUN, IFF_NO_PI = 0x0001, 0x1000
IFF_UP, IFF_RUNNING = 0x1, 0x40
SIOCSIFADDR, SIOCSIFNETMASK, SIOCGIFFLAGS, SIOCSIFFLAGS = 0x8916, 0x891C, 0x8913, 0x8914
SIOCSIFTXQLEN = 0x8943
QUEUE_PACKETS = 5000
NETMASK = "255.255.255.252"

_libc = ctypes.CDLL(None, use_errno=True)


class NamespaceError(Exception):
    """No namespaces here; the text says why, and what to do."""


class Namespace(NamedTuple):
    """`descriptor` keeps it alive; `tuns` are the other ends of its devices, one a carrier, not blocking."""

    descriptor: int
    tuns: tuple[int, ...]


def make(addresses: tuple[str, ...]) -> Namespace:
    """A namespace with a TUN device `carrier0`, `carrier1`... for each address. Raises NamespaceError."""
    made: list[Namespace | OSError] = []

    def build() -> None:
        # A thread of its own: only that thread changes its namespace, and it ends here.
        try:
            made.append(_build(addresses))
        except OSError as error:
            made.append(error)

    thread = threading.Thread(target=build)
    thread.start()
    thread.join()
    result = made[0]
    if isinstance(result, OSError):
        raise NamespaceError(
            f"a network namespace was refused ({(result.strerror or str(result)).lower()}): run as root, or allow user"
            " namespaces (sysctl kernel.unprivileged_userns_clone=1) and /dev/net/tun"
        ) from result
    return result


def close(namespace: Namespace) -> None:
    """Let go of it."""
    for descriptor in (*namespace.tuns, namespace.descriptor):
        os.close(descriptor)


@contextmanager
def inside(namespace: Namespace) -> Iterator[None]:
    """This thread lives in the namespace meanwhile: sockets and processes that it makes now belong there."""
    home = os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
    try:
        _enter(namespace.descriptor)
        try:
            yield
        finally:
            _enter(home)
    finally:
        os.close(home)


def become_able() -> None:
    """Where we may not make namespaces, begin this very command anew as root of a user namespace, where we may.

    To be called before anything was started. Returns where we may already, or where this did not help.
    """
    if os.geteuid() == 0 or os.environ.get("FARHAND_USER_NAMESPACE"):
        return
    environment = {**os.environ, "FARHAND_USER_NAMESPACE": "1"}
    unshare = ["unshare", "--user", "--map-root-user", sys.executable, *sys.argv]
    try:
        os.execvpe("unshare", unshare, environment)
    except OSError as error:
        raise NamespaceError("this needs root, or the program `unshare` (util-linux)") from error


def _enter(descriptor: int) -> None:
    if _libc.setns(descriptor, CLONE_NEWNET) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def _build(addresses: tuple[str, ...]) -> Namespace:
    if _libc.unshare(CLONE_NEWNET) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    # Otherwise each device greets its neighbours now and then, and takes the next packet's fate.
    with suppress(OSError):
        Path("/proc/sys/net/ipv6/conf/all/disable_ipv6").write_text("1", encoding="ascii")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        _raise(control, "lo")
        tuns = []
        for number, address in enumerate(addresses):
            name = f"carrier{number}"
            tuns.append(_open_tun(name))
            _set_address(control, SIOCSIFADDR, name, address)
            _set_address(control, SIOCSIFNETMASK, name, NETMASK)
            # Room for a burst; who may not ask for it has the system's 500 packets.
            with suppress(OSError):
                fcntl.ioctl(control, SIOCSIFTXQLEN, struct.pack("16si20x", name.encode(), QUEUE_PACKETS))
            _raise(control, name)
    descriptor = os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
    return Namespace(descriptor, tuple(tuns))


def _open_tun(name: str) -> int:
    tun = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
    fcntl.ioctl(tun, TUNSETIFF, struct.pack("16sH22x", name.encode(), IFF_TUN | IFF_NO_PI))
    return tun


def _set_address(control: socket.socket, request: int, name: str, address: str) -> None:
    family_and_address = struct.pack("=HH4s8x", socket.AF_INET, 0, socket.inet_aton(address))
    fcntl.ioctl(control, request, struct.pack("16s16s8x", name.encode(), family_and_address))


def _raise(control: socket.socket, name: str) -> None:
    answer = fcntl.ioctl(control, SIOCGIFFLAGS, struct.pack("16sH22x", name.encode(), 0))
    (flags,) = struct.unpack_from("H", answer, 16)
    fcntl.ioctl(control, SIOCSIFFLAGS, struct.pack("16sH22x", name.encode(), flags | IFF_UP | IFF_RUNNING))
