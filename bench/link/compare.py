"""Two runs side by side, and whether they differ by more than their own bounds allow. Pure, but for reading."""

from pathlib import Path

import msgspec

from bench.link.result import LinkResult, Stream
from bench.link.screen import AGE_ROWS, number, run_rows
from protocol.codec import UNDECODABLE

HOST_KEYS = ("processor", "cores", "TCP congestion control")


class CompareError(ValueError):
    """A file that holds no run of this bench; the text says why."""


def load(path: Path) -> LinkResult:
    """A run that `farhand bench link --json` wrote. Raises CompareError."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=LinkResult)
    except OSError as error:
        raise CompareError(f"{path} cannot be read: {(error.strerror or str(error)).lower()}") from None
    except UNDECODABLE as error:
        raise CompareError(f"{path} holds no run of `farhand bench link`: {error}") from None


def unlike(first: LinkResult, second: LinkResult) -> list[str]:
    """What makes the two hard to compare: a part of a run, another link, another host."""
    found = [f"{name} ended early ({r.ended_by})" for name, r in (("A", first), ("B", second)) if not r.complete]
    for field in ("profile", "seed", "rate_hz", "lanes", "procedure", "device"):
        a, b = getattr(first, field), getattr(second, field)
        if a != b:
            found.append(f"{field}: {a} and {b}")
    hosts = [(key, first.host.get(key), second.host.get(key)) for key in HOST_KEYS]
    return found + [f"{key}: {a} and {b}" for key, a, b in hosts if a != b]


def rows(first: LinkResult, second: LinkResult) -> list[tuple[str, str, str, str]]:
    """(figure, A, B, verdict) for the ages of every stream that both have, then for the rest."""
    found: list[tuple[str, str, str, str]] = []
    for field in ("farhand", "udp", "zmq", "lanes_keyed", "lanes_plain"):
        a, b, name = getattr(first, field), getattr(second, field), field.replace("_", "-")
        if a is not None and b is not None:
            found += _age_rows(name, a, b)
    theirs = dict(run_rows(second))
    found += [(name, value, theirs.get(name, "-"), "") for name, value in run_rows(first)]
    return found


def _age_rows(name: str, a: Stream, b: Stream) -> list[tuple[str, str, str, str]]:
    found = []
    for key, shown in AGE_ROWS:
        ours, theirs = getattr(a.command_age_ms, key), getattr(b.command_age_ms, key)
        found.append((f"{name}: command age, {shown}, ms", number(ours), number(theirs), _verdict(a, b, key)))
    return found


def _verdict(a: Stream, b: Stream, key: str) -> str:
    """By the 95 % bounds of both: a difference that they leave room for is none."""
    bounds = [bound for each in (a, b) for bound in (each.command_age_ms.low, each.command_age_ms.high)]
    if not all(key in bound for bound in bounds):
        return ""
    if a.command_age_ms.high[key] < b.command_age_ms.low[key]:
        return "A is fresher"
    if b.command_age_ms.high[key] < a.command_age_ms.low[key]:
        return "B is fresher"
    return "alike"
