"""What those who watch are told beside the states: what the local staff see on their panel, for engineers elsewhere.

It goes out on the observers' port alone, ten times a second, and nothing that moves an arm reads it.
"""

from enum import StrEnum
from typing import Annotated, Literal

import msgspec

from protocol.fields import Count, Number, Share, Text

Brakes = Annotated[tuple[bool, ...], msgspec.Meta(max_length=16)]


class StopLine(StrEnum):
    """The hard-wired stop: a line through the drives, normally closed, that no software of ours can override."""

    NONE = "NONE"
    """The simulated drives have none."""
    CLOSED = "CLOSED"
    OPEN = "OPEN"
    """The drives are stopped, whatever anybody says."""


class Figures(msgspec.Struct, frozen=True, array_like=True, gc=False, forbid_unknown_fields=True, tag=11):
    """Link, session and drives as of `stamp_ns`, on the slave's clock. None where nothing is known yet.

    `surgeon` and `device` are "" without a session. The ages are those of `protocol.echo`; `silence_ns` is since the
    last accepted command; `effective_loss`, `jitter_ns` and `longest_gap_ns` are the gateway's (`protocol.quality`);
    `packet_loss` the sender's own. `brakes`: per arm and joint, jaw last, whether one is closed. `limits_hash` is that
    of the limits of `procedure` that are in force.
    """

    version: Literal[1]
    stamp_ns: Count
    robot: Text
    procedure: Text
    limits_hash: Count
    surgeon: Text
    device: Text
    session_silent: bool
    link_age_ns: Count | None
    seen_age_ns: Count | None
    silence_ns: Count | None
    packet_loss: Share | None
    effective_loss: Share | None
    jitter_ns: Number
    longest_gap_ns: Count
    powered: bool
    stopped: bool
    tripped: bool
    following: bool
    permitted: bool
    line: StopLine
    fault: Text
    brakes: Annotated[tuple[Brakes, ...], msgspec.Meta(max_length=4)]
