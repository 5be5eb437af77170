"""What the window has painted, told to the pilot; and flat views in time where 3-D takes too long."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from master.console.pace import Pace
from master.console.view_area import ViewArea
from protocol.messages import State
from protocol.widgets.frame_clock import FrameClock, stands_on_screen

Clock = Callable[[], int]


class Painting:
    """`banner` and the canvas of `view` must have painted a state before `painted` is told of it. `flat` is told when
    the view has got another canvas. `shown`: how many states were painted.
    """

    def __init__(
        self,
        banner: QWidget,
        view: ViewArea,
        painted: Callable[[State], None],
        flat: Callable[[], None],
        clock: Clock,
    ) -> None:
        self._banner = banner
        self._view = view
        self._painted = painted
        self._flat = flat
        self._clock = clock
        self.pace = Pace()
        self.shown = 0
        self._frames = self._count()

    def offer(self, state: State, now_ns: int, *, engaged: bool) -> None:
        """Have it painted, and see whether that takes too long. No view changes under an `engaged` hand."""
        if not stands_on_screen(self._view):
            # Of what is hidden nothing is shown, however fast it could be drawn.
            self.pace = Pace()
        self.pace.offered(now_ns)
        self._frames.offer(state)
        if self.pace.too_slow and not engaged and not self._view.is_flat:
            self.go_flat()

    def go_flat(self) -> None:
        """A picture that is painted late makes the arm slow: flat views are painted in time."""
        self._view.go_flat()
        self._flat()
        self.pace = Pace()
        self._frames.deleteLater()
        self._frames = self._count()

    def _count(self) -> FrameClock[State]:
        return FrameClock(self._view.window(), (self._banner, self._view.canvas), self._shown)

    def _shown(self, state: State) -> None:
        """It stands on the screen."""
        self.shown += 1
        self.pace.shown(self._clock())
        self._painted(state)
