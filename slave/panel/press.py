"""What the staff pressed, and whether it took effect. Pure: handed the time and what supervisor and drives say.

A press is confirmed by what it should have led to, within 100 ms, or it is told as failed. Of STOP + POWER OFF the
drives say within that time that they have heard it; it is done when they have come to rest and taken the power away.
Stops are sent again, for a stop that was lost on its way is the worst that a panel can do: FREEZE and TAKE for a
second, STOP + POWER OFF until the drives have heard it. No other press ends that, and it is told for as long.
"""

from enum import StrEnum
from typing import TypeVar

from protocol.clock import NS_PER_MS, NS_PER_S
from protocol.messages import Action, FreezeClass, Mode, Owner, StaffAction, StaffJog, StaffStop
from protocol.records import Authority, Measured

CONFIRM_NS = 100 * NS_PER_MS
REPEAT_NS = 50 * NS_PER_MS
GIVE_UP_NS = NS_PER_S
SHOWN_NS = 5 * NS_PER_S
POWER_OFF_NS = NS_PER_S
"""From the stop's being heard to the power's being off. Ours come to rest within 50 ms (10 rad/s at 200 rad/s2), and
close their brakes in 20 ms; assumed for others."""
JOG_PRESS_NS = 200 * NS_PER_MS
"""A key whose repeats are farther apart has been let go."""

STOP = "STOP + POWER OFF"
REPEATED = (Action.FREEZE.value, Action.TAKE.value)

Said = TypeVar("Said", Authority, Measured)


class Outcome(StrEnum):
    """How a press stands."""

    NONE = ""
    WAITING = "..."
    STOPPING = "stopping ..."
    """The drives have heard the stop, and still have power."""
    DONE = "done"
    FAILED = "FAILED"


OPEN = (Outcome.WAITING, Outcome.STOPPING, Outcome.FAILED)


def took_effect(what: str, authority: Authority | None) -> bool:
    """Whether the supervisor says that it did. The stop is the drives' to confirm; of a TAKE see `_took`, too."""
    if authority is None:
        return False
    return {
        Action.FREEZE.value: authority.mode is Mode.SAFE
        or (authority.mode is Mode.FROZEN and authority.freeze_class in (FreezeClass.LOCAL, FreezeClass.ARM)),
        Action.TAKE.value: authority.owner is Owner.LOCAL and not (authority.mode is Mode.LOCAL and authority.calling),
        Action.GIVE.value: authority.owner is Owner.REMOTE,
        Action.RELEASE.value: authority.mode is not Mode.FROZEN,
        Action.RESET.value: authority.mode is not Mode.SAFE or authority.testing,
        Action.ATTEND.value: not authority.calling,
    }[what]


class _Press:
    """One press of a button, from its way down until it is shown no more."""

    def __init__(self, message: StaffAction | StaffStop, now_ns: int, before: Authority | None) -> None:
        self.message = message
        self.outcome = Outcome.WAITING
        self.sent_ns = self.pressed_ns = self.settled_ns = now_ns
        self.heard_ns: int | None = None
        self.before = before

    def step_stop(self, now_ns: int, drives: Measured | None) -> None:
        """What the drives say of the stop. Rearmed before their power went, they have heard it all the same."""
        if drives is not None and drives.stopped and self.heard_ns is None:
            self.heard_ns = now_ns
        if self.heard_ns is None:
            self.outcome = Outcome.FAILED if now_ns - self.pressed_ns >= CONFIRM_NS else Outcome.WAITING
        elif drives is not None and not drives.powered:
            self.outcome = Outcome.DONE
        else:
            self.outcome = Outcome.FAILED if now_ns - self.heard_ns >= POWER_OFF_NS else Outcome.STOPPING

    def step_action(self, what: str, now_ns: int, authority: Authority | None) -> None:
        """What the supervisor says of any other."""
        if took_effect(what, authority) and (what != Action.TAKE.value or self._took(authority)):
            self.outcome = Outcome.DONE
        elif now_ns - self.pressed_ns >= CONFIRM_NS:
            self.outcome = Outcome.FAILED

    def _took(self, authority: Authority | None) -> bool:
        """Whether something has changed by a TAKE, where the arms are frozen and the team's.

        With a part dead they freeze again at once and are the team's all the same; but so they were, perhaps, before.
        """
        if authority is None or authority.mode is not Mode.FROZEN or authority.entered_ns >= self.pressed_ns:
            return authority is not None
        before = self.before
        return before is not None and (
            before.owner is not authority.owner or authority.stop_number > before.stop_number
        )


