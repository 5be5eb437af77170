"""What a console's window says over ipc, in the hands of the pilot."""

from master.console_messages import Wishes, decode_wish
from master.wishes import Heeded
from protocol.codec import FrameError, encode
from tests.fuzz.decoder import Decoder
from tests.master.test_wishes import HANDS, LAUNCHER, WISHES


def heed(frame: bytes) -> None:
    """Whatever is wished can be told again, and wishing it twice does nothing more."""
    wish = decode_wish(frame)
    assert decode_wish(encode(wish)) == wish
    if isinstance(wish, Wishes):
        heeded = Heeded(1.0, control=False)
        assert heeded.hear(wish) == wish.stops
        assert heeded.hear(wish) == 0


DECODERS = (Decoder("console wishes", heed, (FrameError,), tuple(map(encode, (WISHES, HANDS, LAUNCHER)))),)
