"""The wire, in one place: what goes between the surgeon's and the patient's side, as plain MessagePack arrays.

Every message starts with its kind and the version of this file. All stamps are ns on the monotonic clock of the host
that wrote them; only that host may compare them. Poses are metres and unit quaternions (w, x, y, z).
"""

from enum import IntEnum, StrEnum
from typing import Annotated, Literal

import msgspec

from protocol.fields import (
    Count,
    Distance,
    Limit,
    Number,
    Position,
    Quaternion,
    Radian,
    Share,
    Speed,
    Text,
)

VERSION = 1
MAX_FRAME_BYTES = 4096
"""Twice the largest message we send; sockets refuse what is longer before it is read."""


class Owner(StrEnum):
    """Who has the authority over the arms."""

    LOCAL = "LOCAL"
    REMOTE = "REMOTE"


class Mode(StrEnum):
    """The machine state of one patient (docs/safety.md)."""

    SAFE = "SAFE"
    LOCAL = "LOCAL"
    READY = "READY"
    FOLLOWING = "FOLLOWING"
    PAUSED = "PAUSED"
    FROZEN = "FROZEN"


class FreezeClass(StrEnum):
    """Who may end a freeze: the surgeon by engaging (LINK, MASTER), or first the local staff (LOCAL, ARM)."""

    NONE = ""
    LINK = "LINK"
    MASTER = "MASTER"
    LOCAL = "LOCAL"
    ARM = "ARM"


class Rest(IntEnum):
    """Why the master's hands are at rest, told with every command, so that a freeze can name its culprit."""

    NONE = 0
    """The pedal decides."""
    DEVICE_LOST = 1
    DEVICE_STALE = 2
    CONSOLE_LOST = 3
    STATE_LOST = 4


class _Wire(msgspec.Struct, frozen=True, array_like=True, gc=False, forbid_unknown_fields=True):
    """An array on the wire; one element too many or too few is an error."""


class TipPose(_Wire, frozen=True, tag=0):
    """One hand's part of a command, for arms commanded by a tip pose.

    `p_W_m` and `q_W` are the displacement since this clutch epoch began, in the axes of the world W that the surgeon
    sees; `jaw_rad` is absolute. `stop_number` and `nonce` are the slave's, as the console showed them when the pedal
    went down.
    """

    clutch_epoch: Count
    engaged: bool
    stop_number: Count
    nonce: Count
    p_W_m: Position
    q_W: Quaternion
    jaw_rad: Radian


class AxisDisplacement(_Wire, frozen=True, tag=1):
    """One hand's part for robots driven along axes (wire, scope): displacement since the epoch, in m or rad."""

    clutch_epoch: Count
    engaged: bool
    stop_number: Count
    nonce: Count
    axes: Annotated[tuple[Number, ...], msgspec.Meta(min_length=1, max_length=8)]


Hand = TipPose | AxisDisplacement


class Command(_Wire, frozen=True, tag=1):
    """What the surgeon wants, whole and absolute: any one may be lost, the newest alone decides.

    `sent_ns` is the tick it was due at, on the master's clock. `received_ns` and `shown_ns` echo the slave's stamps of
    the newest state that the master received, and of the newest that the console painted; 0 before the first.
    `device_age_ns` is the age of the hand's input when this was sent. `packet_loss` is what the sender's network stack
    says of the last 2 s, None where nobody can tell. `energy` is the number of the energy pedal's press while it is
    held, else 0; `stops` counts the surgeon's presses of the stop: levels both, so that a lost command loses neither.
    """

    version: Literal[1]
    session: Count
    authority_epoch: Count
    sequence: Count
    sent_ns: Count
    received_ns: Count
    shown_ns: Count
    device_age_ns: Count
    packet_loss: Share | None
    rest: Rest
    energy: Count
    stops: Count
    hands: Annotated[tuple[Hand, ...], msgspec.Meta(min_length=1, max_length=4)]


class ArmState(_Wire, frozen=True):
    """One arm as the surgeon sees it, in the world W.

    `opened_epoch` is the newest clutch epoch that the slave accepted (0: none). `base_*` is the setpoint it stood at
    then and `opening_*` that command's displacement: the pair that later displacements are measured from. `reach` is
    kinematics' status of the commanded pose; `lag_m` and `lag_rad` are its distance from the setpoint.
    """

    opened_epoch: Count
    following: bool
    reach: Count
    base_p_W_m: Position
    base_q_W: Quaternion
    opening_p_W_m: Position
    opening_q_W: Quaternion
    setpoint_p_W_m: Position
    setpoint_q_W: Quaternion
    measured_p_W_m: Position
    measured_q_W: Quaternion
    measured_jp: Annotated[tuple[Number, ...], msgspec.Meta(min_length=1, max_length=12)]
    jaw_rad: Radian
    lag_m: Distance
    lag_rad: Distance


