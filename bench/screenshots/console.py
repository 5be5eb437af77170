"""The surgeon's console in all its states, from made-up records."""

import math
import time
from collections.abc import Callable

from msgspec.structs import replace
from PySide6.QtWidgets import QWidget

from bench.screenshots.scene import Scene, Screen
from kinematics.description import load_description
from kinematics.reference import Pose, add, forward, product, quaternion_of, rotate
from master.check_link import Advice, LinkCheck
from master.console.intent import Intent
from master.console.snapshot import Snapshot
from master.console.window import ConsoleWindow
from master.console_messages import WindowHand
from master.console_records import NO_CHECK, CheckWord, LauncherWord, PilotStands, Side
from master.pilot_records import HandCommanded, HandSeen, LaneMap, PilotHands, PilotLink
from protocol.clock import NS_PER_MS, NS_PER_S
from protocol.messages import ArmState, FreezeClass, Mode, Owner, Rest, State, Welcome
from protocol.pose import IDENTITY, ZERO
from protocol.records import PilotCounts, StreamQuality
from protocol.widgets.look import Look
from safety.limits import load_limits

MS, S = NS_PER_MS, NS_PER_S
NOW = 1000 * S
MINUTE = 600
"""Tenths of a second that the plot is fed with before the picture."""
SILENCE = "true"
"""A program that plays nothing."""
SIDE = "127.0.0.1:7200"
ROBOT = load_description("psm")
LIMITS = load_limits("laparoscopic")
JOINTS = ((-0.05, -0.10, 0.135, 0.4, 0.35, -0.2), (0.10, 0.08, 0.15, -0.3, -0.3, 0.25))
AHEAD = ((0.012, 0.006, 0.009), (-0.008, 0.010, -0.004))
SILENT = "no command for 250 ms (limit 250 ms)"
TRIP = "arm 1: tracking error 2.41 mm (limit 2 mm)"
QUALITY = StreamQuality(34 * MS, 1.3 * MS, 0.002, 2, (12, 3, 0, 0, 0, 0, 0))

WELCOME = Welcome(
    version=1,
    session=5,
    state_key="",
    robot=ROBOT.name,
    arms=tuple(mount.name for mount in ROBOT.mounts),
    tick_hz=1000,
    jaw_min_rad=ROBOT.jaw.position_min,
    jaw_max_rad=ROBOT.jaw.position_max,
    procedure="laparoscopic",
    limits=LIMITS.named(),
    limits_hash=LIMITS.hash,
    blind_ns=LIMITS.master.blind_ns,
)


def _arm(number: int) -> ArmState:
    """An arm that follows, where its joints put it."""
    mount, joints = ROBOT.mounts[number], JOINTS[number]
    tip = forward(ROBOT, joints)
    base = Pose(mount.p_WB_m, mount.R_WB)
    p, q = add(base.p, rotate(base.R, tip.p)), quaternion_of(product(base.R, tip.R))
    return ArmState(
        opened_epoch=3,
        following=True,
        reach=0,
        base_p_W_m=p,
        base_q_W=q,
        opening_p_W_m=ZERO,
        opening_q_W=IDENTITY,
        setpoint_p_W_m=p,
        setpoint_q_W=q,
        measured_p_W_m=p,
        measured_q_W=q,
        measured_jp=joints,
        jaw_rad=0.6 - 0.3 * number,
        lag_m=0.0,
        lag_rad=0.0,
    )


