"""All readers of bytes from outside, in one table."""

from tests.fuzz import acting, audit, console, devices, memory, stored, texts, trust, wire
from tests.fuzz.decoder import Decoder

DECODERS: tuple[Decoder, ...] = (
    *wire.DECODERS,
    *acting.DECODERS,
    *memory.DECODERS,
    *devices.DECODERS,
    *texts.DECODERS,
    *trust.DECODERS,
    *audit.DECODERS,
    *console.DECODERS,
    *stored.DECODERS,
)
