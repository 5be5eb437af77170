"""Frames off the network and off the ipc of staff and console: what decodes is sound, what does not changes nothing."""

import math
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
from msgspec.structs import replace

from protocol.codec import FrameError, decode_command, decode_observed, decode_other, decode_state, encode
from protocol.fields import is_unit
from protocol.figures import Figures, StopLine
from protocol.messages import (
    Action,
    AxisDisplacement,
    Bye,
    ConsoleReport,
    Hello,
    Owner,
    Refused,
    StaffAction,
    StaffJog,
    StaffStop,
    Welcome,
)
from protocol.records import Session
from protocol.roles import Heard, Peer, Role
from safety.staff import QUEUE_MAX, Staff
from slave.desk import Desk, Draft
from slave.intake import Intake
from slave.plants.drives_process import is_stop
from tests.fuzz.decoder import Decoder
from tests.fuzz.record import readable
from tests.master.test_pilot import WELCOME
from tests.protocol.samples import COMMAND, SESSION, STATE, TIP_POSE

ROTATIONS = ("q_W", "base_q_W", "opening_q_W", "setpoint_q_W", "measured_q_W")
KEY = "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7"  # RFC 26's example
NEARLY_UNIT = replace(TIP_POSE, q_W=(1.0 + 4e-7, 0.0, 0.0, 0.0))
COMMANDS = tuple(
    encode(replace(COMMAND, sequence=101, **changes))
    for changes in (
        {},
        {"packet_loss": 0.5, "energy": 3, "stops": 1},
        {"hands": (TIP_POSE,) * 4},
        {"hands": (NEARLY_UNIT,)},
        {"hands": (AxisDisplacement(3, True, 1, 77, (0.5, -1e9)), TIP_POSE)},
    )
)
STATES = (encode(STATE), encode(replace(STATE, culprit="LAG", arms=STATE.arms[:1])))
SURGEON = Peer(KEY, "theatre-2", Role.SURGEON)
HELLO = Hello(1, 7, "theatre-2, " + "x" * 189, "synthetic")
OPENED = Draft(COMMAND.session, KEY)
FIGURES = (
    encode(
        Figures(
            1, 10**12, "psm", "laparoscopic", 7, "theatre-2", "spacemouse", False, 10**7, 10**8, 0, 0.01, 0.5, 0.25e6,
            10**8, True, False, False, True, True, StopLine.CLOSED, "hot", ((True,) * 7, (False,) * 7),
        )
    ),
)  # fmt: skip
ANSWERS = tuple(map(encode, (replace(WELCOME, state_key=KEY), Refused(1, "another has the session"))))
ASKED = tuple(map(encode, (HELLO, Hello(1, 8, "intruder", "pad"), Bye(1, OPENED.number), Bye(1, 1))))
REPORTED = (encode(ConsoleReport(1, 10**12, 1, 77, stand_in=True)),)
PRESSED = tuple(
    map(
        encode,
        (
            *(StaffAction(1, 9, number, action, stand_in=False) for number, action in enumerate(Action)),
            StaffJog(1, 9, 7, 1, 19, -1, stand_in=False),
            StaffJog(1, 9, 7, 1, 19, 0, stand_in=False),
            StaffStop(1, 9, stand_in=True),
        ),
    )
)


def round_trip(decode: Callable[[bytes], object]) -> Callable[[bytes], None]:
    """What was decoded says, encoded again, the same; its numbers are finite, and its rotations are some."""

    def read(frame: bytes) -> None:
        message = decode(frame)
        assert decode(encode(message)) == message
        content = msgspec.to_builtins(message)
        assert all(map(math.isfinite, floats(content)))
        for part in (*getattr(message, "hands", ()), *getattr(message, "arms", ())):
            rotations = (getattr(part, name) for name in ROTATIONS if hasattr(part, name))
            assert all(map(is_unit, rotations))

    return read


def floats(content: Any) -> Iterator[float]:
    """All that are in a message."""
    if isinstance(content, float):
        yield content
    elif isinstance(content, list | tuple | dict):
        for part in content.values() if isinstance(content, dict) else content:
            yield from floats(part)