STATE = State(
    version=1,
    session=WELCOME.session,
    authority_epoch=4,
    sequence=7,
    stamp_ns=NOW,
    sent_ns=NOW,
    heard_ns=NOW,
    owner=Owner.REMOTE,
    mode=Mode.FOLLOWING,
    freeze_class=FreezeClass.NONE,
    calling=False,
    slowed=False,
    energy_on=False,
    stop_number=1,
    stops_heard=0,
    nonce=77,
    link_good_ns=10 * S,
    speed_cap_m_s=0.117,
    culprit="",
    arms=(_arm(0), _arm(1)),
)
LINK = PilotLink(
    stamp_ns=NOW,
    session=WELCOME.session,
    asked=True,
    trouble="",
    loop_age_ns=128 * MS,
    link_age_ns=91 * MS,
    late=0.001,
    command_lanes=(LaneMap("10.8.0.2", "L" * 32 + "." * 32, 0),),
    state_lanes=(LaneMap("10.8.0.2", "LLLLLSLLLLLLLLLLLLLLLLLLLLLLLLLLLc" + "." * 30, 3),),
    offset_ns=-5_000 * S,
    offset_error_ns=22 * MS,
    device="spacemouse",
    device_opening=False,
    device_trouble="",
    scale=0.5,
    resting=False,
    stops=0,
)
PILOT = PilotCounts(
    *(NOW, 1000, 0, 1000, 0, (3, 3), "", "spacemouse", 0, False, False, True, QUALITY, 0.008, 1, 0, 32, (), "")
)
DOWN = HandSeen(ZERO, IDENTITY, 0.4, pedal_down=True)
HANDS = PilotHands(
    stamp_ns=NOW,
    rest=Rest.NONE,
    device_age_ns=MS,
    seen=(DOWN, replace(DOWN, jaw_rad=0.3)),
    commanded=tuple(HandCommanded(3, True, way, IDENTITY, 0.4) for way in AHEAD),
)
AT_REST = replace(
    HANDS,
    seen=tuple(replace(hand, pedal_down=False) for hand in HANDS.seen),
    commanded=tuple(replace(hand, engaged=False) for hand in HANDS.commanded),
)
LAUNCHER = LauncherWord(
    stamp_ns=NOW,
    sides=(
        Side("this host", SIDE, ""),
        Side("kashgar", "10.8.0.7:7200", "12345 23456 34567 45678 56789 67890"),
        Side("urumqi-2", "10.8.0.9:7200", "98765 87654 76543 65432 54321 43210"),
    ),
    sides_trouble="",
    side="10.8.0.7:7200",
    pilot=PilotStands.RUNNING,
    trouble="",
    notes=(),
    windows=1,
    check=NO_CHECK,
)
GO = LinkCheck(Advice.GO, (), "laparoscopic", 20.0, 128.0, 141.0, 160.0, 2.5, 34.0, 0.0, 0.8)
SLOWLY_WHY = "loop age 231.0 ms: from 220.0 ms on the arm is slowed or paused"
NO_GO_WHY = (
    "silence 412.0 ms: from 250.0 ms on the arm is frozen",
    "packet loss 23.0 %: from 20.0 % on the arm is frozen",
)
CASE = Snapshot(NOW, LAUNCHER, PILOT, LINK, HANDS, WELCOME, STATE, NOW)
APART = CASE._replace(
    link=replace(LINK, session=0, asked=False),
    hands=replace(AT_REST, commanded=()),
    welcome=None,
    state=None,
    state_ns=None,
)
NO_SIDE = APART._replace(launcher=replace(LAUNCHER, side="", pilot=PilotStands.NONE))
NO_ANSWER = "no answer from 10.8.0.7:7200 yet: is it running, and is its key the one we trust?"


def _checked(found: LinkCheck) -> Snapshot:
    check = CheckWord(1, running=False, text="", done_s=20.0, seconds=20.0, found=found)
    return APART._replace(launcher=replace(LAUNCHER, check=check))


def _mode(mode: Mode, hands: PilotHands = AT_REST, **changes: object) -> Snapshot:
    owner = Owner.LOCAL if mode in (Mode.SAFE, Mode.LOCAL) else Owner.REMOTE
    moving = mode in (Mode.FOLLOWING, Mode.PAUSED)
    arms = tuple(replace(arm, following=moving) for arm in STATE.arms)
    state = replace(STATE, **{"mode": mode, "owner": owner, "arms": arms, **changes})
    return CASE._replace(state=state, hands=hands)


def _frozen(freeze_class: FreezeClass, culprit: str, **changes: object) -> Snapshot:
    return _mode(Mode.FROZEN, HANDS, freeze_class=freeze_class, culprit=culprit, **changes)


