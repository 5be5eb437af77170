"""What the processes of one host tell each other through shared memory, in one place.

Each record is the content of one cell with one writer, in the encoding of the wire, so that the same checks guard it.
All stamps are ns on this host's monotonic clock.
"""

from enum import StrEnum
from typing import Annotated, Literal

import msgspec

from protocol.fields import Count, Number, Share, Speed, Text
from protocol.figures import StopLine
from protocol.messages import ArmState, Command, FreezeClass, Mode, Owner
from protocol.roles import Role

Joints = Annotated[tuple[Number, ...], msgspec.Meta(min_length=1, max_length=16)]
"""An arm's joints in the order of its description, then the jaw; rad or m, per second, N m or N."""


class _Record(msgspec.Struct, frozen=True, array_like=True, gc=False, forbid_unknown_fields=True):
    """The fields in order."""


class Ready(_Record, frozen=True):
    """Every process, once, when it works; or why it cannot. `notes` are for the user to read."""

    ok: bool
    notes: tuple[str, ...]


class Run(_Record, frozen=True):
    """The launcher of the patient's side, once: what runs. `audit` is its audit log's file, "" where none is kept."""

    robot: Text
    procedure: Text
    stand_ins: bool
    lease_ns: Count
    audit: Text


class Accepted(_Record, frozen=True):
    """Gateway, at every accepted command."""

    accepted_ns: Count
    command: Command


class Session(_Record, frozen=True):
    """Gateway, whenever the session changes; number 0 means that there is none.

    `key` and `role` are those of the console's key. `silent`: for so long that it is dead, though its console may still
    come back to it. `revoked`: its key is trusted no more.
    """

    number: Count
    key: Text
    role: Role
    master: Text
    device: Text
    opened_ns: Count
    silent: bool
    revoked: bool


NO_SESSION = Session(0, "", Role.OBSERVER, "", "", 0, silent=False, revoked=False)


class StreamQuality(_Record, frozen=True):
    """Of a stream of frames, as its receiver sees it (`protocol.quality`): over the last 2 s, gaps over 10 s.

    `runs`: since the session began, how often so many frames in a row were of no use, as `quality.RUN_CLASSES` says.
    """

    longest_gap_ns: Count
    jitter_ns: Number
    effective_loss: Share | None
    longest_run: Count
    runs: tuple[Count, ...]


class IntakeCounts(_Record, frozen=True):
    """Gateway, ten times a second. `segments`: of this session's states, TCP segments sent, and how many again."""

    stamp_ns: Count
    accepted: Count
    superseded: Count
    rejected: dict[str, Count]
    states_sent: Count
    states_dropped: Count
    segments: Count
    segments_again: Count
    commands: StreamQuality


class Incident(_Record, frozen=True):
    """Gateway to the audit log, over ipc: what a peer did, or was refused.

    `what`: "refused", "dropped", "key trusted", "key revoked", "session opened", "session ended", "staff action", ...
    `who`: fingerprint of a key, or an address. `count`: how many alike since the last one told.
    """

    stamp_ns: Count
    what: Text
    who: Text
    why: Text
    count: Count


class Jog(_Record, frozen=True):
    """What the local staff move by hand: see `messages.StaffJog`."""

    arm: Count
    axis: Count
    direction: Literal[1, -1]


class Authority(_Record, frozen=True):
    """Supervisor, at every tick: who may do what.

    `nonces` are those an engage may carry now, the newest last; `open_epochs` is per hand the clutch epoch that may
    move its arm, 0 for none. `generation` is the permit's, to be put on every setpoint planned by this word.
    `testing`: the self-test runs (in SAFE). `jog` moves an arm in LOCAL.
    """

    stamp_ns: Count
    tick: Count
    owner: Owner
    mode: Mode
    entered_ns: Count
    freeze_class: FreezeClass
    culprit: Text
    calling: bool
    slowed: bool
    testing: bool
    energy: bool
    authority_epoch: Count
    generation: Count
    stop_number: Count
    stops_heard: Count
    nonces: tuple[Count, ...]
    open_epochs: tuple[Count, ...]
    jog: Jog | None
    link_good_ns: Count
    speed_cap_m_s: Speed
    limits_hash: Count


class Grant(StrEnum):
    """What a permit is for."""

    NONE = "NONE"
    """Withdrawn: decelerate, hold. The plant may be granted a newer one at any time."""
    HOLD = "HOLD"
    """The self-test's: setpoints may pass that rest where the arms are."""
    MOVE = "MOVE"


