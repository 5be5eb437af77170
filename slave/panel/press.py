"""What the staff pressed, and whether it took effect. Pure: handed the time and what supervisor and drives say.

A press is confirmed by what it should have led to, within 100 ms, or it is told as failed. Stops are sent again until
they are confirmed, for a stop that was lost on its way is the worst that a panel can do.
"""

from enum import StrEnum

from protocol.clock import NS_PER_MS, NS_PER_S
from protocol.messages import Action, FreezeClass, Mode, Owner, StaffAction, StaffJog, StaffStop
from protocol.records import Authority, Measured

CONFIRM_NS = 100 * NS_PER_MS
REPEAT_NS = 50 * NS_PER_MS
GIVE_UP_NS = NS_PER_S
SHOWN_NS = 5 * NS_PER_S
JOG_PRESS_NS = 200 * NS_PER_MS
"""A key whose repeats are farther apart has been let go."""

STOP = "STOP + POWER OFF"
REPEATED = (Action.FREEZE.value, Action.TAKE.value, STOP)


class Outcome(StrEnum):
    """How a press stands."""

    NONE = ""
    WAITING = "..."
    DONE = "done"
    FAILED = "FAILED"


def took_effect(what: str, authority: Authority | None, measured: Measured | None) -> bool:
    """Whether supervisor (for the stop: the drives) say that it did."""
    if what == STOP:
        return measured is not None and (measured.stopped or not measured.powered)
    if authority is None:
        return False
    return {
        Action.FREEZE.value: authority.mode is Mode.SAFE
        or (authority.mode is Mode.FROZEN and authority.freeze_class in (FreezeClass.LOCAL, FreezeClass.ARM)),
        Action.TAKE.value: authority.owner is Owner.LOCAL and authority.mode in (Mode.LOCAL, Mode.SAFE),
        Action.GIVE.value: authority.owner is Owner.REMOTE,
        Action.RELEASE.value: authority.mode is not Mode.FROZEN,
        Action.RESET.value: authority.mode is not Mode.SAFE or authority.testing,
        Action.ATTEND.value: not authority.calling,
    }[what]


class Presses:
    """One panel's presses. `panel` is drawn by chance when it starts."""

    def __init__(self, panel: int, *, stand_in: bool = False) -> None:
        self._panel = panel
        self._stand_in = stand_in
        self._number = 0
        self._pressed_ns = 0
        self._sent_ns = 0
        self._jogged_ns = -JOG_PRESS_NS - 1
        self._jog = (0, 0, 1)
        self._jog_number = 0
        self.what = ""
        self.outcome = Outcome.NONE

    def press(self, what: str, now_ns: int) -> StaffAction | StaffStop:
        """A button goes down: the message to send now."""
        self._number += 1
        self.what, self.outcome, self._pressed_ns = what, Outcome.WAITING, now_ns
        return self._message(now_ns)

    def step(
        self, now_ns: int, authority: Authority | None, measured: Measured | None
    ) -> StaffAction | StaffStop | None:
        """Look whether the press took effect; the message to send again, if any."""
        waited_ns = now_ns - self._pressed_ns
        if self.outcome in (Outcome.WAITING, Outcome.FAILED) and took_effect(self.what, authority, measured):
            self.outcome = Outcome.DONE
        elif self.outcome is Outcome.WAITING and waited_ns >= CONFIRM_NS:
            self.outcome = Outcome.FAILED
        elif self.outcome in (Outcome.DONE, Outcome.FAILED) and waited_ns >= SHOWN_NS:
            self.what, self.outcome = "", Outcome.NONE
        unheard = self.outcome in (Outcome.WAITING, Outcome.FAILED) and self.what in REPEATED
        if unheard and waited_ns < GIVE_UP_NS and now_ns - self._sent_ns >= REPEAT_NS:
            return self._message(now_ns)
        return None

    def jog(self, now_ns: int, arm: int, axis: int, direction: int) -> StaffJog:
        """The jog's key came (again): the message to send. One that was let go, or changed, is a new press."""
        wanted = (arm, axis, direction)
        if now_ns - self._jogged_ns > JOG_PRESS_NS or wanted != self._jog:
            self._number += 1
            self._jog_number = self._number
        self._jogged_ns, self._jog = now_ns, wanted
        return StaffJog(1, self._panel, self._jog_number, arm, axis, 1 if direction > 0 else -1, self._stand_in)

    def _message(self, now_ns: int) -> StaffAction | StaffStop:
        self._sent_ns = now_ns
        if self.what == STOP:
            return StaffStop(1, self._panel, self._stand_in)
        return StaffAction(1, self._panel, self._number, Action(self.what), self._stand_in)
