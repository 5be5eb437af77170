"""How far the surgeon has come, from choosing a patient's side to operating, and what the banner says of it. Pure."""

from enum import Enum, auto

from master.console.snapshot import Snapshot
from master.console_records import PilotStands
from protocol.clock import NS_PER_S
from protocol.messages import FreezeClass, Mode
from protocol.widgets.culprits import told
from protocol.widgets.sentence import Sentence, literal, sentence
from protocol.widgets.words import Seen, Who, Words, words

GOOD_LIMIT = "people.link_good_ns"
CALM = Mode.SAFE
"""Whose colours the banner has while there is no session: those of rest."""


class Stage(Enum):
    """In the order in which a case goes."""

    NO_SIDE = auto()
    """No patient's side was chosen."""
    PILOT_STARTS = auto()
    PILOT_ENDED = auto()
    APART = auto()
    """Chosen: its link can be checked, a device chosen, control asked for."""
    ASKING = auto()
    """A session is asked for, and not there."""
    SESSION = auto()


def stage_of(seen: Snapshot) -> Stage:
    """Where we are."""
    launcher = seen.launcher
    if launcher is None or launcher.pilot is PilotStands.NONE:
        return Stage.NO_SIDE
    if launcher.pilot is PilotStands.ENDED:
        return Stage.PILOT_ENDED
    if not seen.pilot_alive or seen.link is None:
        # One that runs and has fallen silent is held up: what it does not tell is not known.
        return Stage.PILOT_STARTS
    if seen.in_session:
        return Stage.SESSION
    return Stage.ASKING if seen.link.asked else Stage.APART


def banner(seen: Snapshot) -> Words:
    """The mode in words, why, and what to do next."""
    stage = stage_of(seen)
    launcher = seen.launcher
    match stage:
        case Stage.NO_SIDE:
            return _calm(
                sentence("NO PATIENT"),
                sentence("no patient's side is chosen"),
                sentence("Choose the patient's side below."),
            )
        case Stage.PILOT_STARTS if seen.case:
            return Words(
                None,
                sentence("PILOT SILENT"),
                sentence("the pilot is held up: your hands move nothing"),
                sentence("Lift the pedal and wait a moment."),
            )
        case Stage.PILOT_STARTS:
            return _calm(
                sentence("WAIT"),
                sentence("the pilot is being started, or is held up: your hands move nothing"),
                sentence("Lift the pedal and wait a moment."),
            )
        case Stage.PILOT_ENDED:
            return Words(
                None,
                sentence("PILOT LOST"),
                literal("") if launcher is None else told(launcher.trouble),
                sentence("Your hands move nothing; the arms stop by themselves. Press START THE PILOT AGAIN."),
            )
        case Stage.APART:
            return _calm(
                sentence("NOT CONNECTED"),
                sentence("nothing is asked of {side}", side=literal(seen.side_name)),
                sentence("Check the link and your hands, then press REQUEST CONTROL."),
            )
        case Stage.ASKING if seen.case:
            return Words(None, sentence("SESSION LOST"), why_lost(seen), sentence("Wait, or press END SESSION."))
        case Stage.ASKING:
            return _calm(sentence("CALLING"), why_lost(seen), sentence("Wait, or press END SESSION."))
        case Stage.SESSION:
            return _in_session(seen)


def why_lost(seen: Snapshot) -> Sentence:
    """Why there is no session though one is wished."""
    if seen.link is not None and seen.link.trouble:
        return told(seen.link.trouble)
    return sentence("{side} is asked for control", side=literal(seen.side_name))


def link_wait_s(seen: Snapshot) -> float:
    """For how long the link must still be good before an engage is heard."""
    if seen.state is None or seen.welcome is None:
        return 0.0
    limit_ns = seen.welcome.limits.get(GOOD_LIMIT, 0.0)
    return max(0.0, (limit_ns - seen.state.link_good_ns) / NS_PER_S)


def _in_session(seen: Snapshot) -> Words:
    mode, state = seen.mode, seen.state
    if mode is None or state is None:
        return words(Seen(None, silent_s=seen.silent_s), Who.SURGEON)
    found = words(
        Seen(
            mode,
            state.freeze_class,
            state.culprit,
            calling=state.calling,
            slowed=state.slowed,
            link_wait_s=link_wait_s(seen),
        ),
        Who.SURGEON,
    )
    vain = pressed_in_vain(seen)
    if vain is not None and mode in (Mode.READY, Mode.FROZEN):
        # The surgeon stands on the pedal and nothing moves: that question comes first.
        return found._replace(advice=vain)
    if seen.link is not None and seen.link.resting and mode in (Mode.READY, Mode.FOLLOWING):
        return found._replace(
            reason=sentence("your hands rest: no pedal moves an arm"), advice=sentence("Press GO ON to end the rest.")
        )
    return found


def pressed_in_vain(seen: Snapshot) -> Sentence | None:
    """Why a pedal that is down now moves nothing; None where it does, or none is down."""
    if seen.hands is None or seen.pilot is None or any(seen.engaged):
        return None
    down = any(hand.pedal_down for hand in seen.hands.seen)
    return told(seen.pilot.refused) if down and seen.pilot.refused else None


def staff_first(seen: Snapshot) -> bool:
    """Whether the local team must act before the surgeon can."""
    state = seen.state
    if state is None or seen.mode is None:
        return False
    by_staff = state.freeze_class in (FreezeClass.LOCAL, FreezeClass.ARM)
    return seen.mode in (Mode.SAFE, Mode.LOCAL) or (seen.mode is Mode.FROZEN and by_staff)


def _calm(heading: Sentence, reason: Sentence, advice: Sentence) -> Words:
    return Words(CALM, heading, reason, advice)
