"""What the window knows at one moment, and how fresh it is. Pure."""

from typing import NamedTuple

from master.console_records import LauncherWord, PilotStands
from master.pilot_records import PilotHands, PilotLink
from protocol.clock import NS_PER_MS, NS_PER_S
from protocol.messages import Mode, State, Welcome
from protocol.records import PilotCounts

PILOT_SILENT_NS = 500 * NS_PER_MS
"""A pilot tells how it goes ten times a second."""
HERE = "this host"
"""The name of a side that has none of its own."""
BLIND_NS = 300 * NS_PER_MS
"""Taken where no session has told its own."""


class Snapshot(NamedTuple):
    """All newest records; None where nothing was told yet. `state_ns` is when `state` came here, on this host's clock.

    `state` and `welcome` are of the session that the pilot has now: there is none of them without one. `control`,
    `case` and `check_age_ns` are the window's own: whether it wishes a session, whether a case is under way, and how
    long ago it saw the check of the link end (None: it did not see that).
    """

    now_ns: int
    launcher: LauncherWord | None
    pilot: PilotCounts | None
    link: PilotLink | None
    hands: PilotHands | None
    welcome: Welcome | None
    state: State | None
    state_ns: int | None
    control: bool = False
    case: bool = False
    check_age_ns: int | None = None

    @property
    def pilot_alive(self) -> bool:
        """Whether the pilot tells anything, and its launcher knows of no end."""
        runs = self.launcher is not None and self.launcher.pilot is PilotStands.RUNNING
        return runs and self.link is not None and self.now_ns - self.link.stamp_ns <= PILOT_SILENT_NS

    @property
    def in_session(self) -> bool:
        """Whether the patient's side has opened a session for us."""
        return self.pilot_alive and self.link is not None and self.link.session != 0 and self.welcome is not None

    @property
    def may_have_session(self) -> bool:
        """Whether the patient's side may take us for its surgeon, though nothing of it may be told now."""
        runs = self.launcher is not None and self.launcher.pilot is PilotStands.RUNNING
        return self.case or (runs and self.link is not None and self.link.session != 0)

    @property
    def is_locked(self) -> bool:
        """Whether another patient's side, or another device, can be chosen only after the session was ended."""
        return self.control or self.may_have_session

    @property
    def side_name(self) -> str:
        """The patient's side that the pilot speaks to, by its name here and its address; '' for none."""
        word = self.launcher
        if word is None or not word.side:
            return ""
        name = next((side.name for side in word.sides if side.address == word.side and side.name != HERE), "")
        return f"{name} ({word.side})" if name else word.side

    @property
    def blind_ns(self) -> int:
        """How old a state may be before nothing is known any more."""
        return BLIND_NS if self.welcome is None else self.welcome.blind_ns

    @property
    def silent_s(self) -> float | None:
        """For how long no state has come; None before the first of this session."""
        return None if self.state_ns is None else max(0, self.now_ns - self.state_ns) / NS_PER_S

    @property
    def mode(self) -> Mode | None:
        """The patient's side's; None where nobody tells it any more, or never did."""
        if not self.in_session or self.state is None or self.state_ns is None:
            return None
        return None if self.now_ns - self.state_ns > self.blind_ns else self.state.mode

    @property
    def engaged(self) -> tuple[bool, ...]:
        """Of each hand, whether the pilot asks for its motion."""
        return () if self.hands is None else tuple(hand.engaged for hand in self.hands.commanded)
