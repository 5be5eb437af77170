"""What the pilot tells its console's window, beside `protocol.records.PilotCounts`: cells on their board."""

from typing import Annotated

import msgspec

from protocol.fields import Count, Number, Position, Quaternion, Radian, Share, Text
from protocol.messages import Rest

Offset = Annotated[int, msgspec.Meta(ge=-(2**62), le=2**62)]
"""Between two monotonic clocks, in ns: they may have begun years apart."""


class _Record(msgspec.Struct, frozen=True, array_like=True, gc=False, forbid_unknown_fields=True):
    """The fields in order."""


class LaneMap(_Record, frozen=True):
    """The lanes over one carrier, one letter each: `protocol.lane_set.LETTERS`. `replaced`: closed since the session
    began, for others in their stead."""

    carrier: Text
    lanes: Text
    replaced: Count


class PilotLink(_Record, frozen=True):
    """Pilot, ten times a second: the session, the link as the surgeon's side sees it, and what the window chose.

    `session` is 0 while there is none, `asked` whether one is wished, `trouble` why there is none, or no states. All
    ages are on this host's clock, the largest since the record before this one, and None before the first answer:
    `loop_age_ns` since the command was sent whose effect the surgeon's picture shows, `link_age_ns` likewise of the
    newest state that came. `late` is the share of late ticks, counted as the patient's side does. `offset_error_ns` is
    None while nothing is known of the patient's clock. `device_opening`: another device was chosen and is not there
    yet; `device_trouble`: why the last one chosen is not used; `device_chosen`: its spec, "" before any was. `scale` is
    in force: another begins with the next press.
    """

    stamp_ns: Count
    session: Count
    asked: bool
    trouble: Text
    loop_age_ns: Count | None
    link_age_ns: Count | None
    late: Share | None
    command_lanes: tuple[LaneMap, ...]
    state_lanes: tuple[LaneMap, ...]
    offset_ns: Offset
    offset_error_ns: Count | None
    device: Text
    device_opening: bool
    device_trouble: Text
    scale: Number
    resting: bool
    stops: Count
    device_chosen: Text = ""


class HandCommanded(_Record, frozen=True):
    """One hand's part of the pilot's newest command: see `protocol.messages.TipPose`."""

    clutch_epoch: Count
    engaged: bool
    p_W_m: Position
    q_W: Quaternion
    jaw_rad: Radian


class HandSeen(_Record, frozen=True):
    """One hand as the device tells it: see `master.devices.device.HandInput`."""

    p_HT_m: Position
    q_HT: Quaternion
    jaw_rad: Radian
    pedal_down: bool


class PilotHands(_Record, frozen=True):
    """Pilot, a hundred times a second: what the device tells, and what was made of it for the patient's side.

    `device_age_ns` is None once the device has vanished. `commanded` is empty while there is no session.
    """

    stamp_ns: Count
    rest: Rest
    device_age_ns: Count | None
    seen: tuple[HandSeen, ...]
    commanded: tuple[HandCommanded, ...]
