"""What the local team is alarmed of, after IEC 60601-1-8: from what the panel sees here, without any network. Pure.

High is what asks for somebody at once: a call, or a part gone without which the arms can only be stopped. A freeze
that the surgeon may end by himself is told, and does not cry.
"""

from protocol.messages import Mode, Owner
from protocol.widgets.alarms import Alarm
from protocol.widgets.culprits import told
from protocol.widgets.sentence import Sentence, mark, sentence
from protocol.widgets.theme import Priority
from slave.panel.actions import NAMES
from slave.panel.parts import Part, Standing
from slave.panel.picture import Picture
from slave.panel.press import STOP, Outcome

DEAD = {
    Part.GATEWAY: (Priority.MEDIUM, mark("gateway silent: the surgeon is cut off")),
    Part.CONTROLLER: (Priority.HIGH, mark("controller dead: the arms hold, nothing can be moved")),
    Part.SUPERVISOR: (Priority.HIGH, mark("supervisor silent: only STOP + POWER OFF is heard")),
    Part.PLANT: (Priority.HIGH, mark("plant dead: the drives have stopped the arms by themselves")),
    Part.DRIVES: (Priority.HIGH, mark("drives silent: nobody knows what the arms do")),
}


def conditions(
    shown: Picture, outcomes: tuple[tuple[str, Outcome], ...], trouble: Sentence | None
) -> tuple[Alarm, ...]:
    """All that are there now. `trouble`: what is wrong with this panel's own alarms, if anything."""
    if shown.ended:
        return ()
    found = [alarm for standing in shown.parts if (alarm := _of_part(standing, shown)) is not None]
    found += [_failed(what) for what, outcome in outcomes if outcome is Outcome.FAILED]
    if trouble is not None:
        found.append(Alarm("panel", Priority.LOW, trouble))
    if shown.mode is not None:
        found += _of_modes(shown, shown.mode)
    power = shown.power
    if power is not None and power.stopped:
        found.append(Alarm("stopped", Priority.MEDIUM, sentence("STOP + POWER OFF: the arms have no power")))
    if power is not None and power.fault:
        found.append(Alarm("fault", Priority.MEDIUM, told(power.fault)))
    return tuple(found)


def _of_part(standing: Standing, shown: Picture) -> Alarm | None:
    if standing.works:
        return None
    if standing.part is Part.LINK:
        # Of a console that is not there nobody needs to be told, while the arms are the team's own. Where nobody knows
        # whose they are, the surgeon who has a session may have them.
        if shown.owner is Owner.LOCAL or (shown.owner is None and not shown.surgeon.name):
            return None
        return Alarm("link", Priority.MEDIUM, sentence("the surgeon's link: {why}", why=standing.why))
    priority, text = DEAD[standing.part]
    return Alarm(standing.part.value, priority, Sentence(text))


def _of_modes(shown: Picture, mode: Mode) -> list[Alarm]:
    found = []
    why = told(shown.culprit) if shown.culprit else sentence("no reason was told")
    if shown.calling:
        found.append(Alarm("calling", Priority.HIGH, sentence("you are called: {why}", why=why)))
    if mode is Mode.FROZEN:
        # Each stop by itself: one that was seen must not hide the next.
        key = f"frozen {shown.freeze_class} {shown.stop_number}"
        found.append(Alarm(key, Priority.MEDIUM, sentence("frozen: {why}", why=why)))
    if mode is Mode.PAUSED:
        found.append(Alarm("paused", Priority.LOW, sentence("paused: {why}", why=why)))
    if shown.slowed:
        found.append(Alarm("slowed", Priority.LOW, sentence("slowed, for the link is slow")))
    return found


def _failed(what: str) -> Alarm:
    if what == STOP:
        return Alarm(
            f"press {what}", Priority.HIGH, sentence("STOP + POWER OFF is not confirmed: use the hard-wired stop")
        )
    return Alarm(
        f"press {what}", Priority.MEDIUM, sentence("{what}: not confirmed within 100 ms", what=Sentence(NAMES[what]))
    )
