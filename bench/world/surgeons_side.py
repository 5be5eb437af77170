"""The surgeon's side of the simulated world: hands, pilot, console and session, on a clock of their own."""

from collections.abc import Callable

from bench.world.link import SimulatedLink
from bench.world.people import Console, Surgeon
from bench.world.scenario import Scenario
from master.pilot import Inputs, Pilot, PilotSettings
from master.session import SessionClient
from protocol.codec import FrameError, decode_state, encode
from protocol.messages import ConsoleReport, Hello, Refused, State, Welcome

PERIOD_S = 0.001


class SurgeonsSide:
    """Pilot and console, which may be started anew. `hello` asks the patient's side for a session."""

    def __init__(
        self,
        story: Scenario,
        hello: Callable[[Hello], Welcome | Refused],
        commands: SimulatedLink,
        states: SimulatedLink,
    ) -> None:
        self.surgeon = Surgeon(story)
        self._hello = hello
        self._commands = commands
        self._states = states
        self._pilots = 0
        self.start_pilot()
        self.start_console()

    def start_pilot(self) -> None:
        """A pilot that knows nothing of the one before it."""
        self._pilots += 1
        self._client = SessionClient(self._pilots, "world", "surgeon")
        self._session = 0
        self.pilot: Pilot | None = None
        self._state: State | None = None
        self._state_ns: int | None = None
        self._report: ConsoleReport | None = None
        self._report_ns: int | None = None

    def start_console(self) -> None:
        """A console that has painted nothing yet."""
        self._console = Console()

    def tick_pilot(self, now_ns: int, own_ns: int) -> None:
        """One tick; `own_ns` is what the surgeon's host calls now."""
        for frame in self._states.receive(now_ns):
            self._read(frame, own_ns)
        hello = self._client.ask(own_ns)
        if hello is not None:
            self._client.answered(self._hello(hello), own_ns)
        welcome = self._client.welcome
        if welcome is None:
            return
        if self.pilot is None or self._session != welcome.session:
            self.pilot = Pilot(PilotSettings(tremor_filter=False), welcome, PERIOD_S, self.pilot)
            self._session = welcome.session
            self._report = self._report_ns = None
        if self.surgeon.presses_stop():
            self.pilot.stop()
        self.surgeon.sees(now_ns, engaged=self.pilot.engaged)
        sample = self.surgeon.sample(now_ns, own_ns)
        inputs = Inputs(own_ns, sample, self._state, self._state_ns, self._report, self._report_ns)
        self._commands.send(now_ns, encode(self.pilot.tick(inputs)))

    def tick_console(self, now_ns: int, own_ns: int) -> None:
        """One look at whether a frame falls due."""
        report = self._console.frame(now_ns, self._state)
        if report is not None:
            self._report, self._report_ns = report, own_ns

    def _read(self, frame: bytes, own_ns: int) -> None:
        try:
            state = decode_state(frame)
        except FrameError:
            return
        newest = self._state
        if self._client.hears(state, own_ns) and (
            newest is None or newest.session != state.session or state.sequence > newest.sequence
        ):
            self._state, self._state_ns = state, own_ns