def _since(press: _Press, said: Said | None) -> Said | None:
    return said if said is not None and said.stamp_ns >= press.pressed_ns else None


class Presses:
    """One panel's presses, the newest of each button. `panel` is drawn by chance when it starts.

    `what` is the button that was pressed last, with its `outcome`; "" once that is shown no more.
    """

    def __init__(self, panel: int, *, stand_in: bool = False) -> None:
        self._panel = panel
        self._stand_in = stand_in
        self._number = 0
        self._presses: dict[str, _Press] = {}
        self._jogged_ns: int | None = None
        self._jog = (0, 0, 1)
        self._jog_number = 0
        self._authority: Authority | None = None
        self.what = ""

    @property
    def outcome(self) -> Outcome:
        """Of the button that was pressed last."""
        return self.outcome_of(self.what)

    @property
    def outcomes(self) -> tuple[tuple[str, Outcome], ...]:
        """Of all presses that are still shown."""
        return tuple((what, press.outcome) for what, press in self._presses.items())

    def outcome_of(self, what: str) -> Outcome:
        """Of the newest press of one button."""
        return self._presses[what].outcome if what in self._presses else Outcome.NONE

    def press(self, what: str, now_ns: int) -> StaffAction | StaffStop:
        """A button goes down: the message to send now."""
        self._number += 1
        message: StaffAction | StaffStop = (
            StaffStop(1, self._panel, self._stand_in)
            if what == STOP
            else StaffAction(1, self._panel, self._number, Action(what), self._stand_in)
        )
        self.what = what
        self._presses[what] = _Press(message, now_ns, self._authority)
        return message

    def step(
        self, now_ns: int, authority: Authority | None, measured: Measured | None
    ) -> tuple[StaffAction | StaffStop, ...]:
        """Look whether each press took effect; the messages to send again, if any.

        Only what was said after a press confirms it: the last word of one that is dead confirms nothing.
        """
        again = []
        self._authority = authority
        for what, press in tuple(self._presses.items()):
            waited_ns = now_ns - press.pressed_ns
            if press.outcome in OPEN:
                if what == STOP:
                    press.step_stop(now_ns, _since(press, measured))
                else:
                    press.before = press.before or authority
                    press.step_action(what, now_ns, _since(press, authority))
                if press.outcome is Outcome.DONE:
                    press.settled_ns = now_ns
            lasts = what == STOP and press.outcome is Outcome.FAILED
            if press.outcome in (Outcome.DONE, Outcome.FAILED) and now_ns - press.settled_ns >= SHOWN_NS and not lasts:
                del self._presses[what]
                self.what = "" if self.what == what else self.what
                continue
            unheard = press.outcome in (Outcome.WAITING, Outcome.FAILED) and press.heard_ns is None
            repeats = what == STOP or (what in REPEATED and waited_ns < GIVE_UP_NS)
            if unheard and repeats and now_ns - press.sent_ns >= REPEAT_NS:
                press.sent_ns = now_ns
                again.append(press.message)
        return tuple(again)

    def jog(self, now_ns: int, arm: int, axis: int, direction: int) -> StaffJog:
        """The jog's key came (again): the message to send. One that was let go, or changed, is a new press."""
        wanted = (arm, axis, direction)
        if self._jogged_ns is None or now_ns - self._jogged_ns > JOG_PRESS_NS or wanted != self._jog:
            self._number += 1
            self._jog_number = self._number
        self._jogged_ns, self._jog = now_ns, wanted
        return StaffJog(1, self._panel, self._jog_number, arm, axis, 1 if direction > 0 else -1, self._stand_in)

    def let_go(self) -> StaffJog | None:
        """The jog was let go: the message to send, and what comes next is a new press, however soon."""
        if self._jogged_ns is None:
            return None
        self._jogged_ns = None
        return StaffJog(1, self._panel, self._jog_number, *self._jog[:2], 0, self._stand_in)
