"""The kernel's own emulator in place of ours, for who asks for it: veth devices with netem, as far as that goes.

netem draws each packet's fate anew and tells little: such a link has no figures of its own and no cuts.
"""

import os
import shutil
import subprocess
from collections.abc import Sequence

from bench.emulator import namespaces
from bench.emulator.ends import Ends, Side, address
from bench.emulator.figures import DirectionFigures
from bench.emulator.link import Cut, EmulatorError
from bench.emulator.profile import Direction, LinkProfile, ProfileError

LIMIT_PACKETS = 100_000
"""netem's own limit of 1000 packets on their way would drop some of a fast stream over a far link."""
INSTEAD = "leave out --netem, or choose a simpler profile"


def netem_arguments(direction: Direction, seed: int) -> list[str]:
    """What `tc qdisc add ... netem` is to be told. Raises ProfileError for what netem cannot say."""
    for there, what in (
        (direction.delay.weights, "a hyperexponential tail"),
        (direction.reorder.share, "packets that come late by a time of their own"),
        (direction.rate.mbit_s, "a queue in bytes"),
    ):
        if there:
            raise ProfileError(f"kernel netem cannot say {what}: {INSTEAD}")
    arguments = ["limit", str(LIMIT_PACKETS), "delay", f"{direction.delay.floor_ms:g}ms"]
    loss = direction.loss
    if loss.share and loss.burst_mean <= 1.0:
        arguments += ["loss", "random", _percent(loss.share)]
    elif loss.share:
        # Gilbert's model by the chances to enter a burst, and to leave it.
        enter = loss.share / (loss.burst_mean * (1.0 - loss.share)) if loss.share < 1.0 else 1.0
        arguments += ["loss", "gemodel", _percent(min(enter, 1.0)), _percent(1.0 / loss.burst_mean)]
    if direction.duplicate_share:
        arguments += ["duplicate", _percent(direction.duplicate_share)]
    return [*arguments, "seed", str(seed)]


class NetemLink:
    """As `EmulatedLink`, by the kernel. Raises ProfileError, NamespaceError or EmulatorError."""

    def __init__(self, profile: LinkProfile, seed: int, pairs: int = 1) -> None:
        for carrier in profile.carriers:
            if carrier.outages.pause_s or carrier.outages.at_s:
                raise ProfileError(f"kernel netem cannot say outages: {INSTEAD}")
            netem_arguments(carrier.direction, seed)
        self.profile = profile
        self.pairs = pairs
        self.ends = Ends(pairs, 0)
        try:
            for pair in self.ends.namespaces:
                _check_host(pair[0])
                for number, carrier in enumerate(profile.carriers):
                    _connect(pair, number, carrier.direction, seed)
        except BaseException:
            self.close()
            raise

    def cut(self, seconds: float, carrier: int | None = None) -> Cut:
        """Not here: raises EmulatorError."""
        raise EmulatorError(f"kernel netem has no cuts: {INSTEAD}")

    def figures(self) -> list[DirectionFigures]:
        """None: the kernel tells nothing."""
        return []

    def check(self) -> None:
        """Nothing of it can end by itself."""

    def close(self) -> None:
        """Let go of it."""
        self.ends.close()


def _check_host(namespace: namespaces.Namespace) -> None:
    """Raises EmulatorError where this host lacks the tools, the right, or the module; tried on a loopback of ours."""
    for tool in ("ip", "tc"):
        if shutil.which(tool) is None:
            raise EmulatorError(f"kernel netem needs the program {tool}: install iproute2, or {INSTEAD}")
    with namespaces.inside(namespace):
        tried = _run("tc", "qdisc", "add", "dev", "lo", "root", "netem", "delay", "1ms")
        if tried.returncode != 0:
            why = _first_line(tried)
            raise EmulatorError(f"this kernel has no netem ({why}): load it with modprobe sch_netem, or {INSTEAD}")
        _run("tc", "qdisc", "del", "dev", "lo", "root")


def _connect(pair: Sequence[namespaces.Namespace], number: int, direction: Direction, seed: int) -> None:
    name = f"carrier{number}"
    with namespaces.inside(pair[Side.SURGEON]):
        far = f"/proc/{os.getpid()}/fd/{pair[Side.PATIENT].descriptor}"
        _must("ip", "link", "add", name, "type", "veth", "peer", "name", name, "netns", far)
    for side in Side:
        with namespaces.inside(pair[side]):
            _must("ip", "addr", "add", f"{address(number, side)}/30", "dev", name)
            _must("ip", "link", "set", name, "up")
            # A seed of its own for each direction; netem takes 64 bits.
            arguments = netem_arguments(direction, 2 * (seed + number) + side)
            _must("tc", "qdisc", "add", "dev", name, "root", "netem", *arguments)


def _percent(share: float) -> str:
    return f"{share * 100.0:.6g}%"


def _run(*argv: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(argv, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)


def _must(*argv: str) -> None:
    done = _run(*argv)
    if done.returncode != 0:
        raise EmulatorError(f"kernel netem: `{' '.join(argv)}` failed ({_first_line(done)}); {INSTEAD}")


def _first_line(done: "subprocess.CompletedProcess[str]") -> str:
    return next((line.strip().lower() for line in done.stderr.splitlines() if line.strip()), "no reason given")