SITUATIONS: dict[str, Snapshot] = {
    "console-1-choose": NO_SIDE,
    "console-2-check-runs": APART._replace(
        launcher=replace(
            LAUNCHER, check=CheckWord(1, True, "measuring; nothing moves", done_s=7.0, seconds=20.0, found=None)
        )
    ),
    "console-3-go": _checked(GO),
    "console-3-slowly": _checked(replace(GO, advice=Advice.SLOWLY, reasons=(SLOWLY_WHY,))),
    "console-3-no-go": _checked(replace(GO, advice=Advice.NO_GO, reasons=NO_GO_WHY)),
    "console-4-calling": APART._replace(link=replace(LINK, session=0, trouble=NO_ANSWER)),
    "console-5-local": _mode(Mode.LOCAL),
    "console-6-ready-wait": _mode(Mode.READY, link_good_ns=S),
    "console-6-ready": _mode(Mode.READY),
    "console-6-resting": _mode(Mode.READY)._replace(link=replace(LINK, resting=True)),
    "console-7-following": _mode(Mode.FOLLOWING, HANDS),
    "console-7-slowed": _mode(Mode.FOLLOWING, HANDS, slowed=True, speed_cap_m_s=0.042)._replace(
        link=replace(LINK, loop_age_ns=241 * MS)
    ),
    "console-8-paused": _mode(Mode.PAUSED, HANDS, culprit="no command for 120 ms (limit 100 ms)"),
    "console-9-frozen-link": _frozen(FreezeClass.LINK, SILENT, link_good_ns=0),
    "console-9-frozen-arm": _frozen(FreezeClass.ARM, TRIP, calling=True),
    "console-9-unknown": CASE._replace(state_ns=NOW - 1300 * MS, hands=replace(AT_REST, rest=Rest.STATE_LOST)),
    "console-9-pilot-lost": CASE._replace(
        launcher=replace(LAUNCHER, pilot=PilotStands.ENDED, trouble="the pilot ended by itself (signal 9)")
    ),
    "console-keys": _mode(Mode.READY)._replace(link=replace(LINK, device="window")),
}


class MadeUp:
    """In place of pilot and launcher: always the same answer, at the time of asking."""

    def __init__(self, seen: Snapshot) -> None:
        self.seen = seen
        self.painted_stamps: list[int] = []
        self.asked: list[Intent] = []

    def look(self, now_ns: int) -> Snapshot:
        """What was made up, as of now."""
        late_ns = now_ns - self.seen.now_ns
        link = None if self.seen.link is None else replace(self.seen.link, stamp_ns=self.seen.link.stamp_ns + late_ns)
        state_ns = None if self.seen.state_ns is None else self.seen.state_ns + late_ns
        return self.seen._replace(now_ns=now_ns, link=link, state_ns=state_ns)

    def painted(self, state: State) -> None:
        """Kept for who asks."""
        self.painted_stamps.append(state.stamp_ns)

    def ask(self, intent: Intent, now_ns: int) -> None:
        """Kept likewise."""
        self.asked.append(intent)

    def move(self, hands: tuple[WindowHand, WindowHand], now_ns: int) -> None:
        """No pilot hears it."""


def made_window(look: Look, screen: Screen, seen: Snapshot) -> ConsoleWindow:
    """A window over made-up records that stand still, not yet shown."""
    return window_over(MadeUp(seen), look, screen, time.monotonic_ns)


def window_over(made_up: MadeUp, look: Look, screen: Screen, clock: Callable[[], int]) -> ConsoleWindow:
    """A window over made-up records, not yet shown."""
    seen = made_up.seen
    device = "spacemouse" if seen.link is None else seen.link.device
    intent = Intent(1, device, 0.5)
    if seen.launcher is not None:
        intent.side = seen.launcher.side
    if seen.link is not None:
        intent.control, intent.rest = seen.link.asked, seen.link.resting
    window = ConsoleWindow(look, made_up, intent, screen.height, player=SILENCE, clock=clock)
    window.resize(screen.width, screen.height)
    return window


def _scene(seen: Snapshot) -> Callable[[Look, Screen], QWidget]:
    def make(look: Look, screen: Screen) -> QWidget:
        made_up = MadeUp(seen)
        window = window_over(made_up, look, screen, time.monotonic_ns)
        if seen.launcher is not None and seen.launcher.check.found is not None:
            # It sees the check run first, and so knows that what was found is of now.
            runs = replace(seen.launcher.check, found=None, running=True)
            made_up.seen = seen._replace(launcher=replace(seen.launcher, check=runs))
            window.frame()
            made_up.seen = seen
        window.feed(_minute(seen))
        window.begin()
        return window

    return make


def _minute(seen: Snapshot) -> list[int | None]:
    """Loop ages of a minute, with a hill in it, up to what is told now."""
    told_ns = 0 if seen.link is None or seen.link.loop_age_ns is None else seen.link.loop_age_ns
    ages: list[int | None] = [int((118 + 9 * math.sin(k / 9) + 4 * (k % 7)) * MS) for k in range(MINUTE - 30)]
    return [*ages, *(int(118 * MS + (told_ns - 118 * MS) * k / 30) for k in range(30))]


def scenes() -> list[Scene]:
    """All pictures of the console."""
    return [Scene(name, _scene(seen)) for name, seen in SITUATIONS.items()]
