"""What the local team must know of the surgeon: who, how the link is, and what the surgeon's own screen says. Pure."""

from typing import NamedTuple

from protocol.clock import NS_PER_MS, NS_PER_S
from protocol.widgets import words as banners
from protocol.widgets.sentence import Sentence, literal, sentence
from protocol.widgets.theme import Level
from safety.limits import LinkLimits
from slave.panel.parts import NOTHING, Part, duration
from slave.panel.picture import Picture


class SurgeonView(NamedTuple):
    """Four lines. `level` is the link's."""

    who: Sentence
    link: Sentence
    level: Level
    sees: Sentence
    reads: Sentence


def banner_seen(shown: Picture) -> banners.Seen:
    """The picture, as the banner's words want it."""
    good_ns = shown.link.good_ns
    wait_ns = 0
    if shown.limits is not None and good_ns is not None:
        wait_ns = max(0, shown.limits.people.link_good_ns - good_ns)
    return banners.Seen(
        mode=shown.mode,
        freeze_class=shown.freeze_class,
        culprit=shown.culprit,
        calling=shown.calling,
        slowed=shown.slowed,
        testing=shown.testing,
        link_wait_s=wait_ns / NS_PER_S,
        silent_s=None if shown.for_ns is None else shown.for_ns / NS_PER_S,
    )


def team_words(shown: Picture) -> banners.Words:
    """The team's banner. A run that ended in order is told as that: silence then is no fault."""
    said = banners.words(banner_seen(shown), banners.Who.STAFF)
    if not shown.ended:
        return said
    return said._replace(
        mode=None,
        heading=sentence("RUN ENDED"),
        reason=sentence("the patient's side has ended on this host"),
        advice=sentence("Close this panel, and open it again with the next run."),
        calling=False,
    )


def surgeon_view(shown: Picture) -> SurgeonView:
    """From the picture of this moment."""
    return SurgeonView(who_has_the_session(shown), _link(shown), link_level(shown), _sees(shown), _reads(shown))


def who_has_the_session(shown: Picture) -> Sentence:
    """The surgeon and the device; that nobody has it, or that it is not told."""
    surgeon = shown.surgeon
    if not surgeon.known:
        return sentence("not known")
    return literal(f"{surgeon.name} ({surgeon.device})") if surgeon.name else sentence("no console is connected")


def link_level(shown: Picture) -> Level:
    """How the link stands to the procedure's limits, the worst first."""
    link, limits = shown.link, shown.limits
    age_ns, silence_ns = link.loop_age_ns, link.silence_ns
    if not _is_cut(shown) and (age_ns is None or silence_ns is None):
        return Level.UNKNOWN
    if _is_cut(shown):
        return Level.FREEZE if shown.surgeon.name else Level.UNKNOWN
    if limits is None or not isinstance(limits.link, LinkLimits) or age_ns is None or silence_ns is None:
        return Level.OK if link.good_ns else Level.UNKNOWN
    if age_ns >= limits.link.age.freeze_ns or silence_ns >= limits.link.silence.pause_ns:
        return Level.FREEZE
    return Level.OK if link.good_ns else Level.SLOW


def _is_cut(shown: Picture) -> bool:
    return any(standing.part is Part.LINK and not standing.works for standing in shown.parts)


def _link(shown: Picture) -> Sentence:
    if not shown.surgeon.name:
        return NOTHING
    for standing in shown.parts:
        if standing.part is Part.LINK and not standing.works:
            return sentence("link: {why}", why=standing.why)
    good_ns = shown.link.good_ns
    if good_ns is None:
        return sentence("link: unknown")
    wanted_ns = 0 if shown.limits is None else shown.limits.people.link_good_ns
    if good_ns >= wanted_ns and good_ns > 0:
        return sentence("link: good for {time}", time=duration(good_ns))
    if good_ns > 0:
        return sentence("link: good for {time} of {wanted}", time=duration(good_ns), wanted=duration(wanted_ns))
    return sentence("link: not good")


def _sees(shown: Picture) -> Sentence:
    if not shown.surgeon.name:
        return NOTHING
    seen_ns = shown.link.seen_age_ns
    if seen_ns is None:
        return sentence("has seen no picture yet")
    if seen_ns >= NS_PER_S:
        return sentence("last saw a picture {time} ago", time=duration(seen_ns))
    # Tens of ms: more figures would only flicker.
    return sentence("sees a picture {age} ms old", age=f"{round(seen_ns / NS_PER_MS, -1):.0f}")


def _reads(shown: Picture) -> Sentence:
    """What the surgeon's banner says, as far as it can be known here: of a cut link he reads that he knows nothing."""
    if not shown.surgeon.name:
        return NOTHING
    seen = banner_seen(shown)
    if _is_cut(shown) or shown.mode is None:
        seen = seen._replace(mode=None, silent_s=(shown.link.silence_ns or 0) / NS_PER_S)
    words = banners.words(seen, banners.Who.SURGEON)
    return sentence("reads: {heading}. {advice}", heading=words.heading, advice=words.advice)
