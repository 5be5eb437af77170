"""Damage to valid samples: bits flipped, ends cut, pieces spliced, lengths wrong, numbers and words at extremes."""

import math
import random
import re
import struct
from collections.abc import Callable
from typing import Any

import msgpack

DATA_MAX = 8192
EXTREMES: tuple[Any, ...] = (
    *(math.nan, math.inf, -math.inf, 1e308, -1e308, 5e-324, -0.0, 0.5),
    *(0, 1, -1, 2**31, 2**53 + 1, 2**63 - 1, 2**64 - 1, -(2**63)),
    *(None, True, "", "x" * 201, "\0", "\ud7ff", b"\xff", [], [[]], {}, {"": 0}),
)
WORDS = (
    *("nan", "inf", "-inf", "1e400", "1e308", "-1e308", "5e-324", "-0.0", "0", "-1", "1"),
    *("9" * 30, "9" * 400, "9" * 5000, "0x10", "1_0", "1979-05-27T07:32:00Z", "true", '""', "'x'", "", "[]", "{}"),
    *("[" * 1500, "\uff11", "\u0661", "\u00b2", "\x1c", "\x0c", "\r", "\0", "=", "#", '"'),
)
PIECES = (
    *(struct.pack("<d", number) for number in (math.nan, math.inf, -math.inf, 1e308, 5e-324)),
    *(struct.pack(">d", number) for number in (math.nan, math.inf, -math.inf, 1e308, 5e-324)),
    *(bytes([byte]) * size for byte in (0x00, 0x7F, 0x80, 0xFF) for size in (1, 2, 4, 8)),
    *(b"\xc0", b"\xc1", b"\xcb\x7f\xf8\0\0\0\0\0\0", b"\xdd\xff\xff\xff\xff", b"\xdb\xff\xff\xff\xff", b"\xa2\x00\x80"),
    *(b"\x1f\x8b", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\xd7\xff" + b"\xff" * 8, b"\x91" * 1200),
)
_NUMBER = re.compile(rb"[-+]?[0-9][0-9.eE+-]*")


def damaged(chance: random.Random, samples: tuple[bytes, ...]) -> bytes:
    """One of the samples, mostly damaged in one way: what is damaged in many is refused at the first."""
    data = chance.choice(samples)
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        data = chance.choice(DAMAGES)(chance, data, samples)
    return data[:DATA_MAX]


def _flip(chance: random.Random, data: bytes, _: tuple[bytes, ...]) -> bytes:
    content = bytearray(data or b"\0")
    for _ in range(chance.randint(1, 8)):
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    return bytes(content)


def _cut(chance: random.Random, data: bytes, _: tuple[bytes, ...]) -> bytes:
    return data[: chance.randint(0, len(data))]


def _lengthen(chance: random.Random, data: bytes, _: tuple[bytes, ...]) -> bytes:
    return chance.choice((data * 2, data + b"\0", data + chance.randbytes(chance.randint(1, 64)), b"\0" + data))


def _splice(chance: random.Random, data: bytes, samples: tuple[bytes, ...]) -> bytes:
    other = chance.choice(samples)
    return data[: chance.randint(0, len(data))] + other[chance.randint(0, len(other)) :]


def _overwrite(chance: random.Random, data: bytes, _: tuple[bytes, ...]) -> bytes:
    piece = chance.choice(PIECES)
    at = chance.randint(0, len(data))
    return data[:at] + piece + data[at + chance.choice((0, len(piece))) :]


def _say(chance: random.Random, data: bytes, _: tuple[bytes, ...]) -> bytes:
    """Another word in the place of a number, where it is a text."""
    word = chance.choice(WORDS).encode()
    found = list(_NUMBER.finditer(data))
    if not found:
        return data + word
    number = chance.choice(found)
    return data[: number.start()] + word + data[number.end() :]


def _replace(chance: random.Random, data: bytes, _: tuple[bytes, ...]) -> bytes:
    """Anything in the place of one value, where it is MessagePack: the frame stays whole, and what it says does not."""
    return _repacked(data, lambda content: _changed(chance, content, lambda _: chance.choice(EXTREMES)))


def _nudge(chance: random.Random, data: bytes, _: tuple[bytes, ...]) -> bytes:
    """Another value of the same type in the place of a few, where it is MessagePack: most of these are taken."""

    def nudged(content: Any) -> Any:
        for _ in range(chance.randint(1, 4)):
            content = _changed(chance, content, lambda value: _alike(chance, value))
        return content

    return _repacked(data, nudged)


def _repacked(data: bytes, change: Callable[[Any], Any]) -> bytes:
    try:
        return bytes(msgpack.packb(change(msgpack.unpackb(data, strict_map_key=False))))
    except (ValueError, TypeError, OverflowError, msgpack.exceptions.UnpackException):
        return data


def _changed(chance: random.Random, content: Any, change: Callable[[Any], Any]) -> Any:
    """`content` with one leaf changed."""
    if isinstance(content, list) and content:
        at = chance.randrange(len(content))
        return [*content[:at], _changed(chance, content[at], change), *content[at + 1 :]]
    return change(content)


def _alike(chance: random.Random, value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return chance.choice((0, 1, 2, 3, value + 1, max(0, value - 1), 2**31, 2**53 + 1, 2**63 - 1))
    if isinstance(value, float):
        return chance.choice(
            (0.0, -0.0, 0.5, 1.0, -1.0, value * (1.0 + 1e-7), value + 1e-4, 100.0, -100.0, 5e-324, 1e9)
        )
    return chance.choice((value, "", "x" * 200, "READY", None, 0.5, 7))


DAMAGES = (_flip, _cut, _lengthen, _splice, _overwrite, _say, _replace, _nudge, _nudge, _nudge)