class Permit(_Record, frozen=True):
    """Supervisor, at every tick on which all its checks were made: the lease without which no setpoint is passed on.

    Good until `expires_ns`, at most one lease ahead. A generation that was withdrawn or has lapsed never lives again.
    `power`: whether the drives shall have power. `park`: while nothing is granted, the brakes may close under power.
    `resets` counts: when it grows, trips and faults are acknowledged.
    """

    stamp_ns: Count
    expires_ns: Count
    generation: Count
    grant: Grant
    power: bool
    park: bool
    resets: Count
    energy: bool


class ArmSetpoint(_Record, frozen=True):
    """Setpoint of one arm: `velocity` is the feed-forward that belongs to `position`."""

    position: Joints
    velocity: Joints


class Setpoint(_Record, frozen=True):
    """Controller, at every tick: what the gate let through, under the permit of `generation`."""

    stamp_ns: Count
    tick: Count
    generation: Count
    arms: tuple[ArmSetpoint, ...]


class Verb(StrEnum):
    """What drives can be told."""

    SERVO = "SERVO"
    HOLD = "HOLD"
    POWER_ON = "POWER_ON"
    POWER_OFF = "POWER_OFF"
    PARK = "PARK"
    REARM = "REARM"


class DriveOrder(_Record, frozen=True):
    """Plant to the simulated drives, whenever it has something new to say: `number` counts.

    `stamp_ns` is when the setpoint was made; `arms` is empty for all verbs but SERVO, and `energy` off.
    """

    number: Count
    verb: Verb
    stamp_ns: Count
    energy: bool
    arms: tuple[ArmSetpoint, ...]


class Report(_Record, frozen=True):
    """Controller, at every tick: its account of the arms, for the surgeon. Nobody judges safety by it.

    `heard_ns` was read after the newest accepted command, whose own stamp is `sent_ns`. `refusal` is the gate's, or
    empty; `refusal_class` is that of the freeze which it asks for.
    """

    stamp_ns: Count
    tick: Count
    missed: Count
    sent_ns: Count
    heard_ns: Count
    refusal: Text
    refusal_class: FreezeClass
    limits_hash: Count
    arms: tuple[ArmState, ...]


class ArmMeasured(_Record, frozen=True):
    """One arm as its encoders tell."""

    position: Joints
    velocity: Joints
    effort: Joints


class Measured(_Record, frozen=True):
    """Drives to plant, and plant to all: the arms as they are when stamped, and the state of their power.

    The drives': `stamp_ns`, `step` (counts), `powered`, `tripped` (their watchdog), `stopped` (STOP + POWER OFF was
    pressed, or its hard-wired line is open; until they are rearmed), `following` (a setpoint moves them), `energy`, and
    how the hard-wired `line` itself stands.
    The plant's: `tick` (counts), `holding` (it passes no setpoint on: they must first rest where the arms are), and of
    its permit `permitted`, `generation` and `lapsed` (it expired; latched until a newer one comes).
    """

    stamp_ns: Count
    step: Count
    tick: Count
    powered: bool
    tripped: bool
    stopped: bool
    following: bool
    energy: bool
    holding: bool
    permitted: bool
    lapsed: bool
    generation: Count
    limits_hash: Count
    fault: Text
    refused: Count
    brakes: tuple[tuple[bool, ...], ...]
    arms: tuple[ArmMeasured, ...]
    line: StopLine


class PilotCounts(_Record, frozen=True):
    """Pilot, ten times a second, on the surgeon's host. `refused`: why the last press of a pedal engaged nothing.

    `answered`: a command of this session came through, and word of it back. `packet_loss`: of the last 2 s, None where
    nobody can tell. `segments`, `segments_again`: of this session's commands, TCP segments sent and how many again;
    `lanes_opened`: how many connections were made for them; `lacks`: what the kernel lacks for quick recovery.
    """

    stamp_ns: Count
    ticks: Count
    missed: Count
    commands_sent: Count
    commands_dropped: Count
    epochs: tuple[Count, ...]
    mode: Text
    device: Text
    device_started_ns: Count
    device_ended: bool
    console_stand_in: bool
    answered: bool
    states: StreamQuality
    packet_loss: Share | None
    segments: Count
    segments_again: Count
    lanes_opened: Count
    lacks: tuple[Text, ...]
    refused: Text
