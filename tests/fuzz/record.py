"""Records as another process of the host would read them."""

from functools import cache
from typing import Any

import msgspec

from protocol.board import CELL_BYTES
from protocol.codec import encode


@cache
def _decoder(kind: type[Any]) -> msgspec.msgpack.Decoder[Any]:
    return msgspec.msgpack.Decoder(kind)


def readable(record: msgspec.Struct, kind: type[Any]) -> None:
    """A record that its readers refuse is worse than none: they keep the one before it, until it is too old."""
    content = encode(record)
    assert len(content) <= CELL_BYTES
    assert _decoder(kind).decode(content) == record
