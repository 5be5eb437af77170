"""How old the check of the link is that the window shows. Pure: handed the time."""

from master.console.snapshot import Snapshot
from master.console_records import NO_CHECK, CheckWord, LauncherWord
from protocol.clock import NS_PER_S

NS_PER_MINUTE = 60 * NS_PER_S
OLD_NS = 10 * NS_PER_MINUTE
"""Assumed: a link that was good so long ago may be another by now."""


class CheckAge:
    """Fed with what the launcher tells, and a clock that goes on while the host sleeps.

    What was found already at the first look, nobody saw being found: its age is None.
    """

    def __init__(self) -> None:
        self._number: int | None = None
        self._done_ns: int | None = None

    def step(self, word: LauncherWord | None, now_ns: int) -> int | None:
        """How long ago the check was done that is told now; None where there is none, or nobody knows."""
        if word is not None:
            done = word.check.number if word.check.found is not None else 0
            if done != self._number:
                self._done_ns = now_ns if done and self._number is not None else None
                self._number = done
        return None if self._done_ns is None else now_ns - self._done_ns


def check_of(seen: Snapshot) -> CheckWord:
    """What the launcher says of it."""
    return NO_CHECK if seen.launcher is None else seen.launcher.check


def is_old(seen: Snapshot) -> bool:
    """Whether what it found may be true no more."""
    return seen.check_age_ns is None or seen.check_age_ns >= OLD_NS
