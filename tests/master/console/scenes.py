"""Snapshots to begin with; tests change what they are about."""

from msgspec.structs import replace

from master.check_link import Advice, LinkCheck
from master.console.snapshot import Snapshot
from master.console_records import NO_CHECK, LauncherWord, PilotStands, Side
from master.pilot_records import HandCommanded, HandSeen, LaneMap, PilotHands, PilotLink
from protocol.messages import Mode, Owner, Rest
from protocol.pose import IDENTITY, ZERO
from protocol.records import PilotCounts, StreamQuality
from safety.limits import load_limits
from tests.master.test_pilot import WELCOME as BARE_WELCOME
from tests.protocol.samples import ARM_STATE, STATE

NOW = 10**12
SIDE = "127.0.0.1:7200"
LIMITS = load_limits("laparoscopic")
WELCOME = replace(
    BARE_WELCOME, limits=LIMITS.named(), limits_hash=LIMITS.hash, blind_ns=LIMITS.master.blind_ns, jaw_max_rad=1.0472
)
QUALITY = StreamQuality(12_000_000, 1_300_000.0, 0.0, 1, (1, 0, 0, 0, 0, 0, 0))
LAUNCHER = LauncherWord(
    stamp_ns=NOW,
    sides=(Side("this host", SIDE, ""), Side("kashgar", "10.1.2.3:7200", "12345 23456 34567 45678 56789 67890")),
    sides_trouble="",
    side=SIDE,
    pilot=PilotStands.RUNNING,
    trouble="",
    notes=(),
    windows=1,
    check=NO_CHECK,
)
PILOT = PilotCounts(
    *(NOW, 1000, 0, 1000, 0, (3, 3), "READY", "window", 0, False, False, True, QUALITY, 0.002, 1, 0, 32, (), "")
)
LINK = PilotLink(
    stamp_ns=NOW,
    session=WELCOME.session,
    asked=True,
    trouble="",
    loop_age_ns=128_000_000,
    link_age_ns=91_000_000,
    late=0.0,
    command_lanes=(LaneMap("127.0.0.1", "L" * 32 + "." * 32, 0),),
    state_lanes=(LaneMap("127.0.0.1", "L" * 30 + "SSc" + "." * 31, 2),),
    offset_ns=-5_000_000_000_000,
    offset_error_ns=22_000_000,
    device="window",
    device_opening=False,
    device_trouble="",
    scale=0.5,
    resting=False,
    stops=0,
)
RESTING_HAND = HandSeen(ZERO, IDENTITY, 0.5, pedal_down=False)
COMMANDED = HandCommanded(ARM_STATE.opened_epoch, False, ZERO, IDENTITY, 0.5)
HANDS = PilotHands(
    stamp_ns=NOW,
    rest=Rest.NONE,
    device_age_ns=1_000_000,
    seen=(RESTING_HAND, RESTING_HAND),
    commanded=(COMMANDED, COMMANDED),
)
FOUND = LinkCheck(Advice.GO, (), "laparoscopic", 20.0, 128.0, 141.0, 160.0, 2.5, 14.0, 0.0, 0.2)
NOTHING = Snapshot(NOW, None, None, None, None, None, None, None)
READY = Snapshot(NOW, LAUNCHER, PILOT, LINK, HANDS, WELCOME, replace(STATE, sent_ns=NOW), NOW)
APART = READY._replace(link=replace(LINK, session=0, asked=False), welcome=None, state=None, state_ns=None)
ASKING = APART._replace(
    link=replace(
        LINK, session=0, trouble="no answer from 127.0.0.1:7200 yet: is it running, and is its key the one we trust?"
    )
)


def in_mode(mode, seen=READY, **changes):
    """A session in this mode."""
    owner = Owner.LOCAL if mode in (Mode.SAFE, Mode.LOCAL) else Owner.REMOTE
    return seen._replace(state=replace(seen.state, mode=mode, owner=owner, **changes))


def engaged(seen=READY, *, epoch=ARM_STATE.opened_epoch):
    """Both hands engaged, their pedals down."""
    hands = replace(
        seen.hands,
        seen=tuple(replace(hand, pedal_down=True) for hand in seen.hands.seen),
        commanded=tuple(replace(hand, engaged=True, clutch_epoch=epoch) for hand in seen.hands.commanded),
    )
    return seen._replace(hands=hands)
