"""The page before the case: what can be pressed, and why not; the check of the link in words. Pure."""

from typing import NamedTuple

from master.check_link import Advice, LinkCheck
from master.console.check_age import NS_PER_MINUTE, check_of, is_old
from master.console.hands_view import device_word
from master.console.snapshot import Snapshot
from master.console.stage import Stage, stage_of
from protocol.widgets.culprits import told
from protocol.widgets.names import name_of
from protocol.widgets.sentence import Sentence, literal, mark, sentence
from protocol.widgets.theme import Level


class CheckView(NamedTuple):
    """The check of the link: what it says, its reasons and figures, and how far it is (None where none runs)."""

    heading: Sentence
    level: Level
    reasons: tuple[Sentence, ...]
    figures: tuple[tuple[Sentence, Sentence], ...]
    progress: float | None


def why_no_check(seen: Snapshot) -> Sentence | None:
    """Why the link cannot be checked now; None where it can."""
    stage = stage_of(seen)
    if stage is Stage.NO_SIDE:
        return sentence("choose a patient's side first")
    if stage in (Stage.ASKING, Stage.SESSION) or seen.is_locked:
        return sentence("end the session first")
    return sentence("it runs") if check_of(seen).running else None


def why_no_request(seen: Snapshot) -> Sentence | None:
    """Why control cannot be asked for now; None where it can."""
    stage = stage_of(seen)
    if stage is Stage.NO_SIDE:
        return sentence("choose a patient's side first")
    if stage in (Stage.PILOT_STARTS, Stage.PILOT_ENDED):
        return sentence("the pilot does not run")
    if stage in (Stage.ASKING, Stage.SESSION):
        return sentence("it was asked for")
    return sentence("wait for the check's end") if check_of(seen).running else None


def device_ready(seen: Snapshot) -> tuple[Sentence, Level]:
    """The device in use, whether another is on its way, or why the one chosen is not in use."""
    link = seen.link
    if link is not None and seen.pilot_alive:
        if link.device_opening:
            return sentence("opening the device ..."), Level.SLOW
        if link.device_trouble:
            return told(link.device_trouble), Level.FREEZE
    word, well = device_word(seen)
    return word, Level.OK if well else Level.SLOW


def check_view(seen: Snapshot) -> CheckView:
    """What the check of this side has found, and when, if it was not just now."""
    check = check_of(seen)
    if check.running:
        progress = min(1.0, check.done_s / check.seconds) if check.seconds > 0.0 else 0.0
        text = told(check.text) if check.text else sentence("the link is being checked; nothing moves")
        return CheckView(sentence("CHECKING"), Level.UNKNOWN, (text,), (), progress)
    if check.found is not None:
        heading, level = _ADVICE[check.found.advice]
        reasons = tuple(told(reason) for reason in check.found.reasons) or (_good(check.found),)
        if is_old(seen) and level is not Level.FREEZE:
            # What was bad stays bad until it is checked again; what was good is not known any more.
            heading, level = mark("CHECK AGAIN"), Level.UNKNOWN
        return CheckView(Sentence(heading), level, (*_ago(seen.check_age_ns), *reasons), _figures(check.found), None)
    if check.text:
        return CheckView(sentence("NOT CHECKED"), Level.FREEZE, (told(check.text),), (), None)
    return CheckView(
        sentence("NOT CHECKED"), Level.UNKNOWN, (sentence("the link was not checked yet"),), (), None
    )  # fmt: skip


_ADVICE = {
    Advice.GO: (mark("GO"), Level.OK),
    Advice.SLOWLY: (mark("GO SLOWLY"), Level.SLOW),
    Advice.NO_GO: (mark("NO-GO"), Level.FREEZE),
    Advice.UNKNOWN: (mark("NOT KNOWN"), Level.UNKNOWN),
}


def _ago(age_ns: int | None) -> tuple[Sentence, ...]:
    if age_ns is None:
        return (sentence("checked some time ago"),)
    if age_ns < NS_PER_MINUTE:
        return ()
    return (sentence("checked {minutes} min ago", minutes=str(age_ns // NS_PER_MINUTE)),)


def _good(found: LinkCheck) -> Sentence:
    return sentence("good for {procedure}: no limit was crossed", procedure=name_of(found.procedure))


def _figures(found: LinkCheck) -> tuple[tuple[Sentence, Sentence], ...]:
    def told_as(value: float | None, unit: str) -> Sentence:
        return literal("–" if value is None else f"{value:.1f} {unit}")  # noqa: RUF001  (a dash: not known)

    return (
        (sentence("loop age, median"), told_as(found.loop_age_p50_ms, "ms")),
        (sentence("loop age, 99.9 %"), told_as(found.loop_age_p999_ms, "ms")),
        (sentence("jitter"), told_as(found.jitter_ms, "ms")),
        (sentence("longest silence"), told_as(found.longest_gap_ms, "ms")),
        (sentence("effective loss"), told_as(found.effective_loss_percent, "%")),
        (sentence("packet loss"), told_as(found.packet_loss_percent, "%")),
    )
