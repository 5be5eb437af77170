"""Where a replay stands: time goes on at any speed, stops at the end, and jumps where the slider is put. Pure."""

SPEEDS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 50.0)
STEP_MAX_S = 0.25
"""A window that stood still for longer goes on from where it was: nothing is passed over unseen."""


class Player:
    """`at_s` from 0 to `seconds`; `speed` is that of life times so much."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.at_s = 0.0
        self.speed = 1.0
        self.plays = False

    def play(self) -> None:
        """Go on; at the end, from the beginning again."""
        if self.at_s >= self.seconds:
            self.at_s = 0.0
        self.plays = self.seconds > 0.0

    def pause(self) -> None:
        """Stand still."""
        self.plays = False

    def seek(self, at_s: float) -> None:
        """Be there; within the run."""
        self.at_s = min(max(0.0, at_s), self.seconds)

    def step(self, passed_s: float) -> None:
        """So much time has passed for whoever watches."""
        if not self.plays:
            return
        self.seek(self.at_s + min(max(0.0, passed_s), STEP_MAX_S) * self.speed)
        if self.at_s >= self.seconds:
            self.plays = False

    def faster(self) -> None:
        """The next speed up, where there is one."""
        self.speed = next((speed for speed in SPEEDS if speed > self.speed), self.speed)

    def slower(self) -> None:
        """The next speed down, where there is one."""
        self.speed = next((speed for speed in reversed(SPEEDS) if speed < self.speed), self.speed)
