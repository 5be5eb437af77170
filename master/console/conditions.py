"""What the surgeon is alarmed of, with its priority after IEC 60601-1-8. Pure: the alarms themselves are made of these.

HIGH asks for a response at once, MEDIUM for a prompt one, LOW for being aware. A condition is there or is not; that it
was there stays in the list until it is acknowledged.
"""

from master.console.snapshot import Snapshot
from master.console.stage import Stage, stage_of, why_lost
from protocol.messages import FreezeClass, Mode, Owner, Rest
from protocol.widgets.alarms import Alarm
from protocol.widgets.culprits import told
from protocol.widgets.sentence import sentence
from protocol.widgets.theme import Priority

LAG = "people.lag_m"
BY_STAFF = (FreezeClass.LOCAL, FreezeClass.ARM)


def conditions(seen: Snapshot) -> tuple[Alarm, ...]:
    """All that is so now."""
    stage = stage_of(seen)
    found: list[Alarm] = []
    if stage is Stage.PILOT_ENDED and seen.launcher is not None and seen.launcher.trouble:
        found.append(Alarm("pilot", Priority.HIGH, sentence("pilot lost: {why}", why=told(seen.launcher.trouble))))
    if stage is Stage.PILOT_STARTS and seen.may_have_session:
        found.append(Alarm("pilot silent", Priority.HIGH, sentence("the pilot is silent: your hands move nothing")))
    if stage is Stage.ASKING and seen.case:
        found.append(Alarm("session", Priority.HIGH, sentence("the session was lost: {why}", why=why_lost(seen))))
    if stage is Stage.SESSION:
        found += _of_state(seen)
        found += _of_hands(seen)
    if seen.link is not None and seen.link.device_trouble:
        found.append(Alarm("device", Priority.LOW, told(seen.link.device_trouble)))
    if seen.launcher is not None and seen.launcher.windows > 1:
        text = sentence("this window was lost and came again ({count})", count=str(seen.launcher.windows - 1))
        found.append(Alarm("window", Priority.LOW, text))
    return tuple(found)


def _of_state(seen: Snapshot) -> list[Alarm]:
    state = seen.state
    if seen.mode is None or state is None:
        # Before the first state nothing was had, so nothing was lost.
        if seen.silent_s is None:
            return []
        return [Alarm("no state", Priority.HIGH, sentence("nothing is heard of the patient's side"))]
    found = []
    if state.mode is Mode.FROZEN:
        priority = Priority.HIGH if state.freeze_class in BY_STAFF else Priority.MEDIUM
        key = f"frozen {state.freeze_class} {state.stop_number}"
        found.append(Alarm(key, priority, sentence("FROZEN: {why}", why=told(state.culprit))))
    if state.mode is Mode.PAUSED:
        found.append(Alarm("paused", Priority.LOW, sentence("paused by a short silence of the link")))
    if state.calling:
        found.append(Alarm("calling", Priority.HIGH, sentence("the local team is called")))
    if state.slowed and state.mode is Mode.FOLLOWING:
        found.append(Alarm("slowed", Priority.LOW, sentence("slowed, for the link is slow")))
    limit_m = 0.0 if seen.welcome is None else seen.welcome.limits.get(LAG, 0.0)
    lag_m = max(arm.lag_m for arm in state.arms)
    if limit_m > 0.0 and lag_m >= limit_m / 2.0:
        text = sentence("an arm lags by more than {way} mm: move slower", way=f"{limit_m * 500.0:.0f}")
        found.append(Alarm("lag", Priority.MEDIUM, text))
    return found


def _of_hands(seen: Snapshot) -> list[Alarm]:
    hands, state = seen.hands, seen.state
    if hands is None or state is None or state.owner is not Owner.REMOTE:
        return []  # no arm waits for these hands
    lost = {
        Rest.DEVICE_LOST: sentence("your device is gone"),
        Rest.DEVICE_STALE: sentence("your device tells nothing new"),
        Rest.CONSOLE_LOST: sentence("this screen was not painted in time"),
    }
    if hands.rest in lost:
        return [Alarm("hands", Priority.MEDIUM, lost[hands.rest])]
    return []
