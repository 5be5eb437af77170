"""Names that come with the data (joints, walls, processes, modes), made sentences so that they translate. Pure."""

from protocol.messages import FreezeClass, Mode, Owner
from protocol.widgets.sentence import Sentence, literal, mark, sentence

KNOWN = frozenset(
    {
        mark("outer yaw"),
        mark("outer pitch"),
        mark("insertion"),
        mark("outer roll"),
        mark("outer wrist pitch"),
        mark("outer wrist yaw"),
        mark("jaw"),
        mark("tip x"),
        mark("tip y"),
        mark("tip z"),
        mark("left"),
        mark("right"),
        mark("left side"),
        mark("right side"),
        mark("near side"),
        mark("far side"),
        mark("table"),
        mark("ceiling"),
        mark("plant"),
        mark("drives"),
        mark("controller"),
        mark("supervisor"),
        mark("gateway"),
        mark("pilot"),
        mark("laparoscopic"),
        mark("vascular"),
        mark("none"),
    }
)
"""What robots, procedures and processes of ours are called; another robot's names are shown as they are."""

_MODES = {
    Mode.SAFE: mark("NO POWER"),
    Mode.LOCAL: mark("LOCAL"),
    Mode.READY: mark("READY"),
    Mode.FOLLOWING: mark("FOLLOWING"),
    Mode.PAUSED: mark("PAUSED"),
    Mode.FROZEN: mark("FROZEN"),
}
_OWNERS = {Owner.LOCAL: mark("the local team"), Owner.REMOTE: mark("the surgeon")}
_CLASSES = {
    FreezeClass.NONE: mark("no reason was told"),
    FreezeClass.LINK: mark("the link"),
    FreezeClass.MASTER: mark("the surgeon's side"),
    FreezeClass.LOCAL: mark("pressed by hand"),
    FreezeClass.ARM: mark("the arm"),
}


def name_of(text: str) -> Sentence:
    """A name as it stands in data or messages."""
    spoken = text.replace("_", " ")
    return Sentence(spoken) if spoken in KNOWN else literal(spoken)


def mode_name(mode: Mode | None) -> Sentence:
    """In capitals, as the banner says it."""
    return sentence("UNKNOWN") if mode is None else Sentence(_MODES[mode])


def owner_name(owner: Owner) -> Sentence:
    """Who has the authority."""
    return Sentence(_OWNERS[owner])


def class_name(freeze_class: FreezeClass) -> Sentence:
    """Where a freeze came from, where nothing more is told."""
    return Sentence(_CLASSES[freeze_class])
