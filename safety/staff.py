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
        self._spent_jog = (0, -1)

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
            elif isinstance(message, StaffJog) and (message.panel, message.number) != self._spent_jog:
                self._jog, self._jogged_ns = message, now_ns

    def hear_late(self, messages: tuple[Other, ...]) -> None:
        """Take in what waited while nobody listened: a stop counts, all else is spent and must be pressed anew.

        Who pressed and saw nothing happen has let go since; what was asked for then would now come as a surprise.
        """
        self._waiting = [action for action in self._waiting if action in STOPPING]
        self.spend_jog()
        for message in messages:
            if isinstance(message, StaffJog):
                self._spent_jog = (message.panel, message.number)
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
        return None if self._jog is None else Jog(self._jog.arm, self._jog.axis, self._jog.direction)

    def spend_jog(self) -> None:
        """What is held down met a stop or a refusal: it must be let go and pressed anew."""
        if self._jog is not None:
            self._spent_jog = (self._jog.panel, self._jog.number)
            self._jog = None

    def _is_new(self, panel: int, number: int) -> bool:
        last = self._newest.pop(panel, -1)
        self._newest[panel] = max(last, number)
        while len(self._newest) > PANELS_REMEMBERED:
            del self._newest[next(iter(self._newest))]
        return number > last
