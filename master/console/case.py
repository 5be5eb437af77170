"""Whether a case is under way, whatever pilot and link tell at the moment. Pure.

A link that is cut, or a pilot that is held up, ends no case: page and choices stay as they are, or a click that was
meant for the arms would fall upon a list of other patients. A case begins with its first session, and ends when the
surgeon has ended the session, or starts a pilot anew.
"""

from master.console.snapshot import Snapshot


class Case:
    """`step` it with every look. `under_way`: from the first session on, until the surgeon has ended it."""

    def __init__(self) -> None:
        self.under_way = False

    def step(self, seen: Snapshot, *, control: bool) -> Snapshot:
        """`seen` with what the window itself knows; `control`: a session is wished."""
        if seen.in_session:
            self.under_way = True
        elif not control and seen.pilot_alive:
            self.under_way = False
        return seen._replace(control=control, case=self.under_way)

    def end(self) -> None:
        """The surgeon begins anew."""
        self.under_way = False
