"""What the banner says: in which mode the arms are, why, and what to do next. Pure.

For two readers: the surgeon, who has a pedal, and the local team, who have buttons. Each is told only what they can do.
"""

import math
from enum import StrEnum
from typing import NamedTuple

from protocol.messages import FreezeClass, Mode
from protocol.widgets.culprits import told
from protocol.widgets.names import class_name, mode_name
from protocol.widgets.sentence import Sentence, sentence

BY_SURGEON = (FreezeClass.LINK, FreezeClass.MASTER)
"""Freezes that a new press of the pedal ends."""


class Who(StrEnum):
    """Who reads the banner."""

    SURGEON = "surgeon"
    STAFF = "staff"


class Seen(NamedTuple):
    """What is known. `mode` is None when nobody tells it: then `silent_s` says since when, None before the first word.

    `link_wait_s`: how long the link must still be good before an engage is heard, 0 when it was good for long enough.
    """

    mode: Mode | None
    freeze_class: FreezeClass = FreezeClass.NONE
    culprit: str = ""
    calling: bool = False
    slowed: bool = False
    testing: bool = False
    link_wait_s: float = 0.0
    silent_s: float | None = None


class Words(NamedTuple):
    """One banner. `mode` chooses colour and glyph; `calling` asks for the staff, and makes it flash."""

    mode: Mode | None
    heading: Sentence
    reason: Sentence
    advice: Sentence
    calling: bool = False


def words(seen: Seen, who: Who) -> Words:
    """The banner for `who`."""
    if seen.mode is None:
        return _unknown(seen, who)
    advice = _surgeons(seen, seen.mode) if who is Who.SURGEON else _staffs(seen, seen.mode)
    called = who is Who.STAFF and seen.calling and seen.mode in (Mode.LOCAL, Mode.SAFE)
    heading = sentence("YOU ARE CALLED") if called else mode_name(seen.mode)
    return Words(seen.mode, heading, _reason(seen, seen.mode, who), advice, seen.calling)


def _unknown(seen: Seen, who: Who) -> Words:
    """Nothing is told: of the arms the reader knows no more than that they stop by themselves."""
    if who is Who.STAFF:
        return Words(
            None,
            sentence("SUPERVISOR SILENT"),
            sentence("no word from the supervisor: the arms stop by themselves and hold"),
            sentence("If anything moves, press STOP + POWER OFF. Then end this run and start it again."),
            calling=True,
        )
    if seen.silent_s is None:
        reason = sentence("no word from the patient's side yet")
    else:
        reason = sentence("no word from the patient's side for {time} s", time=f"{seen.silent_s:.1f}")
    return Words(
        None,
        mode_name(None),
        reason,
        sentence("Your hands move nothing now. Lift the pedal and wait; the arms stop by themselves."),
    )


def _reason(seen: Seen, mode: Mode, who: Who) -> Sentence:
    if mode is Mode.SAFE and seen.testing:
        return sentence("the self-test runs")
    if mode is Mode.FOLLOWING and seen.slowed:
        return sentence("slowed, for the link is slow")
    if seen.culprit and mode is not Mode.FOLLOWING:
        return told(seen.culprit)
    match mode:
        case Mode.SAFE:
            return sentence("the arms have no power")
        case Mode.LOCAL:
            return sentence("the local team has the arms") if who is Who.SURGEON else sentence("the arms are yours")
        case Mode.READY:
            return sentence("the arms hold and wait for the pedal")
        case Mode.FOLLOWING:
            return sentence("the arms follow your hands") if who is Who.SURGEON else sentence("the surgeon operates")
        case Mode.PAUSED:
            return sentence("a short silence of the link")
        case Mode.FROZEN:
            return class_name(seen.freeze_class)


def _surgeons(seen: Seen, mode: Mode) -> Sentence:
    wait = f"{math.ceil(seen.link_wait_s - 1e-9)}"
    waits = seen.link_wait_s > 0.0
    match mode:
        case Mode.SAFE:
            return sentence("The local team must reset the arms.")
        case Mode.LOCAL if seen.calling:
            return sentence("The local team is being called. Lift the pedal.")
        case Mode.LOCAL:
            return sentence("Ask the local team to give you control.")
        case Mode.READY if waits:
            return sentence("Wait for the link ({time} s), then hold still and press the pedal.", time=wait)
        case Mode.READY:
            return sentence("Hold still and press the pedal.")
        case Mode.FOLLOWING if seen.slowed:
            return sentence("Move slowly. Lift the pedal to rest.")
        case Mode.FOLLOWING:
            return sentence("Lift the pedal to rest.")
        case Mode.PAUSED:
            return sentence("Hold still. It goes on by itself, or freezes.")
        case _:
            pass
    if seen.freeze_class not in BY_SURGEON:
        return sentence("The local team must release the arms first. Lift the pedal and talk to them.")
    if waits:
        return sentence("Lift the pedal, wait for the link ({time} s), press again.", time=wait)
    return sentence("Lift the pedal, hold still, press again.")


def _staffs(seen: Seen, mode: Mode) -> Sentence:
    match mode:
        case Mode.SAFE if seen.testing:
            return sentence("Keep clear of the arms until it has ended.")
        case Mode.SAFE | Mode.LOCAL if seen.calling:
            return sentence("Press I AM HERE. Nothing can be moved before.")
        case Mode.SAFE:
            return sentence("See that nobody is in the way, then press RESET.")
        case Mode.LOCAL:
            return sentence("Jog the arms, or press GIVE CONTROL.")
        case Mode.READY:
            return sentence("The surgeon may start any moment. TAKE CONTROL takes the arms.")
        case Mode.FOLLOWING:
            return sentence("FREEZE stops the arms.")
        case Mode.PAUSED:
            return sentence("Wait: it goes on by itself, or freezes.")
        case _:
            pass
    if seen.freeze_class is FreezeClass.ARM:
        return sentence("Find and remove the cause, then press RELEASE; or TAKE CONTROL.")
    if seen.freeze_class is FreezeClass.LOCAL:
        return sentence("Press RELEASE when it is safe to go on, or TAKE CONTROL.")
    return sentence("The surgeon may go on by a new press. TAKE CONTROL takes the arms.")
