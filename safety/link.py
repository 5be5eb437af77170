"""The verdict on the link, from the patient's own clock alone (docs/safety.md). Pure: handed the time and the figures.

Worst first. What slows or pauses has its own way back; what freezes is latched by the mode machine, not here.
"""

from enum import IntEnum

import msgspec

from protocol.clock import NS_PER_MS, NS_PER_S
from protocol.echo import LoopAge
from safety.limits import LinkLimits, NoLinkLimits
from safety.loss import LateShare

ALIVE_NS = NS_PER_S
"""Without a verdict a link still counts as good only while commands come: an engage needs one."""


class Level(IntEnum):
    """Ordered by severity, so that `max` of several is the worst."""

    OK = 0
    SLOW = 1
    PAUSE = 2
    FREEZE = 3


class Verdict(msgspec.Struct, frozen=True):
    """`culprit` names what, how much, and the limit; `good_ns`: for how long nothing slowed or paused."""

    level: Level
    slowed: bool
    culprit: str
    good_ns: int
    speed_cap_m_s: float


class LinkJudge:
    """One link's verdict, tick by tick."""

    def __init__(self, limits: LinkLimits | NoLinkLimits, speed_max_m_s: float) -> None:
        self._limits = limits
        self._speed_max_m_s = speed_max_m_s
        self._late = LateShare(limits.effective_loss) if isinstance(limits, LinkLimits) else None
        self.forget()

    def forget(self) -> None:
        """Another session begins: nothing is known of its link."""
        if self._late is not None:
            self._late.forget()
        self._slow = False
        self._calm_ns: int | None = None
        self._old_ns: int | None = None
        self._good_ns: int | None = None

    def look_away(self) -> None:
        """Nobody looked for a while: the link must be good, and calm, for its whole time from now on."""
        self._calm_ns = self._good_ns = None

    def judge(self, now_ns: int, silence_ns: int | None, age: LoopAge | None, packet_loss: float | None) -> Verdict:
        """This tick's verdict.

        `silence_ns`: since the last accepted command, None before the first. `age`: of the picture on which the surgeon
        acts, None while no echo is known. `packet_loss`: the sender's own figure, None where there is none.
        """
        limits = self._limits
        if isinstance(limits, NoLinkLimits):
            alive = silence_ns is not None and 0 <= silence_ns < ALIVE_NS
            good_ns = self._good_for(now_ns, good=alive)
            return Verdict(Level.OK, False, "", good_ns, self._speed_max_m_s)
        if silence_ns is None or silence_ns < 0 or age is None:
            self._good_for(now_ns, good=False)
            what = "no command of this session yet" if silence_ns is None else "no echo of a state of ours"
            return Verdict(Level.FREEZE, self._slow, what, 0, 0.0)
        late = self._late.step(now_ns, age.link_ns, silence_ns) if self._late is not None else 1.0
        lost = 0.0 if packet_loss is None else packet_loss
        self._judge_slow(now_ns, age.loop_ns, late, lost, limits)
        level, culprit = self._worst(now_ns, silence_ns, age.loop_ns, late, lost, limits)
        good_ns = self._good_for(now_ns, good=level is Level.OK and not self._slow)
        return Verdict(level, self._slow, culprit, good_ns, self._cap(age.loop_ns, limits))

    def _worst(
        self, now_ns: int, silence_ns: int, loop_ns: int, late: float, lost: float, limits: LinkLimits
    ) -> tuple[Level, str]:
        age = limits.age
        if loop_ns < age.freeze_ns:
            self._old_ns = None
        elif self._old_ns is None:
            self._old_ns = now_ns
        old_ns = 0 if self._old_ns is None else now_ns - self._old_ns
        if silence_ns >= limits.silence.freeze_ns:
            return Level.FREEZE, f"no command for {_ms(silence_ns)} (limit {_ms(limits.silence.freeze_ns)})"
        if loop_ns >= age.freeze_at_once_ns:
            return Level.FREEZE, f"loop age {_ms(loop_ns)} (limit {_ms(age.freeze_at_once_ns)})"
        if self._old_ns is not None and old_ns >= age.freeze_for_ns:
            for_how_long = f"{_ms(age.freeze_ns)} for {_ms(age.freeze_for_ns)}"
            return Level.FREEZE, f"loop age {_ms(loop_ns)} (limit {for_how_long})"
        if late >= limits.effective_loss.freeze_share:
            return Level.FREEZE, f"effective loss {late:.1%} (limit {limits.effective_loss.freeze_share:.1%})"
        if not lost < limits.packet_loss.freeze_share:
            return Level.FREEZE, f"packet loss {lost:.1%} (limit {limits.packet_loss.freeze_share:.1%})"
        if silence_ns >= limits.silence.pause_ns:
            return Level.PAUSE, f"no command for {_ms(silence_ns)} (limit {_ms(limits.silence.pause_ns)})"
        if self._slow:
            return Level.SLOW, f"slowed: loop age {_ms(loop_ns)}, effective loss {late:.1%}, packet loss {lost:.1%}"
        return Level.OK, ""

    def _judge_slow(self, now_ns: int, loop_ns: int, late: float, lost: float, limits: LinkLimits) -> None:
        """Enters at once; leaves when all has been below the lower limits for the dwell time."""
        age, late_limits, lost_limits = limits.age, limits.effective_loss, limits.packet_loss
        enters = (
            loop_ns >= age.slow_enter_ns
            or late >= late_limits.slow_enter_share
            or not lost < lost_limits.slow_enter_share
        )
        calm = (
            loop_ns < age.slow_leave_ns and late < late_limits.slow_leave_share and lost < lost_limits.slow_leave_share
        )
        if enters:
            self._slow = True
        if not calm:
            self._calm_ns = None
        elif self._calm_ns is None:
            self._calm_ns = now_ns
        elif now_ns - self._calm_ns >= limits.slow.dwell_ns:
            self._slow = False

    def _cap(self, loop_ns: int, limits: LinkLimits) -> float:
        """How fast the tip may go, so that it never travels farther unseen than `blind_travel_m`."""
        if loop_ns <= 0:
            return self._speed_max_m_s
        cap_m_s = min(self._speed_max_m_s, limits.slow.blind_travel_m * NS_PER_S / loop_ns)
        if self._slow:
            cap_m_s *= min(max(limits.age.slow_enter_ns / loop_ns, limits.slow.cap_floor_share), 1.0)
        return cap_m_s

    def _good_for(self, now_ns: int, *, good: bool) -> int:
        if not good:
            self._good_ns = None
            return 0
        if self._good_ns is None:
            self._good_ns = now_ns
        return now_ns - self._good_ns


def _ms(ns: int) -> str:
    return f"{ns / NS_PER_MS:.0f} ms"
