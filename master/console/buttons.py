"""Which of the window's actions can be taken now, and how each stands. Pure."""

from typing import NamedTuple

from master.check_link import Advice
from master.console.check_age import check_of, is_old
from master.console.intent import SCALES
from master.console.preparing import why_no_request
from master.console.snapshot import Snapshot
from master.console.stage import Stage, stage_of
from master.console.stop_press import Answer
from protocol.widgets.sentence import Sentence, sentence


class Actions(NamedTuple):
    """Of each action: what it does now where that changes, and why it cannot be taken, None where it can."""

    asks: bool
    """The first button requests control; else it ends the session."""
    why_not_session: Sentence | None
    warning: Sentence | None
    """What speaks against requesting control, without forbidding it."""
    side: str
    """Of whom control is requested, "" where it is not."""
    rests: bool
    """The second button ends a rest; else it begins one."""
    why_not_rest: Sentence | None
    why_no_smaller: Sentence | None
    why_no_larger: Sentence | None
    scale_waits: bool
    """Another scale was chosen, and begins with the next press."""
    why_no_stop: Sentence | None
    stop: Answer
    """Whether the patient's side has heard the surgeon's stop."""
    restarts: bool
    """The first button starts the pilot again."""


def actions(seen: Snapshot, scale: float, stop: Answer = Answer.NONE) -> Actions:
    """`scale` is the one wished; `stop` how the surgeon's last press of STOP stands."""
    stage = stage_of(seen)
    link = seen.link
    asks = stage not in (Stage.ASKING, Stage.SESSION) and not seen.is_locked
    if stage is Stage.PILOT_ENDED:
        why_session = None
    elif asks:
        why_session = why_no_request(seen)
    else:
        why_session = sentence("lift the pedal first") if any(seen.engaged) else None
    in_session = stage is Stage.SESSION
    no_session = None if in_session else sentence("no session")
    return Actions(
        asks=asks,
        why_not_session=why_session,
        warning=_warning(seen) if asks and stage is Stage.APART else None,
        side=seen.side_name if asks and stage is Stage.APART else "",
        rests=link is not None and link.resting,
        why_not_rest=no_session,
        why_no_smaller=sentence("the smallest") if scale <= SCALES[0] + 1e-9 else None,
        why_no_larger=sentence("the largest") if scale >= SCALES[-1] - 1e-9 else None,
        scale_waits=link is not None and seen.pilot_alive and abs(link.scale - scale) > 1e-9,
        why_no_stop=_why_no_stop(seen),
        stop=stop,
        restarts=stage is Stage.PILOT_ENDED,
    )


def _why_no_stop(seen: Snapshot) -> Sentence | None:
    """Only where nobody is there to be stopped: what is believed of link and pilot disables no stop."""
    if stage_of(seen) is Stage.PILOT_ENDED:
        return sentence("the pilot does not run")
    return None if seen.is_locked else sentence("no session")


def _warning(seen: Snapshot) -> Sentence | None:
    found = check_of(seen).found
    if found is None:
        return sentence("the link was not checked yet")
    if found.advice is Advice.NO_GO:
        return sentence("the check of the link says no-go")
    return sentence("the check of the link is old") if is_old(seen) else None
