"""What is told of each hand and its arm: engaged or not, jaw, reach, lag. Pure."""

import math
from enum import Enum, auto
from typing import NamedTuple

from kinematics.status import Status
from master.console.ghost import Certainty, Ghost, ghosts
from master.console.snapshot import Snapshot
from master.devices.settings import DeviceSettings
from master.pilot import DEVICE_STALE_NS
from protocol.messages import ArmState
from protocol.widgets.names import name_of
from protocol.widgets.sentence import Sentence, literal, mark, sentence

DEVICE = DeviceSettings()
"""Whose range a jaw has before a robot is known."""
NAMES = ("left", "right")

_REACH = {
    Status.LIMITED: mark("at a joint's limit"),
    Status.SINGULAR: mark("near a singular pose"),
    Status.UNREACHABLE: mark("out of reach"),
}


class HandStands(Enum):
    """How a hand stands to its arm."""

    ABSENT = auto()
    """The device has no such hand, or has vanished."""
    REST = auto()
    PRESSED = auto()
    """The pedal is down, and nothing is asked for."""
    ASKED = auto()
    """An engage is on its way."""
    ENGAGED = auto()


class HandView(NamedTuple):
    """One hand. `jaw_share` is the arm's jaw, 0 closed to 1 open, `jaw_asked_share` the hand's; None where unknown."""

    name: Sentence
    stands: HandStands
    word: Sentence
    note: Sentence | None
    jaw: Sentence
    jaw_share: float | None
    jaw_asked_share: float | None


def hand_views(seen: Snapshot) -> tuple[HandView, ...]:
    """One for each arm; before there is a session, for each hand."""
    names = NAMES if seen.welcome is None else seen.welcome.arms
    found = ghosts(seen.state, seen.hands.commanded) if seen.state is not None and seen.hands is not None else ()
    return tuple(_hand(seen, number, name, found) for number, name in enumerate(names))


def _hand(seen: Snapshot, number: int, name: str, found: tuple[Ghost | None, ...]) -> HandView:
    arm = seen.state.arms[number] if seen.state is not None and number < len(seen.state.arms) else None
    stands = _stands(seen, number, found)
    jaw_share, jaw = _jaw(seen, None if arm is None else arm.jaw_rad)
    asked_share, _ = _jaw(seen, _asked_jaw(seen, number))
    return HandView(name_of(name), stands, _word(stands), _note(arm), jaw, jaw_share, asked_share)


def _stands(seen: Snapshot, number: int, found: tuple[Ghost | None, ...]) -> HandStands:
    hands = seen.hands
    if not seen.pilot_alive or hands is None or hands.device_age_ns is None or number >= len(hands.seen):
        return HandStands.ABSENT
    if number < len(hands.commanded) and hands.commanded[number].engaged:
        ghost = found[number] if number < len(found) else None
        if ghost is None:
            # The arm does not follow: the patient's side has ended this epoch, or nothing is heard of it.
            return HandStands.PRESSED
        return HandStands.ENGAGED if ghost.certainty is Certainty.OPENED else HandStands.ASKED
    return HandStands.PRESSED if hands.seen[number].pedal_down else HandStands.REST


def _word(stands: HandStands) -> Sentence:
    return {
        HandStands.ABSENT: sentence("no hand"),
        HandStands.REST: sentence("rests"),
        HandStands.PRESSED: sentence("not engaged"),
        HandStands.ASKED: sentence("engages ..."),
        HandStands.ENGAGED: sentence("ENGAGED"),
    }[stands]


def _note(arm: ArmState | None) -> Sentence | None:
    if arm is None:
        return None
    reach = Status(arm.reach) if arm.reach in list(Status) else Status.OK
    if reach is not Status.OK:
        return Sentence(_REACH[reach])
    if arm.lag_m >= 1e-3:
        return sentence("lags {way} mm", way=f"{arm.lag_m * 1e3:.1f}")
    return None


def _asked_jaw(seen: Snapshot, number: int) -> float | None:
    if seen.hands is None or number >= len(seen.hands.seen):
        return None
    return seen.hands.seen[number].jaw_rad


def _jaw(seen: Snapshot, jaw_rad: float | None) -> tuple[float | None, Sentence]:
    if jaw_rad is None:
        return None, literal("–")  # noqa: RUF001  (a dash: nothing is known)
    low, high = DEVICE.jaw_min_rad, DEVICE.jaw_max_rad
    if seen.welcome is not None:
        low, high = seen.welcome.jaw_min_rad, seen.welcome.jaw_max_rad
    share = min(1.0, max(0.0, (jaw_rad - low) / (high - low))) if high > low else 0.0
    return share, literal(f"{math.degrees(jaw_rad):.0f}°")


def device_word(seen: Snapshot) -> tuple[Sentence, bool]:
    """How the device in use is, and whether that is well."""
    link, hands = seen.link, seen.hands
    if not seen.pilot_alive or link is None or hands is None:
        return sentence("no pilot, no device"), False
    if hands.device_age_ns is None:
        return sentence("{device}: gone; plug it in again and choose it anew", device=link.device), False
    if hands.device_age_ns > DEVICE_STALE_NS:
        return sentence("{device}: nothing new from it", device=link.device), False
    return literal(link.device), True
