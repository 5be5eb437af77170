"""Messages to bytes and back, every check included. What does not pass is one exception, with a word to count it by."""

from typing import cast

import msgspec

from protocol.fields import NORM2_MAX, NORM2_MIN, is_unit
from protocol.figures import Figures
from protocol.messages import MAX_FRAME_BYTES, VERSION, Command, Other, State, TipPose

UNDECODABLE = (msgspec.MsgspecError, ValueError, RecursionError)
"""What decoding hostile bytes can raise: broken UTF-8 is a ValueError, four thousand nested arrays a RecursionError."""


class FrameError(Exception):
    """A frame that is not what it should be: `reason` is one word to count by, the text says the rest."""

    def __init__(self, reason: str, text: str) -> None:
        super().__init__(text)
        self.reason = reason


encode = msgspec.msgpack.Encoder().encode
"""Any message to its frame, as bytes."""

_decode_command = msgspec.msgpack.Decoder(Command).decode
_decode_state = msgspec.msgpack.Decoder(State).decode
_decode_observed = msgspec.msgpack.Decoder(State | Figures).decode
_decode_other = msgspec.msgpack.Decoder(Other).decode
_decode_untyped = msgspec.msgpack.Decoder().decode


def decode_command(frame: bytes) -> Command:
    """One command, every check passed. Raises FrameError."""
    try:
        command = _decode_command(frame)
    except UNDECODABLE as error:
        raise explain(frame, error) from None
    for hand in command.hands:
        if hand.__class__ is TipPose:
            w, x, y, z = hand.q_W  # `is_unit` in place: its call would cost as much as the check, on every command
            if not NORM2_MIN < w * w + x * x + y * y + z * z < NORM2_MAX:
                raise FrameError(
                    "quaternion", f"a command's q_W = {hand.q_W} is no unit quaternion: normalise it first"
                )
    return command


def decode_state(frame: bytes) -> State:
    """One state, every check passed. Raises FrameError."""
    try:
        state = _decode_state(frame)
    except UNDECODABLE as error:
        raise explain(frame, error) from None
    _check_rotations(state)
    return state


def decode_observed(frame: bytes) -> State | Figures:
    """What those who watch are sent, every check passed. Raises FrameError."""
    try:
        observed = cast("State | Figures", _decode_observed(frame))
    except UNDECODABLE as error:
        raise explain(frame, error) from None
    if isinstance(observed, State):
        _check_rotations(observed)
    return observed


def _check_rotations(state: State) -> None:
    for arm in state.arms:
        for q_W in (arm.base_q_W, arm.opening_q_W, arm.setpoint_q_W, arm.measured_q_W):
            if not is_unit(q_W):
                raise FrameError(
                    "quaternion", f"a state's quaternion {q_W} is no unit quaternion: normalise before sending"
                )


def decode_other(frame: bytes) -> Other:
    """A message of the session, the console or the staff, every check passed. Raises FrameError."""
    try:
        return cast(Other, _decode_other(frame))
    except UNDECODABLE as error:
        raise explain(frame, error) from None


def explain(frame: bytes, error: Exception) -> FrameError:
    """Why `frame` was refused: a peer of another version is told apart from damage."""
    if len(frame) > MAX_FRAME_BYTES:
        return FrameError("oversize", f"a frame of {len(frame)} bytes; at most {MAX_FRAME_BYTES} are taken")
    try:
        content = _decode_untyped(frame)
    except UNDECODABLE:
        return FrameError("malformed", f"a frame of {len(frame)} bytes is no MessagePack: {error}")
    if isinstance(content, list) and len(content) > 1 and isinstance(content[1], int) and content[1] != VERSION:
        return FrameError(
            "version", f"the peer speaks version {content[1]}, we speak {VERSION}: install the same farhand"
        )
    return FrameError("field", str(error))
