"""What a window needs of pilot and launcher, however they are reached."""

from typing import Protocol

from master.console.intent import Intent
from master.console.snapshot import Snapshot
from master.console_messages import WindowHand
from protocol.messages import State


class Outside(Protocol):
    """What a window needs of `master.console.bridge.Bridge`."""

    def look(self, now_ns: int) -> Snapshot:
        """Everything that is known now."""

    def painted(self, state: State) -> None:
        """This state stands on the screen."""

    def ask(self, intent: Intent, now_ns: int) -> None:
        """What is wished."""

    def move(self, hands: tuple[WindowHand, WindowHand], now_ns: int) -> None:
        """Where keyboard and mouse have the hands."""
