"""The local team's panel in every state, and the engineers' windows, from made-up moments."""

from collections.abc import Callable

import msgspec
from PySide6.QtWidgets import QWidget

from bench.screenshots.moments import (
    AUTHORITY,
    COMMAND,
    INTAKE,
    MEASURED,
    NOW,
    REPORT,
    ROBOT,
    late,
    moment,
)
from bench.screenshots.scene import Scene, Screen
from kinematics.description import RobotDescription
from protocol.clock import NS_PER_S
from protocol.figures import StopLine
from protocol.messages import Action, FreezeClass, Mode
from protocol.records import NO_SESSION, Accepted, Jog
from protocol.widgets.look import Look
from slave.panel.app import grown
from slave.panel.history import Span
from slave.panel.hold import Held
from slave.panel.press import STOP, Outcome
from slave.panel.snapshot import Snapshot
from slave.panel.window import PanelWindow

SILENT = "no command for 250 ms (limit 250 ms)"
LAG = "LAG: arm 0 is 12.3 mm, 11.4 deg behind the hand (limit 10 mm, 10 deg)"
TRIP = "arm 1: tracking error 2.41 mm (limit 2 mm)"
PAST = (
    (1, Mode.SAFE), (60, Mode.LOCAL), (200, Mode.READY), (215, Mode.FOLLOWING), (520, Mode.FROZEN),
    (524, Mode.FOLLOWING), (700, Mode.PAUSED), (701, Mode.FOLLOWING), (850, Mode.FROZEN), (862, Mode.LOCAL),
    (900, Mode.READY), (905, Mode.FOLLOWING),
)  # fmt: skip


class Still:
    """A `Place` where time stands still. `pressed` and `jogged` are what was done there."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.pressed: list[str] = []
        self.jogged: list[Held] = []
        self.let_go_of = 0

    @property
    def robot(self) -> RobotDescription:
        """Always the same."""
        return ROBOT

    def look(self) -> Snapshot:
        """Always the same, unless somebody changes it."""
        return self.snapshot

    def press(self, what: str) -> None:
        """Noted."""
        self.pressed.append(what)

    def jog(self, held: Held) -> None:
        """Noted."""
        self.jogged.append(held)

    def let_go(self) -> None:
        """Counted."""
        self.let_go_of += 1

    def recall(self) -> tuple[Span, ...]:
        """A case of a quarter of an hour."""
        return tuple(Span(at_s * NS_PER_S, mode, None, FreezeClass.NONE, "") for at_s, mode in PAST)


def moments() -> dict[str, Snapshot]:
    """All states that the panel is shown in, by name."""
    cut = msgspec.structs.replace
    long_ago = cut(COMMAND, received_ns=NOW - 3 * NS_PER_S, shown_ns=NOW - 3 * NS_PER_S)
    silent = Accepted(NOW - 3 * NS_PER_S, long_ago)
    stopped = cut(MEASURED, powered=False, stopped=True, line=StopLine.OPEN, brakes=moment(Mode.SAFE).drives.brakes)  # type: ignore[union-attr]
    parked = cut(MEASURED, brakes=stopped.brakes, following=False)
    waiting = tuple((action.value, Outcome.WAITING) for action in (Action.FREEZE, Action.TAKE))
    failed = ((STOP, Outcome.FAILED), (Action.FREEZE.value, Outcome.FAILED), (Action.TAKE.value, Outcome.DONE))
    return {
        "safe": moment(Mode.SAFE, session=NO_SESSION),
        "selftest": moment(Mode.SAFE, testing=True),
        "stopped": moment(Mode.SAFE, drives=stopped, measured=stopped),
        "local": moment(Mode.LOCAL),
        "local-parked": moment(Mode.LOCAL, drives=parked, measured=parked),
        "local-jogging": moment(Mode.LOCAL, jog=Jog(0, 2, -1)),
        "called": moment(Mode.LOCAL, calling=True, culprit=f"frozen for 30 s: {SILENT}", accepted=silent),
        "ready": moment(Mode.READY),
        "ready-waits": moment(Mode.READY, link_good_ns=NS_PER_S),
        "following": moment(Mode.FOLLOWING),
        "following-slowed": moment(Mode.FOLLOWING, slowed=True, link_good_ns=0, speed_cap_m_s=0.06),
        "paused": moment(Mode.PAUSED, culprit="no command for 120 ms (limit 100 ms)", link_good_ns=0),
        "frozen-link": moment(Mode.FROZEN, FreezeClass.LINK, culprit=SILENT, accepted=silent, link_good_ns=0),
        "frozen-master": moment(Mode.FROZEN, FreezeClass.MASTER, culprit=LAG),
        "frozen-local": moment(Mode.FROZEN, FreezeClass.LOCAL, culprit="FREEZE pressed by the local staff"),
        "frozen-arm": moment(Mode.FROZEN, FreezeClass.ARM, culprit=TRIP, calling=True),
        "supervisor-silent": moment(authority=late(AUTHORITY, ms=4200)),
        "controller-dead": moment(Mode.LOCAL, report=late(REPORT, ms=8000)),
        "plant-dead": moment(
            Mode.FROZEN,
            FreezeClass.ARM,
            measured=late(MEASURED, ms=900),
            culprit="plant: last measured 60 ms ago (limit 50 ms)",
        ),
        "drives-silent": moment(Mode.FROZEN, FreezeClass.ARM, drives=late(MEASURED, ms=900)),
        "gateway-silent": moment(
            Mode.FROZEN, FreezeClass.LINK, intake=late(INTAKE, ms=2000), accepted=silent, culprit=SILENT
        ),
        "ended": moment(authority=late(AUTHORITY, ms=9000), ended=True),
        "waiting": moment(Mode.FOLLOWING, outcomes=waiting),
        "failed": moment(Mode.FOLLOWING, outcomes=failed),
    }


def scenes() -> list[Scene]:
    """All pictures of the panel."""
    found = [Scene(f"panel-{name}", _panel(snapshot)) for name, snapshot in moments().items()]
    by_hand = ("local", "local-parked", "local-jogging", "controller-dead", "following", "stopped", "supervisor-silent")
    return [*found, *(Scene(f"panel-jog-{name}", _panel(moments()[name], 1)) for name in by_hand)]


def _panel(snapshot: Snapshot, page: int = 0) -> Callable[[Look, Screen], QWidget]:
    def make(look: Look, screen: Screen) -> QWidget:
        window = open_panel(Still(snapshot), look, screen)
        if window.pages is not None:
            window.pages.turn_to(page)
        return window

    return make


def open_panel(place: Still, look: Look, screen: Screen) -> PanelWindow:
    """A panel as large as the screen, at the scale that it has there."""
    scale, roomy = grown(look.scale, screen.width, screen.height)
    window = PanelWindow(Look(look.theme, scale), place, roomy=roomy)
    window.resize(screen.width, screen.height)
    return window