class State(_Wire, frozen=True, tag=2):
    """The patient's side as of `stamp_ns` (the slave's clock), sent at every tick.

    `sent_ns` gives the master's own stamp of the newest accepted command back: its age on the master's clock is the
    round trip. `heard_ns`, on the slave's clock, is when that one was there, at the latest. An engage is only heard
    with the `stop_number` and a `nonce` shown here lately. `link_good_ns` says for how long the link has been good;
    `stops_heard` acknowledges the surgeon's stops.
    """

    version: Literal[1]
    session: Count
    authority_epoch: Count
    sequence: Count
    stamp_ns: Count
    sent_ns: Count
    heard_ns: Count
    owner: Owner
    mode: Mode
    freeze_class: FreezeClass
    calling: bool
    slowed: bool
    energy_on: bool
    stop_number: Count
    stops_heard: Count
    nonce: Count
    link_good_ns: Count
    speed_cap_m_s: Speed
    culprit: Text
    arms: Annotated[tuple[ArmState, ...], msgspec.Meta(min_length=1, max_length=4)]


class Hello(_Wire, frozen=True, tag=3):
    """A master's wish for a session. `console` is drawn by each pilot when it starts: who says it again is the same."""

    version: Literal[1]
    console: Count
    name: Text
    device: Text


class Welcome(_Wire, frozen=True, tag=4):
    """A session, and what the master must know of the patient's side.

    `limits` are those in force, by name, for people to read, and `limits_hash` tells whether two sides mean the same;
    `blind_ns` is how long the master goes on without a state or a painted picture before it lets go. `state_key` is the
    public key of the lanes on which this session's states come, and of no other's.
    """

    version: Literal[1]
    session: Count
    state_key: Text
    robot: Text
    arms: Annotated[tuple[Text, ...], msgspec.Meta(min_length=1, max_length=4)]
    tick_hz: Count
    jaw_min_rad: Radian
    jaw_max_rad: Radian
    procedure: Text
    limits: dict[Text, Limit]
    limits_hash: Count
    blind_ns: Count


class Refused(_Wire, frozen=True, tag=5):
    """No session, and why."""

    version: Literal[1]
    reason: Text


class Bye(_Wire, frozen=True, tag=6):
    """The master ends its session in order."""

    version: Literal[1]
    session: Count


class ConsoleReport(_Wire, frozen=True, tag=7):
    """Console to pilot, on one host: the slave's stamp, stop number and nonce of the state really painted last.

    `stand_in` says that a script painted it, not a window; every output then says so.
    """

    version: Literal[1]
    painted_ns: Count
    stop_number: Count
    nonce: Count
    stand_in: bool


class Action(StrEnum):
    """What the local staff can do (docs/safety.md)."""

    GIVE = "GIVE"
    TAKE = "TAKE"
    FREEZE = "FREEZE"
    RELEASE = "RELEASE"
    RESET = "RESET"
    ATTEND = "ATTEND"
    """I am here: nothing else than an answer to the call."""


class StaffAction(_Wire, frozen=True, tag=8):
    """Panel to supervisor, on the patient's host: one press of a button.

    `panel` is drawn by each panel when it starts, `number` counts its presses, so that no repeat is a new press.
    """

    version: Literal[1]
    panel: Count
    number: Count
    action: Action
    stand_in: bool


class StaffJog(_Wire, frozen=True, tag=9):
    """Panel to supervisor: the jog is held down, repeated at 20 Hz while it is; or, with the `direction` 0, let go.

    Silence for 200 ms is its end as well. `number` counts presses: all repeats of one carry the same, and one that met
    a stop or was let go must be pressed anew. `axis` counts joints, then the jaw, then the tip's own x, y and z.
    """

    version: Literal[1]
    panel: Count
    number: Count
    arm: Annotated[int, msgspec.Meta(ge=0, le=3)]
    axis: Annotated[int, msgspec.Meta(ge=0, le=19)]
    direction: Literal[1, 0, -1]
    stand_in: bool


class StaffStop(_Wire, frozen=True, tag=10):
    """Panel to the drives themselves, on the patient's host: STOP + POWER OFF. Heard as often as it comes."""

    version: Literal[1]
    panel: Count
    stand_in: bool


Other = Hello | Welcome | Refused | Bye | ConsoleReport | StaffAction | StaffJog | StaffStop
