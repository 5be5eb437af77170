"""Which buttons can do something now, and why not. Pure.

What stops is never refused: FREEZE, TAKE and STOP + POWER OFF can be pressed whatever the panel believes, for it may be
wrong. Of what starts something the panel says at once what the supervisor would not hear; all else is his to judge.
"""

from protocol.figures import StopLine
from protocol.messages import Action, Mode, Owner
from protocol.widgets.sentence import Sentence, mark, sentence
from slave.panel.parts import NOTHING, Part, Standing
from slave.panel.press import STOP
from slave.panel.snapshot import BY_STAFF, Snapshot, is_dead, listed, mode_of

ALWAYS = (Action.FREEZE.value, Action.TAKE.value, STOP)
NAMES = {
    Action.FREEZE.value: mark("FREEZE"),
    Action.RELEASE.value: mark("RELEASE"),
    Action.TAKE.value: mark("TAKE CONTROL"),
    Action.GIVE.value: mark("GIVE CONTROL"),
    Action.RESET.value: mark("RESET"),
    Action.ATTEND.value: mark("I AM HERE"),
    STOP: mark("STOP + POWER OFF"),
}
"""What each button is called on the screen."""
_SILENT = sentence("the supervisor is silent and hears nothing")


def refusal(seen: Snapshot, what: str) -> Sentence:
    """Why a press would be in vain; NOTHING where it can be pressed."""
    if what in ALWAYS:
        return NOTHING
    mode, authority = mode_of(seen), seen.authority
    if mode is None or authority is None:
        return _SILENT
    if authority.testing:
        return sentence("the self-test runs")
    return {
        Action.RELEASE.value: _release,
        Action.GIVE.value: _give,
        Action.RESET.value: _reset,
        Action.ATTEND.value: _attend,
    }[what](seen, mode)


def jog_refusal(seen: Snapshot) -> Sentence:
    """Why nothing can be moved from here; NOTHING where it can."""
    mode, authority = mode_of(seen), seen.authority
    if mode is None or authority is None:
        return _SILENT
    if is_dead(seen, Part.CONTROLLER):
        return sentence("the controller is dead: nothing can be moved from here")
    if mode is Mode.SAFE:
        return sentence("the arms have no power: RESET first")
    if authority.owner is Owner.REMOTE:
        return sentence("the surgeon has the arms: TAKE CONTROL first")
    if mode is Mode.FROZEN:
        return sentence("frozen: RELEASE first")
    if authority.calling:
        return sentence("press I AM HERE first")
    return _unfit(seen)


def by_hand(seen: Snapshot, free: tuple[str, ...]) -> Sentence:
    """What people can move by hand, where the panel cannot move it: offered while the controller is dead.

    `free`: the axes without a brake. The others stay locked: opened without power they would fall.
    """
    if not is_dead(seen, Part.CONTROLLER):
        return NOTHING
    if not free:
        return sentence("By hand: nothing; every axis of this robot has a brake")
    # What the drives said before they died need not hold any more.
    if seen.drives is None or is_dead(seen, Part.DRIVES) or seen.drives.powered:
        return sentence("By hand, after STOP + POWER OFF: {axes}; the others are braked", axes=listed(free))
    return sentence("By hand now: {axes}; the others are braked", axes=listed(free))


def _release(seen: Snapshot, mode: Mode) -> Sentence:
    if mode is not Mode.FROZEN:
        return sentence("nothing is frozen")
    if seen.authority is not None and seen.authority.freeze_class not in BY_STAFF:
        return sentence("the surgeon goes on by a new press, or TAKE CONTROL")
    return _unfit(seen)


def _give(seen: Snapshot, mode: Mode) -> Sentence:
    if seen.authority is not None and seen.authority.owner is Owner.REMOTE:
        return sentence("the surgeon has the arms")
    if mode is Mode.SAFE:
        return sentence("the arms have no power: RESET first")
    if mode is Mode.FROZEN:
        return sentence("frozen: RELEASE first")
    session = seen.session
    if session is None or not session.number or session.revoked:
        return sentence("no surgeon's console is connected")
    if session.silent:
        return sentence("the surgeon's console is silent")
    if seen.authority is not None and seen.authority.jog is not None:
        return sentence("let go of the jog first")
    return _unfit(seen)


def _reset(seen: Snapshot, mode: Mode) -> Sentence:
    if seen.drives is not None and seen.drives.line is StopLine.OPEN:
        return sentence("the hard-wired stop is pressed: release it first")
    return NOTHING if mode is Mode.SAFE else sentence("the arms have power already")


def _attend(seen: Snapshot, mode: Mode) -> Sentence:
    if seen.authority is None or not seen.authority.calling:
        return sentence("nobody is called")
    if mode is Mode.FROZEN:
        return sentence("TAKE CONTROL answers the call")
    return NOTHING


def _unfit(seen: Snapshot) -> Sentence:
    """What is wrong with the arms, where the panel sees it: the supervisor asks the same."""
    for part in (Part.CONTROLLER, Part.PLANT, Part.DRIVES):
        if is_dead(seen, part):
            return sentence("{part}: {why}", part=Sentence(part.value), why=_why(seen.parts, part))
    if seen.drives is not None and not seen.drives.powered:
        return sentence("the arms have no power")
    return NOTHING


def _why(parts: tuple[Standing, ...], part: Part) -> Sentence:
    return next((standing.why for standing in parts if standing.part is part), NOTHING)