def take_command(frame: bytes) -> None:
    """An intake that has heard the session's newest command: only a newer one of that session is heard."""
    intake = Intake()
    now_ns = COMMAND.received_ns  # an echo of ours that is young: whatever stamps the frame bears
    intake.begin(SESSION, now_ns)
    intake.set_authority(COMMAND.authority_epoch)
    assert intake.take([Heard(encode(COMMAND), SESSION.key)], now_ns) is not None
    figures = intake.quality.figures(now_ns)
    assert intake.take([Heard(frame, "another")], now_ns) is None
    accepted = intake.take([Heard(frame, SESSION.key)], now_ns)
    try:
        command = decode_command(frame)
    except FrameError:
        command = None
    if command is None or command.session != COMMAND.session:
        assert accepted is None
        assert (intake.accepted, intake.superseded, sum(intake.rejected.values())) == (1, 0, 2)
        assert intake.quality.figures(now_ns) == figures
    elif accepted is not None:
        assert accepted.command == command
        assert command.sequence > COMMAND.sequence
    if accepted is None:
        rightful = replace(COMMAND, sequence=COMMAND.sequence + 1)
        assert intake.take([Heard(encode(rightful), SESSION.key)], now_ns + 1) is not None, (
            "the frame has locked the surgeon out"
        )


def ask_desk(frame: bytes) -> None:
    """A desk whose session the surgeon acts in: it is the same afterwards, unless one who knows its number ends it."""
    desk = Desk(WELCOME)
    desk.hello(HELLO, SURGEON, lambda: OPENED, Owner.REMOTE, 0)
    before = desk.session
    message = decode_other(frame)
    if isinstance(message, Hello):
        answer = desk.hello(message, SURGEON, lambda: Draft(1, KEY), Owner.REMOTE, 1)
        assert decode_other(encode(answer)) == answer
        assert isinstance(answer, Welcome if message.console == HELLO.console else Refused)
    elif isinstance(message, Bye):
        desk.bye(message, SURGEON.key)
        if message.session == before.number:
            return
    assert desk.session == before


def open_desk(frame: bytes) -> None:
    """A desk that nobody has been at: whatever a console calls itself, it can be told to all."""
    message = decode_other(frame)
    if isinstance(message, Hello):
        desk = Desk(WELCOME)
        answer = desk.hello(message, SURGEON, lambda: OPENED, Owner.LOCAL, 0)
        assert decode_other(encode(answer)) == answer
        readable(desk.session, Session)


def hear_staff(frame: bytes) -> None:
    """A press, and many more of it: what waits is bounded, and heard to its end."""
    staff = Staff(200_000_000)
    message = decode_other(frame)
    staff.hear(0, (message, message))
    staff.jog(0)
    if isinstance(message, StaffAction):
        staff.hear(1, tuple(replace(message, number=message.number + more) for more in range(2 * QUEUE_MAX)))
    heard = 0
    while staff.pressed() is not None:
        staff.heard()
        heard += 1
    assert heard <= QUEUE_MAX
    staff.hear_late((message,))
    assert staff.jog(2) is None


def hear_stop(frame: bytes) -> None:
    """STOP + POWER OFF is that message and no other."""
    try:
        message = decode_other(frame)
    except FrameError:
        message = None
    assert is_stop(frame) == isinstance(message, StaffStop)


DECODERS = (
    Decoder("command", round_trip(decode_command), (FrameError,), COMMANDS),
    Decoder("state", round_trip(decode_state), (FrameError,), STATES),
    Decoder("observed", round_trip(decode_observed), (FrameError,), (*STATES, *FIGURES)),
    Decoder("other", round_trip(decode_other), (FrameError,), (*ANSWERS, *ASKED, *REPORTED, *PRESSED)),
    Decoder("intake", take_command, (), COMMANDS, cost=2),
    Decoder("desk", ask_desk, (FrameError,), ASKED),
    Decoder("free desk", open_desk, (FrameError,), ASKED),
    Decoder("staff", hear_staff, (FrameError,), PRESSED),
    Decoder("stop", hear_stop, (), PRESSED),
)
