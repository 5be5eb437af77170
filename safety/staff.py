"""What the local staff pressed, in the order in which it is to be heard. Pure: handed the time and the messages."""

from protocol.messages import Action, Other, StaffAction, StaffJog
from protocol.records import Jog
from safety.modes import Event

PANELS_REMEMBERED = 16
QUEUE_MAX = 32
STOPPING = (Action.FREEZE, Action.TAKE)
"""Heard as often as they come: a stop that was heard twice is one, a stop that was dropped is none."""

EVENTS = {
    Action.FREEZE: Event.FREEZE,
    Action.TAKE: Event.TAKE,
    Action.GIVE: Event.GIVE,
    Action.RELEASE: Event.RELEASE,
    Action.RESET: Event.RESET,
    Action.ATTEND: Event.ATTEND,
}


class Staff:
    """Presses wait here until one is heard each tick, stopping ones first. One sent again starts nothing twice."""

    def __init__(self, jog_life_ns: int) -> None:
        self._jog_life_ns = jog_life_ns
        self._newest: dict[int, int] = {}
        self._waiting: list[Action] = []
        self._jog: StaffJog | None = None
        self._jogged_ns = 0
        self._spent: dict[int, int] = {}

    def hear(self, now_ns: int, messages: tuple[Other, ...]) -> None:
        """Take in what came since the last tick."""
        for message in messages:
            if isinstance(message, StaffAction):
                if message.action in STOPPING:
                    # Whatever was asked for before a stop was asked of another situation.
                    self._waiting = [action for action in self._waiting if action in STOPPING]
                    if message.action not in self._waiting:
                        self._waiting.append(message.action)
                elif self._is_new(message.panel, message.number) and len(self._waiting) < QUEUE_MAX:
                    self._waiting.append(message.action)
            elif isinstance(message, StaffJog):
                self._hear_jog(now_ns, message)

    def hear_late(self, messages: tuple[Other, ...]) -> None:
        """Take in what waited while nobody listened: a stop counts, all else is spent and must be pressed anew.

        Who pressed and saw nothing happen has let go since; what was asked for then would now come as a surprise.
        """
        self._waiting = [action for action in self._waiting if action in STOPPING]
        self.spend_jog()
        for message in messages:
            if isinstance(message, StaffJog):
                self._spend(message)
            elif isinstance(message, StaffAction):
                self._is_new(message.panel, message.number)
                if message.action in STOPPING and message.action not in self._waiting:
                    self._waiting.append(message.action)

    def pressed(self) -> Event | None:
        """The press to be heard now, if any."""
        if Action.FREEZE in self._waiting:
            return Event.FREEZE
        return EVENTS[self._waiting[0]] if self._waiting else None

    def heard(self) -> None:
        """The press that `pressed` told has had its tick."""
        self._waiting.remove(Action.FREEZE if Action.FREEZE in self._waiting else self._waiting[0])

    def jog(self, now_ns: int) -> Jog | None:
        """What is held down now; its repeats must come within the jog's life, or it ends."""
        if self._jog is not None and now_ns - self._jogged_ns > self._jog_life_ns:
            # Over for good: repeats that were held up on their way must not begin it again.
            self.spend_jog()
        if self._jog is None:
            return None
        return Jog(self._jog.arm, self._jog.axis, 1 if self._jog.direction > 0 else -1)

    def spend_jog(self) -> None:
        """What is held down met a stop or a refusal: it must be let go and pressed anew."""
        if self._jog is not None:
            self._spend(self._jog)
            self._jog = None

    def _hear_jog(self, now_ns: int, message: StaffJog) -> None:
        press = (message.panel, message.number)
        if message.direction == 0:
            if self._jog is not None and press == (self._jog.panel, self._jog.number):
                self.spend_jog()
        elif message.number > self._spent.get(message.panel, -1):
            if self._jog is not None and press != (self._jog.panel, self._jog.number):
                # Who holds where another has pressed must press anew: a stop is to meet both.
                self.spend_jog()
            self._jog, self._jogged_ns = message, now_ns

    def _spend(self, press: StaffJog) -> None:
        """That press of its panel, and all before it, begin no jog any more, whatever other panels press."""
        _note_newest(self._spent, press.panel, press.number)

    def _is_new(self, panel: int, number: int) -> bool:
        return number > _note_newest(self._newest, panel, number)


def _note_newest(newest: dict[int, int], panel: int, number: int) -> int:
    """Note a panel's number, if it is its newest; the one before. Of panels those that were noted last are kept."""
    last = newest.pop(panel, -1)
    newest[panel] = max(last, number)
    while len(newest) > PANELS_REMEMBERED:
        del newest[next(iter(newest))]
    return last
