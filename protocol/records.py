"""What the processes of one host tell each other through shared memory, in one place.

Each record is the content of one cell with one writer, in the encoding of the wire, so that the same checks guard it.
All stamps are ns on this host's monotonic clock.
"""

from enum import StrEnum
from typing import Annotated

import msgspec

from protocol.fields import Count, Number, Speed, Text
from protocol.messages import ArmState, Command, Mode, Owner

Joints = Annotated[tuple[Number, ...], msgspec.Meta(min_length=1, max_length=16)]
"""An arm's joints in the order of its description, then the jaw; rad or m, per second, N m or N."""


class _Record(msgspec.Struct, frozen=True, array_like=True, gc=False, forbid_unknown_fields=True):
    """The fields in order."""


class Ready(_Record, frozen=True):
    """Every process, once, when it works; or why it cannot. `notes` are for the user to read."""

    ok: bool
    notes: tuple[str, ...]


class Accepted(_Record, frozen=True):
    """Gateway, at every accepted command."""

    accepted_ns: Count
    command: Command


class Session(_Record, frozen=True):
    """Gateway, whenever the session changes; number 0 means that there is none."""

    number: Count
    master: Text
    device: Text
    opened_ns: Count


class IntakeCounts(_Record, frozen=True):
    """Gateway, ten times a second."""

    stamp_ns: Count
    accepted: Count
    superseded: Count
    rejected: dict[str, Count]
    states_sent: Count
    states_dropped: Count


class Authority(_Record, frozen=True):
    """Supervisor, at every tick: who may do what. `nonces` are those an engage may carry now, the newest
    last; `open_epochs` is per hand the clutch epoch that may move its arm, 0 for none."""

    stamp_ns: Count
    tick: Count
    owner: Owner
    mode: Mode
    entered_ns: Count
    authority_epoch: Count
    stop_number: Count
    nonces: tuple[Count, ...]
    open_epochs: tuple[Count, ...]
    speed_cap_m_s: Speed
    culprit: Text


class ArmSetpoint(_Record, frozen=True):
    """Setpoint of one arm: `velocity` is the feed-forward that belongs to `position`."""

    position: Joints
    velocity: Joints


class Setpoint(_Record, frozen=True):
    """Controller, at every tick: what the gate let through."""

    stamp_ns: Count
    tick: Count
    arms: tuple[ArmSetpoint, ...]


class Verb(StrEnum):
    """What drives can be told."""

    SERVO = "SERVO"
    HOLD = "HOLD"
    POWER_ON = "POWER_ON"
    POWER_OFF = "POWER_OFF"
    REARM = "REARM"


class DriveOrder(_Record, frozen=True):
    """Plant to the simulated drives, whenever it has something new to say: `number` counts.

    `stamp_ns` is when the setpoint was made; `arms` is empty for all verbs but SERVO.
    """

    number: Count
    verb: Verb
    stamp_ns: Count
    arms: tuple[ArmSetpoint, ...]


class Report(_Record, frozen=True):
    """Controller, at every tick: its account of the arms, for the surgeon. Nobody judges safety by it."""

    stamp_ns: Count
    tick: Count
    missed: Count
    sent_ns: Count
    refusal: Text
    arms: tuple[ArmState, ...]


class ArmMeasured(_Record, frozen=True):
    """One arm as its encoders tell."""

    position: Joints
    velocity: Joints
    effort: Joints


class Measured(_Record, frozen=True):
    """Drives to plant, and plant to all: the arms as they are when stamped, and the state of their power.

    While `holding` the plant passes no setpoint on: they must first rest where the arms are.
    """

    stamp_ns: Count
    step: Count
    powered: bool
    tripped: bool
    holding: bool
    fault: Text
    refused: Count
    brakes: tuple[tuple[bool, ...], ...]
    arms: tuple[ArmMeasured, ...]


class PilotCounts(_Record, frozen=True):
    """Pilot, ten times a second, on the surgeon's host."""

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
