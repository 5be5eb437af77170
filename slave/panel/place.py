"""What a panel needs of the place where it stands, so that windows can be shown and tested without one."""

from typing import Protocol

from kinematics.description import RobotDescription
from slave.panel.history import Span
from slave.panel.hold import Held
from slave.panel.snapshot import Snapshot


class Place(Protocol):
    """A patient's side, looked at and pressed upon: `bedside.Bedside` is the real one."""

    @property
    def robot(self) -> RobotDescription:
        """The one that stands there."""

    def look(self) -> Snapshot:
        """What is known now."""

    def press(self, what: str) -> None:
        """One press of a button."""

    def jog(self, held: Held) -> None:
        """The jog is held down, still."""

    def let_go(self) -> None:
        """It is held down no more."""

    def recall(self) -> tuple[Span, ...]:
        """The modes of this case before now."""
