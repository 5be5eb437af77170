"""Whether a hand may start to move an arm: one rule, asked by the supervisor (mode) and by the controller (arm).

An engage is deliberate: the pedal went down after it was up (a new clutch epoch), by a surgeon whose console showed the
machine as it is (its stop number) a moment ago (a nonce still alive). So nobody engages blind through an outage, and a
pedal that was down before the arm was given, or when it stopped, starts nothing.
"""

from collections import deque

from protocol.messages import Command, Hand
from protocol.records import Authority


def may_open(hand: Hand, command: Command, authority: Authority, used_epoch: int) -> bool:
    """Whether this hand's clutch epoch may be opened. `used_epoch` is the newest one known of this hand before."""
    return (
        hand.engaged
        and hand.clutch_epoch > used_epoch
        and hand.stop_number == authority.stop_number
        and hand.nonce in authority.nonces
        and command.authority_epoch == authority.authority_epoch
    )


class Nonces:
    """Numbers drawn by the patient's side, each good for `life_ns`. Drawing is the caller's: chance is not pure."""

    def __init__(self, life_ns: int) -> None:
        self._life_ns = life_ns
        self._issued: deque[tuple[int, int]] = deque()

    def due(self, now_ns: int) -> bool:
        """Whether a new one should be issued now: four times in a life, so that a shown one is never nearly dead."""
        return not self._issued or now_ns - self._issued[-1][1] >= self._life_ns // 4

    def issue(self, now_ns: int, nonce: int) -> None:
        """Put `nonce` into force."""
        self._issued.append((nonce, now_ns))

    def alive(self, now_ns: int) -> tuple[int, ...]:
        """Those that an engage may carry now, the newest last."""
        while self._issued and now_ns - self._issued[0][1] > self._life_ns:
            self._issued.popleft()
        return tuple(nonce for nonce, _ in self._issued)

    def void(self) -> None:
        """Take all back: what was shown before this moment engages nothing."""
        self._issued.clear()
