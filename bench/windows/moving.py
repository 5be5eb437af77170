"""A long case for both windows, made up: arms move and ages change at every frame, modes now and then."""

from msgspec.structs import replace

from bench.screenshots import console
from bench.screenshots.moments import moment, standing
from bench.screenshots.panel import Still
from master.console.snapshot import Snapshot as ConsoleSnapshot
from protocol.clock import NS_PER_MS
from protocol.messages import FreezeClass, Mode
from slave.panel.snapshot import Snapshot

FRAME_MS = 33
MODE_FRAMES = 100
CASE = (Mode.READY, Mode.FOLLOWING, Mode.PAUSED, Mode.FOLLOWING, Mode.FROZEN, Mode.LOCAL)
SITUATIONS = tuple(console.SITUATIONS.values())


class MovingPlace(Still):
    """A patient's side for the panel; a frame passes at every look."""

    def __init__(self) -> None:
        super().__init__(moment(Mode.FOLLOWING))
        self.looks = 0

    def look(self) -> Snapshot:
        """The next frame."""
        self.looks += 1
        tick, now_ns = self.looks, self.snapshot.now_ns + FRAME_MS * NS_PER_MS
        mode = CASE[tick // MODE_FRAMES % len(CASE)]
        whole = moment(mode, FreezeClass.LINK if mode is Mode.FROZEN else FreezeClass.NONE, now_ns=now_ns)
        stamp_ns = now_ns - 5 * NS_PER_MS
        entered_ns = stamp_ns - tick % MODE_FRAMES * FRAME_MS * NS_PER_MS
        if whole.drives is None or whole.authority is None or whole.accepted is None:
            raise AssertionError("a moment has all of its records")
        arm = whole.drives.arms[0]
        arm = replace(arm, position=tuple(q + 0.001 * (tick % 50) for q in arm.position))
        drives = replace(whole.drives, stamp_ns=stamp_ns, step=tick, tick=tick, arms=(arm, arm))
        shown_ns = stamp_ns - (60 + tick % 70) * NS_PER_MS
        command = replace(whole.accepted.command, shown_ns=shown_ns, received_ns=stamp_ns)
        self.snapshot = standing(
            whole._replace(
                authority=replace(whole.authority, stamp_ns=stamp_ns, tick=tick, entered_ns=entered_ns),
                drives=drives,
                measured=drives,
                report=None if whole.report is None else replace(whole.report, stamp_ns=stamp_ns, tick=tick),
                intake=None if whole.intake is None else replace(whole.intake, stamp_ns=stamp_ns),
                accepted=replace(whole.accepted, accepted_ns=stamp_ns, command=command),
            )
        )
        return self.snapshot


class MovingPilot(console.MadeUp):
    """Pilot and launcher for the console, in all situations by turns."""

    def __init__(self) -> None:
        super().__init__(console.CASE)
        self.looks = 0

    def look(self, now_ns: int) -> ConsoleSnapshot:
        """The next frame."""
        self.looks += 1
        self.painted_stamps.clear()
        self.asked.clear()
        self.seen = SITUATIONS[self.looks // MODE_FRAMES % len(SITUATIONS)]
        whole = super().look(now_ns)
        link, state = whole.link, whole.state
        if link is not None and link.loop_age_ns is not None:
            link = replace(link, loop_age_ns=link.loop_age_ns + self.looks % 40 * NS_PER_MS)
        if state is not None:
            way = 1e-4 * (self.looks % MODE_FRAMES)
            arms = tuple(replace(arm, measured_jp=tuple(q + way for q in arm.measured_jp)) for arm in state.arms)
            state = replace(state, sequence=self.looks, stamp_ns=now_ns, arms=arms)
        return whole._replace(link=link, state=state)
