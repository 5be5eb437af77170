"""Which clutch epochs may move an arm: the surgeon's hands as the patient's side hears them. Pure."""

from protocol.messages import Command
from protocol.records import Authority
from safety.engage import may_open

HANDS_MAX = 4


class Hands:
    """Per hand the epoch that is open, and the newest one ever heard of. No epoch opens twice, or late."""

    def __init__(self) -> None:
        self._open: dict[int, int] = {}
        self._used: dict[int, int] = {}

    @property
    def any_open(self) -> bool:
        """Whether any hand is engaged in an open epoch."""
        return bool(self._open)

    @property
    def open_epochs(self) -> tuple[int, ...]:
        """Per hand, 0 for none."""
        return tuple(self._open.get(hand, 0) for hand in range(HANDS_MAX))

    def forget(self) -> None:
        """Another surgeon's console counts its clutch epochs from where it likes."""
        self._open.clear()
        self._used.clear()

    def close(self) -> None:
        """End all open epochs: their pedals must come up and down again."""
        self._open.clear()

    def hear(self, command: Command, arms: int, authority: Authority, hearing: bool) -> bool:
        """Follow the newest command; True when it rightly opened an epoch.

        `hearing`: whether mode and link let one open now. What is not heard is used up all the same.
        """
        hands = command.hands[:arms]
        # A hand that is no longer spoken of is no longer engaged.
        self._open = {number: epoch for number, epoch in self._open.items() if number < len(hands)}
        opened = False
        for number, hand in enumerate(hands):
            if hand.engaged and self._open.get(number) == hand.clutch_epoch:
                continue
            self._open.pop(number, None)
            used = self._used.get(number, 0)
            if hearing and may_open(hand, command, authority, used):
                self._open[number] = hand.clutch_epoch
                opened = True
            self._used[number] = max(used, hand.clutch_epoch)
        return opened


class EnergyPedal:
    """Energy is hold-to-run: on only while all is well, and after any stop only by a press made anew. Pure."""

    def __init__(self) -> None:
        self._spent = 0

    def forget(self) -> None:
        """Another console counts its presses from where it likes."""
        self._spent = 0

    def step(self, press: int, *, may_run: bool) -> bool:
        """Whether energy is on. `press` numbers the press that is held (0: none); one that met a stop is spent."""
        if not may_run:
            self._spent = max(self._spent, press)
            return False
        return press > self._spent
