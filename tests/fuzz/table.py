"""All readers of bytes from outside, in one table."""

from tests.fuzz import acting, devices, memory, texts, wire
from tests.fuzz.decoder import Decoder

DECODERS: tuple[Decoder, ...] = (
    *wire.DECODERS,
    *acting.DECODERS,
    *memory.DECODERS,
    *devices.DECODERS,
    *texts.DECODERS,
)
