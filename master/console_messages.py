"""What the console's window asks of the pilot and of its launcher, over ipc on one host.

Levels, not events: each message says all that is wished, and is repeated, so that a lost one costs a moment and a
repeated one does nothing. Where something must happen once, a counter says how often it was asked for; it begins at 0
with each window, which draws its own number when it starts.
"""

from typing import Annotated, Literal

import msgspec

from protocol.codec import UNDECODABLE, FrameError
from protocol.fields import Count, Position, Quaternion, Radian, Text, is_unit

ScaleWish = Annotated[float, msgspec.Meta(ge=0.01, le=2.0)]
"""Tip metres for each metre of the hand: `master.clutch` takes no other."""


class _Wish(msgspec.Struct, frozen=True, array_like=True, gc=False, forbid_unknown_fields=True):
    """An array whose first element tells which; one element too many or too few is an error."""


class Wishes(_Wish, frozen=True, tag=1):
    """Window to pilot, at every tenth of a second and whenever they change.

    `device` is a spec of `master.devices.catalog`; `device_tries` counts how often the surgeon chose one, so that a
    device that could not be opened is tried again. `control`: a session is asked for, or kept. `rest`: no hand is
    followed, whatever the pedals do. `stops` counts the presses of the surgeon's stop.
    """

    version: Literal[1]
    window: Count
    device: Text
    device_tries: Count
    scale: ScaleWish
    control: bool
    rest: bool
    stops: Count


class WindowHand(msgspec.Struct, frozen=True, array_like=True, gc=False, forbid_unknown_fields=True):
    """One hand as keyboard and mouse moved it, in H: see `master.devices.device.HandInput`."""

    p_HT_m: Position
    q_HT: Quaternion
    jaw_rad: Radian
    pedal_down: bool


class WindowHands(_Wish, frozen=True, tag=2):
    """Window to the device `window`: both hands, left and right, as of `stamp_ns` on this host's clock."""

    version: Literal[1]
    window: Count
    stamp_ns: Count
    hands: tuple[WindowHand, WindowHand]


class LauncherWish(_Wish, frozen=True, tag=3):
    """Window to its launcher: `side`, HOST:PORT, is the patient's side that a pilot shall speak to, "" for none.

    `pilot_starts` counts how often a pilot that ended was asked back; `checks` how often the link was to be checked,
    each for `check_s`.
    """

    version: Literal[1]
    window: Count
    side: Text
    pilot_starts: Count
    checks: Count
    check_s: Annotated[float, msgspec.Meta(ge=5.0, le=3600.0)]


Wish = Wishes | WindowHands | LauncherWish

_decode = msgspec.msgpack.Decoder(Wish).decode


def decode_wish(frame: bytes) -> Wish:
    """A window's message, every check passed. Raises FrameError."""
    try:
        wish: Wish = _decode(frame)
    except UNDECODABLE as error:
        raise FrameError("field", str(error)) from None
    if isinstance(wish, WindowHands) and not all(is_unit(hand.q_HT) for hand in wish.hands):
        raise FrameError("quaternion", "a hand's q_HT is no unit quaternion: normalise it first")
    return wish
